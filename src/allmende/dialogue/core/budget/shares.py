"""The Method of Equal Shares, exactly.

Peters, Pierczyński, Skowron 2021, "Proportional Participatory Budgeting with Additive Utilities" (NeurIPS):
each voter gets the same share b of money. A project p not yet bought is ρ-affordable if Σᵢ min(bᵢ, ρ·u(i, p)) =
cost(p) over the voters, bᵢ being what i has left. Each round buys the ρ-affordable project of lowest ρ (ties: the
lowest number) and takes min(bᵢ, ρ·u(i, p)) from each voter; it ends when no project is ρ-affordable for any ρ.

How it is computed. Two ways through the same code, neither with floating point numbers:

- exact: all money is a whole multiple of 1/D. D grows by the smallest factor that makes each payment whole.
- bounded: D is fixed, so payments are rounded up, and the true money of a voter lies in [m, m + slack], where m is
  what is kept. From m follows an upper bound of ρ, and from the slack a lower one: with poor voters P, who pay all
  they have, and rich ones R, the true ρ is at least (cost − Σ_P m − slack·|P|) / Σ_R u, since Σᵢ min(bᵢ, ρ·u) is
  concave in ρ and has slope at least Σ_R u below the upper bound. Where such bounds do not decide, `Uncertain` is
  raised and nothing was decided.

The slack may start above 0: then the outcome holds for each share in [b, b + slack], and a whole range of shares is
counted at once. Lower bounds on ρ wait in a heap: ρ only grows as money is spent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from itertools import compress
from operator import itemgetter, mul

from .profile import Profile

_KEY = 160  # bits after the point of the bounds of ρ in the heap


class Uncertain(Exception):
    """The bounds do not decide; count with more bits, or exactly."""


# What a project would cost now: bounds low ≤ ρ·2^_KEY ≤ high, the project, numerator and denominator of the upper bound
# ρ = numerator / (denominator · D · factor), and how many voters would pay all they have.
_Offer = tuple[int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Bought:
    """A round. `rho` in money per unit of satisfaction; `paying` voters with the full payment, `poor` with all they
    had; `tied`: projects of the same ρ that came later in the order."""

    project: int
    rho: Fraction
    paying: int
    poor: int
    tied: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """`bought` in order; `left[p]`: what the supporters of p have in the end (exact runs only)."""

    bought: tuple[int, ...]
    rounds: tuple[Bought, ...] = ()
    left: tuple[Fraction, ...] = ()


class EqualShares:
    """One profile, counted for many shares. A share is given as a total: voters × share, in units of the profile."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        # Supporters of a free project pay nothing whatever its satisfaction: bought before all others.
        self.free = tuple(p for p, cost in enumerate(profile.costs) if cost == 0 and profile.named[p])
        self.open = tuple(p for p, cost in enumerate(profile.costs) if cost > 0 and profile.support[p])
        # Where all supporters have the same satisfaction, it counts as 1 and moves into the factor of the project.
        self.alike = tuple(len(set(values)) == 1 for values in profile.values)
        self.factors = tuple(
            factor * (values[0] if alike else 1)
            for factor, values, alike in zip(profile.factors, profile.values, self.alike, strict=True)
        )
        self.gather = tuple(map(_gather, profile.support))
        self.heads = tuple([profile.weights[group] for group in groups] for groups in profile.support)
        self.sums = tuple(
            sum(heads) if alike else sum(map(mul, heads, values))
            for heads, values, alike in zip(self.heads, profile.values, self.alike, strict=True)
        )
        self.largest = tuple(
            1 if alike else max(values, default=0) for values, alike in zip(profile.values, self.alike, strict=True)
        )
        # ρ is at least that of a first round in which every supporter can pay, whatever the share.
        firsts = [((profile.costs[p] << _KEY) // (self.sums[p] * self.factors[p]), p) for p in self.open]
        self.firsts = tuple(sorted(firsts))
        self.voters = tuple(map(sum, self.heads))
        self.guess: dict[int, tuple[int, int]] = {}

    def exact(self, total: int) -> Shares:
        """The outcome with its prices."""
        run = _Run(self, total, 0, None)
        bought, rounds = run.buy()
        unit = self.profile.unit
        left = []
        for groups in self.profile.support:
            money = sum(run.money[group] * self.profile.weights[group] for group in groups if run.money[group] > 0)
            left.append(Fraction(money, run.whole * unit))
        return Shares(bought, tuple(rounds), tuple(left))

    def bounded(self, total: int, more: int, bits: int) -> tuple[int, ...]:
        """What is bought with every total in [total, total + more]. Raises Uncertain."""
        return _Run(self, total, more, bits).buy()[0]


class _Run:
    """One count. The inner loops take lists apart by hand: add1 comes here hundreds of times."""

    def __init__(self, shares: EqualShares, total: int, more: int, bits: int | None) -> None:
        self.shares, self.profile = shares, shares.profile
        self.exact = bits is None
        self.whole = max(shares.profile.voters, 1) << (bits or 0)  # D: money is a multiple of 1/(D·unit)
        self.money = [total << (bits or 0)] * len(shares.profile.weights)  # −1: nothing left, for certain
        self.slack = more << (bits or 0)
        # Of each project those who may have something left, and Σ u of them.
        self.support: list[Sequence[int]] = list(shares.profile.support)
        self.gather = list(shares.gather)
        self.values: list[Sequence[int]] = list(shares.profile.values)
        self.heads: list[Sequence[int]] = list(shares.heads)
        self.sums = list(shares.sums)

    def buy(self) -> tuple[tuple[int, ...], list[Bought]]:
        rounds = [Bought(p, Fraction(0), self.profile.named[p], 0, ()) for p in self.shares.free]
        bought = list(self.shares.free)
        if self.profile.voters == 0:
            return tuple(bought), rounds
        # Sorted, hence a heap; without those whose supporters could not even pay with all they begin with.
        begin, costs = self.money[0] + self.slack, self.profile.costs
        heap = [one for one in self.shares.firsts if begin * self.shares.voters[one[1]] >= costs[one[1]] * self.whole]
        while heap:
            offers: list[_Offer] = []
            ceiling = -1
            while heap and (ceiling < 0 or heap[0][0] <= ceiling):
                offer = self.offer(heappop(heap)[1])
                if offer is not None:
                    offers.append(offer)
                    if ceiling < 0 or offer[1] < ceiling:
                        ceiling = offer[1]
            if not offers:
                break
            best = offers if len(offers) == 1 else self.best([one for one in offers if one[0] <= ceiling])
            for offer in offers:
                if offer is not best[0]:
                    heappush(heap, (offer[0], offer[2]))
            if self.exact:
                rounds.append(self.told(best))
            self.pay(best[0])
            bought.append(best[0][2])
        return tuple(bought), rounds

    def best(self, offers: list[_Offer]) -> list[_Offer]:
        """Those of lowest ρ, by number."""
        if len(offers) == 1:
            return offers
        if not self.exact and any(poor for _, _, _, _, _, poor in offers):
            raise Uncertain
        # D is the same for all. Without poor voters the fraction is ρ itself, whatever the voters have.
        prices = [Fraction(above, below * self.shares.factors[p]) for _, _, p, above, below, _ in offers]
        lowest = min(prices)
        return sorted((one for one, price in zip(offers, prices, strict=True) if price == lowest), key=_project)

    def told(self, best: list[_Offer]) -> Bought:
        profile = self.profile
        _, _, p, above, below, poor = best[0]
        voters = sum(profile.weights[group] for group in self.support[p])
        rho = Fraction(above * profile.scale, below * self.whole * self.shares.factors[p] * profile.unit)
        return Bought(p, rho, voters - poor, poor, tuple(_project(other) for other in best[1:]))

    def offer(self, p: int) -> _Offer | None:
        """None where the supporters cannot pay, now and so ever."""
        has = self.gather[p](self.money)
        least = min(has)
        if least < 0:
            kept = [one >= 0 for one in has]
            has = tuple(compress(has, kept))
            if not has:
                return None
            self.support[p] = tuple(compress(self.support[p], kept))
            self.gather[p] = _gather(self.support[p])
            self.heads[p] = list(compress(self.heads[p], kept))
            if not self.shares.alike[p]:
                self.values[p] = list(compress(self.values[p], kept))
            self.sums[p] = sum(self.heads[p] if self.shares.alike[p] else map(mul, self.heads[p], self.values[p]))
            least = min(has)
        shares, total, slack = self.shares, self.sums[p], self.slack
        cost, scale = self.profile.costs[p] * self.whole, self.whole * shares.factors[p]
        if least * total >= cost * shares.largest[p]:  # all can pay their part
            low = (cost << _KEY) // (total * scale)
            return low, low + 1, p, cost, total, 0
        if shares.alike[p]:
            found = _level(cost, total, has, self.heads[p], shares.guess.get(p))
        else:
            found = _levels(cost, total, has, self.heads[p], self.values[p], shares.guess.get(p))
        if found is None:
            if slack and sum(map(mul, self.heads[p], has)) + slack * sum(self.heads[p]) >= cost:
                raise Uncertain
            return None
        above, below, poor = found
        if not self.exact:
            shares.guess[p] = above, below
        scale *= below
        low = above - slack * poor
        return (low << _KEY) // scale if low > 0 else 0, (above << _KEY) // scale + 1, p, above, below, poor

    def pay(self, offer: _Offer) -> None:
        _, _, p, above, below, poor = offer
        if self.exact:
            above = self.refine(p, above, below)
        money, slack, values = self.money, self.slack, self.values[p]
        least = max(0, above - slack * poor)
        if self.shares.alike[p]:
            low, high = least // below, -(-above // below)
            self.slack = slack + high - low
            gone = low - high - slack
            for group in self.support[p]:
                has = money[group] - high
                # Who cannot pay in full has nothing left: for certain (−1), or within the bounds (0).
                money[group] = has if has >= 0 else -1 if has <= gone else 0
            return
        bounds = {value: (value * least // below, -(-value * above // below)) for value in set(values)}
        self.slack = slack + max(high - low for low, high in bounds.values())
        for group, value in zip(self.support[p], values, strict=True):
            low, high = bounds[value]
            has = money[group] - high
            money[group] = has if has >= 0 else -1 if has + slack <= low - high else 0

    def refine(self, p: int, above: int, below: int) -> int:
        """Make D so fine that each payment is whole; the numerator over the new D."""
        factor = below // math.gcd(above if self.shares.alike[p] else above * math.gcd(*self.values[p]), below)
        if factor > 1:
            self.whole *= factor
            self.money = [has * factor if has > 0 else has for has in self.money]
        return above * factor


def _gather(groups: Sequence[int]) -> Callable[[Sequence[int]], tuple[int, ...]]:
    """What takes the money of these groups out of the list of all: a quick `[money[group] for group in groups]`."""
    if len(groups) > 1:
        return itemgetter(*groups)
    return lambda money: tuple(money[group] for group in groups)


def _project(offer: _Offer) -> int:
    return offer[2]


def _level(
    cost: int, total: int, has: Sequence[int], heads: Sequence[int], guess: tuple[int, int] | None
) -> tuple[int, int, int] | None:
    """ρ as numerator and denominator, and how many voters pay all they have; each has the satisfaction 1. None where
    all they have is too little. `total`: the number of voters.

    Newton's method on the concave Σ min(bᵢ, ρ·u): from any start it is at most at the root after one step and rises
    from there, so that the poor of one step are among those of the next; it ends when they are the same. If all are
    poor after a step, the sum never reaches the cost.
    """
    poor, count, above, below = -1, 0, *(guess or (cost, total))
    while True:
        bar = -(-above // below)  # has < ρ exactly when has < ⌈ρ⌉
        least = [one for one in has if one < bar]
        if len(least) == poor:
            return above, below, count
        if len(least) == len(has):
            if poor >= 0 or guess is None:
                return None
            guess, above, below = None, cost, total  # the guess was too high for all
            continue
        poor = len(least)
        picked = [head for one, head in zip(has, heads, strict=True) if one < bar]
        count = sum(picked)
        above, below = cost - sum(map(mul, least, picked)), total - count


def _levels(
    cost: int,
    total: int,
    has: Sequence[int],
    heads: Sequence[int],
    values: Sequence[int],
    guess: tuple[int, int] | None,
) -> tuple[int, int, int] | None:
    """As _level, for voters of different satisfaction."""
    rows = list(zip(has, heads, values, strict=True))
    poor, numerator, denominator = -1, *(guess or (cost, total))
    while True:
        below = [row for row in rows if row[0] * denominator < numerator * row[2]]
        count = sum([head for _, head, _ in below])
        if count == poor:
            return numerator, denominator, poor
        if len(below) == len(rows):
            if poor >= 0 or guess is None:
                return None
            guess, numerator, denominator = None, cost, total
            continue
        poor = count
        numerator = cost - sum([one * head for one, head, _ in below])
        denominator = total - sum([head * value for _, head, value in below])
