"""How processes begin: without a start event, with several, by an event."""

from __future__ import annotations

from ..desk import Desk
from ..model import Scope
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
                if kinds := node.definition_kinds:
                    desk.say("start-by-event", node.element, before=", ".join(kinds))
    desk.changed()


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
