"""Processes that are drawn for people say that they are not executable, or say nothing."""

from __future__ import annotations

from ..desk import Desk


def apply(desk: Desk) -> None:
    for process in desk.model.processes:
        element = process.element
        if not process.nodes:
            if not any(ref == process.id for _, ref in desk.model.participants.values()):
                desk.say("process-empty", element)
        elif element.get("isExecutable") != "true":
            before = element.get("isExecutable") or ""
            element.set("isExecutable", "true")
            desk.say("not-executable", element, before=before or "—", after="true")
