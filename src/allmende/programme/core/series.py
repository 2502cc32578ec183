"""Values in time: periods and numbers as people write them, breaks, and how a target stands. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from .progress import progress


class Period(NamedTuple):
    """Half-open: `ends` is the first day after it."""

    starts: date
    ends: date


@dataclass(frozen=True)
class Point:
    """What was known about one period. `value` None: not measured.

    `since`: the day from which this value measures what it measures: the period's first, or that of its definition,
    where it was redefined within the period. `broken_before`: does not compare with the point before it.
    """

    starts: date
    ends: date
    value: Decimal | None
    quality: str
    vintage: datetime
    definition: int
    since: date
    note: str = ""
    broken_before: bool = False

    @property
    def period(self) -> Period:
        return Period(self.starts, self.ends)


def measures_since(starts: date, ends: date, valid_from: date | None) -> date:
    """The day from which a value of the period measures what its definition says."""
    return valid_from if valid_from is not None and starts < valid_from < ends else starts


def crosses(earlier: date, later: date, breaks: Iterable[date]) -> bool:
    """Whether the series breaks after `earlier`, up to and including `later`."""
    return any(earlier < day <= later for day in breaks)


def with_breaks(points: Sequence[Point], breaks: Sequence[date]) -> list[Point]:
    """The points, in order of time, each knowing whether the series breaks between it and the one before."""
    found: list[Point] = []
    for point in points:
        broken = bool(found) and crosses(found[-1].since, point.since, breaks)
        found.append(replace(point, broken_before=True) if broken else point)
    return found


@dataclass(frozen=True)
class Verdict:
    """How a target stands. `word`: "unmeasured", "unmeasured_since" (nothing after the baseline), "incomparable" (the
    series broke since), "no_scale" (baseline or target missing), "backwards", "unchanged", "under_way", "reached",
    "held", "not_held". `percent` of the way, negative backwards, where there is a way."""

    word: str
    percent: Decimal | None = None


def judge(
    baseline: Decimal | None, baseline_date: date | None, target: Decimal | None, now: Point | None,
    breaks: Iterable[date] = (),
) -> Verdict:  # fmt: skip
    """How far a target is reached at the newest measured point. Never calls two values comparable that are not."""
    if now is None or now.value is None:
        return Verdict("unmeasured")
    if baseline is None or target is None:
        return Verdict("no_scale")
    if baseline_date is not None:
        if now.ends <= baseline_date:
            return Verdict("unmeasured_since")
        if crosses(baseline_date, now.since, breaks):
            return Verdict("incomparable")
    percent = progress(baseline, target, now.value)
    if baseline == target:
        return Verdict("held" if percent is not None else "not_held", percent)
    assert percent is not None
    if percent < 0:
        return Verdict("backwards", percent)
    if percent == 0:
        return Verdict("unchanged", percent)
    return Verdict("reached" if percent >= 100 else "under_way", percent)


_DASH = r"\s*[-–—/]\s*"
_GERMAN_DAY = r"(\d{1,2})\.(\d{1,2})\.(\d{4})"
_ISO_DAY = r"(\d{4})-(\d{2})-(\d{2})"


def _month(year: int, month: int, length: int = 1) -> Period:
    last = month + length - 1
    return Period(date(year, month, 1), date(year + last // 12, last % 12 + 1, 1))


def _days(first: date, last: date) -> Period:
    if last < first:
        raise ValueError("the end lies before the beginning")
    return Period(first, last + timedelta(days=1))


def read_period(text: str) -> Period:
    """A period as people write it: `2015`, `2015/16` (two years), `2015-03`, `03/2015`, `Q2 2015`, `2. Quartal 2015`,
    `1.3.2015`, `1.3.2015–15.3.2015`, `2015-03-01/2015-03-15` (last day included).

    Raises ValueError for anything else and for days that do not exist.
    """
    text = text.strip()
    if found := re.fullmatch(r"(\d{4})", text):
        year = int(found[1])
        return Period(date(year, 1, 1), date(year + 1, 1, 1))
    if found := re.fullmatch(r"(\d{4})-(\d{2})|(\d{1,2})/(\d{4})", text):
        year, month = int(found[1] or found[4]), int(found[2] or found[3])
        return _month(year, month)
    if found := re.fullmatch(r"(\d{4})\s*[-/ ]?\s*Q([1-4])|Q([1-4])\s*[-/ ]?\s*(\d{4})", text, re.IGNORECASE):
        year, quarter = int(found[1] or found[4]), int(found[2] or found[3])
        return _month(year, 3 * quarter - 2, 3)
    if found := re.fullmatch(r"([1-4])\.\s*Quartal\s+(\d{4})", text, re.IGNORECASE):
        return _month(int(found[2]), 3 * int(found[1]) - 2, 3)
    if found := re.fullmatch(rf"(\d{{4}})(?:\s*/\s*(\d{{2}})|{_DASH}(\d{{4}}))", text):
        first = int(found[1])
        last = int(found[3]) if found[3] else first // 100 * 100 + int(found[2])
        if last <= first:
            raise ValueError("the end lies before the beginning")
        return Period(date(first, 1, 1), date(last + 1, 1, 1))
    if found := re.fullmatch(rf"{_GERMAN_DAY}(?:{_DASH}{_GERMAN_DAY})?", text):
        day, month, year, *rest = (int(part) if part else 0 for part in found.groups())
        first_day = date(year, month, day)
        return _days(first_day, date(rest[2], rest[1], rest[0]) if rest[2] else first_day)
    if found := re.fullmatch(rf"{_ISO_DAY}(?:\s*/\s*{_ISO_DAY})?", text):
        year, month, day, *rest = (int(part) if part else 0 for part in found.groups())
        first_day = date(year, month, day)
        return _days(first_day, date(*rest) if rest[0] else first_day)
    raise ValueError(f"no period: {text}")


def write_period(period: Period) -> str:
    """The shortest of the forms that `read_period` reads which names this period."""
    starts, ends = period
    if (starts.month, starts.day, ends.month, ends.day) == (1, 1, 1, 1):
        years = ends.year - starts.year
        return str(starts.year) if years == 1 else f"{starts.year}–{ends.year - 1}"
    if starts.day == 1 and ends.day == 1:
        months = (ends.year - starts.year) * 12 + ends.month - starts.month
        if months == 1:
            return f"{starts:%m/%Y}"
        if months == 3 and starts.month % 3 == 1:
            return f"Q{starts.month // 3 + 1} {starts.year}"
    last = ends - timedelta(days=1)
    return _day(starts) if last == starts else f"{_day(starts)}–{_day(last)}"


def _day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year:04d}"


def read_number(text: str, decimal: str = ",") -> Decimal:
    """`1.234,5` (decimal "," ) or `1,234.5` (decimal "."). Groups of three only: `12.5` is refused in German, rather
    than read as 125 or 12½.

    Raises ValueError.
    """
    group = "." if decimal == "," else ","
    plain = re.sub(r"[\u00a0\u202f ]", "", text.strip()).replace("\u2212", "-")
    whole, point, rest = plain.partition(decimal)
    if not re.fullmatch(rf"[-+]?(?:[0-9]+|[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+)", whole):
        raise ValueError(f"no number: {text}")
    if point and not re.fullmatch(r"[0-9]+", rest):
        raise ValueError(f"no number: {text}")
    return Decimal(whole.replace(group, "") + ("." + rest if point else ""))
