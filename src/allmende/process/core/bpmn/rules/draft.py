"""Drafts of BPMN 2.0 have another namespace; the reader has already put them into the standard's."""

from __future__ import annotations

from ..desk import Desk
from ..names import BPMN, own


def apply(desk: Desk) -> None:
    if draft := desk.root.get(own("draft")):
        desk.say("draft-namespace", desk.root, before=draft, after=BPMN)
