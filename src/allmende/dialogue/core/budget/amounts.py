"""Numbers as files and people write them, exactly."""

from __future__ import annotations

import re
from fractions import Fraction

# Far above any town's budget; keeps a wrong file from costing hours.
MOST = 10**15
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+]?\d{1,2})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3},\d{3}")


class NotANumber(ValueError):
    """`code`: not_a_number, ambiguous ("1,000" may be one or a thousand), too_big."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def number(text: str) -> Fraction:
    """The exact value of "100000", "100000.0", "12,5", "1 000 000" or "1e6". Raises NotANumber."""
    text = text.strip()
    if len(text) > 40:
        raise NotANumber("too_big")
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[ \u00a0\u202f]", "", text)
    if not text.isascii() or not _NUMBER.fullmatch(text):
        raise NotANumber("not_a_number")
    if _THOUSANDS.fullmatch(text) and not text.lstrip("+-").startswith("0,"):
        raise NotANumber("ambiguous")
    value = Fraction(text.replace(",", "."))
    if abs(value) > MOST:
        raise NotANumber("too_big")
    return value


def plain(value: Fraction) -> str:
    """The shortest decimal spelling where there is one ("12.5"), else a fraction ("1/3")."""
    if value.denominator == 1:
        return str(value.numerator)
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    return decimal(value, max(twos, fives))


def decimal(value: Fraction, places: int) -> str:
    """Rounded half up (away from zero) to `places` digits after the point."""
    scaled = (abs(value) * 10**places * 2 + 1) // 2
    digits = str(scaled).rjust(places + 1, "0")
    sign = "-" if value < 0 and scaled else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def significant(value: Fraction, digits: int = 12) -> str:
    """A decimal with at least `digits` significant digits, for reading beside the exact fraction."""
    if value == 0 or abs(value) >= 10**digits:
        return decimal(value, 0)
    places, size = 0, abs(value)
    while size < 10 ** (digits - 1) and places < 60:
        size, places = size * 10, places + 1
    text = decimal(value, places)
    return text.rstrip("0").rstrip(".") if "." in text else text
