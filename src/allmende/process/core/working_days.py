"""Working days: Monday to Friday without the public holidays of a German state, which the library `holidays` knows.

Deadlines of German law end with the next working day where they would end on a Saturday, Sunday or holiday
(§ 193 BGB, § 31 (3) VwVfG).
"""

import datetime as dt
import functools
import re

import holidays

# The first two digits of a municipality key (AGS) -> ISO 3166-2 code of the state.
STATES = {
    "01": "SH", "02": "HH", "03": "NI", "04": "HB", "05": "NW", "06": "HE", "07": "RP", "08": "BW", "09": "BY",
    "10": "SL", "11": "BE", "12": "BB", "13": "MV", "14": "SN", "15": "ST", "16": "TH",
}  # fmt: skip
_SATURDAY = 5
_PERIOD = re.compile(
    r"P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,3})M)?(?:(?P<weeks>\d{1,3})W)?(?:(?P<days>\d{1,4})D)?"
)


def state_of(ags: str) -> str:
    """The state that a municipality lies in, "" where the key says nothing."""
    return STATES.get(ags[:2], "")


@functools.lru_cache(maxsize=256)
def public_holidays(year: int, state: str) -> frozenset[dt.date]:
    """The holidays of a year; without a state those that hold in all of Germany."""
    return frozenset(holidays.country_holidays("DE", subdiv=state or None, years=year))


def is_working_day(day: dt.date, state: str) -> bool:
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year, state)


def on_or_after(day: dt.date, state: str) -> dt.date:
    """The day itself, or the next working day."""
    while not is_working_day(day, state):
        day += dt.timedelta(days=1)
    return day


def add_working_days(day: dt.date, count: int, state: str) -> dt.date:
    """`count` working days after a day, which is not counted itself (§ 187 (1) BGB). `count` from 0."""
    for _ in range(count):
        day = on_or_after(day + dt.timedelta(days=1), state)
    return on_or_after(day, state)


def count_of(period: str) -> int:
    """The number of working days that a period of days or weeks (of five) names. Raises ValueError."""
    found = _PERIOD.fullmatch(period)
    if found is None or not any(found.groups()) or found["years"] or found["months"]:
        raise ValueError(f"not a number of working days: {period}")
    return int(found["days"] or 0) + 5 * int(found["weeks"] or 0)


def add_period(day: dt.date, period: str, state: str) -> dt.date:
    """The end of an ISO 8601 period of years, months, weeks and days that begins after a day: the same day of the month
    or its last one (§ 188 (2), (3) BGB), then moved to a working day. Raises ValueError."""
    found = _PERIOD.fullmatch(period)
    if found is None or not any(found.groups()):
        raise ValueError(f"not a period of days: {period}")
    years, months, weeks, days = (int(found[name] or 0) for name in ("years", "months", "weeks", "days"))
    month = day.month - 1 + months + 12 * years
    first = dt.date(day.year + month // 12, month % 12 + 1, 1)
    last = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    moved = first.replace(day=min(day.day, last.day)) + dt.timedelta(weeks=weeks, days=days)
    return on_or_after(moved, state)
