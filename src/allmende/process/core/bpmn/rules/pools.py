"""Pools without a process are partners outside: what they do is not known here."""

from __future__ import annotations

from ..desk import Desk
from ..names import tag


def apply(desk: Desk) -> None:
    filled = {process.id for process in desk.model.processes if process.nodes}
    for participant in desk.root.iter(tag("participant")):
        if desk.model.plain(participant.get("processRef")) not in filled:
            desk.say("black-box-pool", participant)
