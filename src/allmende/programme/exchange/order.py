"""Measures of a file and what they need: which first, and whether there is a circle. Pure."""

from collections.abc import Sequence
from typing import Any, Protocol


class Needing(Protocol):
    """A measure of the file. `doc["code"]` and `public_id` name it; `dependencies` are rows with `needs`."""

    index: int
    doc: dict[str, Any]
    public_id: Any

    @property
    def dependencies(self) -> list[dict[str, Any]]: ...


def in_order(wanted: Sequence[Needing]) -> list[Any]:
    """Each after what it needs of the file, else as in the file. In a circle somebody is first."""
    by_name = {name: one for one in wanted for name in (str(one.doc["code"]), str(one.public_id)) if name}
    found: dict[int, Needing] = {}
    for first in wanted:
        stack = [(first, False)]
        open_: set[int] = set()
        while stack:
            one, needs_done = stack.pop()
            if needs_done:
                found.setdefault(one.index, one)
            elif one.index not in found and one.index not in open_:
                open_.add(one.index)
                needed = [by_name.get(str(row.get("needs"))) for row in one.dependencies]
                stack += [(one, True), *((other, False) for other in reversed(needed) if other is not None)]
    return list(found.values())


def reaches(edges: dict[str, set[str]], start: str, goal: str) -> bool:
    """Whether `goal` is needed, over any number of steps, from `start` on."""
    stack, seen = [start], set()
    while stack:
        node = stack.pop()
        if node == goal:
            return True
        if node not in seen:
            seen.add(node)
            stack += edges.get(node, ())
    return False
