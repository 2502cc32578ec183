"""Call activities: the called process must be in the file, and must not call back."""

from __future__ import annotations

from .. import reading
from ..desk import Desk
from ..model import Node


def apply(desk: Desk) -> None:
    model = desk.model
    filled = {process.id for process in model.processes if process.nodes}
    calls: dict[str, list[str]] = {}
    for node in list(model.nodes):
        if node.kind != "callActivity" or node.by_person:
            continue
        target = model.plain(reading.called(node.element))
        caller = node.scope.process.id
        if target not in filled:
            _person(desk, node, "call-without-process", _called(desk, node) or target)
        elif caller == target or caller in _all(calls, target):
            _person(desk, node, "call-in-circle", target)
        else:
            calls.setdefault(caller, []).append(target)
    desk.changed()


def _person(desk: Desk, node: Node, code: str, before: str) -> None:
    desk.mark(node.element, "by", "person")
    desk.say(code, node.element, before=before)


def _called(desk: Desk, node: Node) -> str:
    """The name of a global task, the id as written for all else."""
    written = reading.called(node.element)
    meant = desk.model.find(written)
    return reading.named(meant, "name") if meant is not None else written


def _all(calls: dict[str, list[str]], begin: str) -> set[str]:
    found: set[str] = set()
    waiting = [begin]
    while waiting:
        for one in calls.get(waiting.pop(), []):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found
