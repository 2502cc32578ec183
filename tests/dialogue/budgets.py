"""Elections for the tests of budgets: small ones of our own, drawn ones, and the published files."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import strategies as st

from allmende.dialogue.core.budget.amounts import plain
from allmende.dialogue.core.budget.model import Ballot, Election, Project
from allmende.dialogue.core.budget.pabulib import read

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "dialogue" / "pabulib"
PUBLISHED = sorted(DATA.glob("*.pb.gz"))
needs_published = pytest.mark.skipif(not PUBLISHED, reason="../shared/data/dialogue/pabulib is not here")

# A small town's vote by approval; counted by hand in test_budget_rules.py.
TOWN = b"""META
key;value
description;Probe
country;Germany
unit;Probstadt
instance;2026
num_projects;4
num_votes;10
budget;100
vote_type;approval
rule;greedy
min_length;1
max_length;3
currency;EUR
PROJECTS
project_id;cost;votes;name;selected
licht;60;6;Licht am Fauthweg;1
wlan;50;5;"WLAN ""Nord""; Schule";0
bank;30;4;Bank;1
baum;20;3;Baum;0
VOTES
voter_id;vote
1;licht,wlan
2;licht,wlan
3;licht,wlan
4;licht,wlan
5;licht,wlan,bank
6;licht
7;bank,baum
8;bank,baum
9;bank
10;baum
"""


def published(name: str) -> Election:
    return read((DATA / name).read_bytes())


def approval(costs: dict[str, int | str], ballots: Sequence[str], budget: int | str, **meta: str) -> Election:
    """Ballots as "a b": the ids that are approved."""
    return election("approval", costs, [(tuple(one.split()), None) for one in ballots], budget, **meta)


def election(
    vote_type: str,
    costs: dict[str, int | str],
    ballots: Sequence[tuple[tuple[str, ...], tuple[Fraction, ...] | None]],
    budget: int | str,
    **meta: str,
) -> Election:
    projects = tuple(Project(key, Fraction(cost)) for key, cost in costs.items())
    marked = tuple(Ballot(str(number), ids, points) for number, (ids, points) in enumerate(ballots))
    written = {"vote_type": vote_type, "budget": plain(Fraction(budget))} | meta
    return Election(written, Fraction(budget), vote_type, projects, marked)


def shuffled(one: Election, seed: int) -> Election:
    """The same ballots in another order."""
    ballots = list(one.ballots)
    random.Random(seed).shuffle(ballots)
    return Election(one.meta, one.budget, one.vote_type, one.projects, tuple(ballots))


@st.composite
def elections(draw: st.DrawFn, vote_type: str) -> tuple[Election, list[str]]:
    """A small election, many ties in it, and an order that breaks them."""
    ids = [f"p{number}" for number in range(draw(st.integers(1, 6)))]
    cost = st.one_of(st.integers(1, 12), st.sampled_from([4, 6]), st.sampled_from([Fraction(5, 2), Fraction(37, 4)]))
    costs = {key: str(Fraction(draw(cost))) for key in ids}
    budget = draw(st.one_of(st.integers(1, 40), st.just(Fraction(41, 2))))
    lists = st.lists(st.sampled_from(ids), unique=True, max_size=len(ids))
    low = -2 if vote_type == "scoring" else 0
    point = st.one_of(st.integers(low, 5), st.sampled_from([Fraction(1, 2), Fraction(7, 3)]))
    ballots = []
    for named in draw(st.lists(lists, min_size=1, max_size=9)):
        points = None
        if vote_type in ("cumulative", "scoring"):
            points = tuple(Fraction(draw(point)) for _ in named)
        ballots.append((tuple(named), points))
    return election(vote_type, costs, ballots, str(budget)), draw(st.permutations(ids))
