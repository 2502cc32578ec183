"""Working days against the published holidays of Rhineland-Palatinate and the rules of the civil code."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.process.core import working_days as wd

# Feiertagsgesetz Rheinland-Pfalz (LFtG) § 2: the moving ones by the dates that the state publishes.
_MOVING = {
    2024: ["2024-03-29", "2024-04-01", "2024-05-09", "2024-05-20", "2024-05-30"],
    2025: ["2025-04-18", "2025-04-21", "2025-05-29", "2025-06-09", "2025-06-19"],
    2026: ["2026-04-03", "2026-04-06", "2026-05-14", "2026-05-25", "2026-06-04"],
    2027: ["2027-03-26", "2027-03-29", "2027-05-06", "2027-05-17", "2027-05-27"],
    2028: ["2028-04-14", "2028-04-17", "2028-05-25", "2028-06-05", "2028-06-15"],
}
_FIXED = ["01-01", "05-01", "10-03", "11-01", "12-25", "12-26"]


@pytest.mark.parametrize("year", _MOVING)
def test_the_holidays_of_rhineland_palatinate(year):
    expected = {dt.date.fromisoformat(day) for day in [*_MOVING[year], *(f"{year}-{day}" for day in _FIXED)]}
    assert wd.public_holidays(year, "RP") == expected


def test_the_state_stands_in_the_municipality_key():
    assert wd.state_of("07312000") == "RP"
    assert wd.state_of("05315000") == "NW"
    assert wd.state_of("") == ""


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-05-13", 1, "2026-05-15"),  # over Ascension Day
        ("2026-04-02", 1, "2026-04-07"),  # over Easter
        ("2026-12-23", 6, "2027-01-04"),  # Christmas, New Year and two weekends
        ("2026-06-06", 0, "2026-06-08"),  # a Saturday
    ],
)
def test_working_days_are_counted(day, count, expected):
    assert wd.add_working_days(dt.date.fromisoformat(day), count, "RP") == dt.date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "period", "expected"),
    [
        ("2024-01-31", "P1M", "2024-02-29"),  # § 188 (3) BGB, a leap year
        ("2025-01-31", "P1M", "2025-02-28"),
        ("2026-03-14", "P1M", "2026-04-14"),
        ("2026-04-01", "P1M", "2026-05-04"),  # 1 May is a Friday and a holiday: § 193 BGB
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2026-10-24", "P1D", "2026-10-26"),  # the clock change does not matter to days
    ],
)
def test_periods_end_as_the_civil_code_says(day, period, expected):
    assert wd.add_period(dt.date.fromisoformat(day), period, "RP") == dt.date.fromisoformat(expected)


@pytest.mark.parametrize("period", ["", "P", "5", "PT5H", "P1X", "-P1D", "P99999D"])
def test_what_is_no_period_is_refused(period):
    with pytest.raises(ValueError, match="not a"):
        wd.add_period(dt.date(2026, 1, 1), period, "RP")
    with pytest.raises(ValueError, match="not a"):
        wd.count_of(period)


@given(st.dates(dt.date(2024, 1, 1), dt.date(2028, 6, 30)), st.integers(0, 60))
def test_between_two_ends_lie_as_many_working_days(day, count):
    end = wd.add_working_days(day, count, "RP")
    assert wd.is_working_day(end, "RP")
    passed = sum(wd.is_working_day(day + dt.timedelta(days=n), "RP") for n in range(1, (end - day).days + 1))
    assert passed == count or (count == 0 and passed <= 1)
