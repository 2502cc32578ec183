"""Equal Shares completed by more money: add1.

Peters, Pierczyński, Skowron 2021 (exhaustiveness by varying the budget) and equalshares.net; pabutools'
`voter_budget_increment=1`: count with the share b = budget / voters; while what is bought neither overspends the
budget nor leaves nothing to add, give each voter one more unit of the currency and count anew from nothing. The
outcome is the first that is exhaustive (no project with a supporter, not bought, would still fit), or the last before
one that overspends.

What is bought need not grow with the share, so no share may be left out unproven: a range of shares is passed over only
where EqualShares.bounded has shown that each of them buys the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from .model import Unreadable
from .shares import EqualShares, Uncertain

BITS = (34, 320)
MOST_RUNS = 200_000


@dataclass(frozen=True, slots=True)
class Completed:
    """`steps`: units of the currency added to each voter's share. `why`: exhaustive, overspends (the next step
    would)."""

    steps: int
    why: str


def add1(shares: EqualShares, most_runs: int = MOST_RUNS) -> Completed:
    """The step at which to count. Raises Unreadable (too_many_rounds)."""
    profile = shares.profile
    if profile.voters == 0:
        return Completed(0, "exhaustive")
    one = profile.unit * profile.voters
    step, width, pause, wait = 0, 0, 0, 1
    for _ in range(most_runs):
        bought = None
        if width and not pause:
            try:
                bought = shares.bounded(profile.budget + step * one, width * one, BITS[0])
                reached, wait, width = step + width, 1, width * 2 + 1
            except Uncertain:
                width //= 2
                if not width:  # outcomes change at nearly every step here: try ranges less often
                    pause, wait, width = wait, min(wait * 2, 64), 1
        if bought is None:
            bought = single(shares, profile.budget + step * one)
            reached, pause, width = step, max(0, pause - 1), max(width, 1)
        cost = sum(profile.costs[p] for p in bought)
        if cost > profile.budget:
            return Completed(step - 1, "overspends")
        rest, has = profile.budget - cost, set(bought)
        if not any(profile.costs[p] <= rest for p in shares.open if p not in has):
            return Completed(step, "exhaustive")
        step = reached + 1
    raise Unreadable("too_many_rounds", count=most_runs)


def single(shares: EqualShares, total: int) -> tuple[int, ...]:
    """What is bought with one total, by the fewest bits that decide."""
    for bits in BITS:
        try:
            return shares.bounded(total, 0, bits)
        except Uncertain:
            continue
    return shares.exact(total).bought
