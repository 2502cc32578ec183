"""What would have sufficed: proven by counting changed elections, not changed profiles; and reasons as sentences."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.dialogue.core.budget import words
from allmende.dialogue.core.budget.count import RULES, count
from allmende.dialogue.core.budget.explain import Answer, explain
from allmende.dialogue.core.budget.model import Ballot, Election, Unreadable
from allmende.dialogue.core.budget.pabulib import read
from tests.support.full import FULL

from .budgets import TOWN, elections, needs_published, published


def with_voters(one: Election, project: str, more: int) -> Election:
    most = max((point for ballot in one.ballots for point in ballot.points or ()), default=Fraction(0))
    points = None if one.vote_type == "approval" else (most if most > 0 else Fraction(1),)
    added = tuple(Ballot(f"new {number}", (project,), points) for number in range(more))
    return replace(one, ballots=one.ballots + added)


def with_cost(one: Election, project: str, less: int) -> Election:
    projects = (replace(each, cost=each.cost - less) if each.id == project else each for each in one.projects)
    return replace(one, projects=tuple(projects))


def test_by_hand() -> None:
    town = read(TOWN)
    found = explain(count(town, "greedy"), "wlan")
    # 6 votes tie with licht, which comes first: 7 are needed. Or it fits into the 40 that licht leaves.
    assert found["supporters"] == Answer(2, True, True, found["supporters"].runs, True)
    assert found["cost"].enough == 10
    found = explain(count(town, "mes"), "baum")
    # One voter more (11 voters, 100/11 each): licht leaves the six some money, and baum has 4 supporters.
    assert found["supporters"].enough == 1
    assert found["supporters"].share == Fraction(100, 11)
    # At 14, 7, 8 and 10 pay 14/3 each, before bank; ρ is 1/3 at every cost, so bank comes first until 10 can pay alone.
    assert count(with_cost(town, "baum", 10), "mes").winners == ("licht", "bank", "baum")
    assert (found["cost"].enough, found["cost"].smallest) == (10, True)


def test_what_cannot_be_asked() -> None:
    result = count(read(TOWN), "greedy")
    assert explain(result, "licht") == {}
    with pytest.raises(Unreadable) as info:
        explain(result, "turm")
    assert info.value.code == "no_project"


@settings(max_examples=500 if FULL else 40, deadline=None)
@given(st.sampled_from(["approval", "cumulative"]).flatmap(elections), st.sampled_from(RULES))
def test_what_suffices_suffices(drawn: tuple[Election, list[str]], rule: str) -> None:
    one, order = drawn
    result = count(one, rule, order, threshold=Fraction(3) if rule == "greedy-threshold" else None)

    def wins(changed: Election, project: str) -> bool:
        return project in count(changed, rule, order, threshold=result.asked.threshold).winners

    for project in order:
        if project in result.winners:
            continue
        for question, changed, most in (
            ("supporters", with_voters, 4 * len(one.ballots)),
            ("cost", with_cost, ceil(result.costs[project]) - 1),
        ):
            found = explain(result, project)[question]
            if found.enough is None:
                assert not found.smallest
                continue
            assert 1 <= found.enough <= most
            assert wins(changed(one, project, found.enough), project)
            if found.tight:
                assert not wins(changed(one, project, found.enough - 1), project)
            if found.smallest:
                assert not any(wins(changed(one, project, number), project) for number in range(found.enough))
            assert found.smallest or not rule.startswith("greedy")


def test_a_limit_of_runs_ends_the_search() -> None:
    result = count(read(TOWN), "mes")
    short = explain(result, "wlan", runs=1)
    assert all(one.runs <= 1 for one in short.values())
    assert not short["cost"].ended
    assert [explain(result, "wlan", runs=3), explain(result, "wlan", runs=3)] == [explain(result, "wlan", runs=3)] * 2


@needs_published
def test_seven_more_supporters_would_have_sufficed_in_swiecie() -> None:
    one = published("Poland_Swiecie_2023.pb.gz")
    result = count(one, "mes-add1")
    found = explain(result, "c15", runs=8)["supporters"]
    assert (found.enough, found.tight, found.smallest) == (7, True, True)
    assert "c15" in count(with_voters(one, "c15", 7), "mes-add1").winners
    assert "c15" not in count(with_voters(one, "c15", 6), "mes-add1").winners


def test_sentences() -> None:
    town = read(TOWN)
    result = count(town, "mes")

    def said(key: str, language: str) -> str:
        return words.sentence(result.reasons[key], result.votes[key], result.scores[key], "EUR", language)

    assert said("licht", "de") == "1. gekauft: 6 Stimmen zahlen je 10 EUR."
    assert said("baum", "en") == (
        "3 votes, which together have 10 EUR left; 10 EUR are missing. Tied with bank: the order decided."
    )
    found = {"supporters": Answer(7, True, True, 3, True), "cost": Answer(1200, True, False, 9, False)}
    assert words.answers(found, "EUR", "en") == (
        "7 more supporters would have sufficed; 1,200 EUR less cost would have sufficed."
    )
    assert words.answers(found, "EUR", "de") == (
        "7 weitere Unterstützer hätten genügt; 1.200 EUR weniger Kosten hätten genügt."
    )
    assert words.answers({"cost": Answer(None, False, False, 40, False)}, "EUR", "de") == ""
    assert words.money(Fraction(12345, 10), "EUR", "de") == "1.234,50 EUR"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["approval", "scoring", "ordinal"]).flatmap(elections), st.sampled_from(RULES))
def test_every_reason_has_a_sentence(drawn: tuple[Election, list[str]], rule: str) -> None:
    one, order = drawn
    result = count(one, rule, order)
    for language in ("de", "en"):
        for key, reason in result.reasons.items():
            text = words.sentence(reason, result.votes[key], result.scores[key], "EUR", language)
            assert "None" not in text
            assert "  " not in text
