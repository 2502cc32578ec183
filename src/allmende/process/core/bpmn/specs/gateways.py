"""Gateways: who decides which way, and when tokens that come together go on.

A join waits for every token that can still come. Where all branches of a sound model arrive, that is what BPMN 2.0
(13.4) asks of parallel and inclusive gateways. Where a branch was not taken, BPMN's parallel join would wait for ever;
this one goes on with what is there and notes what was missing.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from .base import Node, Way, live, open_tasks


class Decision(Node):
    """A choice of ways: `one` or `any`. What the script engine cannot decide, a person decides.

    Also behind an activity with conditions in FEEL: there ways without condition are always taken (`always`).
    """

    mode = "one"
    person = False
    may_end = False
    always: frozenset[str] = frozenset()

    def choices(self) -> list[Way]:
        return [way for way in self.ways if way.id not in self.always]

    def next(self, task: Any) -> list[Way]:
        chosen = task.internal_data.get("chosen") or []
        return [way for way in self.ways if way.id in chosen or way.id in self.always]

    def _run_hook(self, my_task: Any) -> bool | None:
        super()._run_hook(my_task)
        known = my_task.internal_data
        choices = self.choices()
        if "chosen" in known or not choices:
            return True
        if len(choices) == 1 and choices[0].condition is None and not self.may_end and not self.always:
            known["chosen"] = [choices[0].id]
            return True
        chosen = None if self.person else my_task.workflow.script_engine.decide(my_task, self)
        if chosen is None:
            known["ask"] = "choice"
            return None
        known["chosen"] = chosen
        return True


class Split(Node):
    """A gateway that one token goes through on all ways."""


class Join(Node):
    """Tokens of several flows come together: `together` is `all` (parallel) or `any` (inclusive, complex)."""

    together = "all"
    arrivals: tuple[str, ...] = ()

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        my_task._set_state(TaskState.WAITING)
        return False

    def waiting(self, workflow: Any) -> dict[str, Any]:
        """The first waiting token of each flow."""
        found: dict[str, Any] = {}
        for task in open_tasks(workflow):
            if task.task_spec is self and task.state == TaskState.WAITING:
                found.setdefault(task.internal_data.get("via", ""), task)
        return found

    def satisfied(self, workflow: Any) -> bool:
        """Whether no token can come any more on a flow where none is."""
        here = self.waiting(workflow)
        missing = {flow for flow in self.arrivals if flow not in here}
        if not missing:
            return True
        for task in live(workflow):
            if task.task_spec is self:
                continue
            ahead = self._ahead(task.task_spec.name)
            # What can come where a token already waits is not waited for at an inclusive gateway (13.4.3).
            if not ahead.isdisjoint(missing) and (self.together == "all" or ahead.isdisjoint(here)):
                return False
        return True

    def release(self, workflow: Any) -> None:
        """One token out of those that wait, one of each flow. Their data are merged in the order of arrival."""
        here = self.waiting(workflow)
        tokens = list(here.values())
        winner = tokens[-1]
        for task in tokens[:-1]:
            task._set_state(TaskState.COMPLETED)
            task.internal_data["into"] = str(winner.id)
        merged: dict[str, Any] = {}
        for task in tokens:
            merged.update(task.data)
        winner.data = merged
        missing = [flow for flow in self.arrivals if flow not in here]
        if missing and self.together == "all":
            winner.internal_data["missing"] = missing
        winner._ready()

    def _ahead(self, name: str) -> frozenset[str]:
        """The flows into this gateway that a token at the step `name` can still come along."""
        process = self._wf_spec
        key = (self.name, name)
        if key not in process.reach:
            found: set[str] = set()
            seen = {name}
            waiting = [name]
            while waiting:
                for way in process.task_specs[waiting.pop()].ways:
                    if way.target == self.name:
                        found.add(way.id)
                    elif way.target not in seen:
                        seen.add(way.target)
                        waiting.append(way.target)
            process.reach[key] = frozenset(found)
        return process.reach[key]


class JoinDecision(Join, Decision):
    """An inclusive or complex gateway where flows come together and others go out, or a parallel one that decides."""

    together = "any"
    mode = "any"

    def _run_hook(self, my_task: Any) -> bool | None:
        return Decision._run_hook(self, my_task)

    def next(self, task: Any) -> list[Way]:
        return Decision.next(self, task)
