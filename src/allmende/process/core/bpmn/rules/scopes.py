"""Sub-processes: empty ones, ad-hoc ones, transactions, event sub-processes, several beginnings."""

from __future__ import annotations

from ..desk import Desk
from ..model import Node


def apply(desk: Desk) -> None:
    for node in list(desk.model.nodes):
        if node.inner is None:
            continue
        if not node.inner.nodes:
            if not node.by_person:
                desk.mark(node.element, "by", "person")
            desk.say("subprocess-empty", node.element)
        elif node.event_scope:
            _event(desk, node)
        elif len(node.inner.starts()) > 1:
            desk.say("subprocess-starts", node.element)
        if node.kind == "adHocSubProcess":
            desk.say("ad-hoc", node.element)
        if node.kind == "transaction":
            desk.say("transaction", node.element)
    desk.changed()


def _event(desk: Desk, node: Node) -> None:
    assert node.inner is not None
    if not any(start.definitions for start in node.inner.starts()):
        desk.say("event-subprocess-without-event", node.element)
    if node.incoming or node.outgoing:
        desk.say("event-subprocess-in-flow", node.element)
