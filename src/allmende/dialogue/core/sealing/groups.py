"""Bytes for typing by hand: groups of five characters, four of data and a check character that also knows its place.

Alphabet: Crockford's Base32 (no I, L, O, U; small letters and I, L, O are understood). With values d1 … d4 in
GF(32) modulo x^5 + x^2 + 1, generator α = 2 and the group's number g (from 0, below 32), the check character is
α·d1 + α²·d2 + α³·d3 + α⁴·d4 + α⁵·g. All weights differ and none is 0: one wrong character, two exchanged characters
and a group in the wrong place are always found.
"""

from __future__ import annotations

import re

from .refusal import Refused

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MOST_GROUPS = 32
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}


def encode(data: bytes) -> str:
    """Groups with hyphens between them. The bits must fill whole groups: a multiple of 5 bytes, 80 at most."""
    values = _values(data)
    groups = [values[start : start + 4] for start in range(0, len(values), 4)]
    return "-".join(
        "".join(ALPHABET[one] for one in (*group, _check(group, number))) for number, group in enumerate(groups)
    )


def decode(text: str, size: int) -> bytes:
    """`size` bytes from what was typed, with any blanks, hyphens or full stops, or none, between the groups.

    Raises Refused: letter, length, groups, group (all that are wrong, counted from 1).
    """
    wanted = size * 2 // 5
    groups = [group for group in re.split(r"[\s.\-‐‑–—]+", text.strip().upper()) if group]
    joined = "".join(groups)
    if any(len(group) != 5 for group in groups):
        # Typed through, or with pauses elsewhere: only the sum can be right then.
        if len(joined) != wanted * 5:
            place, bad = next((n, group) for n, group in enumerate(groups, 1) if len(group) != 5)
            if len(groups) != wanted:
                raise Refused("groups", found=-(-len(joined) // 5), wanted=wanted)
            raise Refused("length", group=place, found=len(bad))
        groups = [joined[start : start + 5] for start in range(0, len(joined), 5)]
    if len(groups) != wanted:
        raise Refused("groups", found=len(groups), wanted=wanted)
    return _checked(groups, size)


def _checked(groups: list[str], size: int) -> bytes:
    wrong, number = [], 0
    for place, group in enumerate(groups):
        if any(letter not in _VALUE for letter in group):
            raise Refused("letter", group=place + 1)
        values = [_VALUE[letter] for letter in group]
        if _check(values[:4], place) != values[4]:
            wrong.append(place + 1)
        for value in values[:4]:
            number = number << 5 | value
    if wrong:
        raise Refused("group", groups=", ".join(map(str, wrong)))
    return number.to_bytes(size, "big")


def _values(data: bytes) -> list[int]:
    if len(data) % 5 or len(data) * 2 // 5 > MOST_GROUPS or len(data) == 0:
        raise ValueError("a multiple of 5 bytes, 80 at most")
    number = int.from_bytes(data, "big")
    return [number >> shift & 31 for shift in range(len(data) * 8 - 5, -1, -5)]


def _check(values: list[int], place: int) -> int:
    check = 0
    for value in (place, *reversed(values)):  # Horner's scheme in α; the group's number has the highest power
        check = _times_alpha(check ^ value)
    return check


def _times_alpha(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 32 else value
