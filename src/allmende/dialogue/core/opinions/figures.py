"""What the groups say: representative, shared, divisive and minority statements.

All estimates carry the pseudo-counts of Polis, so that nothing is certain after a few votes. With a votes for a side
among n votes of a group:

- probability of the side        p = (a + 1) / (n + 2)                       (Laplace's rule of succession)
- test of a majority             z = 2 √(n + 1) ((a + 1) / (n + 1) − ½)      (one proportion)
- test against all other groups  z = (p₁ − p₂) / √(p̂ (1 − p̂) (1/n₁ + 1/n₂)) (two proportions, each a and n plus one)
- representativeness             R = p of the group / p of all others        (Small et al. 2021)

A pass is a vote and counts in n. Tests are one-sided at 90 % (z > 1.2816) as in Polis. As approximations they call
one vote of one a majority, so a group has to have cast four votes too: of three, even all may be chance (½³ > 10 %).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .space import Floats

Z_90 = 1.2816
LEAST_CAST = 4
MOST_REPRESENTATIVE = 5
SIDES = ("agree", "disagree")


def majority(votes: Floats, cast: Floats) -> Floats:
    """z of more than half for a side."""
    z: Floats = 2 * np.sqrt(cast + 1) * ((votes + 1) / (cast + 1) - 0.5)
    return z


def difference(votes: Floats, cast: Floats, other_votes: Floats, other_cast: Floats) -> Floats:
    """z of a larger share than the others'; 0 where nobody ever chose otherwise."""
    first, second = (votes + 1) / (cast + 1), (other_votes + 1) / (other_cast + 1)
    pooled = (votes + other_votes + 2) / (cast + other_cast + 2)
    variance = pooled * (1 - pooled) * (1 / (cast + 1) + 1 / (other_cast + 1))
    z: Floats = np.divide(first - second, np.sqrt(variance), out=np.zeros_like(variance), where=variance > 1e-15)
    return z


def false_discovery(z: Floats) -> Floats:
    """Benjamini and Hochberg 1995 over all tests given: the smallest rate of false discoveries at which each counts."""
    size = z.size
    p = np.array([0.5 * math.erfc(one / math.sqrt(2)) for one in z.ravel()])
    order = np.argsort(-p, kind="stable")
    ranks = np.arange(size, 0, -1)
    q = np.empty(size)
    q[order] = np.minimum(np.minimum.accumulate(p[order] * size / ranks), 1.0)
    return q.reshape(z.shape)


@dataclass(frozen=True)
class Counts:
    """Votes by group and statement, k × m: `sides` agree and disagree, `cast` all with passes."""

    sides: tuple[Floats, Floats]
    cast: Floats

    @classmethod
    def of(cls, matrix: sparse.csr_matrix, labels: NDArray[np.int64], k: int) -> Counts:
        """`labels` by person, −1 for those in no group."""
        inside = np.flatnonzero(labels >= 0)
        member = sparse.csr_matrix((np.ones(len(inside)), (labels[inside], inside)), shape=(k, matrix.shape[0]))

        def counted(data: Any) -> Floats:
            chosen = sparse.csr_matrix((data.astype(np.float64), matrix.indices, matrix.indptr), shape=matrix.shape)
            total: Floats = (member @ chosen).toarray()
            return total

        return cls((counted(matrix.data > 0), counted(matrix.data < 0)), counted(np.ones(matrix.nnz)))

    def probability(self, side: int) -> Floats:
        return (self.sides[side] + 1) / (self.cast + 2)

    def rest(self) -> Counts:
        """For each group all other groups together."""
        others = tuple(one.sum(axis=0, keepdims=True) - one for one in (*self.sides, self.cast))
        return Counts((others[0], others[1]), others[2])


@dataclass(frozen=True)
class Representative:
    """A statement that sets a group apart; `false_discovery` over all statements and both sides of this group."""

    statement: int
    side: str
    votes: int
    cast: int
    probability: float
    probability_others: float
    ratio: float
    z_majority: float
    z_difference: float
    false_discovery: float


@dataclass(frozen=True)
class Figures:
    """By statement: `consensus` agree and disagree (product of the groups' probabilities: the group-aware consensus),
    `divisiveness` (largest less smallest probability of agreeing), `kinds`; `minority`: (statement, group, side)."""

    counts: Counts
    consensus: tuple[Floats, Floats]
    divisiveness: Floats
    kinds: list[list[str]]
    representative: list[list[Representative]]
    minority: list[tuple[int, int, str]]


def figures(counts: Counts, sizes: list[int]) -> Figures:
    """`sizes` of the groups. With a single group nothing is representative, divisive or of a minority."""
    k, m = counts.cast.shape
    rest = counts.rest()
    chance = [counts.probability(side) for side in (0, 1)]
    enough = counts.cast >= LEAST_CAST
    most = [enough & (majority(counts.sides[side], counts.cast) > Z_90) for side in (0, 1)]
    z = [difference(counts.sides[side], counts.cast, rest.sides[side], rest.cast) for side in (0, 1)]
    kinds: list[list[str]] = [[] for _ in range(m)]
    for side, name in enumerate(("consensus", "consensus_against")):
        for place in np.flatnonzero(most[side].all(axis=0)) if k else ():
            kinds[place].append(name)
    for place in np.flatnonzero(most[0].any(axis=0) & most[1].any(axis=0)):
        kinds[place].append("divisive")
    minority = _minority(most, chance, z, sizes)
    for wanted in sorted({each[0] for each in minority}):
        kinds[wanted].append("minority")
    spread = chance[0].max(axis=0) - chance[0].min(axis=0) if k else np.zeros(m)
    return Figures(
        counts,
        (chance[0].prod(axis=0), chance[1].prod(axis=0)),
        spread,
        kinds,
        [_representative(group, counts, rest, z) for group in range(k)] if k > 1 else [[] for _ in range(k)],
        minority,
    )


def _minority(
    most: list[NDArray[np.bool_]], chance: list[Floats], z: list[Floats], sizes: list[int]
) -> list[tuple[int, int, str]]:
    """What a group of less than half of all grouped people wants with a majority while in no other group half do."""
    found = []
    for group, size in enumerate(sizes):
        if len(sizes) < 2 or 2 * size >= sum(sizes):
            continue
        others = [other for other in range(len(sizes)) if other != group]
        for side, name in enumerate(SIDES):
            wanted = most[side][group] & (z[side][group] > Z_90) & (chance[side][others] < 0.5).all(axis=0)
            found += [(int(place), group, name) for place in np.flatnonzero(wanted)]
    return sorted(found)


def _representative(group: int, counts: Counts, rest: Counts, z: list[Floats]) -> list[Representative]:
    """At most five that pass both tests, by R · z of the difference · p · z of the majority, the measure of Polis."""
    rates = false_discovery(np.stack([z[0][group], z[1][group]]))
    found = []
    for side, name in enumerate(SIDES):
        votes, cast = counts.sides[side][group], counts.cast[group]
        first, second = counts.probability(side)[group], rest.probability(side)[group]
        passed, apart = majority(votes, cast), z[side][group]
        measure = first / second * apart * first * passed
        for place in np.flatnonzero((cast >= LEAST_CAST) & (passed > Z_90) & (apart > Z_90)):
            values = (first, second, first / second, passed, apart, rates[side])
            floats = (float(value[place]) for value in values)
            one = Representative(int(place), name, int(votes[place]), int(cast[place]), *floats)
            found.append((-round(float(measure[place]), 9), one.statement, side, one))
    return [one for *_, one in sorted(found, key=lambda each: each[:3])[:MOST_REPRESENTATIVE]]
