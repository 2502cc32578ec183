"""Message flows: between events of two pools they are real messages, elsewhere they are a drawing."""

from __future__ import annotations

from .. import names
from ..desk import Desk
from .tasks import partners, receives, sends


def apply(desk: Desk) -> None:
    model = desk.model
    for flow in model.message_flows():
        source = model.by_id.get(model.plain(flow.get("sourceRef")))
        target = model.by_id.get(model.plain(flow.get("targetRef")))
        if not (source and target and sends(source) and receives(target)):
            ends = [_label(desk, flow.get(end)) for end in ("sourceRef", "targetRef")]
            desk.say("message-flow-drawn", flow, name=names.label(flow) or " → ".join(ends))
    receivers = partners(desk)[1]
    for node in list(model.nodes):
        process_start = node.kind == "startEvent" and node.scope.owner is None
        if receives(node) and node.id not in receivers and node.kind != "receiveTask" and not process_start:
            desk.say("message-from-outside", node.element)


def _label(desk: Desk, reference: str | None) -> str:
    element = desk.model.find(reference)
    return (names.label(element) if element is not None else "") or reference or "?"
