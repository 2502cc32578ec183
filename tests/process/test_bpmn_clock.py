"""Durations, dates and cycles of ISO 8601: months of unequal length, leap days, both nights of the clock change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.process.core.engine import clock

ZONE = ZoneInfo("Europe/Berlin")
MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


def later(begin: str, duration: str) -> str:
    """Local time → local time."""
    parsed = clock.parse_duration(duration)
    assert parsed is not None
    moment = datetime.fromisoformat(begin).replace(tzinfo=ZONE)
    return clock.add(moment, parsed).astimezone(ZONE).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("begin", "duration", "end"),
    [
        ("2026-01-31T10:00", "P1M", "2026-02-28T10:00+01:00"),
        ("2028-01-31T10:00", "P1M", "2028-02-29T10:00+01:00"),
        ("2026-01-31T10:00", "P2M", "2026-03-31T10:00+02:00"),
        ("2028-02-29T10:00", "P1Y", "2029-02-28T10:00+01:00"),
        ("2028-02-28T10:00", "P1D", "2028-02-29T10:00+01:00"),
        ("2026-12-31T23:00", "P1M1D", "2027-02-01T23:00+01:00"),
        # Night of 29 March 2026: 2 o'clock becomes 3 o'clock.
        ("2026-03-28T10:00", "P1D", "2026-03-29T10:00+02:00"),
        ("2026-03-28T10:00", "PT24H", "2026-03-29T11:00+02:00"),
        ("2026-03-28T02:30", "P1D", "2026-03-29T03:30+02:00"),
        ("2026-03-22T08:00", "P1W", "2026-03-29T08:00+02:00"),
        # Night of 25 October 2026: 3 o'clock becomes 2 o'clock.
        ("2026-10-24T10:00", "P1D", "2026-10-25T10:00+01:00"),
        ("2026-10-24T10:00", "PT24H", "2026-10-25T09:00+01:00"),
        ("2026-10-24T02:30", "P1D", "2026-10-25T02:30+02:00"),
        ("2026-10-24T02:30", "P1DT1H", "2026-10-25T02:30+01:00"),
        ("2026-01-01T00:00", "PT90M", "2026-01-01T01:30+01:00"),
        ("2026-01-01T00:00", "PT0,5H", "2026-01-01T00:30+01:00"),
    ],
)
def test_durations(begin: str, duration: str, end: str) -> None:
    assert later(begin, duration) == end


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1", "1D", "P-1D", "-P1D", "P1DT", "P1H", "PT1D", "P1.5D", "P9999999999D", "P99999Y", "2 Wochen"],
)
def test_no_durations(text: str) -> None:
    assert clock.parse_duration(text) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-01", "2026-06-30T22:00:00+00:00"),
        ("2026-07-01T08:00", "2026-07-01T06:00:00+00:00"),
        ("2026-07-01T08:00:00Z", "2026-07-01T08:00:00+00:00"),
        ("2026-07-01T08:00:00,5+02:00", "2026-07-01T06:00:00.500000+00:00"),
        ("2026-01-01 08:00", "2026-01-01T07:00:00+00:00"),
        ("2026-03-29T02:30", "2026-03-29T01:30:00+00:00"),
    ],
)
def test_moments(text: str, moment: str) -> None:
    found = clock.parse_moment(text)
    assert found is not None and found.isoformat() == moment


@pytest.mark.parametrize("text", ["", "2026", "31.12.2026", "2026-02-30", "2026-1-1", "2026-01-01T25:00", "morgen"])
def test_no_moments(text: str) -> None:
    assert clock.parse_moment(text) is None


def test_cycles() -> None:
    armed = datetime(2026, 1, 31, 9, tzinfo=UTC)
    monthly = clock.parse_cycle("R/P1M")
    assert monthly is not None and monthly.times is None
    days = [clock.occurrence(monthly, armed, number).date().isoformat() for number in range(3)]
    assert days == ["2026-02-28", "2026-03-31", "2026-04-30"], (
        "counted from the beginning, so the last day stays the last"
    )
    fixed = clock.parse_cycle("R5/2026-01-05T08:00/P1D")
    assert fixed is not None and fixed.times == 5
    assert clock.occurrence(fixed, armed, 0).isoformat() == "2026-02-01T07:00:00+00:00"
    early = clock.occurrence(fixed, datetime(2025, 1, 1, tzinfo=UTC), 2)
    assert early.isoformat() == "2026-01-07T07:00:00+00:00"
    for text in ("", "R", "R3", "R3/", "R/PT0S", "R/P1D/P1D", "R-1/P1D", "R/2026-99-99/P1D", "P1D", "0 0 * * *"):
        assert clock.parse_cycle(text) is None, text


def test_a_set_clock_goes_forward_only() -> None:
    set_clock = clock.SetClock(datetime(2026, 1, 2, tzinfo=UTC))
    set_clock.set(datetime(2026, 1, 1, tzinfo=UTC))
    assert set_clock.now() == datetime(2026, 1, 2, tzinfo=UTC)
    set_clock.set(datetime(2026, 1, 3, 1, tzinfo=ZONE))
    assert set_clock.now() == datetime(2026, 1, 3, tzinfo=UTC)
    assert clock.SystemClock().now().tzinfo is UTC


@given(MOMENTS, st.integers(0, 400))
def test_days_keep_the_wall_clock(moment: datetime, days: int) -> None:
    before = moment.astimezone(ZONE)
    after = clock.add(moment, clock.Duration(days=days)).astimezone(ZONE)
    assert after.date() - before.date() == timedelta(days=days)
    gap = datetime.combine(after.date(), before.time()).replace(tzinfo=ZONE)
    if gap.astimezone(UTC).astimezone(ZONE).time() == before.time():  # the wall clock shows this time on that day
        assert after.time() == before.time()


@given(MOMENTS, st.integers(0, 10**9))
def test_seconds_are_real_time(moment: datetime, seconds: int) -> None:
    assert clock.add(moment, clock.Duration(seconds=seconds)) - moment == timedelta(seconds=seconds)


@given(MOMENTS, st.integers(0, 48))
def test_months_keep_the_day_or_take_the_last(moment: datetime, months: int) -> None:
    before = moment.astimezone(ZONE)
    after = clock.add(moment, clock.Duration(months=months)).astimezone(ZONE)
    assert (after.year * 12 + after.month) - (before.year * 12 + before.month) == months
    assert after.day == before.day or (after.day < before.day and (after + timedelta(days=1)).day == 1)


@given(MOMENTS, MOMENTS, st.integers(1, 40), st.integers(0, 5))
def test_no_occurrence_is_before_the_waiting_began(start: datetime, armed: datetime, days: int, number: int) -> None:
    cycle = clock.Cycle(None, start, clock.Duration(days=days))
    found = clock.occurrence(cycle, armed, number)
    assert found >= armed
    assert found >= start
