"""The opinion map of a set of votes. The same votes, options and version give the same bytes, whatever the order of the
rows, the number of threads or the names of people and statements; each run says what it was made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from . import grouping, space
from .figures import Counts, Figures, figures
from .grouping import Labels, Partition, Repeats
from .placing import Placement
from .space import Floats, Space
from .votes import Votes, natural

ALGORITHM = "allmende-opinions"
VERSION = 1
LIBRARIES = ("numpy", "scikit-learn", "scipy")
DIGITS = 6


class Impossible(ValueError):
    """More groups are asked for than people can form. `most`: how many they can."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most} groups")
        self.most = most


@dataclass(frozen=True)
class Options:
    """`k` and `dimensions`: fixed, else found. `most_groups`: the largest k tried. `min_votes`: to form groups; less
    where the map has fewer statements. `resamples`: of the bootstrap."""

    seed: int = 0
    k: int | None = None
    dimensions: int | None = None
    most_groups: int = 10
    min_votes: int = 7
    resamples: int = 50

    def __post_init__(self) -> None:
        least = {"seed": 0, "k": 1, "dimensions": 2, "most_groups": 2, "min_votes": 1, "resamples": 0}
        for name, limit in least.items():
            value = getattr(self, name)
            if value is not None and value < limit:
                raise ValueError(f"{name} is at least {limit}")
        if self.dimensions is not None and self.dimensions > space.MOST_DIMENSIONS:
            raise ValueError(f"dimensions is at most {space.MOST_DIMENSIONS}")


@dataclass(frozen=True)
class Score:
    """How good k groups are. `stability`: mean adjusted Rand index over resamples; None where it was not needed,
    because no stability could make this k the best, or without resamples. `smallest`: people in the smallest group;
    `eligible`: enough of them."""

    k: int
    silhouette: float
    stability: float | None
    smallest: int
    eligible: bool

    @property
    def score(self) -> float:
        """Silhouette × stability: groups that stand apart and would be found again. Without stability, the most that it
        could be. Rounded, so that ties are ties."""
        certain = 1.0 if self.stability is None else max(self.stability, 0.0)
        return round(self.silhouette * certain if self.silhouette > 0 else self.silhouette, DIGITS)

    @property
    def rank(self) -> tuple[bool, float, int]:
        """The largest wins: groups of enough people, then the score, then the smaller k. Where every k leaves somebody
        nearly alone, the best of them still is a map."""
        return (self.eligible, self.score, -self.k)


@dataclass(frozen=True)
class OpinionMap:
    """All arrays in canonical order of `votes`. `columns`: statements in the map; `labels`: group by person from 0 on,
    −1 for none; `points`: positions on all axes. Groups are in the order of their numbers, which begin with 1."""

    votes: Votes
    options: Options
    columns: NDArray[np.int64]
    min_votes: int
    above_chance: int
    space: Space
    points: Floats
    labels: Labels
    centres: Floats
    likeness: Floats
    scores: list[Score]
    figures: Figures

    @property
    def k(self) -> int:
        return len(self.centres)

    def placement(self) -> Placement:
        """What puts newcomers on this map."""
        ids = [self.votes.statements[at].id for at in self.columns]
        return Placement(
            dict(zip(ids, self.space.means.tolist(), strict=True)),
            dict(zip(ids, map(tuple, self.space.axes.tolist()), strict=True)),
            {number: tuple(at) for number, at in enumerate(self.centres.tolist(), 1)},
            self.min_votes,
        )

    def groups(self) -> dict[str, int]:
        """Group by person, of those who have one."""
        return {self.votes.people[at]: int(self.labels[at]) + 1 for at in np.flatnonzero(self.labels >= 0)}

    def agreement(self, other: dict[str, str]) -> tuple[int, float] | None:
        """Adjusted Rand index with other groups of the same people, over who has a group in both; None below two."""
        ours = self.groups()
        both = sorted(set(ours) & set(other), key=natural)
        if len(both) < 2:
            return None
        return len(both), float(adjusted_rand_score([other[one] for one in both], [ours[one] for one in both]))


