"""Formulas: progress against an independent one, verdicts, staleness, shown shares, periods, numbers, breaks."""

import datetime as dt
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.programme.core.progress import progress, shares, staleness
from allmende.programme.core.series import (
    Period,
    Point,
    crosses,
    judge,
    measures_since,
    read_number,
    read_period,
    with_breaks,
    write_period,
)

NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=3)
MAYBE = st.none() | NUMBERS
DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2050, 12, 31))
KNOWN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def point(value: str | None, year: int = 2020) -> Point:
    number = None if value is None else Decimal(value)
    return Point(date(year, 1, 1), date(year + 1, 1, 1), number, "final", KNOWN, 1, date(year, 1, 1))


@given(MAYBE, MAYBE, MAYBE)
def test_progress_is_what_the_distances_say(
    baseline: Decimal | None, target: Decimal | None, value: Decimal | None
) -> None:
    """Independently: 100 per cent less what is left of the way, in exact fractions."""
    got = progress(baseline, target, value)
    if baseline is None or target is None or value is None:
        assert got is None
    elif baseline == target:
        assert got == (100 if value == baseline else None)
    else:
        way, left = Fraction(target) - Fraction(baseline), Fraction(target) - Fraction(value)
        wanted = 100 - 100 * left / way
        assert got is not None
        assert abs(Fraction(got) - wanted) <= abs(wanted) / 10**20 + Fraction(1, 10**15)
        moved = (value > baseline) - (value < baseline)
        wished = 1 if target > baseline else -1
        assert (got > 0) - (got < 0) == moved * wished


@pytest.mark.parametrize(
    ("baseline", "target", "value", "word", "percent"),
    [
        ("10", "20", "15", "under_way", "50"),
        ("20", "10", "15", "under_way", "50"),
        ("10", "20", "8", "backwards", "-20"),
        ("20", "10", "21", "backwards", "-10"),
        ("10", "20", "10", "unchanged", "0"),
        ("10", "20", "20", "reached", "100"),
        ("10", "20", "30", "reached", "200"),
        ("10", "10", "10", "held", "100"),
        ("10", "10", "11", "not_held", None),
        ("-5", "5", "0", "under_way", "50"),
        ("10", "20", None, "unmeasured", None),
        (None, "20", "15", "no_scale", None),
        ("10", None, "15", "no_scale", None),
    ],
)
def test_every_verdict(
    baseline: str | None, target: str | None, value: str | None, word: str, percent: str | None
) -> None:
    found = judge(
        None if baseline is None else Decimal(baseline), None, None if target is None else Decimal(target), point(value)
    )
    assert (found.word, found.percent) == (word, None if percent is None else Decimal(percent))


def test_a_value_from_before_the_baseline_is_no_progress() -> None:
    assert judge(Decimal(1), date(2021, 1, 1), Decimal(2), point("2")).word == "unmeasured_since"
    assert judge(Decimal(1), date(2020, 12, 31), Decimal(2), point("2")).word == "reached"


def test_no_progress_is_computed_across_a_break() -> None:
    breaks = [date(2008, 1, 1)]
    assert judge(Decimal(1), date(2007, 12, 31), Decimal(2), point("2"), breaks).word == "incomparable"
    assert judge(Decimal(1), date(2008, 1, 1), Decimal(2), point("2"), breaks).word == "reached"


@pytest.mark.parametrize(
    ("ends", "cadence", "grade"),
    [
        (None, "year", "none"),
        (date(2024, 1, 1), "year", "fresh"),
        (date(2023, 6, 2), "year", "due"),
        (date(2022, 6, 1), "year", "stale"),
        (date(2024, 4, 30), "month", "due"),
        (date(2024, 3, 1), "month", "stale"),
        (date(1900, 1, 1), "once", "timeless"),
    ],
)
def test_staleness(ends: date | None, cadence: str, grade: str) -> None:
    assert staleness(ends, cadence, date(2024, 6, 3)) == grade


