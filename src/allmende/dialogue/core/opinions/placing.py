"""Newcomers on a finished map: position and group without computing it anew, in plain Python."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Position:
    """`group` is None for who has voted on too few statements of the map."""

    x: float
    y: float
    group: int | None
    votes: int


@dataclass(frozen=True)
class Placement:
    """All that is needed of a run: by statement its mean and loadings on every axis; centres by group; `min_votes`."""

    means: dict[str, float]
    axes: dict[str, tuple[float, ...]]
    centres: dict[int, tuple[float, ...]]
    min_votes: int

    def place(self, votes: Mapping[str, int]) -> Position:
        """Of a person's votes (−1, 0, 1) by statement; statements that the map does not have are left out.

        The same projection as in `space.Space.place`, then the nearest centre (of equally near ones the first group).
        """
        known = sorted((id, vote) for id, vote in votes.items() if id in self.axes)
        if any(vote not in (-1, 0, 1) for _, vote in known):
            raise ValueError("a vote is -1, 0 or 1")
        if not known:
            return Position(0.0, 0.0, None, 0)
        stretch = math.sqrt(len(self.means) / len(known))
        terms = zip(*([(vote - self.means[id]) * load for load in self.axes[id]] for id, vote in known), strict=True)
        at = [math.fsum(one) * stretch for one in terms]
        group = None
        if len(known) >= self.min_votes and self.centres:
            group = min(sorted(self.centres), key=lambda one: round(math.dist(at, self.centres[one]), 9))
        return Position(round(at[0], 6) + 0.0, round(at[1], 6) + 0.0, group, len(known))

    def as_json(self) -> dict[str, Any]:
        return {
            "means": self.means,
            "axes": {id: list(loads) for id, loads in self.axes.items()},
            "centres": {str(group): list(at) for group, at in self.centres.items()},
            "min_votes": self.min_votes,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Placement:
        """What `as_json` wrote."""
        return cls(
            dict(data["means"]),
            {id: tuple(loads) for id, loads in data["axes"].items()},
            {int(group): tuple(at) for group, at in data["centres"].items()},
            data["min_votes"],
        )
