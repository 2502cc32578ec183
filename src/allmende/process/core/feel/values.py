"""Values of FEEL in Python, and how they cross the border (js/11_border.js has the other side).

| FEEL | Python |
|---|---|
| null, boolean, string | None, bool, str |
| number | Decimal; int and float come in too, a float by its shortest spelling |
| date | datetime.date |
| time | datetime.time, with tzinfo if it has an offset or a zone |
| date and time | datetime.datetime, likewise |
| days and time duration | datetime.timedelta |
| years and months duration | Months |
| list, context | list (a tuple comes in too), dict with str keys |
| range, function | Range, Function (comes out only) |

FEEL counts nanoseconds and years to ±999,999,999. Going out, what is finer than a microsecond is cut off; a year that
Python does not have (1–9999) raises FeelError "border". Of a local time that a zone has twice FEEL knows the earlier.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from .errors import FeelError

Value = Any
SAFE = 2**53 - 1
NANOS = re.compile(r"(\.\d{6})\d+")
DURATION = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?")


@dataclass(frozen=True)
class Months:
    """A years and months duration."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.months < 0 else ''}P{text}"


@dataclass(frozen=True)
class Range:
    """From `start` to `end`; None is an open side. `sign` is that of a test such as `> 5`, else None."""

    start: Value
    end: Value
    start_included: bool = True
    end_included: bool = True
    sign: str | None = None


@dataclass(frozen=True)
class Function:
    """A function that an expression gave; it cannot be called from here."""

    parameters: tuple[str, ...]


def encode(value: Value) -> Any:
    """The value as JSON for the border. Raises FeelError "border" for what FEEL has not."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, datetime):
        return {"dt": _isoformat(value)}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"t": _isoformat(value)}
    if isinstance(value, timedelta):
        return {"s": _duration(value)}
    if isinstance(value, Months):
        return {"m": value.months}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise FeelError("border", "the names of a context are texts")
        return {"c": [[key, encode(item)] for key, item in value.items()]}
    if isinstance(value, Range):
        return {"r": [encode(value.start), encode(value.end), value.start_included, value.end_included, value.sign]}
    raise FeelError("border", f"FEEL has no value for {type(value).__name__}")


def decode(value: Any) -> Value:
    """The value behind JSON of the border."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if isinstance(value, dict):
        ((kind, inner),) = value.items()
        return _DECODE[kind](inner)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def _number(value: int | float | Decimal) -> Any:
    if isinstance(value, int) and abs(value) <= SAFE:
        return value
    if isinstance(value, float):
        value = Decimal(repr(value)) if math.isfinite(value) else Decimal("nan")
    if isinstance(value, Decimal) and not value.is_finite():
        raise FeelError("border", "not a number")
    return {"n": str(value)}


def _isoformat(value: datetime | time) -> str:
    if value.tzinfo is None:
        return value.isoformat()
    zone = getattr(value.tzinfo, "key", None)
    if zone is not None:
        return f"{value.replace(tzinfo=None).isoformat()}@{zone}"
    return value.isoformat().replace("+00:00", "Z")


def _duration(value: timedelta) -> str:
    size = abs(value)
    fraction = f".{size.microseconds:06}" if size.microseconds else ""
    return f"{'-' if value < timedelta(0) else ''}P{size.days}DT{size.seconds}{fraction}S"


def _zone(text: str) -> tuple[str, Any]:
    """The text without its zone, and the zone."""
    text, _, name = NANOS.sub(r"\1", text).partition("@")
    if name:
        return text, ZoneInfo(name)
    return text, UTC if text.endswith("Z") else None


def _time(text: str) -> time:
    text, zone = _zone(text)
    found = time.fromisoformat(text)
    return found if zone is None else found.replace(tzinfo=zone)


def _datetime(text: str) -> datetime:
    text, zone = _zone(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise FeelError("border", f"a year that Python does not have: {text}") from error
    return found if zone is None else found.replace(tzinfo=zone)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise FeelError("border", f"a year that Python does not have: {text}") from error


def _timedelta(text: str) -> timedelta:
    found = DURATION.fullmatch(text)
    assert found is not None
    days, hours, minutes, seconds = (int(found[at] or 0) for at in (2, 3, 4, 5))
    micros = int((found[6] or "").ljust(6, "0")[:6])
    try:
        size = timedelta(days, seconds, micros, 0, minutes, hours)
    except OverflowError as error:
        raise FeelError("border", f"a duration that Python does not have: {text}") from error
    return -size if found[1] else size


_DECODE: dict[str, Any] = {
    "n": Decimal,
    "c": lambda entries: {key: decode(item) for key, item in entries},
    "d": _date,
    "t": _time,
    "dt": _datetime,
    "s": _timedelta,
    "m": Months,
    "r": lambda parts: Range(decode(parts[0]), decode(parts[1]), parts[2], parts[3], parts[4]),
    "f": lambda parameters: Function(tuple(parameters)),
}
