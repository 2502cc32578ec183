"""What a run waits for, and how it is answered. After an answer `loop.run` moves the run on.

| kind | answered by |
|---|---|
| `task`: a person does something | `complete` |
| `choice`: which way, one or any of the options | `decide` |
| `count`: how many times is this done | `count` |
| `again`: is it done once more | `again` |
| `event`: a timer, a message, a signal, a condition or a person's word | `happen`, `events.deliver`, `tick` |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from ..bpmn.specs.base import Way, open_tasks, workflows
from ..bpmn.specs.events import Catch, Definition
from .script import MAX_ITEMS


class WrongAnswer(ValueError):
    """An answer that the waiting step does not take."""


@dataclass(frozen=True)
class Wait:
    """One thing that is waited for. `task` is the engine's task; `optional` events need not happen.

    `mode` is `one` or `any` for choices, `may_end` says that "it ends here" is a choice too. `due` is when the first
    timer rings, UTC.
    """

    kind: str
    task: Any
    element: str
    label: str
    lane: str | None
    step: str
    options: tuple[Way, ...] = ()
    mode: str = ""
    may_end: bool = False
    events: tuple[Definition, ...] = ()
    due: datetime | None = None
    optional: bool = False


def waits(top: Any) -> list[Wait]:
    """Everything that a run waits for, in the order in which it came up."""
    found = []
    for workflow in workflows(top):
        if not workflow.completed:
            found += [wait for task in open_tasks(workflow) if (wait := wait_of(task)) is not None]
    return found


def wait_of(task: Any) -> Wait | None:
    """What one task waits for; None if nothing."""
    if task.workflow.completed:
        return None
    spec = task.task_spec
    if not task.has_state(TaskState.READY | TaskState.WAITING | TaskState.STARTED):
        return None
    common = {
        "task": task,
        "element": spec.element or spec._wf_spec.name,
        "label": spec.label,
        "lane": spec.lane,
        "step": spec.kind,
    }
    ask = task.internal_data.get("ask")
    if ask == "choice":
        mode, may_end = getattr(spec, "mode", "one"), getattr(spec, "may_end", False)
        return Wait("choice", options=tuple(spec.choices()), mode=mode, may_end=may_end, **common)
    if ask:
        return Wait(ask, **common)
    if isinstance(spec, Catch) and task.state == TaskState.WAITING:
        due = min((datetime.fromisoformat(one) for one in task.internal_data.get("due", []) if one), default=None)
        return Wait("event", events=spec.definitions, due=due, optional=spec.optional, **common)
    if spec.manual and task.state == TaskState.READY:
        return Wait("task", **common)
    return None


def complete(task: Any, values: dict[str, Any] | None = None) -> None:
    """A person has done a task; `values` go into its data."""
    if task.state != TaskState.READY or not task.task_spec.manual:
        raise WrongAnswer("this task is not waiting for a person")
    task.set_data(**(values or {}))
    task.run()


def decide(task: Any, ways: Iterable[str]) -> None:
    """Which ways are taken: ids out of the options; none at all only where the process may end here."""
    chosen = list(dict.fromkeys(ways))
    spec = task.task_spec
    _asked(task, "choice")
    options = {way.id for way in spec.choices()}
    few = len(chosen) == 1 or getattr(spec, "mode", "one") == "any"
    none = not chosen and (getattr(spec, "may_end", False) or bool(getattr(spec, "always", ())))
    if not set(chosen) <= options or not (none or (chosen and few)):
        raise WrongAnswer(f"choose out of {sorted(options)}")
    task.internal_data.pop("ask")
    task.internal_data["chosen"] = chosen
    task.run()


def count(task: Any, number: int) -> None:
    """How many times an activity is done: 0 to 10,000."""
    _asked(task, "count")
    if not 0 <= number <= MAX_ITEMS:
        raise WrongAnswer(f"0 to {MAX_ITEMS}")
    task.task_spec.spread(task, number)


def again(task: Any, answer: bool) -> None:
    """Whether an activity is done once more."""
    _asked(task, "again")
    task.task_spec.consider(task, answer)


def happen(task: Any, values: dict[str, Any] | None = None) -> None:
    """Somebody says that the event has happened."""
    if task.state != TaskState.WAITING or not isinstance(task.task_spec, Catch):
        raise WrongAnswer("this step is not waiting for an event")
    task.task_spec.fire(task, None, values)


def tick(top: Any) -> int:
    """Ring the timers that are due by the engine's clock; returns how many."""
    now = top.script_engine.clock.now()
    rung = 0
    for wait in waits(top):
        if wait.kind != "event" or wait.due is None or wait.due > now:
            continue
        for number, due in enumerate(wait.task.internal_data["due"]):
            if due and datetime.fromisoformat(due) <= now and wait.task.state == TaskState.WAITING:
                wait.task.internal_data["due"][number] = None
                wait.task.task_spec.fire(wait.task, number)
                rung += 1
    return rung


def arm(top: Any) -> None:
    """Set the timers of waiting events whose time is not known yet."""
    for workflow in workflows(top):
        for task in open_tasks(workflow):
            waiting = isinstance(task.task_spec, Catch) and task.state == TaskState.WAITING
            if waiting and "due" not in task.internal_data:
                task.task_spec.arm(task)


def _asked(task: Any, question: str) -> None:
    if task.internal_data.get("ask") != question:
        raise WrongAnswer("this step does not ask that")
