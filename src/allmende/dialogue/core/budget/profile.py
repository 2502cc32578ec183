"""What the rules see of an election: whole numbers, equal ballots counted once, projects in the order that breaks ties.

The satisfaction u(i, p) of a voter i with a project p (additive; Rey and Endriss 2023, "The (Computational) Social
Choice Take on Indivisible Participatory Budgeting"):

- cost: the cost of p where p is on the ballot, else 0;
- cardinality: 1 where p is on the ballot, else 0;
- points: the points that i gave p; on ordinal ballots the Borda score, ballot length − rank (first: rank 1), so that
  the last on a ballot gets 0;
- score: Pabulib's points of i for p × the cost of p. Pabulib's points are 1 on approval ballots, those given on ballots
  with points, and n, …, 2, 1 on an ordinal ballot of n projects. On approval ballots this is `cost`.

On a ballot means: named, and on ballots with points with more than 0. Projects that a `scoring` ballot does not name
get META `default_score`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from .amounts import NotANumber, number
from .model import APPROVAL, ORDINAL, Ballot, Election, Unreadable
from .pabulib import written_points

_T = TypeVar("_T")
_Valued = tuple[tuple[int, int], ...]
SATISFACTIONS = ("cost", "cardinality", "points", "score")


@dataclass(frozen=True, slots=True)
class Profile:
    """Projects are numbers in the order that breaks ties, groups of equal ballots are numbers too.

    `costs`, `budget`: whole multiples of 1/`unit` of the currency. `weights`: voters in each group. `support[p]`:
    groups with u > 0 for p; `values[p]`: their u in whole numbers, where u = value × `factors[p]` / `scale`.
    `totals[p]`: the sum of value × weight over all voters, negative values too. `named[p]`: voters with p on their
    ballot. `scores[p]`: the sum of Pabulib's points; `most`: the most that a voter gave to one project.
    """

    ids: tuple[str, ...]
    costs: tuple[int, ...]
    budget: int
    unit: int
    voters: int
    weights: tuple[int, ...]
    support: tuple[tuple[int, ...], ...]
    values: tuple[tuple[int, ...], ...]
    factors: tuple[int, ...]
    scale: int
    totals: tuple[int, ...]
    named: tuple[int, ...]
    scores: tuple[Fraction, ...]
    most: Fraction

    def with_supporters(self, p: int, more: int) -> Profile:
        """As many voters more, who name only p and are as satisfied with it as any voter with any project."""
        value = max((max(values) for values in self.values if values), default=self.scale)
        return replace(
            self,
            voters=self.voters + more,
            weights=(*self.weights, more),
            support=_put(self.support, p, (*self.support[p], len(self.weights))),
            values=_put(self.values, p, (*self.values[p], value)),
            totals=_put(self.totals, p, self.totals[p] + value * more),
            named=_put(self.named, p, self.named[p] + more),
            scores=_put(self.scores, p, self.scores[p] + self.most * more),
        )

    def with_cost(self, p: int, cost: int) -> Profile:
        """p at another cost; where satisfaction is by cost, its supporters' changes with it."""
        factors = _put(self.factors, p, cost) if self.factors == self.costs else self.factors
        return replace(self, costs=_put(self.costs, p, cost), factors=factors)


def _put(values: tuple[_T, ...], place: int, value: _T) -> tuple[_T, ...]:
    return (*values[:place], value, *values[place + 1 :])


def order_of(election: Election, order: Sequence[str] | None) -> tuple[str, ...]:
    """All project ids, best first in a tie: as given, else as in the file. Raises Unreadable."""
    ids = [one.id for one in election.projects]
    if order is None:
        return tuple(ids)
    known, seen = set(ids), set[str]()
    for one in order:
        if one not in known:
            raise Unreadable("order_unknown", value=one)
        if one in seen:
            raise Unreadable("order_twice", value=one)
        seen.add(one)
    missing = [one for one in ids if one not in seen]
    if missing:
        raise Unreadable("order_incomplete", count=len(missing), value=missing[0])
    return tuple(order)


def profile(election: Election, satisfaction: str, order: Sequence[str] | None = None) -> Profile:
    """The election under a measure of satisfaction. Raises Unreadable (no_points, order_…)."""
    if satisfaction == "points" and election.vote_type in APPROVAL:
        raise Unreadable("no_points")
    ids = order_of(election, order)
    place = {key: index for index, key in enumerate(ids)}
    costs = {one.id: one.cost for one in election.projects}
    unit = math.lcm(election.budget.denominator, *(cost.denominator for cost in costs.values()))
    default = _default(election)
    fine = math.lcm(
        default.denominator, *(point.denominator for ballot in election.ballots for point in ballot.points or ())
    )
    counted = Counter(_marks(ballot, election.vote_type, satisfaction, fine, place) for ballot in election.ballots)
    groups: dict[_Valued, int] = {}
    named, scores, most = [0] * len(ids), [0] * len(ids), 0
    for (marks, valued), weight in counted.items():
        if default:
            marked = {index for index, _ in marks}
            marks += tuple((index, int(default * fine)) for index in range(len(ids)) if index not in marked)
            valued = marks if satisfaction in ("points", "score") else _same(marks, fine)
        for index, points in marks:
            named[index] += weight if points > 0 else 0
            scores[index] += points * weight
            most = max(most, points)
        groups[valued] = groups.get(valued, 0) + weight
    support: list[list[int]] = [[] for _ in ids]
    values: list[list[int]] = [[] for _ in ids]
    totals = [0] * len(ids)
    for group, (valued, weight) in enumerate(groups.items()):
        for index, value in valued:
            totals[index] += value * weight
            if value > 0:
                support[index].append(group)
                values[index].append(value)
    whole = [int(costs[key] * unit) for key in ids]
    factors = whole if satisfaction in ("cost", "score") else [1] * len(ids)
    return Profile(
        ids,
        tuple(whole),
        int(election.budget * unit),
        unit,
        len(election.ballots),
        tuple(groups.values()),
        tuple(tuple(one) for one in support),
        tuple(tuple(one) for one in values),
        tuple(factors),
        fine * (unit if satisfaction in ("cost", "score") else 1),
        tuple(totals),
        tuple(named),
        tuple(Fraction(score, fine) for score in scores),
        Fraction(most, fine) or Fraction(1),
    )


def _marks(
    ballot: Ballot, vote_type: str, satisfaction: str, fine: int, place: Mapping[str, int]
) -> tuple[_Valued, _Valued]:
    """Project numbers with Pabulib's points, and with satisfaction: whole multiples of 1/`fine`, by number."""
    points = written_points(ballot, vote_type)
    marks = tuple(sorted((place[key], int(point * fine)) for key, point in zip(ballot.projects, points, strict=True)))
    if satisfaction in ("cost", "cardinality"):
        return marks, _same(marks, fine)
    if satisfaction == "points" and vote_type in ORDINAL:
        last = len(ballot.projects) - 1
        return marks, tuple(sorted((place[key], (last - rank) * fine) for rank, key in enumerate(ballot.projects)))
    return marks, marks


def _same(marks: _Valued, fine: int) -> _Valued:
    return tuple((index, fine) for index, points in marks if points > 0)


def _default(election: Election) -> Fraction:
    if election.vote_type not in ("scoring", "cardinal"):
        return Fraction(0)
    try:
        return number(election.meta.get("default_score", "0"))
    except NotANumber:
        return Fraction(0)
