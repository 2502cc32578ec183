"""Events: what is waited for, what is thrown, and which waiting step it reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.util.task import TaskState

from .base import Node, Way, cancel, cancel_all, enter, open_tasks, ready_queue, workflows

# Thrown in a scope, caught by the scopes around it. All others are caught by name wherever somebody waits.
SCOPED = frozenset(("error", "escalation", "cancel"))


@dataclass(frozen=True)
class Definition:
    """One event definition. `name` is what sender and receiver must agree on; `timer` is kind and text of a timer.

    `targets`: ids of the elements that message flows lead to, where the model draws them.
    """

    kind: str
    name: str = ""
    label: str = ""
    timer: str = ""
    condition: str = ""
    targets: tuple[str, ...] = ()


@dataclass
class Thrown:
    """Something thrown that may concern other runs: a message or a signal. Collected in `workflow.bpmn_events`."""

    kind: str
    name: str
    element: str
    targets: tuple[str, ...] = ()
    payload: dict[str, Any] = field(default_factory=dict)


class Catch(Node):
    """Waits for one of its definitions (for all of them: `parallel`). Without a definition a person says when."""

    automatic = True
    definitions: tuple[Definition, ...] = ()
    parallel = False
    optional = False

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        my_task._set_state(TaskState.WAITING)
        self.arm(my_task)
        return False

    def arm(self, my_task: Any) -> None:
        """Find out when the timers are due: a list beside the definitions, ISO 8601 in UTC or null."""
        if any(one.kind == "timer" for one in self.definitions):
            engine = my_task.workflow.script_engine
            known = my_task.internal_data
            known.setdefault("armed", engine.clock.now().isoformat())
            known["due"] = [
                engine.due(my_task, one.timer, known["armed"], known.get("round", 0)) if one.kind == "timer" else None
                for one in self.definitions
            ]

    def catches(self, kind: str, name: str, target: str = "") -> int | None:
        """The number of the definition that takes an event: by the id of the element that it is for, else by name."""
        for number, one in enumerate(self.definitions):
            if one.kind != kind:
                continue
            if target and target == self.element:
                return number
            if (name and one.name == name) or (kind in SCOPED and not (name and one.name)):
                return number
        return None

    def fire(self, my_task: Any, number: int | None = None, payload: dict[str, Any] | None = None) -> bool:
        """It has happened. True if the step goes on (a parallel multiple event waits for the rest)."""
        if my_task.state != TaskState.WAITING:
            return False
        my_task.set_data(**(payload or {}))
        seen = [*my_task.internal_data.get("seen", []), number]
        my_task.internal_data["seen"] = seen
        if self.parallel and number is not None and len({*seen}) < len(self.definitions):
            return False
        my_task._ready()
        return True


class Boundary(Catch):
    """An event at the border of an activity; it waits as long as the activity is not done."""

    interrupting = True
    optional = True

    def _run_hook(self, my_task: Any) -> bool:
        super()._run_hook(my_task)
        guard = my_task.parent
        if self.interrupting:
            for other in guard.children:
                if other is not my_task:
                    cancel(other)
        else:
            self.rearm(my_task, guard)
        return True

    def rearm(self, my_task: Any, holder: Any) -> None:
        """Wait once more, if the event can happen again."""
        again = my_task.internal_data.get("round", 0) + 1
        timers = [one for one in self.definitions if one.kind == "timer"]
        if timers and not my_task.workflow.script_engine.repeats(my_task, timers[0].timer, again):
            return
        child = enter(holder, Way("", "", self.name))
        child.internal_data["round"] = again
        if "armed" in my_task.internal_data:
            child.internal_data["armed"] = my_task.internal_data["armed"]
        child.task_spec._update(child)


class Guard(Node):
    """Stands before an activity with boundary events and starts both."""

    def child_completed(self, my_task: Any, child: Any) -> None:
        if not isinstance(child.task_spec, Boundary):
            for other in my_task.children:
                if isinstance(other.task_spec, Boundary):
                    cancel(other)
        if my_task.parent is not None and isinstance(my_task.parent.task_spec, Race):
            my_task.parent.task_spec.settle(my_task.parent, my_task)


class Race(Node):
    """An event-based gateway: what happens first of what it leads to calls the others off."""

    parallel = False

    def child_completed(self, my_task: Any, child: Any) -> None:
        if not isinstance(child.task_spec, Guard):
            self.settle(my_task, child)

    def settle(self, my_task: Any, winner: Any) -> None:
        if self.parallel:
            return
        for other in my_task.children:
            if other is not winner:
                for one in other.children if isinstance(other.task_spec, Guard) else [other]:
                    cancel(one)


class ScopeTrigger(Boundary):
    """The beginning of an event sub-process: armed while its scope runs, without holding a token."""

    armed = True

    def _run_hook(self, my_task: Any) -> bool:
        Node._run_hook(self, my_task)
        if self.interrupting:
            cancel_all(my_task.workflow, but=my_task)
        else:
            self.rearm(my_task, my_task.parent)
        return True


class Throw(Node):
    """Throws its definitions and goes on; as an end event it ends its token, `terminate` its whole scope."""

    definitions: tuple[Definition, ...] = ()

    def _run_hook(self, my_task: Any) -> bool:
        super()._run_hook(my_task)
        for one in self.definitions:
            if one.kind == "terminate":
                cancel_all(my_task.workflow, but=my_task)
            elif one.kind in SCOPED:
                _throw_up(my_task, one)
            elif one.kind in ("message", "signal"):
                _throw_out(my_task, one)
        return True


def _throw_up(task: Any, thrown: Definition) -> None:
    for catcher in _catchers(task):
        number = catcher.task_spec.catches(thrown.kind, thrown.name)
        if number is not None:
            task.internal_data["caught"] = catcher.task_spec.element
            if catcher.task_spec.fire(catcher, number, dict(task.data)):
                # Before anything else in the scope moves on.
                ready_queue(task.workflow.top_workflow).appendleft(catcher)
            return
    task.internal_data["caught"] = ""


def _catchers(task: Any) -> Iterator[Any]:
    """Waiting catchers around a task, the nearest first."""
    workflow = task.workflow
    while True:
        waiting = [one for one in open_tasks(workflow) if one.state == TaskState.WAITING]
        yield from (one for one in waiting if isinstance(one.task_spec, ScopeTrigger))
        if workflow.parent_task_id is None:
            return
        holder = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        workflow = holder.workflow
        if holder.triggered:
            holder = holder.parent
        for sibling in holder.parent.children:
            if isinstance(sibling.task_spec, Boundary) and sibling.state == TaskState.WAITING:
                yield sibling


def _throw_out(task: Any, thrown: Definition) -> None:
    top = task.workflow.top_workflow
    payload = dict(task.data)
    top.bpmn_events.append(Thrown(thrown.kind, thrown.name, task.task_spec.element, thrown.targets, payload))
    if thrown.kind == "signal":
        deliver(top, "signal", thrown.name)


def deliver(top: Any, kind: str, name: str, payload: dict[str, Any] | None = None, target: str = "") -> list[Any]:
    """Give an event to every step of a run that waits for it; a message reaches the first only.

    Returns the tasks that it reached.
    """
    reached = []
    for workflow in workflows(top):
        for task in open_tasks(workflow):
            if task.state != TaskState.WAITING or not isinstance(task.task_spec, Catch) or workflow.completed:
                continue
            number = task.task_spec.catches(kind, name, target)
            if number is not None:
                task.task_spec.fire(task, number, payload)
                reached.append(task)
                if kind == "message":
                    return reached
    return reached
