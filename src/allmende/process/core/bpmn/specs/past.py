"""Steps of a version that an instance has left: they are over, and stay in its state as history."""

from __future__ import annotations

import functools

from .base import Node, ProcessSpec
from .scopes import Repeat

PAST = "past:"
# A step that was done several times: its instances go by other data (engine/rows.py).
PAST_REPEAT = "past*:"


class Past(Node):
    """A step that no version around knows any more. Nothing is ever done with it. `inside`: an empty scope, in which
    what went on inside of it is kept."""

    inside: ProcessSpec


class PastRepeat(Past, Repeat):
    """One that was done several times."""


def is_past(name: str) -> bool:
    return name.startswith((PAST, PAST_REPEAT))


def past_name(name: str, repeats: bool) -> str:
    """The name under which a step is kept that the version of the instance does not have."""
    return f"{PAST_REPEAT if repeats else PAST}{name}"


@functools.lru_cache(maxsize=512)
def past(name: str) -> Past:
    """The spec of a name by `past_name`, of no process."""
    made = PastRepeat if name.startswith(PAST_REPEAT) else Past
    scope = ProcessSpec("past", "", "")
    spec = made(scope, name, kind="past")
    spec.inside = scope
    return spec
