"""The rules on elections that are counted by hand, and on published ones with their official winners."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.dialogue.core.budget.add1 import add1
from allmende.dialogue.core.budget.count import RULES, compare, count, satisfaction_of
from allmende.dialogue.core.budget.model import Ballot, Election, Unreadable
from allmende.dialogue.core.budget.outcome import Completion, Why
from allmende.dialogue.core.budget.pabulib import read
from allmende.dialogue.core.budget.profile import profile
from allmende.dialogue.core.budget.shares import EqualShares, Uncertain
from tests.support.full import FULL

from .budgets import PUBLISHED, TOWN, approval, election, elections, needs_published, published, shuffled

OFFICIAL = {
    "Netherlands_Assen_2024.pb.gz": ("mes-add1", 9),
    "Poland_Swiecie_2023.pb.gz": ("mes-add1", 17),
    "Poland_Katowice_2023_Giszowiec.pb.gz": ("greedy-threshold", 5),
}


def test_greedy_by_hand() -> None:
    town = read(TOWN)
    # licht 6 votes, 60; wlan 5, 50 (40 left); bank 4, 30; baum 3, 20 (10 left).
    assert count(town, "greedy").winners == ("licht", "bank")
    assert count(town, "greedy-noskip").winners == ("licht",)
    assert count(town, "greedy-threshold", threshold=Fraction(5)).winners == ("licht",)
    reasons = count(town, "greedy").reasons
    assert (reasons["wlan"].why, reasons["wlan"].available, reasons["wlan"].missing) == (Why.DOES_NOT_FIT, 40, 10)
    reasons = count(town, "greedy-noskip").reasons
    assert (reasons["bank"].why, reasons["bank"].by) == (Why.STOPPED, "wlan")
    reason = count(town, "greedy-threshold", threshold=Fraction(5)).reasons["bank"]
    assert (reason.why, reason.threshold, reason.missing) == (Why.THRESHOLD, 5, 1)
    # By votes per cost: baum 3/20, bank 4/30, licht 6/60 = wlan 5/50.
    assert count(town, "greedy", satisfaction="cardinality").winners == ("baum", "bank", "wlan")


def test_a_threshold_that_the_file_does_not_name_or_the_rule_does_not_honour() -> None:
    town = read(TOWN)
    assert [one.code for one in count(town, "greedy-threshold").findings] == ["no_threshold"]
    named = read(TOWN.replace(b"currency;EUR", b"min_project_score_threshold;5"))
    assert count(named, "greedy-noskip").winners == count(named, "greedy-threshold").winners == ("licht",)
    assert [one.code for one in count(named, "mes").findings] == ["threshold_ignored"]


def test_equal_shares_by_hand() -> None:
    """10 each. licht: 60/6 = 10 each, ρ 1/6. Then bank (7, 8, 9 have 30, ρ 10/30) and baum (20/3 each) are tied."""
    result = count(read(TOWN), "mes")
    assert result.winners == ("licht", "bank")
    first, second, last = (result.reasons[key] for key in ("licht", "bank", "baum"))
    assert (first.position, first.rho, first.payment, first.paying, first.poor) == (1, Fraction(1, 6), 10, 6, 0)
    assert (second.rho, second.payment, second.paying, second.tied) == (Fraction(1, 3), 10, 3, ["baum"])
    assert (last.why, last.available, last.missing, last.tied) == (Why.SUPPORTERS_MONEY, 10, 10, ["bank"])
    other = count(read(TOWN), "mes", order=["baum", "bank", "wlan", "licht"])
    assert other.winners == ("licht", "baum")
    assert other.reasons["bank"].available == Fraction(50, 3)


def test_equal_shares_with_points_by_hand() -> None:
    """6 each. p costs 8 for 3 + 1 points: ρ 2, paid 6 and 2; then q costs 4 for 2 points of the second voter: ρ 2."""
    ballots = [(("p",), (Fraction(3),)), (("p", "q"), (Fraction(1), Fraction(2)))]
    result = count(election("cumulative", {"p": 8, "q": 4}, ballots, 12), "mes")
    assert result.winners == ("p", "q")
    assert [result.reasons[key].rho for key in "pq"] == [2, 2]
    assert (result.reasons["p"].tied, result.reasons["p"].payment, result.reasons["q"].payment) == (["q"], None, 4)


def test_equal_shares_where_some_pay_all_they_have() -> None:
    """4 each. a costs 8: 2 each of four, ρ 1/4. Then the first has 2 left, and b costs 9: 2 + 3.5 + 3.5."""
    ballots = ["a b", "a", "a", "a", "b", "b"]
    reason = count(approval({"a": 8, "b": 9}, ballots, 24), "mes").reasons["b"]
    assert (reason.rho, reason.payment, reason.paying, reason.poor) == (Fraction(7, 18), Fraction(7, 2), 2, 1)
    reason = count(approval({"a": 8, "b": 10}, ballots, 24), "mes").reasons["b"]
    assert (reason.payment, reason.paying, reason.poor) == (4, 2, 1)
    reason = count(approval({"a": 8, "b": 11}, ballots, 24), "mes").reasons["b"]
    assert (reason.why, reason.available, reason.missing) == (Why.SUPPORTERS_MONEY, 10, 1)


def test_add1_stops_before_it_overspends() -> None:
    one = approval({"a": 10, "b": 10}, ["a", "b"], 10)  # 5 each; with 10 each both would be bought
    assert count(one, "mes").winners == ()
    result = count(one, "mes-add1")
    assert (result.winners, result.completion) == ((), Completion(4, "overspends", Fraction(9)))
    result = count(one, "mes-add1u", order=["b", "a"])
    assert (result.winners, result.reasons["b"].why) == (("b",), Why.COMPLETION)
    assert (result.reasons["a"].why, result.reasons["a"].missing) == (Why.DOES_NOT_FIT, 10)


def test_add1_stops_when_nothing_more_fits() -> None:
    one = approval({"a": 10, "b": 100}, ["a", "b"], 11)
    result = count(one, "mes-add1")  # 5.50 each, and 5 more
    assert (result.winners, result.completion) == (("a",), Completion(5, "exhaustive", Fraction(21, 2)))
    # The unit stays one of the currency where amounts have cents.
    cents = approval({"a": "10.25", "b": 100}, ["a", "b"], 11)
    assert count(cents, "mes-add1").completion == Completion(5, "exhaustive", Fraction(21, 2))


def test_add1_passes_over_millions_of_steps_of_a_small_currency() -> None:
    one = approval({"a": 3 * 10**9, "b": 2 * 10**9, "c": 12 * 10**8}, ["a", "a", "b", "c", "a b"], 35 * 10**8)
    result = count(one, "mes-add1")
    assert (result.winners, result.completion and result.completion.steps) == (("a",), 300_000_000)


def test_phragmen_by_hand() -> None:
    """baum at 20/3; licht and wlan at 10 (both would fit): licht; bank at 40/3 does not fit into 20."""
    result = count(read(TOWN), "phragmen")
    assert result.winners == ("baum", "licht")
    assert (result.reasons["baum"].load, result.reasons["licht"].load) == (Fraction(20, 3), 10)
    assert result.reasons["licht"].tied == ["wlan"]
    bank, wlan = result.reasons["bank"], result.reasons["wlan"]
    assert (bank.why, bank.available, bank.missing) == (Why.DOES_NOT_FIT, 20, 10)
    assert (wlan.why, wlan.by) == (Why.STOPPED, "bank")
    # b and c are tied at 4; c would not fit into the 7 left, and that ends it although b would.
    assert count(approval({"a": 2, "b": 4, "c": 8}, ["a", "b", "c", "c"], 9), "phragmen").winners == ("a",)
    assert count(approval({"a": 2, "b": 4, "c": 9}, ["a", "b", "c", "c"], 9), "phragmen").winners == ("a", "b")


def test_ordinal_ballots_by_hand() -> None:
    """Score 3, 2, 1: a 3 + 1, b 2 + 2 + 1, c 1 + 3. Borda 2, 1, 0: the last gives nothing, nor does a single one."""
    ballots = [(("a", "b", "c"), None), (("c", "b", "a"), None), (("b",), None)]
    one = election("ordinal", {"a": 4, "b": 5, "c": 6}, ballots, 12)
    result = count(one, "greedy")
    assert ({key: result.scores[key] for key in "abc"}, result.winners) == ({"a": 4, "b": 5, "c": 4}, ("b", "a"))
    seen = profile(one, "points")
    assert (seen.totals, seen.named) == ((2, 2, 2), (2, 3, 2))
    # 4 each: a for 4 of the first, ρ 2; b is dearer (5/2); then the second has 4: too little for b (5) and c (6).
    assert count(one, "mes").winners == ("a",)


def test_points_in_a_file_of_ranks_are_its_score() -> None:
    ballots = [(("a", "b"), (Fraction(4), Fraction(3)))]
    one = election("ordinal", {"a": 4, "b": 5}, ballots, 12)
    assert count(one, "greedy").scores == {"a": 4, "b": 3}


def test_default_score_of_scoring() -> None:
    one = election("scoring", {"a": 4, "b": 4}, [(("a",), (Fraction(-1),)), (("a",), (Fraction(1),))], 4)
    assert count(one, "greedy").winners == ("a",)
    assert count(Election({**one.meta, "default_score": "2"}, one.budget, *_rest(one)), "greedy").winners == ("b",)


def _rest(one: Election) -> tuple[object, ...]:
    return one.vote_type, one.projects, one.ballots


def test_free_projects_and_projects_without_support() -> None:
    one = approval({"a": 0, "b": 5, "c": 0}, ["a", "b"], 5)
    assert count(one, "mes").winners == ("a",)
    assert (count(one, "mes").reasons["a"].why, count(one, "mes").reasons["c"].why) == (Why.FREE, Why.NO_SUPPORT)
    result = count(approval({"a": 5, "b": 5}, ["a"], 10), "greedy")
    assert [(one.code, one.values["project"]) for one in result.findings] == [("without_support", "b")]


@pytest.mark.parametrize("rule", RULES)
def test_nothing_to_count(rule: str) -> None:
    assert count(approval({}, [], 10), rule).winners == ()
    assert count(approval({}, ["", ""], 10), rule).winners == ()
    nobody = count(approval({"a": 5}, [], 10), rule)
    assert nobody.winners == (() if rule in ("mes", "mes-add1") else ("a",))
    assert count(approval({"a": 5}, ["a"], 0), rule).winners == ()


def test_wishes_that_make_no_sense() -> None:
    town = read(TOWN)
    for order, code in (
        (["licht", "bank", "baum"], "order_incomplete"),
        (["licht", "bank", "baum", "wlan", "wlan"], "order_twice"),
        (["licht", "bank", "baum", "wlan", "x"], "order_unknown"),
    ):
        with pytest.raises(Unreadable) as info:
            count(town, "greedy", order=order)
        assert info.value.code == code
    with pytest.raises(Unreadable) as info:
        count(town, "mes", satisfaction="points")
    assert info.value.code == "no_points"
    with pytest.raises(ValueError):
        count(town, "borda")


def test_rules_side_by_side() -> None:
    found = {rule: result.winners for rule, result in compare(read(TOWN)).items()}
    assert list(found) == list(RULES)
    assert (found["greedy"], found["phragmen"]) == (("licht", "bank"), ("baum", "licht"))


@needs_published
@pytest.mark.parametrize("name", OFFICIAL)
def test_official_winners(name: str) -> None:
    one = published(name)
    rule, number = OFFICIAL[name]
    official = {project.id for project in one.projects if project.fields.get("selected") == "1"}
    assert set(count(one, rule).winners) == official
    assert len(official) == number


@needs_published
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.name)
def test_the_order_of_the_ballots_changes_nothing(path: Path) -> None:
    """100 orders in the full run; add1 on the largest file, which counts hundreds of times, in fewer."""
    one = published(path.name)
    large = len(one.ballots) > 3000
    for rule in ("greedy", "mes", "phragmen", "mes-add1"):
        slow = large and rule == "mes-add1"
        expected = count(one, rule).as_json() if FULL or not slow else None
        for seed in range((2 if slow else 100) if FULL else (0 if slow else 1 if large else 3)):
            assert count(shuffled(one, seed), rule).as_json() == expected


@settings(max_examples=1000 if FULL else 60, deadline=None)
@given(st.sampled_from(["approval", "scoring", "ordinal"]).flatmap(elections), st.integers(0, 99))
def test_the_order_of_the_ballots_changes_nothing_in_small_ones(drawn: tuple[Election, list[str]], seed: int) -> None:
    one, order = drawn
    for rule in RULES:
        assert count(shuffled(one, seed), rule, order).as_json() == count(one, rule, order).as_json()


@settings(max_examples=1000 if FULL else 150, deadline=None)
@given(
    st.sampled_from(["approval", "cumulative"]).flatmap(elections), st.integers(0, 60), st.integers(0, 9),
    st.sampled_from([1, 4, 12, 40]),
)  # fmt: skip
def test_bounds_decide_as_exact_counts_do(drawn: tuple[Election, list[str]], total: int, more: int, bits: int) -> None:
    """Where bounded() does not say Uncertain, every total of the range buys the same, exactly."""
    one, order = drawn
    shares = EqualShares(profile(one, satisfaction_of(one, "mes"), order))
    try:
        bought = shares.bounded(total, more, bits)
    except Uncertain:
        return
    for each in range(total, total + more + 1):
        assert shares.exact(each).bought == bought


@needs_published
@pytest.mark.parametrize("name", [*OFFICIAL, "Switzerland_Zurich_D5.pb.gz"] if FULL else [*OFFICIAL][:1])
def test_add1_leaves_no_step_out(name: str) -> None:
    """Every step counted exactly, one by one."""
    one = published(name)
    seen = profile(one, satisfaction_of(one, "mes-add1"))
    shares = EqualShares(seen)
    found = add1(shares)
    for step in range(found.steps + 2):
        bought = shares.exact(seen.budget + step * seen.unit * seen.voters).bought
        rest = seen.budget - sum(seen.costs[p] for p in bought)
        exhaustive = not any(seen.costs[p] <= rest for p in shares.open if p not in bought)
        if rest < 0 or exhaustive:
            assert (found.why, found.steps) == (("overspends", step - 1) if rest < 0 else ("exhaustive", step))
            return
    raise AssertionError


def test_a_ballot_without_a_project_counts_as_a_voter() -> None:
    one = approval({"a": 5}, ["a", ""], 10)
    assert count(one, "mes").winners == ("a",)
    assert count(approval({"a": 6}, ["a", ""], 10), "mes").winners == ()
    assert one.ballots[1] == Ballot("1", ())
