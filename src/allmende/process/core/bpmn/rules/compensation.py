"""Compensation: what was done is undone by a person, who is told what the model provides for that."""

from __future__ import annotations

from ..desk import Desk
from ..model import Node
from ..names import THROWS, tag


def apply(desk: Desk) -> None:
    handlers = ", ".join(node.label for node in desk.model.nodes if node.for_compensation)
    for node in list(desk.model.nodes):
        if node.for_compensation:
            desk.say("compensation-handler", node.element)
        if "compensate" not in node.definition_kinds:
            continue
        if node.kind in THROWS:
            desk.mark(node.element, "by", "person")
            desk.say("compensation-thrown", node.element, after=_handler(desk, node) or handlers)
        elif node.kind == "boundaryEvent":
            desk.mark(node.element, "runs", "no")
            desk.say("compensation-boundary", node.element, after=_associated(desk, node))
        elif node.kind == "startEvent":
            desk.mark(node.element, "by", "person")
            desk.say("compensation-start", node.element)
    desk.changed()


def _handler(desk: Desk, node: Node) -> str:
    reference = next((one.get("activityRef") for one in node.definitions if one.get("activityRef")), None)
    activity = desk.model.by_id.get(desk.model.plain(reference)) if reference else None
    if activity is None:
        return ""
    return ", ".join(name for event in activity.boundary if (name := _associated(desk, event))) or activity.label


def _associated(desk: Desk, event: Node) -> str:
    model = desk.model
    for association in desk.root.iter(tag("association")):
        if model.plain(association.get("sourceRef")) == event.id:
            target = model.by_id.get(model.plain(association.get("targetRef")))
            return target.label if target else ""
    return ""
