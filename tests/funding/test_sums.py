"""Sums: spread over days, by key, for a portfolio; the same as PostgreSQL and plain counting say."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum as SqlSum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.funding.core import sums
from allmende.funding.core.spread import by_year
from allmende.funding.core.sums import Entry, Sum
from allmende.funding.domain import queries
from allmende.funding.models import Grant
from allmende.programme.core.progress import shares

from .makers import make_grant

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
CENTS = st.integers(1, 10**13)


@given(cents=CENTS, starts=DAYS, length=st.integers(0, 9000))
def test_spread_adds_up_and_is_never_two_euros_off_the_days(cents: int, starts: date, length: int) -> None:
    ends = starts + timedelta(days=length)
    spread = by_year(cents, starts, ends)
    assert sum(spread.values()) == cents
    assert list(spread) == list(range(starts.year, ends.year + 1))
    # Independently: the days of a year, one by one.
    for year, got in spread.items():
        days = (min(ends, date(year, 12, 31)) - max(starts, date(year, 1, 1))).days + 1
        assert abs(got - Decimal(cents) * days / (length + 1)) < 200
    assert [got for year, got in spread.items() if year < ends.year and got % 100] == []


def test_spread_over_one_day_and_a_leap_year() -> None:
    assert by_year(100, date(2024, 2, 29), date(2024, 2, 29)) == {2024: 100}
    # 365 + 366 days.
    assert by_year(73_100, date(2023, 1, 1), date(2024, 12, 31)) == {2023: 36_500, 2024: 36_600}
    # Three years of 365 days share 100,01 euro.
    assert by_year(10_001, date(2021, 1, 1), date(2023, 12, 31)) == {2021: 3300, 2022: 3300, 2023: 3401}
    with pytest.raises(ValueError, match="beginning"):
        by_year(1, date(2024, 1, 2), date(2024, 1, 1))


ENTRIES = st.lists(
    st.builds(
        lambda cents, exact, scheme, town, phase, noticed, period: (
            cents, exact, scheme, town, phase, noticed, *(sorted(period) if period else (None, None))
        ),
        CENTS, st.booleans(), st.sampled_from(["A", "B", "C"]), st.sampled_from(["07312000", "07318000", "hier"]),
        st.sampled_from([None, 1, 2]), st.none() | DAYS, st.none() | st.tuples(DAYS, DAYS),
    ),
    max_size=12,
).map(
    lambda rows: [
        Entry(pk, cents, exact, scheme, town, town, phase, str(phase), noticed, starts, ends)
        for pk, (cents, exact, scheme, town, phase, noticed, starts, ends) in enumerate(rows)
    ]
)  # fmt: skip


@given(entries=ENTRIES, counting=st.sampled_from(["period", "notice"]))
def test_a_portfolio_adds_up_along_rows_and_columns(entries: list[Entry], counting: str) -> None:
    found = sums.portfolio(entries, counting)
    whole = sum(entry.cents for entry in entries)
    assert found.total == Sum(whole, len(entries), all(entry.exact for entry in entries))
    assert sum(line.total.cents for line in found.lines) == whole
    assert sum(value.cents for value in found.per_year.values()) == whole
    for line in found.lines:
        assert sum(value.cents for value in line.cells.values()) == line.total.cents
    for year in found.years:
        cells = [line.cells[year] for line in found.lines if year in line.cells]
        assert sum(cell.cents for cell in cells) == found.per_year[year].cents
    assert found.per_year == sums.by_years(entries, counting)


@given(entries=ENTRIES, counting=st.sampled_from(["period", "notice"]))
def test_a_cell_is_the_sum_of_the_grants_it_leads_to(entries: list[Entry], counting: str) -> None:
    found = sums.portfolio(entries, counting)
    for line in found.lines:
        for year, cell in line.cells.items():
            asked = queries.UNKNOWN if year is None else str(year)
            assert queries.select(entries, counting, town=line.town, year=asked).total == cell


@given(entries=ENTRIES.filter(bool))
def test_shown_parts_add_up_to_a_hundred(entries: list[Entry]) -> None:
    chosen = queries.select(entries)
    for groups in (chosen.schemes, chosen.phases):
        assert sum(group.sum.cents for group in groups) == chosen.total.cents
        assert sum(shares([group.sum.cents for group in groups], 1)) == 100
    assert sum(shares([value.cents for value in chosen.years.values()], 1)) == 100


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            CENTS, st.sampled_from(["", "07318000", "07137003"]),
            st.none() | st.dates(date(2015, 1, 1), date(2026, 1, 1)), st.sampled_from(["A", "B"]), st.booleans(),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_portfolio_sums_are_those_of_sql(rows: list[tuple[int, str, Any, str, bool]]) -> None:
    Grant.objects.all().delete()
    for cents, ags, noticed, scheme, public in rows:
        make_grant(public, amount_cents=cents, ags=ags, notice_date=noticed, scheme=scheme)
    public_rows = Grant.objects.filter(published__isnull=False).order_by()
    entries = queries.entries()
    found = sums.portfolio(entries, "notice")
    by_cell = public_rows.values_list("ags", "notice_date__year").annotate(SqlSum("amount_cents"))
    assert {(line.town, year): value.cents for line in found.lines for year, value in line.cells.items()} == {
        (ags or queries.HERE, year): cents for ags, year, cents in by_cell
    }
    by_scheme = public_rows.values_list("scheme").annotate(SqlSum("amount_cents"))
    assert {group.key: group.sum.cents for group in queries.select(entries).schemes} == dict(by_scheme)
    assert found.total.cents == (public_rows.aggregate(whole=SqlSum("amount_cents"))["whole"] or 0)


def test_years_are_shown_in_windows_that_leave_none_out() -> None:
    entries = [
        Entry(year, 100, True, "A", "hier", "Hier", None, "", date(year, 1, 1), None, None)
        for year in (2001, 2002, 2004, 2005, 2006, 2007, 2009)
    ]
    found = sums.portfolio(entries, "notice")
    latest = found.window(None, 3)
    assert (latest.years, latest.earlier, latest.later) == ([2006, 2007, 2009], 2005, None)
    before = found.window(2005, 3)
    assert (before.years, before.earlier, before.later) == ([2002, 2004, 2005], 2001, 2009)
    first = found.window(2001, 3)
    assert (first.years, first.earlier, first.later) == ([2001], None, 2005)
    # A year without grants is none to begin at.
    assert found.window(2003, 3) == latest
    assert sums.portfolio([], "notice").window(None, 3) == sums.Window([], None, None)


def test_a_sum_with_a_rough_amount_says_so() -> None:
    assert sums.total([(100, True), (50, True)]) == Sum(150, 2, True)
    assert sums.total([(100, True), (50, False)]) == Sum(150, 2, False)
