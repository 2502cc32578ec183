"""Days, periods, numbers and money as people in German offices write them into tables. Pure.

Every function takes a cell's value as a spreadsheet gives it (text, number, date) and raises ValueError where it does
not mean what is asked for: nothing is guessed that a reader could read in two ways.
"""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

EARLIEST, LATEST = 1900, 2100
# Spreadsheets count days from here; before 1 March 1900 they disagree among themselves.
_ZERO = date(1899, 12, 30)
_SERIALS = (20_000, (date(LATEST, 12, 31) - _ZERO).days)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner january jan", "februar feber february feb", "märz maerz march mär mrz mar", "april apr",
            "mai may", "juni june jun", "juli july jul", "august aug", "september sept sep", "oktober october okt oct",
            "november nov", "dezember december dez dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_MULTIPLES = {
    "mrd": 1_000_000_000, "milliarde": 1_000_000_000, "milliarden": 1_000_000_000,
    "mio": 1_000_000, "million": 1_000_000, "millionen": 1_000_000,
    "tsd": 1_000, "tausend": 1_000, "t": 1_000,
}  # fmt: skip
_CURRENCY = re.compile(r"€|\beuro?\b", re.IGNORECASE)
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007'’"), " ")


class NoSuchDay(ValueError):
    """Written as a day, but no calendar has it: 31.02.2024."""


class NoYear(ValueError):
    """A day without its year: 31.12."""


class Period(NamedTuple):
    """First and last day, both within."""

    first: date
    last: date


def _text(value: Any) -> str:
    return " ".join(str(value).translate(_BLANKS).split()).casefold()


def _year(text: str) -> int:
    """Two figures are years from 1970 to 2069. Raises ValueError outside of 1900 to 2100."""
    year = int(text)
    if len(text) == 2:
        year += 1900 if year >= 70 else 2000
    if not EARLIEST <= year <= LATEST:
        raise ValueError(text)
    return year


def _serial(number: float) -> date:
    days = int(number)
    if not _SERIALS[0] <= days <= _SERIALS[1]:
        raise ValueError(number)
    return _ZERO + timedelta(days=days)


def _checked(day: date) -> date:
    _year(f"{day.year:04d}")
    return day


