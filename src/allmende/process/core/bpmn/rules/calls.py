"""Call activities: the called process must be in the file or in the library, and must not call back."""

from __future__ import annotations

from .. import reading
from ..desk import Desk
from ..model import Node
from ..names import own


def apply(desk: Desk) -> None:
    model = desk.model
    filled = {process.id for process in model.processes if process.nodes}
    calls: dict[str, list[str]] = {}
    for node in list(model.nodes):
        if node.kind != "callActivity" or node.by_person:
            continue
        target = model.plain(reading.called(node.element))
        caller = node.scope.process.id
        if target not in filled and (node.element.get(own("calls")) or _of_library(desk, node)):
            continue
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


def _of_library(desk: Desk, node: Node) -> bool:
    """Whether another model has what is called: the one that the mark `model` names, else the only one with such a
    process. Of several a person says which by the mark."""
    written, wanted = reading.called(node.element), (node.element.get(own("model")) or "").strip()
    process = desk.model.plain(written)
    if wanted:
        inside = desk.library.get(wanted, ())
        found = {wanted: process or inside[0]} if inside and (not process or process in inside) else {}
    else:
        found = {slug: process for slug, inside in desk.library.items() if process and process in inside}
    if len(found) > 1:
        _person(desk, node, "call-of-several", ", ".join(sorted(found)))
        return True
    for slug, meant in found.items():
        desk.mark(node.element, "calls", f"{slug}:{meant}")
        desk.say("call-of-library", node.element, before=meant, after=slug)
    return bool(found)


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
