"""Time for processes: a clock that can be set, and the durations, dates and cycles of ISO 8601 that timers use.

Days, weeks, months and years are counted on the wall clock of the town's zone: `P1D` over the night of a clock change
is the same time next day (23 or 25 hours), `P1M` from 31 January is the last day of February. Hours, minutes and
seconds are real time: `PT24H` is always 24 hours. A wall-clock time that the change leaves out moves an hour on (02:30
becomes 03:30), one that comes twice is the first.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
LONGEST = timedelta(days=366 * 200)


class Clock(Protocol):
    """What tells the engine the time; always with a time zone."""

    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """A clock that stands still until it is set."""

    def __init__(self, moment: datetime) -> None:
        self._now = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        """Forward only; an earlier moment leaves it as it is."""
        self._now = max(self._now, moment.astimezone(UTC))


@dataclass(frozen=True)
class Duration:
    """Months and days on the calendar, seconds in real time."""

    months: int = 0
    days: int = 0
    seconds: float = 0.0

    def times(self, number: int) -> Duration:
        return Duration(self.months * number, self.days * number, self.seconds * number)

    @property
    def about(self) -> timedelta:
        return timedelta(days=self.months * 30.44 + self.days, seconds=self.seconds)


@dataclass(frozen=True)
class Cycle:
    """A repetition: `times` is None for ever; `start` is None for "from when the waiting began"."""

    times: int | None
    start: datetime | None
    every: Duration


_DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=.)(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?"
)
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?\s*(Z|[+-]\d{2}(:?\d{2})?)?)?(\[[\w/]+\])?"
)
_CYCLE = re.compile(r"R(\d*)/(?:([^/P][^/]*)/)?(P[^/]+)")


def parse_duration(text: str) -> Duration | None:
    """`P14D`, `PT1,5H`, `P1Y2M3W`: None if it is no duration of ISO 8601, negative, or longer than 200 years."""
    found = _DURATION.fullmatch(text.strip().upper())
    if not found or any(len(part or "") > 9 for part in found.groups()):
        return None
    years, months, weeks, days = (int(part or 0) for part in found.groups()[:4])
    hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups()[4:])
    made = Duration(years * 12 + months, weeks * 7 + days, hours * 3600 + minutes * 60 + seconds)
    return made if made.months < 2400 and made.days < 73_000 and made.seconds < 6e9 else None


def parse_moment(text: str, zone: ZoneInfo = ZONE) -> datetime | None:
    """A date or a date with time; without an offset it is the wall clock of `zone`. None if it is neither."""
    found = _DATE.fullmatch(text.strip())
    if not found:
        return None
    plain = text.strip()
    if bracket := found.group(6):
        plain = plain.removesuffix(bracket)
    try:
        moment = datetime.fromisoformat(plain.replace(",", ".").replace(" Z", "Z"))
        return (moment.replace(tzinfo=zone) if moment.tzinfo is None else moment).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_cycle(text: str, zone: ZoneInfo = ZONE) -> Cycle | None:
    """`R3/PT10H`, `R/2026-03-01T08:00/P1D`: None if it is no repetition or would repeat without any time between."""
    found = _CYCLE.fullmatch(text.strip().upper())
    if not found:
        return None
    every = parse_duration(found.group(3))
    start = parse_moment(found.group(2), zone) if found.group(2) else None
    if every is None or every.about < timedelta(seconds=1) or (found.group(2) and start is None):
        return None
    return Cycle(int(found.group(1)[:9]) if found.group(1) else None, start, every)


def add(moment: datetime, duration: Duration, zone: ZoneInfo = ZONE) -> datetime:
    """`moment` and `duration` later, in UTC. Raises OverflowError after the year 9999."""
    wall = moment.astimezone(zone).replace(tzinfo=None)
    if duration.months:
        month = wall.year * 12 + wall.month - 1 + duration.months
        year, month = divmod(month, 12)
        if year > 9998:
            raise OverflowError("after the year 9998")
        wall = wall.replace(year=year, month=month + 1, day=min(wall.day, monthrange(year, month + 1)[1]))
    if duration.months or duration.days:
        wall += timedelta(days=duration.days)
        moment = wall.replace(tzinfo=zone)
    return moment.astimezone(UTC) + timedelta(seconds=duration.seconds)


def occurrence(cycle: Cycle, armed: datetime, number: int, zone: ZoneInfo = ZONE) -> datetime:
    """The time of occurrence `number` (from 0) of a cycle that began to wait at `armed`: never before that."""
    if cycle.start is None:
        return add(armed, cycle.every.times(number + 1), zone)
    first = max(0, int((armed - cycle.start) / cycle.every.about) - 2)
    while add(cycle.start, cycle.every.times(first), zone) < armed:
        first += 1
    return add(cycle.start, cycle.every.times(first + number), zone)