@given(st.lists(st.integers(min_value=0, max_value=10**12), min_size=1, max_size=20), st.integers(0, 3))
def test_shown_shares_add_up(parts: list[int], decimals: int) -> None:
    shown = shares(parts, decimals)
    assert sum(shown) == (100 if sum(parts) else 0)
    for part, share in zip(parts, shown, strict=True):
        exact = Fraction(part * 100, sum(parts)) if sum(parts) else Fraction(0)
        assert abs(Fraction(share) - exact) < Fraction(1, 10**decimals)


def test_a_negative_share_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        shares([1, -1])


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("2015", "2015-01-01", "2016-01-01"),
        ("2015/16", "2015-01-01", "2017-01-01"),
        ("2015–2016", "2015-01-01", "2017-01-01"),
        ("2015-03", "2015-03-01", "2015-04-01"),
        ("12/2015", "2015-12-01", "2016-01-01"),
        ("Q4 2015", "2015-10-01", "2016-01-01"),
        ("2015-Q1", "2015-01-01", "2015-04-01"),
        ("2. Quartal 2015", "2015-04-01", "2015-07-01"),
        ("29.2.2024", "2024-02-29", "2024-03-01"),
        ("1.3.2015–15.3.2015", "2015-03-01", "2015-03-16"),
        ("2015-03-01/2015-03-15", "2015-03-01", "2015-03-16"),
    ],
)
def test_periods_as_people_write_them(text: str, starts: str, ends: str) -> None:
    assert read_period(text) == Period(date.fromisoformat(starts), date.fromisoformat(ends))


@pytest.mark.parametrize(
    "text",
    [
        "", "15", "2015-13", "2015-00", "30.2.2024", "Q5 2015", "2016–2015", "15.3.2015–1.3.2015", "9999", "früher",
        "2015 2016", "0000",
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        read_period(text)


@given(DAYS, st.integers(1, 4000))
def test_a_written_period_reads_back(starts: date, length: int) -> None:
    period = Period(starts, starts + dt.timedelta(days=length))
    assert read_period(write_period(period)) == period


@given(st.integers(1950, 2050), st.integers(1, 12), st.sampled_from([1, 3, 12, 24]))
def test_written_months_quarters_and_years_read_back(year: int, month: int, months: int) -> None:
    last = month + months - 1
    period = Period(date(year, month, 1), date(year + last // 12, last % 12 + 1, 1))
    assert read_period(write_period(period)) == period


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1.234,5", ",", "1234.5"),
        ("1234,5", ",", "1234.5"),
        ("1.234", ",", "1234"),
        ("\u22121.234.567", ",", "-1234567"),
        ("1\u00a0234,50", ",", "1234.50"),
        ("1,234.5", ".", "1234.5"),
        ("12.5", ".", "12.5"),
    ],
)
def test_numbers_as_people_write_them(text: str, decimal: str, value: str) -> None:
    assert read_number(text, decimal) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["12.5", "1.23,4", "1,2,3", "", "-", "NaN", "Infinity", "1e5", "12%", "1,", ",5", "１"]
)
def test_what_is_no_german_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        read_number(text)


@given(st.lists(DAYS, max_size=6), st.lists(st.integers(1950, 2050), unique=True, max_size=12))
def test_a_break_falls_between_exactly_the_points_it_parts(breaks: list[date], years: list[int]) -> None:
    points = with_breaks([point("1", year) for year in sorted(years)], breaks)
    for before, after in pairwise(points):
        parted = [day for day in breaks if day <= after.starts and not day <= before.starts]
        assert after.broken_before == bool(parted) == crosses(before.starts, after.starts, breaks)
    assert not points or not points[0].broken_before


def test_a_value_of_a_definition_in_mid_year_measures_from_that_day_on() -> None:
    year = (date(2024, 1, 1), date(2025, 1, 1))
    assert measures_since(*year, date(2024, 7, 1)) == date(2024, 7, 1)
    assert measures_since(*year, None) == measures_since(*year, date(2023, 7, 1)) == date(2024, 1, 1)
