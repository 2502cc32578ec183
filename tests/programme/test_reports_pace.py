"""Which targets a report tells first: the rules, against a second reading of them."""

import datetime as dt
import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.programme.core.series import Point, Verdict, judge
from allmende.programme.reports.pace import Pace, Stand, expected, pace, worst_first

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1))
NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=2)
PACES = st.lists(st.builds(Pace, st.sampled_from(Stand), NUMBERS))


def point(value: Decimal, ends: dt.date) -> Point:
    starts = ends - dt.timedelta(days=1)
    return Point(starts, ends, value, "final", dt.datetime(2024, 1, 1, tzinfo=dt.UTC), 1, starts, "")


@settings(deadline=None)
@given(st.none() | DAYS, st.none() | DAYS, DAYS, DAYS)
def test_an_even_course(begins: dt.date | None, due: dt.date | None, ends: dt.date, as_of: dt.date) -> None:
    found = expected(begins, due, ends, as_of)
    if due and as_of > due:
        assert found == 100
    elif begins is None or due is None or due <= begins or ends <= begins:
        assert found == 0
    elif ends >= due:
        assert found == 100
    else:
        exact = Fraction((ends - begins).days * 100, (due - begins).days)
        assert abs(Fraction(found) - exact) < Fraction(1, 10**9)


@settings(deadline=None)
@given(NUMBERS, NUMBERS, NUMBERS, DAYS, DAYS, DAYS, DAYS)
def test_on_course_is_who_has_gone_as_far_as_an_even_course(
    start: Decimal, aim: Decimal, value: Decimal, begins: dt.date, due: dt.date, ends: dt.date, as_of: dt.date
) -> None:
    verdict = judge(start, begins, aim, point(value, ends))
    found = pace(verdict, begins, due, ends, as_of).stand
    if ends <= begins:
        assert found is Stand.UNMEASURED
    elif start == aim:
        assert found is (Stand.REACHED if value == aim else Stand.BEHIND)
    elif (value - aim) * (aim - start) >= 0:
        assert found is Stand.REACHED
    else:
        # Where the value would be by now on a straight line, without dividing; it moves towards the aim or not at all.
        way, gone = abs(aim - start), (value - start) * (1 if aim > start else -1)
        late = as_of > due
        if due <= begins and not late:
            ahead = gone > 0
        else:
            passed, whole = (1, 1) if late or ends >= due else ((ends - begins).days, (due - begins).days)
            ahead = gone * whole >= way * passed and gone > 0
        assert found is (Stand.ON_COURSE if ahead else Stand.BEHIND)


@settings(deadline=None)
@given(PACES)
def test_the_worst_come_first_and_none_is_lost(paces: list[Pace]) -> None:
    order = worst_first(paces)
    assert sorted(order) == list(range(len(paces)))
    for before, after in itertools.pairwise(order):
        one, other = paces[before], paces[after]
        places = list(Stand).index(one.stand), list(Stand).index(other.stand)
        assert places[0] <= places[1]
        if places[0] == places[1]:
            assert one.gap > other.gap or (one.gap == other.gap and before < after)


@pytest.mark.parametrize(
    ("word", "stand"),
    [
        ("unmeasured", Stand.UNMEASURED),
        ("unmeasured_since", Stand.UNMEASURED),
        ("incomparable", Stand.UNCLEAR),
        ("no_scale", Stand.UNCLEAR),
        ("held", Stand.REACHED),
        ("not_held", Stand.BEHIND),
    ],
)
def test_what_has_no_way_stands_somewhere_too(word: str, stand: Stand) -> None:
    day = dt.date(2024, 1, 1)
    assert pace(Verdict(word), day, day, None, day).stand is stand
