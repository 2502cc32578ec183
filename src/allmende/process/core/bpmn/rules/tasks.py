"""Tasks that a machine should do: without a known implementation a person does them."""

from __future__ import annotations

from .. import reading
from ..desk import Desk
from ..model import Node
from ..names import local

_CODES = {
    "serviceTask": "service-task",
    "scriptTask": "script-task",
    "businessRuleTask": "rule-task",
    "sendTask": "send-task",
    "receiveTask": "receive-task",
}


def apply(desk: Desk) -> None:
    senders, receivers = partners(desk)
    for node in list(desk.model.nodes):
        if not node.known:
            desk.mark(node.element, "by", "person")
            desk.say("unknown-step", node.element, before=node.kind)
        elif node.kind in _CODES and not reading.own_action(node.element):
            if node.kind == "scriptTask" and reading.own_script(node.element):
                continue
            if (node.kind == "sendTask" and node.id in senders) or (
                node.kind == "receiveTask" and node.id in receivers
            ):
                continue
            desk.mark(node.element, "by", "person")
            desk.say(_CODES[node.kind], node.element, before=_meant(node))


def partners(desk: Desk) -> tuple[set[str], set[str]]:
    """Ids of steps that send to, and receive from, another process of the file."""
    senders: set[str] = set()
    receivers: set[str] = set()
    model = desk.model
    for flow in model.message_flows():
        source = model.by_id.get(model.plain(flow.get("sourceRef")))
        target = model.by_id.get(model.plain(flow.get("targetRef")))
        if source and target and sends(source) and receives(target):
            senders.add(source.id)
            receivers.add(target.id)
    sent = {name: node.id for node in model.nodes if sends(node) and (name := message_of(desk, node))}
    for node in model.nodes:
        if receives(node) and (name := message_of(desk, node)) in sent:
            senders.update(one.id for one in model.nodes if sends(one) and message_of(desk, one) == name)
            receivers.add(node.id)
    return senders, receivers


def sends(node: Node) -> bool:
    return node.kind == "sendTask" or (
        node.kind in ("intermediateThrowEvent", "endEvent") and "message" in node.definition_kinds
    )


def receives(node: Node) -> bool:
    catching = ("intermediateCatchEvent", "startEvent", "boundaryEvent")
    return node.kind == "receiveTask" or (node.kind in catching and "message" in node.definition_kinds)


def message_of(desk: Desk, node: Node) -> str:
    """The message that a step names; empty if it names none."""
    elements = [one for one in node.definitions if local(one) == "messageEventDefinition"] or [node.element]
    return next((name for one in elements if (name := _name(desk, one.get("messageRef")))), "")


def _name(desk: Desk, reference: str | None) -> str:
    return reading.named(desk.model.find(reference), "name")


def _meant(node: Node) -> str:
    """What the tool was to do, in its own words."""
    element = node.element
    if node.kind == "scriptTask":
        script = next((one for one in element if local(one) == "script"), None)
        return reading.text_of(script) or (element.get("scriptFormat") or "")
    plain = [element.get(one) for one in ("implementation", "operationRef", "messageRef")]
    vendor = [value for name, value in element.attrib.items() if name.startswith("{") and "allmende" not in name]
    return ", ".join(value for value in [*plain, *vendor] if value and not value.startswith("##"))
