"""Groups of people who stand close together: k-means, how well it separates, how far it repeats itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn import config_context
from sklearn.cluster import KMeans
from sklearn.metrics import pairwise_distances, silhouette_score

from . import space
from .space import Floats, Space

Labels = NDArray[np.int64]

STARTS = 25  # k-means from so many starts, the best is kept
STARTS_AGAIN = 2  # in resamples
LEAST_MEMBERS = 5  # fewer people stand apart rather than together; in small conversations an eighth of all
SILHOUETTE_PEOPLE = 2_500  # distances of all pairs: beyond that many people a sample of them


@dataclass(frozen=True)
class Partition:
    """`labels` by person from 0 on; `centres` k × d; `silhouette` −1…1 (0 for a single group)."""

    labels: Labels
    centres: Floats
    silhouette: float

    @property
    def k(self) -> int:
        return len(self.centres)

    @property
    def smallest(self) -> int:
        """People in the smallest group."""
        return int(np.bincount(self.labels, minlength=self.k).min())


def most_groups(points: Floats, asked: int) -> int:
    """At most `asked`, one for four people, and as many as there are different positions; at least one."""
    different = len(np.unique(np.round(points, 9), axis=0))
    return max(1, min(asked, len(points) // 4, different))


def least_members(people: int) -> int:
    """How many people the smallest group must have for a number of groups to be chosen."""
    return min(LEAST_MEMBERS, max(people // 8, 1))


def partition(points: Floats, k: int, seed: int) -> Partition:
    """k-means (Lloyd 1982, starts by k-means++, Arthur and Vassilvitskii 2007) on all points."""
    if k == 1:
        return Partition(np.zeros(len(points), dtype=np.int64), points.mean(axis=0, keepdims=True), 0.0)
    found = KMeans(k, n_init=STARTS, random_state=seed).fit(points)
    return Partition(found.labels_.astype(np.int64), found.cluster_centers_, 0.0)


def partitions(points: Floats, ks: list[int], rng: np.random.Generator) -> dict[int, Partition]:
    """One for each k, with the mean silhouette (Rousseeuw 1987) of all people or of a sample of them."""
    sample = np.arange(len(points))
    if len(points) > SILHOUETTE_PEOPLE:
        sample = np.sort(rng.choice(len(points), SILHOUETTE_PEOPLE, replace=False))
    distances = pairwise_distances(points[sample])
    np.fill_diagonal(distances, 0.0)
    made = {}
    for k in ks:
        one = partition(points, k, int(rng.integers(2**31)))
        labels = one.labels[sample]
        if 1 < len(np.unique(labels)) < len(sample):
            one = Partition(one.labels, one.centres, float(silhouette_score(distances, labels, metric="precomputed")))
        made[k] = one
    return made


@dataclass(frozen=True)
class Repeats:
    """How far resamples find the same groups. `agreement`: adjusted Rand index by resample; `likeness`: by resample
    and group the largest Jaccard index with a group of the resample."""

    agreement: Floats
    likeness: Floats


@dataclass(frozen=True)
class Resample:
    """People drawn with replacement: who (each once), how often, and where they stand in a space of their own."""

    drawn: NDArray[np.int64]
    weights: Floats
    points: Floats


def resampled(matrix: sparse.csr_matrix, begun: Space, times: int, rng: np.random.Generator) -> list[Resample]:
    """Bootstrap of people (Efron 1979): as many as there are, and the space computed anew."""
    size = matrix.shape[0]
    made = []
    for _ in range(times):
        count = np.bincount(rng.integers(size, size=size), minlength=size)
        drawn = np.flatnonzero(count)
        weights = count[drawn].astype(np.float64)
        part = matrix[drawn]
        made.append(Resample(drawn, weights, space.refit(part, weights, begun).place(part)))
    return made


def repeats(before: Partition, again: list[Resample], seed: int) -> Repeats:
    """How far groups formed in each resample are those formed of all (Hennig 2007), over the people drawn, each once.

    Adjusted Rand index: Hubert and Arabie 1985.
    """
    k = before.k
    agreement, likeness = np.zeros(len(again)), np.zeros((len(again), k))
    # Hundreds of small fits: checking the same arguments again would take half of the time.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        for number, one in enumerate(again):
            start = int(np.random.default_rng([seed, k, number]).integers(2**31))
            different = len(np.unique(np.round(one.points, 9), axis=0))
            labels = _again(one.points, one.weights, min(k, different), start)
            pairs = before.labels[one.drawn] * k + labels
            both = np.bincount(pairs, minlength=k * k).reshape(k, k).astype(np.float64)
            agreement[number] = adjusted_rand(both)
            likeness[number] = jaccard(both)
    return Repeats(agreement, likeness)


def _again(points: Floats, weights: Floats, k: int, seed: int) -> Labels:
    made = KMeans(k, n_init=STARTS_AGAIN, random_state=seed).fit(points, sample_weight=weights)
    return made.labels_.astype(np.int64)


def adjusted_rand(both: Floats) -> float:
    """Of a contingency table, old groups × new groups: 1 the same, 0 as by chance, and 1 for two trivial partitions."""
    pairs = (both * (both - 1)).sum() / 2
    rows, columns = both.sum(axis=1), both.sum(axis=0)
    old, new = (rows * (rows - 1)).sum() / 2, (columns * (columns - 1)).sum() / 2
    people = both.sum()
    chance = old * new / max(people * (people - 1) / 2, 1)
    most = (old + new) / 2
    return 1.0 if most == chance else float((pairs - chance) / (most - chance))


def jaccard(both: Floats) -> Floats:
    """For each old group the largest |A∩B| / |A∪B| with a new one; 0 for a group of which nobody was drawn."""
    union = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    best: Floats = np.divide(both, union, out=np.zeros_like(both), where=union > 0).max(axis=1)
    return best
