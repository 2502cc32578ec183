"""The opinion space: principal components of votes, most of which are missing.

Votes are a people × statements matrix of −1, 0 and 1. A missing vote is replaced by the mean of the statement, so that
after centring it is exactly zero (mean imputation, Small et al. 2021): the centred matrix stays sparse. A person who
voted on n of m statements would shrink towards the middle; their position is stretched by √(m/n) (the sparsity scaling
of Polis).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

Floats = NDArray[np.float64]

MOST_DIMENSIONS = 9  # ten groups span nine
CHANCE_RUNS = 9  # beating all of nine shuffles happens by chance in one of ten cases
SMALL = 60  # of the shorter side: the whole decomposition is quicker than an iteration
ITERATIONS = 12
NEAR_ENOUGH = 1e-4
ROUGH = 1e-3  # relative accuracy of singular values that are only compared with those of chance


@dataclass(frozen=True)
class Space:
    """`means` of the m statements; `axes` m × d, orthonormal columns, the strongest first."""

    means: Floats
    axes: Floats

    def place(self, matrix: sparse.csr_matrix) -> Floats:
        """Positions n × d of people with votes on the same m statements; who has no vote stands in the middle."""
        counts = np.diff(matrix.indptr)
        stretch = np.sqrt(matrix.shape[1] / np.maximum(counts, 1))
        placed: Floats = (centred(matrix, self.means) @ self.axes) * stretch[:, None]
        return placed


def means(matrix: sparse.csr_matrix, weights: Floats | None = None) -> Floats:
    """Mean vote of each statement over those who voted on it; zero where nobody did. `weights`: by person."""
    spread = np.ones(matrix.nnz) if weights is None else np.repeat(weights, np.diff(matrix.indptr))
    size = matrix.shape[1]
    cast = np.bincount(matrix.indices, weights=spread, minlength=size)
    total = np.bincount(matrix.indices, weights=spread * matrix.data, minlength=size)
    mean: Floats = np.divide(total, cast, out=np.zeros(size), where=cast > 0)
    return mean


def centred(matrix: sparse.csr_matrix, mean: Floats) -> sparse.csr_matrix:
    """Votes minus the mean of their statement; missing ones stay zero, which is what imputing the mean makes them."""
    return sparse.csr_matrix((matrix.data - mean[matrix.indices], matrix.indices, matrix.indptr), shape=matrix.shape)


def fit(matrix: sparse.csr_matrix, dimensions: int) -> Space:
    """The space of the people given, of so many dimensions; components without any variance are zero."""
    mean = means(matrix)
    _, axes = _decomposed(centred(matrix, mean), dimensions)
    return Space(mean, _signed(axes))


def refit(matrix: sparse.csr_matrix, weights: Floats, start: Space) -> Space:
    """The space when each person counts `weights` times (> 0), found by subspace iteration from a space near by.

    Converged far below what resampling changes, not to the last digit; signs do not matter to who uses it.
    """
    mean = means(matrix, weights)
    rooted = centred(matrix, mean)
    rooted.data *= np.repeat(np.sqrt(weights), np.diff(matrix.indptr))
    axes = start.axes
    for _ in range(ITERATIONS):
        before = axes
        axes, _ = np.linalg.qr(rooted.T @ (rooted @ before))
        # The cosine of the largest angle between the subspaces of two steps.
        if np.linalg.svd(before.T @ axes, compute_uv=False)[-1] > 1 - NEAR_ENOUGH:
            break
    _, _, rotation = np.linalg.svd(rooted @ axes, full_matrices=False)
    return Space(mean, axes @ rotation.T)


def above_chance(matrix: sparse.csr_matrix, rng: np.random.Generator) -> int:
    """How many components are stronger than in the same votes without any connection between statements.

    Parallel analysis (Horn 1965) with permuted data (Buja and Eyuboglu 1992): each statement's votes are shuffled among
    those who voted on it, which keeps who voted where and how often; a component counts if its singular value is larger
    than that of every shuffle, and so did all before it. At most MOST_DIMENSIONS.
    """
    real, _ = _decomposed(centred(matrix, means(matrix)), MOST_DIMENSIONS, ROUGH)
    people = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    by_statement = np.lexsort((people, matrix.indices))
    columns = matrix.indices[by_statement]
    left = int((real > 0).sum())
    for _ in range(CHANCE_RUNS):
        if not left:
            break
        mixed = np.argsort(columns + rng.random(matrix.nnz))  # by statement, by chance within it
        data = np.empty(matrix.nnz)
        data[by_statement] = matrix.data[by_statement[mixed]]
        shuffled = sparse.csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape)
        # Only components that beat every shuffle so far are compared with the next.
        chance, _ = _decomposed(centred(shuffled, means(shuffled)), left, ROUGH)
        stronger = real[:left] > chance * (1 + ROUGH)
        left = left if stronger.all() else int(np.argmin(stronger))
    return left


def _decomposed(matrix: sparse.csr_matrix, most: int, tolerance: float = 0.0) -> tuple[Floats, Floats]:
    """The largest `most` singular values, falling, with their right vectors as columns; padded with zeros."""
    values, axes = np.zeros(most), np.zeros((matrix.shape[1], most))
    if not matrix.nnz or not np.abs(matrix.data).max() > 1e-12:
        return values, axes
    if min(matrix.shape) <= max(SMALL, most + 1):
        _, found, right = np.linalg.svd(matrix.toarray(), full_matrices=False)
    else:
        # Any fixed start would do but one that centring has emptied, as a vector of ones.
        start = np.random.default_rng(0).standard_normal(min(matrix.shape))
        _, found, right = svds(matrix, k=most, v0=start, tol=tolerance)
        order = np.argsort(-found, kind="stable")
        found, right = found[order], right[order]
    found, right = found[:most], right[:most]
    real = found > 1e-9 * found[0]
    values[: len(found)][real] = found[real]
    axes[:, : len(found)][:, real] = right[real].T
    return values, axes


def _signed(axes: Floats) -> Floats:
    """Each axis turned so that its largest loading is positive (of equal ones the first in canonical order)."""
    if not len(axes):
        return axes
    strength = np.round(np.abs(axes), 9)
    largest = axes[np.argmax(strength, axis=0), np.arange(axes.shape[1])]
    return axes * np.where(largest < 0, -1.0, 1.0)
