"""Counts and shares by hand, denominators, weights; small cells stay hidden from somebody who solves the equations."""

from __future__ import annotations

import itertools
import json
import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.dialogue.core.survey import Equals, Number, Questionnaire, Ranking, Scale, Several, Single, Words
from allmende.dialogue.core.survey_cells import protect, protect_line
from allmende.dialogue.core.survey_cross import cross
from allmende.dialogue.core.survey_results import figures, results

from .test_survey import TOWN, asked, choices

AB = Single(**asked("ab"), choices=choices("a", "b", "c"))


def test_counts_and_denominators_by_hand() -> None:
    then = Scale(**asked("then", Equals("ab", "a")))
    one = Questionnaire((AB, then))
    crowd = [{"ab": "a", "then": 1}] * 6 + [{"ab": "a", "then": 5}] * 6 + [{"ab": "a"}] * 8 + [{"ab": "b"}] * 10 + [{}]
    told = results(one, crowd, invited=62)
    first, second = told.questions
    assert (told.responses, told.rate) == (31, Fraction(1, 2))
    assert (first.reached, first.answered, first.rate) == (31, 30, Fraction(30, 31))
    assert [cell.count for cell in first.tables[0].cells] == [20, 10, 0]
    assert (second.reached, second.answered, second.rate) == (20, 12, Fraction(3, 5)), "shown to twenty"
    assert second.tables[0].figures is not None
    assert (second.tables[0].figures.mean, second.tables[0].figures.median) == (3, 3)
    assert second.tables[0].figures.quartiles == (None, 3, None), "a quarter of twelve is under the threshold"
    cell = second.as_json()["tables"][0]["cells"][0]
    assert (cell["of_answered"], cell["of_reached"]) == (0.5, 0.3)
    assert json.dumps(told.as_json()) == json.dumps(results(one, crowd[::-1], invited=62).as_json())


def test_nobody_answered() -> None:
    told = results(TOWN, [])
    assert {one.rate for one in told.questions} == {None}
    assert told.rate is None
    assert {cell.count for one in told.questions for table in one.tables for cell in table.cells} == {0}


def test_weighted_shares_and_figures() -> None:
    km = Number(**asked("km"), unit=Words("km", "km"))
    several = Several(**asked("s"), choices=choices("x", "y"))
    ranked = Ranking(**asked("r"), choices=choices("x", "y"))
    crowd = [{"ab": "a", "km": Decimal(1), "s": ("x",), "r": ("x", "y")}] * 10
    crowd += [{"ab": "b", "km": Decimal(5), "s": ("x", "y"), "r": ("y",)}] * 10
    told = results(Questionnaire((AB, km, several, ranked)), crowd, weights=[0.5] * 10 + [1.5] * 10)
    ab, number, s, r = (one.tables[0] for one in told.questions)
    assert [(cell.count, cell.weighted) for cell in ab.cells] == [(10, 0.25), (10, 0.75), (0, 0.0)]
    assert number.figures is not None
    assert (number.figures.mean, number.figures.weighted_mean) == (3, 4.0)
    assert (number.figures.median, number.figures.weighted_median) == (3, 5)
    assert [(cell.count, cell.weighted) for cell in s.cells] == [(20, 1.0), (10, 0.75)]
    assert [cell.count for cell in r.cells] == [10, 10]
    for wrong in ([1.0], [-1.0] * 20, [float("nan")] * 20):
        with pytest.raises(ValueError, match="weight"):
            results(TOWN, crowd, weights=wrong)
    with pytest.raises(ValueError, match="invited"):
        results(TOWN, crowd, invited=19)


def test_figures_of_few_are_not_told() -> None:
    assert figures([(1, 0)] * 4) is None
    told = figures([(one, 0) for one in range(1, 21)])
    assert told is not None
    assert told.quartiles == (Fraction(11, 2), Fraction(21, 2), Fraction(31, 2))


def test_small_cells_of_one_question() -> None:
    assert protect_line([3, 9, 50]) == ((None, None, 50), 62), "the next smallest hides it"
    assert protect_line([1, 1, 1, 1, 1, 30]) == ((None,) * 6, 35), "five ones alone would be known to be ones"
    assert protect_line([4, 0, 0]) == ((None, None, None), None)
    assert protect_line([7, 0, 0]) == ((7, 0, 0), 7)
    assert protect_line([2, 2, 2]) == ((None, None, None), None), "all would be known to be small"
    assert protect_line([0, 0]) == ((0, 0), 0)
    assert protect_line([3, 9, 50], threshold=1) == ((3, 9, 50), 62)
    with pytest.raises(ValueError, match="negative"):
        protect([[1, -1]])


def test_a_small_number_of_those_who_did_not_choose_is_small_too() -> None:
    several = Several(**asked("s"), choices=choices("x", "y"))
    table = results(Questionnaire((several,)), [{"s": ("x", "y")}] * 10 + [{"s": ("x",)}] * 3).questions[0].tables[0]
    assert (table.answered, [cell.count for cell in table.cells]) == (13, [13, None])


