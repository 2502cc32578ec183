"""A secret in parts: Shamir (1979), How to share a secret, CACM 22(11), doi 10.1145/359168.359176, byte by byte.

The field is GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (that of AES, FIPS 197 section 4.2). For each byte s of the secret
a polynomial f(x) = s + a1·x + … + a(k-1)·x^(k-1) with uniformly random coefficients (zero among them, else k-1 parts
would rule out values); part number i holds f(i). Any k parts give back s = f(0) by Lagrange's formula,
f(0) = Σ f(i) · Π_{j≠i} j / (j - i); subtraction in this field is exclusive or. k-1 parts fit every secret equally well.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

MODULUS = 0x11B


def multiply(a: int, b: int) -> int:
    """The product of two elements 0 … 255."""
    product = 0
    for _ in range(8):
        product ^= a if b & 1 else 0
        b >>= 1
        a <<= 1
        a ^= MODULUS if a & 0x100 else 0
    return product


def inverse(a: int) -> int:
    """a^254, which is 1/a for a ≠ 0 because the 255 others form a group. Raises ZeroDivisionError."""
    if a == 0:
        raise ZeroDivisionError("0 has no inverse")
    power, square = 1, a
    for _ in range(7):  # 254 = 2 + 4 + … + 128
        square = multiply(square, square)
        power = multiply(power, square)
    return power


def split(
    secret: bytes, needed: int, seats: int, random_bytes: Callable[[int], bytes] = secrets.token_bytes
) -> dict[int, bytes]:
    """Number 1 … seats → part, each as long as the secret. Raises ValueError unless 2 ≤ needed ≤ seats ≤ 255."""
    if not 2 <= needed <= seats <= 255:
        raise ValueError("2 ≤ needed ≤ seats ≤ 255")
    # One row for each power of x from 1 on.
    rows = [random_bytes(len(secret)) for _ in range(needed - 1)]
    parts = {}
    for number in range(1, seats + 1):
        part = bytearray(len(secret))
        for row in (*reversed(rows), secret):  # Horner's scheme
            for place, coefficient in enumerate(row):
                part[place] = multiply(part[place], number) ^ coefficient
        parts[number] = bytes(part)
    return parts


def join(parts: Mapping[int, bytes]) -> bytes:
    """The secret, if these are at least `needed` parts of it; too few or wrong ones give something else, silently.

    Raises ValueError for no parts, numbers outside 1 … 255 and parts of different length.
    """
    lengths = {len(part) for part in parts.values()}
    if len(lengths) != 1 or not all(1 <= number <= 255 for number in parts):
        raise ValueError("parts of one length with numbers 1 … 255")
    secret = bytearray(lengths.pop())
    for number, part in parts.items():
        weight = 1
        for other in parts:
            if other != number:
                weight = multiply(weight, multiply(other, inverse(other ^ number)))
        for place, value in enumerate(part):
            secret[place] ^= multiply(weight, value)
    return bytes(secret)
