"""Phragmén's sequential rule with costs, exactly.

Los, Christoff, Grossi 2022, "Proportional Budget Allocations: Towards a Systematization" (IJCAI), and Brill, Freeman,
Janson, Lackner 2017, "Phragmén's Voting Methods and Justified Representation", for equal costs: voters earn money at
the same constant speed from 0; as soon as the supporters of a project together have its cost, it is bought and their
money is 0 again. The rule ends when the next project would overspend the budget.

In loads, as pabutools computes it: buying p lifts the load of each of its supporters to (Σ of their loads + cost(p))
/ number of supporters, the moment at which they can pay; the project of lowest new load is next (ties: the lowest
number). If one of those tied would overspend, the rule ends. Projects that cost more than the whole budget take no
part. Projects without supporters have an infinite load: they come when nothing else is left, and only if each of
those left fits at that moment.

A supporter is who has the project on the ballot (with points: more than 0); the points themselves do not count here.
"""

from __future__ import annotations

from fractions import Fraction
from heapq import heappop, heappush

from .outcome import Reason, Why, names
from .profile import Profile


class _Loads:
    """Loads are whole multiples of 1/(scale·unit); the scale grows so that each new load is whole."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.scale = 1
        self.loads = [0] * len(profile.weights)
        self.voters = [sum(profile.weights[group] for group in groups) for groups in profile.support]

    def new(self, p: int) -> Fraction:
        """The load that buying p would give its supporters, in units of the profile."""
        weights, loads = self.profile.weights, self.loads
        total = sum(loads[group] * weights[group] for group in self.profile.support[p])
        return Fraction(total + self.profile.costs[p] * self.scale, self.voters[p] * self.scale)

    def buy(self, p: int, load: Fraction) -> None:
        factor = load.denominator // _common(self.scale, load.denominator)
        if factor > 1:
            self.scale *= factor
            self.loads = [one * factor for one in self.loads]
        whole = int(load * self.scale)
        for group in self.profile.support[p]:
            self.loads[group] = whole


def _common(one: int, other: int) -> int:
    while other:
        one, other = other, one % other
    return one


def phragmen(profile: Profile) -> tuple[list[int], list[Reason]]:
    """What is bought, in order, and a reason for each project. `profile` with the satisfaction `cardinality`."""
    loads = _Loads(profile)
    ids, costs = profile.ids, profile.costs
    reasons = [Reason(Why.STOPPED) for _ in ids]
    fits = [p for p, cost in enumerate(costs) if cost <= profile.budget]
    for p, cost in enumerate(costs):
        if cost > profile.budget:
            reasons[p] = Reason(Why.DOES_NOT_FIT, available=Fraction(profile.budget, profile.unit))
            reasons[p].missing = Fraction(cost - profile.budget, profile.unit)
    heap = sorted((Fraction(costs[p], loads.voters[p]), p) for p in fits if profile.support[p])
    without = [p for p in fits if not profile.support[p]]
    bought: list[int] = []
    rest = profile.budget
    while heap:
        # Loads only grow: a value in the heap is a lower bound.
        tied: list[int] = []
        lowest: Fraction | None = None
        while heap and (lowest is None or heap[0][0] <= lowest):
            _, p = heappop(heap)
            load = loads.new(p)
            if lowest is None or load < lowest:
                for other in tied:
                    heappush(heap, (lowest or load, other))
                lowest, tied = load, [p]
            elif load == lowest:
                tied.append(p)
            else:
                heappush(heap, (load, p))
        assert lowest is not None
        tied.sort()
        if not _next(profile, tied, rest, reasons, bought, lowest / profile.unit):
            _stopped(profile, [*(p for _, p in heap), *tied, *without], tied, rest, reasons)
            return bought, reasons
        p = bought[-1]
        for other in tied[1:]:
            heappush(heap, (lowest, other))
        reasons[p].paying = loads.voters[p]
        loads.buy(p, lowest)
        rest -= costs[p]
    while without:
        if not _next(profile, without, rest, reasons, bought, None):
            _stopped(profile, without, without, rest, reasons)
            break
        rest -= costs[without.pop(0)]
    return bought, reasons


def _next(
    profile: Profile, tied: list[int], rest: int, reasons: list[Reason], bought: list[int], load: Fraction | None
) -> bool:
    if any(profile.costs[p] > rest for p in tied):
        return False
    p = tied[0]
    bought.append(p)
    reasons[p] = Reason(Why.SUPPORTERS_PAY if load is not None else Why.NO_SUPPORT, len(bought), load=load)
    reasons[p].tied = names(profile.ids, tied[1:])
    return True


def _stopped(profile: Profile, open_: list[int], tied: list[int], rest: int, reasons: list[Reason]) -> None:
    """The rule ended at the first of the tied projects that does not fit."""
    ends = next(p for p in tied if profile.costs[p] > rest)
    for p in open_:
        reasons[p].by = profile.ids[ends]
        reasons[p].available = Fraction(rest, profile.unit)
        if profile.costs[p] > rest:
            reasons[p].missing = Fraction(profile.costs[p] - rest, profile.unit)
        if p == ends:
            reasons[p].why = Why.DOES_NOT_FIT
        if not profile.support[p]:
            reasons[p].why = Why.NO_SUPPORT
        reasons[p].tied = names(profile.ids, [other for other in tied if other != p]) if p in tied else []
