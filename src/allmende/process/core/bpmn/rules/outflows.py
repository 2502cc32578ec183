"""Several flows out of a step that is no gateway: all of them, or by condition."""

from __future__ import annotations

from .. import reading
from ..desk import Desk
from ..names import GATEWAYS, own, tag
from .gateways import written


def apply(desk: Desk) -> None:
    for node in list(desk.model.nodes):
        if node.kind in GATEWAYS or not node.outgoing or node.element.get(own("out")) is not None:
            continue
        conditions = [flow for flow in node.outgoing if flow.element.find(tag("conditionExpression")) is not None]
        foreign = [flow for flow in conditions if not reading.feel(flow.element.find(tag("conditionExpression")))]
        before = "; ".join(text for flow in foreign if (text := written(flow)))
        after = " / ".join(flow.label for flow in node.outgoing)
        if len(node.outgoing) == 1:
            if before:
                desk.say("condition-on-only-flow", foreign[0].element, before=before)
        elif foreign:
            desk.mark(node.element, "out", "person")
            desk.say("task-decides", node.element, before=before, after=after)
        elif not conditions:
            desk.say("implicit-split", node.element, after=after)
