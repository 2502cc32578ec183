"""Choreographies and conversations say how partners talk, not what somebody does: they cannot be run."""

from __future__ import annotations

from ..desk import Desk
from ..names import tag


def apply(desk: Desk) -> None:
    steps = any(scope.nodes for scope in desk.model.processes)
    drawn = list(desk.root.iter(*(tag(one) for one in ("choreography", "globalChoreographyTask"))))
    talks = list(desk.root.iter(*(tag(one) for one in ("conversation", "subConversation", "callConversation"))))
    for element in drawn:
        desk.say("choreography-beside" if steps else "choreography", element)
    for element in talks[:1]:
        desk.say("conversation-beside" if steps else "conversation", element)
    if not steps and not drawn and not talks:
        desk.say("no-process", desk.root)
