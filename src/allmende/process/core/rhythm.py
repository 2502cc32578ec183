"""When something that begins again and again is due next: by the town's calendar, or a repetition of ISO 8601."""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass

from .engine.clock import ZONE, add, parse_cycle
from .working_days import on_or_after

# Days before a moment whose day of beginning may be put off to one after it: longer than any row of holidays.
_BEFORE = 14
# Four years and a bit: a yearly 29 February lies within.
_AHEAD = 366 * 5


@dataclass(frozen=True)
class Rhythm:
    """`kind`: daily, weekly, monthly, quarterly, yearly or cycle. `day`: of the week from 1 (Monday), or of the month,
    where 31 is the last one; `month`: of the year, or of the quarter. `working_day`: put off to the next working day.
    `cycle`: ISO 8601 with a beginning."""

    kind: str
    at: dt.time = dt.time(7)
    day: int | None = None
    month: int | None = None
    working_day: bool = True
    cycle: str = ""


def following(rhythm: Rhythm, moment: dt.datetime, state: str) -> dt.datetime | None:
    """The first time after a moment, in UTC; None: never again. `state`: whose holidays count. Raises ValueError for a
    cycle that is none, or has no beginning."""
    if rhythm.kind == "cycle":
        return _of_cycle(rhythm.cycle, moment)
    for day in _days(rhythm, moment.astimezone(ZONE).date() - dt.timedelta(days=_BEFORE)):
        moved = on_or_after(day, state) if rhythm.working_day else day
        due = dt.datetime.combine(moved, rhythm.at, ZONE).astimezone(dt.UTC)
        if due > moment:
            return due
    return None


def _days(rhythm: Rhythm, first: dt.date) -> Iterator[dt.date]:
    for number in range(_AHEAD):
        day = first + dt.timedelta(days=number)
        if _fits(rhythm, day):
            yield day


def _fits(rhythm: Rhythm, day: dt.date) -> bool:
    if rhythm.kind == "daily":
        return True
    if rhythm.kind == "weekly":
        return day.isoweekday() == (rhythm.day or 1)
    if day.day != min(rhythm.day or 1, monthrange(day.year, day.month)[1]):
        return False
    month = rhythm.month or 1
    if rhythm.kind == "quarterly":
        return (day.month - 1) % 3 + 1 == month
    return rhythm.kind == "monthly" or day.month == month


def _of_cycle(text: str, moment: dt.datetime) -> dt.datetime | None:
    cycle = parse_cycle(text)
    if cycle is None or cycle.start is None:
        raise ValueError(f"not a repetition with a beginning: {text}")
    number = max(0, int((moment - cycle.start) / cycle.every.about) - 2)
    try:
        while add(cycle.start, cycle.every.times(number)) <= moment:
            number += 1
        due = add(cycle.start, cycle.every.times(number))
    except OverflowError:
        return None
    return None if cycle.times is not None and number >= cycle.times else due