def parse_day(value: Any, *, end: bool = False) -> date | None:
    """A day: `12.08.2019`, `12. August 2019`, `2019-08-12`, a date cell, a spreadsheet's day number.

    A month alone (`Aug 19`, `08/2019`) is its first day, with `end` its last. None for an empty cell. Raises
    ValueError, also for quarters and years: those are periods; NoSuchDay, NoYear.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, datetime):
        return _checked(value.date())
    if isinstance(value, date):
        return _checked(value)
    if isinstance(value, int | float):
        return _serial(value)
    text = _text(value)
    if not text:
        return None
    found = _written_day(text)
    if found is not None:
        return found
    month = _month(text)
    if month is not None:
        return month.last if end else month.first
    if text.isdecimal() and len(text) == 5:
        return _serial(int(text))
    raise ValueError(value)


def _written_day(text: str) -> date | None:
    """A day in figures or with its month's name; None where it is not written as one."""
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]\d{2}:\d{2}(?::\d{2})?)?", text):
        return _day(_year(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(?:[a-zäöü]+\.?,? )?(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})", text):
        return _day(_year(match[3]), int(match[2]), int(match[1]))
    if match := re.fullmatch(r"(?:[a-zäöü]+\.?,? )?(\d{1,2})\.? ([a-zäöü]+)\.? (\d{4})", text):
        return _day(_year(match[3]), _month_number(match[2]), int(match[1]))
    if re.fullmatch(r"\d{1,2}\. ?\d{1,2}\.", text):
        raise NoYear(text)
    return None


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NoSuchDay(f"{year}-{month}-{day}") from None


def _month_number(name: str) -> int:
    if name not in _MONTHS:
        raise ValueError(name)
    return _MONTHS[name]


def _month(text: str) -> Period | None:
    if match := re.fullmatch(r"([a-zäöü]+)\.?[ /-]?'?(\d{4}|\d{2})", text):
        if match[1] not in _MONTHS:
            return None
        return _of_month(_year(match[2]), _MONTHS[match[1]])
    if match := re.fullmatch(r"(\d{1,2})[./](\d{4})", text):
        return _of_month(_year(match[2]), int(match[1]))
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return _of_month(_year(match[1]), int(match[2]))
    return None


def _of_month(year: int, month: int, months: int = 1) -> Period:
    end_year, end_month = year + (month + months - 2) // 12, (month + months - 2) % 12 + 1
    return Period(date(year, month, 1), date(end_year, end_month, monthrange(end_year, end_month)[1]))


def parse_period(value: Any) -> Period | None:
    """A stretch of days: whatever `parse_day` reads, a month, `Q3/2019`, `III. Quartal 2019`, `2. Halbjahr 2019`, a
    year. None for an empty cell; raises ValueError."""
    if isinstance(value, int | float) and not isinstance(value, bool) and EARLIEST <= value <= LATEST:
        return _of_month(int(value), 1, 12)
    if isinstance(value, str):
        text = _text(value)
        if re.fullmatch(r"\d{4}", text):
            return _of_month(_year(text), 1, 12)
        for shape in (
            r"q ?([1-4])[ /.-]*(\d{4}|\d{2})",
            r"([1-4]|i{1,3}|iv)\.? ?(?:quartal|quart\.?|q\.?)[ /.-]*(\d{4}|\d{2})",
        ):
            if match := re.fullmatch(shape, text):
                number = _ROMAN.get(match[1]) or int(match[1])
                return _of_month(_year(match[2]), 3 * number - 2, 3)
        if match := re.fullmatch(r"(\d{4})[ /-]*q([1-4])", text):
            return _of_month(_year(match[1]), 3 * int(match[2]) - 2, 3)
        if match := re.fullmatch(r"(?:h ?([12])|([12]|ii?)\. ?(?:halbjahr|hj\.?))[ /.-]*(\d{4}|\d{2})", text):
            half = int(match[1]) if match[1] else _ROMAN.get(match[2]) or int(match[2])
            return _of_month(_year(match[3]), 6 * half - 5, 6)
        if (month := _month(text)) is not None:
            return month
    day = parse_day(value)
    return None if day is None else Period(day, day)


def parse_number(value: Any) -> Decimal | None:
    """A number with decimal comma or point: `1.234,56`, `1 234,56`, `1,234.56`, `-3,5`, `1,6 Mio.`.

    A single point before exactly three figures groups thousands, as German offices write (`1.234` is 1234); a single
    comma is always the decimal one. None for an empty cell; raises ValueError.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, int | float | Decimal):
        exact = Decimal(str(value))
        if not exact.is_finite():
            raise ValueError(value)
        return exact
    text = _text(value).replace("\u2212", "-")
    if not text:
        return None
    match = re.fullmatch(r"([+-]?[\d., ]*\d)(?: ?([a-z]+)\.?)?", text)
    if match is None or (match[2] and match[2] not in _MULTIPLES):
        raise ValueError(value)
    number = _plain_number(match[1])
    return number * _MULTIPLES[match[2]] if match[2] else number


def _plain_number(text: str) -> Decimal:
    """Sign, figures, points, commas and blanks as a number."""
    grouped = re.fullmatch(r"[+-]?\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?", text)
    plain = re.fullmatch(r"[+-]?\d*(?:[.,]\d+)?", text)
    if grouped and (grouped[1] != "," or text.count(",") > 1 or "." in text):
        whole = text.replace(grouped[1], "")
    elif plain:
        whole = text
    else:
        raise ValueError(text)
    try:
        return Decimal(whole.replace(",", "."))
    except InvalidOperation:
        raise ValueError(text) from None


def parse_money(value: Any) -> int | None:
    """Euro as cents: `1,6 Mio. €`, `1.234,50 EUR`, `250 T€`. A number without a unit is in euro.

    None for an empty cell; raises ValueError, also for parts of a cent.
    """
    if isinstance(value, str):
        bare = _CURRENCY.sub(" ", value)
        if value.strip() and not bare.strip():
            raise ValueError(value)
        value = bare
    number = parse_number(value)
    if number is None:
        return None
    cents = number * 100
    if cents != cents.to_integral_value():
        raise ValueError(value)
    return int(cents)
