"""Raking reproduces the margins, keeps its limits, says what it cannot weight."""

from __future__ import annotations

import math
import time
from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from allmende.dialogue.core.survey_weights import TOLERANCE, Unweightable, Weights, rake


def people(**counts: int) -> list[dict[str, str]]:
    return [{"age": category} for category, count in counts.items() for _ in range(count)]


def said(weights: Weights) -> list[str]:
    return [one.code for one in weights.findings]


def test_one_variable_by_hand() -> None:
    found = rake(people(jung=10, alt=30), {"age": {"jung": 500, "alt": 500}})
    assert found.weights is not None
    assert [round(one, 9) for one in found.weights] == [2.0] * 10 + [round(2 / 3, 9)] * 30
    # (Σw)² / Σw² = 1600 / (10 · 4 + 30 · 4/9) = 30
    assert (round(found.effective, 9), round(found.design_effect, 9)) == (30, round(4 / 3, 9))
    assert (said(found), found.trimmed, found.converged) == ([], 0, True)


def test_what_cannot_be_weighted_is_said() -> None:
    crowd = [*people(jung=6, alt=4, mars=2), {}, {}]
    found = rake(crowd, {"age": {"jung": 300, "alt": 300, "kind": 400}, "sex": {"w": 1, "m": 2}})
    assert said(found) == [
        "totals_differ",
        "not_told",
        "thin",
        "nobody_answered",
        "outside",
        "not_told",
        "nobody_answered",
        "nobody_answered",
        "one_category",
    ]
    assert found.weights is not None
    # 10 of 14 said; they share 10 equally, the other four keep 1.
    assert [round(one, 9) for one in found.weights] == [round(5 / 6, 9)] * 6 + [1.25] * 4 + [1.0] * 4
    (kind,) = [one for one in found.findings if one.values.get("category") == "kind"]
    assert kind.text("de") == "age, kind: Niemand hat geantwortet; 400 von 1000 Personen sind nicht vertreten."


def test_limits_are_kept_and_the_deviation_is_said() -> None:
    found = rake(people(jung=5, alt=95), {"age": {"jung": 80, "alt": 20}}, highest=5)
    assert found.weights is not None
    assert max(found.weights) == 5
    assert (found.trimmed, said(found)) == (5, ["trimmed"])
    assert found.deviation == pytest.approx(0.8 - 25 / (25 + 95 * found.weights[-1]))


def test_margins_that_contradict_each_other_leave_the_results_unweighted() -> None:
    crowd = [{"age": "a", "sex": "w"}] * 10 + [{"age": "b", "sex": "m"}] * 10
    found = rake(crowd, {"age": {"a": 5, "b": 5}, "sex": {"w": 9, "m": 1}})
    assert (found.weights, found.converged, said(found)) == (None, False, ["not_converged"])


def test_nothing_to_weight() -> None:
    assert rake([], {"age": {"a": 1}}).weights is None
    assert rake(people(a=3), {}).weights is None
    assert rake(people(a=30), {"age": {"a": 1, "b": 1}}).weights is None


@pytest.mark.parametrize(
    ("margins", "limits", "code"),
    [
        ({"age": {}}, {}, "no_margin"),
        ({"age": {"a": 0}}, {}, "no_margin"),
        ({"age": {"a": -1, "b": 2}}, {}, "bad_margin"),
        ({"age": {"a": 1.5}}, {}, "bad_margin"),
        ({"age": {"": 3}}, {}, "bad_margin"),
        ({"age": {"a": 1}}, {"highest": 0.5}, "bad_limits"),
        ({"age": {"a": 1}}, {"highest": math.nan}, "bad_limits"),
    ],
)
def test_margins_and_limits_that_cannot_be_meant(margins: Any, limits: dict[str, float], code: str) -> None:
    with pytest.raises(Unweightable) as caught:
        rake(people(a=3), margins, **limits)
    assert caught.value.told.code == code


counts = st.lists(st.integers(1, 30), min_size=6, max_size=6)
shares = st.lists(st.integers(1, 1_000), min_size=2, max_size=2)


@settings(max_examples=60, deadline=None)
@given(counts, shares, st.lists(st.integers(1, 1_000), min_size=3, max_size=3))
def test_weights_reproduce_the_margins(cells: list[int], sexes: list[int], ages: list[int]) -> None:
    kinds = [{"sex": sex, "age": age} for sex in "wm" for age in "abc"]
    crowd = [one for one, count in zip(kinds, cells, strict=True) for _ in range(count)]
    margins = {"sex": dict(zip("wm", sexes, strict=True)), "age": dict(zip("abc", ages, strict=True))}
    found = rake(crowd, margins, lowest=0, highest=1e9)
    assume(found.converged)
    assert found.weights is not None
    assert math.fsum(found.weights) == pytest.approx(len(crowd))
    for variable, population in margins.items():
        sums: Counter[str] = Counter()
        for one, weight in zip(crowd, found.weights, strict=True):
            sums[one[variable]] += weight  # type: ignore[assignment]
        for category, count in population.items():
            share = count / sum(population.values())
            assert abs(sums[category] / len(crowd) - share) <= 2 * TOLERANCE
    assert 0 < found.effective <= len(crowd) * (1 + 1e-12)
    turned = rake(crowd[::-1], margins, lowest=0, highest=1e9)
    assert turned.weights == found.weights[::-1], "the order means nothing"
    limited = rake(crowd, margins, lowest=0.5, highest=2)
    assert limited.weights is not None
    assert all(0.5 - 1e-9 <= one <= 2 + 1e-9 for one in limited.weights)


def test_ten_thousand_quickly() -> None:
    crowd = [{"age": str(at % 7), "sex": "wmd"[at % 3], "district": str(at % 11)} for at in range(10_000)]
    margins = {"age": {str(at): 100 + at for at in range(7)}, "sex": {"w": 50, "m": 49, "d": 1}}
    margins["district"] = {str(at): 10 + at for at in range(11)}
    begun = time.process_time()
    found = rake(crowd, margins)
    assert found.weights is not None
    assert time.process_time() - begun < 1
    assert found.as_json()["weighted"] is True
