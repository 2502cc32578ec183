"""Figures of statements by hand, newcomers on the map, and which statement comes next."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.dialogue.core.opinions import figures
from allmende.dialogue.core.opinions.figures import Counts
from allmende.dialogue.core.opinions.mapping import Options, compute
from allmende.dialogue.core.opinions.placing import Placement, Position
from allmende.dialogue.core.opinions.result import as_json
from allmende.dialogue.core.opinions.routing import Candidate, next_statement, weight

from .opinions import Cast, planted, votes


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def test_tests_by_hand() -> None:
    """8 of 10: 2 √11 (9/11 − ½) = 2.1106; against 3 of 10: p̂ = 13/22, z = (9/11 − 4/11) / √(p̂ (1 − p̂) 2/11)."""
    assert figures.majority(array(8), array(10))[0] == pytest.approx(2.110579)
    p = 13 / 22
    expected = (5 / 11) / math.sqrt(p * (1 - p) * 2 / 11)
    assert figures.difference(array(8), array(10), array(3), array(10))[0] == pytest.approx(expected)
    assert figures.difference(array(5), array(5), array(9), array(9))[0] == 0.0, "nobody chose otherwise"
    # An example of textbooks, 16 of 57 against 25 of 72 (each one less here): z = −0.806.
    assert figures.difference(array(15), array(56), array(24), array(71))[0] == pytest.approx(-0.806, abs=1e-3)


def test_false_discovery_by_hand() -> None:
    """p = 0.001, 0.02, 0.03, 0.5 of four tests: 4p/1, 4p/2, 4p/3, 4p/4, each not more than the next."""
    z = array(*[_z(p) for p in (0.03, 0.5, 0.001, 0.02)])
    assert figures.false_discovery(z) == pytest.approx([0.04, 0.5, 0.004, 0.04], abs=1e-6)


def _z(p: float) -> float:
    low, high = -10.0, 10.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if 0.5 * math.erfc(middle / math.sqrt(2)) > p else (low, middle)
    return low


def camps() -> Cast:
    """30 people against 10: statement c all want, d nobody, x only the many, m only the few, u half of each; 12 more
    statements tell them apart."""
    cast: Cast = {}
    for person in range(40):
        few = person >= 30
        mine = {"c": 1, "d": -1, "x": -1 if few else 1, "m": 1 if few else -1, "u": 1 if person % 2 else 0}
        mine |= {f"s{number}": (1 if few else -1) * (-1) ** number for number in range(12)}
        cast |= {(f"p{person}", statement): vote for statement, vote in mine.items()}
    return cast


def test_what_kind_of_statement_it_is() -> None:
    found = as_json(compute(votes(camps()), Options(k=2, resamples=5)))
    kinds = {one["id"]: one["kinds"] for one in found["statements"]}
    assert [kinds[id] for id in "cdxmu"] == [
        ["consensus"], ["consensus_against"], ["divisive", "minority"], ["divisive", "minority"], [],
    ]  # fmt: skip
    assert (found["consensus"], found["consensus_against"]) == (["c"], ["d"])
    assert [one for one in found["minority"] if one["statement"] in "mx"] == [
        {"statement": "m", "group": 2, "side": "agree"},
        {"statement": "x", "group": 2, "side": "disagree"},
    ]
    (row,) = [one for one in found["statements"] if one["id"] == "c"]
    assert row["consensus"] == pytest.approx(31 / 32 * 11 / 12, abs=1e-6)
    assert row["groups"][1] == {"group": 2, "agrees": 10, "disagrees": 0, "passes": 0}
    assert row["divisiveness"] == pytest.approx(31 / 32 - 11 / 12, abs=1e-6)
    few = found["groups"][1]["representative"]
    assert len(few) == 5
    assert "c" not in {one["statement"] for one in few}
    assert (few[0]["votes"], few[0]["of"]) == (10, 10)
    assert few[0]["probability"] == pytest.approx(11 / 12, abs=1e-6)
    assert few[0]["ratio"] == pytest.approx(11 / 12 * 32, abs=1e-4)


def test_few_votes_are_no_consensus() -> None:
    """Ten of ten and three of three: the small group might think anything. With four of four all agree."""
    for cast, kinds in ((3.0, []), (4.0, ["consensus"])):
        agreed = np.array([[10.0], [cast]])
        assert figures.figures(Counts((agreed, np.zeros((2, 1))), agreed), [10, 5]).kinds == [kinds]


def test_a_single_group_has_only_what_it_shares() -> None:
    counts = Counts((np.array([[10.0]]), np.zeros((1, 1))), np.array([[10.0]]))
    found = figures.figures(counts, [10])
    assert (found.kinds, found.representative, found.minority) == ([["consensus"]], [[]], [])


def test_newcomers_stand_where_the_map_has_their_like() -> None:
    cast = planted(3)
    made = compute(votes(cast), Options(resamples=0))
    placement = made.placement()
    for person in as_json(made)["people"]:
        mine = {statement: vote for (id, statement), vote in cast.items() if id == person["id"]}
        found = placement.place(mine | {"unknown": 1})
        assert (found.group, found.votes) == (person["group"], person["votes"])
        assert (found.x, found.y) == pytest.approx((person["x"], person["y"]), abs=2e-6)
    assert Placement.from_json(json.loads(json.dumps(placement.as_json()))) == placement


def test_newcomers_with_few_votes_have_no_group() -> None:
    placement = compute(votes(planted(2)), Options(resamples=0)).placement()
    six = {str(number): 1 for number in range(6)}
    assert placement.place(six).group is None
    assert placement.place(six | {"6": 1}).group in (1, 2)
    assert placement.place({}) == placement.place({"unknown": -1}) == Position(0.0, 0.0, None, 0)
    with pytest.raises(ValueError, match="a vote is"):
        placement.place({"1": 2})


def test_weights_by_hand() -> None:
    """No votes, new: clarity ½, novelty 9, recency 2; after 5 votes without passes on the third day: 6/7, 5, 1.5."""
    assert weight(Candidate("a")) == (0.5 * 9 * 2) ** 2
    five = Candidate("a", agrees=5, age_days=3)
    assert weight(five) == pytest.approx((6 / 7 * 5 * 1.5) ** 2)
    told = replace(five, extremity=1.0, group_agreement=(0.0, 1.0))
    assert weight(told) == pytest.approx((6 / 7 * 5 * 1.5 * 2 * 2) ** 2)
    assert weight(Candidate("a", agrees=5)) == weight(Candidate("a", disagrees=5)), "a minority's comes as often"
    assert weight(Candidate("a", passes=5)) < weight(Candidate("a", agrees=5))


CANDIDATES = [Candidate(str(number), agrees=number) for number in range(20)]


@settings(max_examples=50, deadline=None)
@given(st.permutations(CANDIDATES), st.integers(0, 2**40), st.text(max_size=5), st.sets(st.sampled_from("0123456789")))
def test_the_next_statement_is_one_not_seen_in_any_order(
    mixed: list[Candidate], seed: int, person: str, seen: set[str]
) -> None:
    found = next_statement(mixed, person, seed, seen)
    assert found == next_statement(CANDIDATES, person, seed, seen)
    assert found not in seen


def test_a_session_ends() -> None:
    assert next_statement(CANDIDATES, "p", 1, shown=9, most=10) is not None
    assert next_statement(CANDIDATES, "p", 1, shown=10, most=10) is None
    assert next_statement(CANDIDATES, "p", 1, voted=[one.id for one in CANDIDATES]) is None
    assert next_statement([], "p", 1) is None


def test_statements_are_drawn_as_often_as_they_weigh() -> None:
    two = [Candidate("new"), Candidate("old", agrees=3, passes=4, age_days=9)]
    share = weight(two[0]) / (weight(two[0]) + weight(two[1]))
    drawn = Counter(next_statement(two, str(person), 5) for person in range(4000))
    assert drawn["new"] / 4000 == pytest.approx(share, abs=0.02)
