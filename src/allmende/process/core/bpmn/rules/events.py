"""Events that nobody throws, or that say nothing: a person says when they happen."""

from __future__ import annotations

from .. import names, reading
from ..desk import Desk
from ..model import Node
from ..names import local, tag


def apply(desk: Desk) -> None:
    for node in list(desk.model.nodes):
        if node.ignored:
            continue
        if node.kind in ("intermediateCatchEvent", "boundaryEvent") and not node.definitions:
            desk.say("event-without-definition", node.element)
        for element in node.definitions:
            _definition(desk, node, element)


def _definition(desk: Desk, node: Node, element: names.etree._Element) -> None:
    kind = local(element).removesuffix(names.DEFINITION)
    if kind == "conditional" and not reading.feel(element.find(tag("condition"))) and _waits(node):
        desk.say("condition-by-person", node.element, before=reading.text_of(element.find(tag("condition"))))
    thrown = kind in ("error", "escalation") and node.kind in names.THROWS
    if thrown and node.scope.owner is None and not any(one.event_scope for one in node.scope.nodes):
        desk.say("thrown-for-nobody", node.element, before=kind)
    if kind == "cancel" and node.kind == "endEvent" and (node.scope.owner is None or _kind(node) != "transaction"):
        desk.say("cancel-outside-transaction", node.element)
    holder = node.attached if kind in ("error", "escalation", "cancel") else None
    if holder is not None and not (holder.inner and holder.inner.nodes):
        desk.say("boundary-by-person", node.element, before=kind, after=holder.label)


def _waits(node: Node) -> bool:
    process_start = node.kind == "startEvent" and node.scope.owner is None
    return node.kind in names.CATCHES and not process_start


def _kind(node: Node) -> str:
    return node.scope.owner.kind if node.scope.owner else ""
