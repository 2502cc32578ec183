"""Sequence flows that do not join two steps of the same scope."""

from __future__ import annotations

from lxml import etree

from ..desk import Desk
from ..model import Model, Node, Scope
from ..names import own, tag


def apply(desk: Desk) -> None:
    _complete(desk)
    for element in list(desk.model.loose):
        if element.get(own("runs")) != "no":
            _mend(desk, element)
    desk.changed()
    for flow in list(desk.model.flows()):
        if flow.target.kind == "boundaryEvent":
            _off(desk, flow.element, "flow-into-boundary")
        elif flow.target.kind == "startEvent":
            desk.say("flow-into-start", flow.element)
        elif flow.source.kind == "endEvent":
            desk.say("flow-out-of-end", flow.element)
    desk.changed()


def _complete(desk: Desk) -> None:
    """A flow that does not say where it begins or ends, while a step says that it is its own."""
    ends = {"sourceRef": "outgoing", "targetRef": "incoming"}
    for element in desk.model.loose:
        for attribute, listed in ends.items():
            if not element.get(attribute) and (owner := _owner(desk, listed, element.get("id"))):
                element.set(attribute, owner)
                desk.say("flow-completed", element, after=owner)
    desk.changed()


def _owner(desk: Desk, listed: str, flow: str | None) -> str:
    for node in desk.model.nodes:
        if any(flow and desk.model.plain(one.text) == flow for one in node.element.iterchildren(tag(listed))):
            return node.id
    return ""


def _mend(desk: Desk, element: etree._Element) -> None:
    model = desk.model
    source = model.by_id.get(model.plain(element.get("sourceRef")))
    target = model.by_id.get(model.plain(element.get("targetRef")))
    if source is None or target is None:
        before = f"{element.get('sourceRef') or '?'} → {element.get('targetRef') or '?'}"
        _off(desk, element, "flow-without-step", before)
        return
    if source.scope.process is not target.scope.process:
        _off(desk, element, "flow-between-pools", _shown(model, source, target))
        return
    pair = _raised(source, target)
    before = _shown(model, source, target)
    if pair is None or pair[0] is pair[1]:
        _off(desk, element, "flow-inside-out", before)
        return
    element.set("sourceRef", pair[0].id)
    element.set("targetRef", pair[1].id)
    desk.say("flow-across-subprocess", element, before=before, after=_shown(model, *pair))


def _raised(source: Node, target: Node) -> tuple[Node, Node] | None:
    """The two steps of the nearest common scope that hold, or are, source and target."""
    outer = [scope for scope, _ in _around(source)]
    for scope, node in _around(target):
        if scope in outer:
            return next(one for around, one in _around(source) if around is scope), node
    return None


def _around(node: Node) -> list[tuple[Scope, Node]]:
    found, current = [], node
    while True:
        found.append((current.scope, current))
        if current.scope.owner is None:
            return found
        current = current.scope.owner


def _shown(model: Model, source: Node, target: Node) -> str:
    return f"{source.label} → {target.label}"


def _off(desk: Desk, element: etree._Element, code: str, before: str = "") -> None:
    desk.mark(element, "runs", "no")
    desk.say(code, element, before=before)
