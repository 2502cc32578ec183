"""Codes on labels: seven signs of Crockford's base 32, without signs that are taken for one another. Pure."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 7
_READ = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def draw() -> str:
    """A new code, 35 random bits. The caller looks whether it is free."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read(text: str) -> str | None:
    """The code that somebody typed, in whatever case and with look-alikes; None where it is none."""
    code = text.upper().translate(_READ)
    return code if len(code) == LENGTH and all(sign in ALPHABET for sign in code) else None


def spaced(code: str) -> str:
    """For people: `4K7 9XTR`."""
    return f"{code[:3]} {code[3:]}"


def sort_key(number: str) -> str:
    """Numbers in the order that people count: 2, 10, 10a, A 3."""
    out, digits = "", ""
    for sign in number.casefold() + " ":
        if sign.isdecimal():
            digits += sign
            continue
        if digits:
            out += digits.lstrip("0").zfill(8)
            digits = ""
        out += sign
    return " ".join(out.split())[:80]
