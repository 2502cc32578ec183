"""Every rule against pabutools, which others wrote: the same winners, in the same order, under the same tie order."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pabutools.election import (
    Additive_Borda_Sat,
    Additive_Cardinal_Sat,
    ApprovalBallot,
    ApprovalProfile,
    CardinalBallot,
    Cardinality_Sat,
    CardinalProfile,
    Cost_Sat,
    CumulativeBallot,
    CumulativeProfile,
    Instance,
    OrdinalBallot,
    OrdinalProfile,
)
from pabutools.election import Project as TheirProject
from pabutools.fractions import frac
from pabutools.rules import (
    completion_by_rule_combination,
    greedy_utilitarian_welfare,
    method_of_equal_shares,
    sequential_phragmen,
)
from pabutools.tiebreaking import TieBreakingRule

from allmende.dialogue.core.budget.count import count
from allmende.dialogue.core.budget.model import Election
from tests.support.full import FULL

from .budgets import PUBLISHED, elections, needs_published, published

TYPES = ("approval", "cumulative", "scoring", "ordinal")
MEASURES = {
    "approval": {"cost": Cost_Sat, "cardinality": Cardinality_Sat, "score": Cost_Sat},
    "cumulative": {"points": Additive_Cardinal_Sat},
    "scoring": {"points": Additive_Cardinal_Sat},
    "ordinal": {"points": Additive_Borda_Sat, "cost": Cost_Sat, "cardinality": Cardinality_Sat},
}
CASES = [(kind, measure) for kind in TYPES for measure in MEASURES[kind]]
RULES = ("greedy", "mes", "mes-add1", "mes-add1u")
# 1,000 for each rule and measure in the full run.
EXAMPLES = 1000 if FULL else 40
quick = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def theirs(one: Election) -> tuple[Instance, Any]:
    projects = {each.id: TheirProject(each.id, _frac(each.cost)) for each in one.projects}
    ballots = []
    for ballot in one.ballots:
        named = [projects[key] for key in ballot.projects]
        if one.vote_type == "approval":
            ballots.append(ApprovalBallot(named))
        elif one.vote_type == "ordinal":
            ballots.append(OrdinalBallot(named))
        else:
            kind = CumulativeBallot if one.vote_type == "cumulative" else CardinalBallot
            points = zip(named, ballot.points or (), strict=True)
            ballots.append(kind({each: _frac(point) for each, point in points}))
    profiles = {
        "approval": ApprovalProfile, "ordinal": OrdinalProfile,
        "cumulative": CumulativeProfile, "scoring": CardinalProfile,
    }  # fmt: skip
    instance = Instance(projects.values(), budget_limit=_frac(one.budget))
    return instance, profiles[one.vote_type](ballots, instance=instance)


def _frac(value: Fraction) -> Any:
    return frac(value.numerator, value.denominator)


def winners(one: Election, order: list[str], rule: str, measure: type) -> list[str]:
    instance, profile = theirs(one)
    ties = TieBreakingRule(lambda _instance, _profile, project: order.index(project.name))
    common = {"sat_class": measure, "tie_breaking": ties}
    if rule == "greedy":
        found = greedy_utilitarian_welfare(instance, profile, **common)
    elif rule == "mes":
        found = method_of_equal_shares(instance, profile, **common)
    elif rule == "mes-add1":
        found = method_of_equal_shares(instance, profile, voter_budget_increment=1, **common)
    else:
        found = completion_by_rule_combination(
            instance,
            profile,
            [method_of_equal_shares, greedy_utilitarian_welfare],
            [{**common, "voter_budget_increment": 1}, common],
        )
    return [project.name for project in found]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("kind", "measure"), CASES)
def test_same_winners_as_pabutools(kind: str, measure: str, rule: str) -> None:
    @quick
    @given(elections(kind))
    def same(drawn: tuple[Election, list[str]]) -> None:
        one, order = drawn
        ours = count(one, rule, order, measure)
        assert list(ours.winners) == winners(one, order, rule, MEASURES[kind][measure])
        assert ours.cost <= one.budget

    same()


@quick
@given(elections("approval"))
def test_same_winners_as_pabutools_by_phragmen(drawn: tuple[Election, list[str]]) -> None:
    one, order = drawn
    instance, profile = theirs(one)
    ties = TieBreakingRule(lambda _instance, _profile, project: order.index(project.name))
    found = sequential_phragmen(instance, profile, tie_breaking=ties)
    # pabutools sorts what it found by name.
    assert sorted(count(one, "phragmen", order).winners) == [project.name for project in found]


@needs_published
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.name)
def test_published_ballots_as_pabutools_counts_them(path: Path) -> None:
    """Without add1 where pabutools takes minutes; the large ones in the full run only."""
    one = published(path.name)
    large = len(one.ballots) > 3000
    if large and not FULL:
        pytest.skip("make check-full")
    order = [project.id for project in one.projects]
    for measure, theirs_ in MEASURES[one.vote_type].items():
        for rule in RULES if FULL and not large else ("greedy", "mes"):
            assert list(count(one, rule, satisfaction=measure).winners) == winners(one, order, rule, theirs_)
    if one.vote_type == "approval":
        instance, profile = theirs(one)
        ties = TieBreakingRule(lambda _instance, _profile, project: order.index(project.name))
        found = sequential_phragmen(instance, profile, tie_breaking=ties)
        assert sorted(count(one, "phragmen").winners) == [project.name for project in found]


@quick
@given(elections("scoring"), st.sampled_from(["greedy", "greedy-noskip", "greedy-threshold"]), st.integers(0, 6))
def test_greedy_by_score_as_it_is_defined(drawn: tuple[Election, list[str]], rule: str, least: int) -> None:
    """pabutools ranks points per cost; towns rank the sum of points, as this does again in a few lines."""
    one, order = drawn
    scores = dict.fromkeys(order, Fraction(0))
    for ballot in one.ballots:
        for key, points in zip(ballot.projects, ballot.points or (), strict=True):
            scores[key] += points
    costs = {project.id: project.cost for project in one.projects}
    rest, chosen = one.budget, []
    for key in sorted(order, key=lambda key: (-scores[key], order.index(key))):
        if rule != "greedy" and scores[key] < least:
            continue
        if costs[key] <= rest:
            rest -= costs[key]
            chosen.append(key)
        elif rule == "greedy-noskip":
            break
    assert list(count(one, rule, order, threshold=Fraction(least)).winners) == chosen
