"""Quiet hours and digest times, both DST nights of Europe/Berlin included."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.spine.notify.core.clock import is_quiet, latest_due, next_allowed

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = (time(22), time(7))


def at(text: str) -> datetime:
    """A wall-clock time in Berlin; `+1` at its end is the second of a doubled hour."""
    later = text.endswith("+1")
    return datetime.fromisoformat(text.removesuffix("+1")).replace(tzinfo=BERLIN, fold=1 if later else 0)


@pytest.mark.parametrize(
    ("now", "quiet", "until"),
    [
        ("2026-11-20 21:59", NIGHT, None),
        ("2026-11-20 22:00", NIGHT, "2026-11-21 07:00"),
        ("2026-11-21 06:59", NIGHT, "2026-11-21 07:00"),
        ("2026-11-21 07:00", NIGHT, None),
        ("2026-11-21 13:00", (time(12), time(14)), "2026-11-21 14:00"),
        ("2026-11-21 14:00", (time(12), time(14)), None),
        ("2026-11-21 13:00", (None, None), None),
        ("2026-11-21 13:00", (time(13), time(13)), None),
        # Spring: 02:00 to 03:00 does not exist; quiet until 02:30 ends when the clocks jump to 03:00.
        ("2026-03-29 01:15", (time(22), time(2, 30)), "2026-03-29 03:00"),
        ("2026-03-28 23:00", NIGHT, "2026-03-29 07:00"),
        # Autumn: 02:00 to 03:00 comes twice; quiet from 01:00 until 03:00 lasts three hours.
        ("2026-10-25 01:30", (time(1), time(3)), "2026-10-25 03:00"),
        ("2026-10-25 02:30+1", (time(1), time(3)), "2026-10-25 03:00"),
        ("2026-10-25 02:15+1", (time(22), time(2, 30)), "2026-10-25 02:30+1"),
        ("2026-10-24 23:00", NIGHT, "2026-10-25 07:00"),
    ],
)
def test_quiet_hours(now: str, quiet: tuple[time | None, time | None], until: str | None) -> None:
    moment = at(now).astimezone(UTC)
    assert is_quiet(moment, *quiet, BERLIN) == (until is not None)
    assert next_allowed(moment, *quiet, BERLIN).astimezone(UTC) == (at(until) if until else moment).astimezone(UTC)


def test_the_autumn_night_is_an_hour_longer_in_real_time() -> None:
    start = at("2026-10-24 22:00").astimezone(UTC)
    assert next_allowed(start, *NIGHT, BERLIN) - start == timedelta(hours=10)
    start = at("2026-03-28 22:00").astimezone(UTC)
    assert next_allowed(start, *NIGHT, BERLIN) - start == timedelta(hours=8)


@given(
    st.datetimes(datetime(2026, 3, 27), datetime(2026, 11, 1), timezones=st.just(UTC)),
    st.times(),
    st.times(),
)
def test_what_is_allowed_is_never_quiet(now: datetime, quiet_from: time, quiet_to: time) -> None:
    moment = next_allowed(
        now, quiet_from.replace(second=0, microsecond=0), quiet_to.replace(second=0, microsecond=0), BERLIN
    )
    assert not is_quiet(
        moment, quiet_from.replace(second=0, microsecond=0), quiet_to.replace(second=0, microsecond=0), BERLIN
    )
    assert now <= moment <= now + timedelta(hours=25)


@pytest.mark.parametrize(
    ("now", "weekly", "due"),
    [
        ("2026-11-20 06:59", False, "2026-11-19 07:00"),
        ("2026-11-20 07:00", False, "2026-11-20 07:00"),
        # 2026-11-20 is a Friday.
        ("2026-11-20 12:00", True, "2026-11-16 07:00"),
        ("2026-11-16 06:59", True, "2026-11-09 07:00"),
        ("2026-11-16 07:00", True, "2026-11-16 07:00"),
        ("2026-03-29 08:00", False, "2026-03-29 07:00"),
        ("2026-10-25 06:30", False, "2026-10-24 07:00"),
        ("2026-03-29 06:30", True, "2026-03-23 07:00"),
    ],
)
def test_digest_times(now: str, weekly: bool, due: str) -> None:
    assert latest_due(at(now).astimezone(UTC), weekly, BERLIN).astimezone(UTC) == at(due).astimezone(UTC)