def compute(votes: Votes, options: Options | None = None) -> OpinionMap:
    """The map of all statements that are not moderated out and that somebody voted on.

    Raises Impossible if more groups are asked for than people can form.
    """
    # More threads would add up in another order: the last digits would depend on the machine.
    with threadpool_limits(limits=1):
        return _compute(votes.arranged(), options or Options())


def _compute(votes: Votes, options: Options) -> OpinionMap:
    voted = np.bincount(votes.statement, minlength=len(votes.statements)) > 0
    kept = np.array([one.moderated >= 0 for one in votes.statements], dtype=bool)
    columns = np.flatnonzero(voted & kept)
    matrix = votes.matrix(columns)
    min_votes = min(options.min_votes, max(len(columns), 1))
    forming = np.flatnonzero(np.diff(matrix.indptr) >= min_votes)
    base = matrix[forming]
    rng = np.random.default_rng(options.seed)
    above = space.above_chance(base, rng) if options.dimensions is None else 0
    begun = space.fit(base, options.dimensions or max(2, above))
    points = begun.place(matrix)
    found, again, scores = _grouped(base, begun, points[forming], options, rng)
    labels = np.full(len(votes.people), -1, dtype=np.int64)
    labels[forming] = found.labels
    order = _numbered(labels, found.k, votes.people)
    labels[forming] = np.argsort(order)[found.labels] if found.k else found.labels
    sizes = np.bincount(labels[forming], minlength=found.k).tolist()
    said = figures(Counts.of(matrix, labels, found.k), sizes)
    return OpinionMap(
        votes, options, columns, min_votes, above, begun, points, labels,
        found.centres[order], again.likeness[:, order], scores, said,
    )  # fmt: skip


def _grouped(
    base: Any, begun: Space, points: Floats, options: Options, rng: np.random.Generator
) -> tuple[Partition, Repeats, list[Score]]:
    """The best partition, its repeats, and the scores of all that were tried."""
    if not len(points):
        if options.k:
            raise Impossible(0)
        nobody = Partition(np.zeros(0, dtype=np.int64), np.zeros((0, points.shape[1])), 0.0)
        return nobody, Repeats(np.zeros(0), np.zeros((0, 0))), []
    most = grouping.most_groups(points, options.most_groups if options.k is None else max(options.k, 2))
    if options.k is not None and options.k > most:
        raise Impossible(most)
    ks = [options.k] if options.k is not None else list(range(2, most + 1)) or [1]
    found = grouping.partitions(points, ks, rng)
    again = grouping.resampled(base, begun, options.resamples, rng)
    least = grouping.least_members(len(points))
    scores = {k: Score(k, one.silhouette, None, one.smallest, one.smallest >= least) for k, one in found.items()}
    repeats: dict[int, Repeats] = {}
    # A score can only fall when its stability becomes known: who is best with it, is best of all.
    while (best := max(scores.values(), key=lambda one: one.rank).k) not in repeats:
        repeats[best] = grouping.repeats(found[best], again, options.seed)
        if again:
            scores[best] = replace(scores[best], stability=float(repeats[best].agreement.mean()))
    return found[best], repeats[best], [scores[k] for k in ks]


def _numbered(labels: Labels, k: int, people: Iterable[str]) -> NDArray[np.int64]:
    """Labels in the order of the groups' numbers: the largest first, of equal ones that with the smallest member id."""
    members: list[list[tuple[int, int, str]]] = [[] for _ in range(k)]
    for label, person in zip(labels.tolist(), people, strict=True):
        if label >= 0:
            members[label].append(natural(person))
    return np.array(sorted(range(k), key=lambda one: (-len(members[one]), min(members[one]))), dtype=np.int64)


def libraries() -> dict[str, str]:
    return {name: metadata.version(name) for name in LIBRARIES}
