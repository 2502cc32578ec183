"""Greedy selection in its named variants.

Projects in the order of what they bring, best first (ties: the lowest number); each is selected if it still fits.

- skip: one that does not fit is passed over (Pabulib's `greedy`; most towns);
- stop at the first that does not fit (Pabulib's `greedy-no-skip`);
- threshold: as skip, but projects whose score is below a minimum are out (Pabulib's `greedy-threshold`).

What a project brings is its total satisfaction per unit of cost (Rey and Endriss 2023: greedy
approximation of the utilitarian welfare; pabutools' `greedy_utilitarian_welfare`). Under `cost` that is the number of
votes, under `score` the sum of points: the way towns count. A total of 0 or less counts as 0 under the other two.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from .outcome import Reason, Why, names
from .profile import Profile

# Pabulib marks a project withdrawn after the vote by this cost; greedy-no-skip does not stop at it.
WITHDRAWN = 999_999_999


def ranking(profile: Profile, by_total: bool) -> list[tuple[int, tuple[int, Fraction]]]:
    """Project numbers, best first, each with its rank key. `by_total`: total value alone, not per unit of cost."""

    def key(p: int) -> tuple[int, Fraction]:
        total = Fraction(profile.totals[p])
        if by_total:
            return 0, total
        if total <= 0:
            return 0, Fraction(0)
        return (0, total / profile.costs[p]) if profile.costs[p] else (1, Fraction(0))

    return sorted(((p, key(p)) for p in range(len(profile.ids))), key=lambda one: _best_first(one[1], one[0]))


def _best_first(key: tuple[int, Fraction], p: int) -> tuple[int, Fraction, int]:
    return -key[0], -key[1], p


def greedy(
    profile: Profile,
    by_total: bool,
    stop: bool = False,
    threshold: Fraction | None = None,
    already: Iterable[int] = (),
) -> tuple[list[int], list[Reason]]:
    """What is selected beyond `already`, in order, and a reason for each project (of those already selected: RANK)."""
    before = set(already)
    rest = profile.budget - sum(profile.costs[p] for p in before)
    selected: list[int] = []
    reasons = [Reason(Why.RANK) for _ in profile.ids]
    ranked = ranking(profile, by_total)
    ends: int | None = None
    for position, (p, _) in enumerate(ranked, start=1):
        if p in before:
            continue
        reason = reasons[p]
        reason.position = position
        cost, left = profile.costs[p], Fraction(rest, profile.unit)
        if threshold is not None and profile.scores[p] < threshold:
            reason.why, reason.threshold = Why.THRESHOLD, threshold
            reason.missing = threshold - profile.scores[p]
        elif ends is not None:
            reason.why, reason.by = Why.STOPPED, profile.ids[ends]
        elif cost <= rest:
            selected.append(p)
            rest -= cost
            reason.available = left
        elif stop and cost == WITHDRAWN * profile.unit:
            reason.why = Why.WITHDRAWN
        else:
            reason.why, reason.available = Why.DOES_NOT_FIT, left
            reason.missing = Fraction(cost - rest, profile.unit)
            if stop:
                ends = p
    won = set(selected) | before
    keys = dict(ranked)
    for p, reason in enumerate(reasons):
        # A tie matters where one of those tied is in and the other is out.
        rivals = [q for q in keys if q != p and keys[q] == keys[p] and (q in won) != (p in won)]
        reason.tied = names(profile.ids, rivals)
    return selected, reasons
