"""Events at the border of nothing: they can never happen."""

from __future__ import annotations

from ..desk import Desk


def apply(desk: Desk) -> None:
    for node in list(desk.model.nodes):
        if node.kind == "boundaryEvent" and not node.ignored and node.attached is None:
            desk.mark(node.element, "runs", "no")
            desk.say("boundary-loose", node.element, before=node.element.get("attachedToRef") or "")
    desk.changed()
