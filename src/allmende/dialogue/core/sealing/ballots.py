"""A ballot and its one canonical form, so that nothing but the choice is in it: not even the order of the clicks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .refusal import Refused

KINDS = ("approval", "points", "ranking")
MOST_POINTS = 1_000_000
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Election:
    """What every ballot is bound to. `rules` is the hash of the frozen rules (SHA-256, hexadecimal); `projects` are
    the ids on the ballot. Raises Refused: election, kind, project_twice."""

    id: str
    rules: str
    kind: str
    projects: tuple[str, ...]

    def __post_init__(self) -> None:
        if not _name(self.id) or not _HASH.fullmatch(self.rules) or not all(map(_name, self.projects)):
            raise Refused("election")
        if self.kind not in KINDS:
            raise Refused("kind")
        _once(self.projects)

    def context(self) -> bytes:
        """The associated data of every envelope: the election's id, its rules, the kind of ballot."""
        return canonical({"election": self.id, "kind": self.kind, "rules": self.rules})


@dataclass(frozen=True, slots=True)
class Ballot:
    """`choices`: approval, points: sorted; ranking: best first. `points`: one for each choice, empty for other kinds.
    A blank ballot has no choices and counts as one. Made by `approval`, `pointed` and `ranking`."""

    kind: str
    choices: tuple[str, ...]
    points: tuple[int, ...] = ()

    def plain(self) -> list[str] | dict[str, int]:
        """As it stands in JSON: ids, or points by id."""
        return dict(zip(self.choices, self.points, strict=True)) if self.kind == "points" else list(self.choices)


def approval(projects: Iterable[str]) -> Ballot:
    """Raises Refused: project_twice."""
    return Ballot("approval", tuple(sorted(_once(projects))))


def ranking(projects: Iterable[str]) -> Ballot:
    """Best first. Raises Refused: project_twice."""
    return Ballot("ranking", _once(projects))


def pointed(points: Mapping[str, int]) -> Ballot:
    """Raises Refused: points. Who gives a project nothing leaves it out."""
    for project, number in points.items():
        if type(number) is not int or not 1 <= number <= MOST_POINTS:
            raise Refused("points", project=project, most=MOST_POINTS)
    return Ballot("points", tuple(sorted(points)), tuple(points[project] for project in sorted(points)))


def check(ballot: Ballot, election: Election) -> None:
    """Whether it can belong to this election; how many choices are allowed is checked by who knows the rules.

    Raises Refused: kind, project.
    """
    if ballot.kind != election.kind:
        raise Refused("kind")
    for project in ballot.choices:
        if project not in election.projects:
            raise Refused("project", project=project)


def from_plain(kind: str, choices: Any) -> Ballot:
    """The ballot of which `plain` is `choices`. Raises Refused: kind, points, project_twice."""
    if kind == "points" and isinstance(choices, dict):
        return pointed(choices)
    if kind in ("approval", "ranking") and isinstance(choices, list) and all(isinstance(one, str) for one in choices):
        return approval(choices) if kind == "approval" else ranking(choices)
    raise Refused("kind")


def canonical(value: Any) -> bytes:
    """JSON with names sorted by code point, no blanks, UTF-8: the same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _once(projects: Iterable[str]) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for project in projects:
        if project in seen:
            raise Refused("project_twice", project=project)
        seen[project] = None
    return tuple(seen)


def _name(text: str) -> bool:
    return 1 <= len(text) <= 100 and text.isprintable()
