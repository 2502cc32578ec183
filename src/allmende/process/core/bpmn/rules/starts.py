"""How processes begin: without a start event, with several, by an event."""

from __future__ import annotations

from .. import names, reading
from ..desk import Desk
from ..model import Node, Scope
from ..names import own


def apply(desk: Desk) -> None:
    for scope in list(desk.model.scopes()):
        if not scope.nodes:
            continue
        starts = scope.starts()
        if not starts:
            _without(desk, scope)
        if scope.owner is None:
            if len(starts) > 1:
                desk.say("several-starts", scope.element, after=", ".join(node.label for node in starts))
            for node in starts:
                _by_event(desk, node)
    desk.changed()


def _by_event(desk: Desk, node: Node) -> None:
    """Messages and signals of a name begin it; all other events are a person's word."""
    named = [
        reading.named(desk.model.find(one.get(f"{kind}Ref")), "name") or names.label(node.element)
        for one, kind in zip(node.definitions, node.definition_kinds, strict=True)
        if kind in ("message", "signal")
    ]
    if heard := [name for name in named if name]:
        desk.say("start-by-message", node.element, before=", ".join(heard))
    elif kinds := node.definition_kinds:
        desk.say("start-by-event", node.element, before=", ".join(kinds))


def _without(desk: Desk, scope: Scope) -> None:
    entries = scope.entries()
    if not entries:
        usable = [one for one in scope.nodes if not (one.ignored or one.event_scope or one.kind == "boundaryEvent")]
        if not usable:
            if scope.owner is None:
                desk.say("nothing-to-begin", scope.element)
            return
        desk.mark(usable[0].element, "starts", "yes")
        desk.say("no-beginning", usable[0].element)
    elif scope.owner is None and entries[0].element.get(own("starts")) is None:
        desk.say("no-start", scope.element, after=", ".join(node.label for node in entries))