def test_how_many_saw_a_question_does_not_tell_who_answered_before() -> None:
    then = Single(**asked("then", Equals("ab", "b")), choices=choices("x", "y"))
    crowd = [{"ab": "a"}] * 3 + [{"ab": "b", "then": "x"}] * 9 + [{"ab": "c"}] * 50
    first, second = results(Questionnaire((AB, then)), crowd).questions
    assert [cell.count for cell in first.tables[0].cells] == [None, None, 50]
    assert (second.reached, second.answered, second.tables) == (None, None, ()), "nine would tell that a is three"
    with_c = Single(**asked("then", Equals("ab", "c")), choices=choices("x", "y"))
    assert results(Questionnaire((AB, with_c)), crowd).questions[1].reached == 50


def test_figures_go_where_a_cell_is_withheld() -> None:
    scale = Scale(**asked("s"))
    crowd = [{"s": 1}] * 2 + [{"s": 2}] * 8 + [{"s": 3}] * 20
    table = results(Questionnaire((scale,)), crowd).questions[0].tables[0]
    assert [cell.count for cell in table.cells] == [None, None, 20, 0, 0, 0]
    assert table.figures is None


def test_cross_tables() -> None:
    scale = Scale(**asked("s"), first=1, last=2, no_answer=False)
    one = Questionnaire((AB, scale))
    crowd = [{"ab": "a", "s": 1}] * 3 + [{"ab": "a", "s": 2}] * 20 + [{"ab": "b", "s": 1}] * 30
    crowd += [{"ab": "b", "s": 2}] * 10 + [{"ab": "c", "s": 1}] * 40 + [{"ab": "c", "s": 2}] * 40
    found = cross(one, crowd, "ab", "s")
    assert (found.rows, found.columns) == (("a", "b", "c"), ("1", "2"))
    assert found.table.cells == ((None, None), (None, None), (40, 40))
    assert (found.table.rows, found.table.columns, found.table.total) == ((23, 40, 80), (73, 70), 143)
    assert (found.table.primary, found.table.complementary) == (1, 3)
    for pair in (("ab", "ab"), ("ab", "nobody")):
        with pytest.raises(ValueError, match="two different"):
            cross(one, crowd, *pair)


def test_a_margin_withheld_alone_is_withheld_in_the_cross_table() -> None:
    scale = Scale(**asked("s"), first=1, last=2, no_answer=False)
    crowd = (
        [{"ab": "a", "s": 1}] * 3 + [{"ab": "b", "s": 1}] * 9 + [{"ab": "c", "s": 2}] * 50 + [{"ab": "c", "s": 1}] * 50
    )
    found = cross(Questionnaire((AB, scale)), crowd, "ab", "s")
    assert found.table.rows[:2] == (None, None)
    turned = cross(Questionnaire((AB, scale)), crowd, "s", "ab")
    assert turned.table.columns[:2] == (None, None)


def solutions(
    shown: list[list[int | None]], totals: list[int | None], below: list[int | None], total: int, zeros: bool
) -> list[list[int]]:
    """All 2 × 2 tables that fit what is published; what a reader could try out."""
    ranges = [range(total + 1) if one is None else [one] for row in shown for one in row]
    fits = []
    for a, b, c in itertools.product(*ranges[:3]):
        d = total - a - b - c
        sums = [a + b, c + d, a + c, b + d]
        if d in ranges[3] and all(
            told is None or told == one for told, one in zip([*totals, *below], sums, strict=True)
        ):
            hidden = [one for one, told in zip([a, b, c, d], itertools.chain(*shown), strict=True) if told is None]
            if zeros or all(hidden):
                fits.append([a, b, c, d])
    return fits


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 14), min_size=4, max_size=4))
def test_nobody_can_solve_for_a_small_cell(counts: list[int]) -> None:
    a, b, c, d = counts
    found = protect([[a, b], [c, d]])
    if found.total is None:
        return
    shown = [list(row) for row in found.cells]
    zero_hidden = any(count == 0 and told is None for count, told in zip(counts, itertools.chain(*shown), strict=True))
    assert not any(
        told is not None and 0 < told < 5 for told in [*itertools.chain(*shown), *found.rows, *found.columns]
    )
    fits = solutions(shown, list(found.rows), list(found.columns), found.total, zero_hidden)
    for at, count in enumerate(counts):
        if 0 < count < 5:
            assert max(one[at] for one in fits) >= 5, "it may as well be large"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_lines_add_up_or_hide_at_least_two(counts: list[int]) -> None:
    cells, total = protect_line(counts)
    hidden = [count for count, cell in zip(counts, cells, strict=True) if cell is None]
    if total is None:
        assert len(hidden) == len(counts)
    elif not hidden:
        assert sum(counts) == total
    else:
        assert len(hidden) > 1
        assert sum(hidden) - len(hidden) + 1 >= 5


def test_ten_thousand_responses_quickly() -> None:
    crowd = [
        {"travel": ("bus", "bike")[at % 2], "km": Decimal(at % 50), "order": ("lanes", "lights")}
        | ({"why": ("cheap",), "safe": 1 + at % 5} if at % 2 else {})
        for at in range(10_000)
    ]
    begun = time.process_time()
    results(TOWN, crowd, weights=[1.0 + at % 3 for at in range(10_000)])
    assert time.process_time() - begun < 1
    begun = time.process_time()
    protect([[(i * j) % 9 for j in range(12)] for i in range(12)])
    assert time.process_time() - begun < 1
