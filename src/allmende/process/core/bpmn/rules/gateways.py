"""Gateways that cannot decide by themselves: a person does, one choice for each way."""

from __future__ import annotations

from .. import reading
from ..desk import Desk
from ..model import Flow, Node
from ..names import DECISIONS, tag


def apply(desk: Desk) -> None:
    for node in list(desk.model.nodes):
        if node.kind == "complexGateway":
            desk.say("complex-gateway", node.element)
        if node.kind in DECISIONS and len(node.outgoing) > 1 and not node.by_person:
            _decision(desk, node)
        elif node.kind in ("parallelGateway", "eventBasedGateway"):
            for flow in node.outgoing:
                if written(flow) or reading.feel(flow.element.find(tag("conditionExpression"))):
                    desk.say("condition-ignored", flow.element, before=written(flow))
        if node.kind == "eventBasedGateway":
            _targets(desk, node)


def written(flow: Flow) -> str:
    """A condition as it stands in the file."""
    return reading.text_of(flow.element.find(tag("conditionExpression")))


def _decision(desk: Desk, node: Node) -> None:
    open_flows = [flow for flow in node.outgoing if not flow.is_default]
    without = [flow for flow in open_flows if not reading.feel(flow.element.find(tag("conditionExpression")))]
    if not without:
        return
    has_default = len(open_flows) < len(node.outgoing)
    plain = [flow for flow in without if not written(flow)]
    if node.kind == "exclusiveGateway" and len(without) == len(plain) == 1 and len(open_flows) > 1 and not has_default:
        node.element.set("default", plain[0].id)
        desk.say("default-assumed", node.element, after=plain[0].label)
        return
    desk.mark(node.element, "by", "person")
    foreign = "; ".join(text for flow in without if (text := written(flow)))
    code = "foreign-condition" if foreign else "gateway-without-conditions"
    desk.say(code, node.element, before=foreign, after=" / ".join(flow.label for flow in node.outgoing))


def _targets(desk: Desk, node: Node) -> None:
    """What does not wait cannot be waited for: then a person says what happens first."""
    wrong = [
        flow.target.label
        for flow in node.outgoing
        if not flow.target.activity and (flow.target.kind != "intermediateCatchEvent" or flow.target is node)
    ]
    if wrong and not node.by_person:
        desk.mark(node.element, "by", "person")
        desk.say("event-gateway-target", node.element, after=", ".join(wrong))
