"""Timers that are no date, duration or cycle of ISO 8601 and no FEEL: a person ends the waiting."""

from __future__ import annotations

from .. import reading
from ..desk import Desk
from ..names import local


def apply(desk: Desk) -> None:
    for node in list(desk.model.nodes):
        if node.kind == "startEvent" and not (node.scope.owner and node.scope.owner.event_scope):
            continue
        for element in node.definitions:
            if local(element) == "timerEventDefinition" and not reading.timer(element)[1]:
                written = " ".join(text for child in element if (text := reading.text_of(child)))
                desk.say("timer-unreadable" if written else "timer-empty", node.element, before=written)
