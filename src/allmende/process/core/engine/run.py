"""One instance of a process: begun, resumed from its rows, moved on step by step. Knows nothing of people or rights.

A step (`answer`, `deliver`, `tick`) lets the engine go on until everything waits again; `delta()` then says what
changed.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from ..bpmn.parser import Specs
from ..bpmn.specs import events
from ..bpmn.specs.base import workflows
from ..bpmn.specs.scopes import Repeat
from . import loop, waits
from .clock import Clock
from .rows import Delta, Kept, Row
from .script import FeelScriptEngine


class Refused(Exception):
    """An answer that does not fit where the instance stands. `code`: "gone" (nobody waits for it any more) or
    "choice"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Waiting:
    """Something that somebody has to do. `kind` as in `waits`, or "action" for a step of the system.

    `ways`: (flow id, label) of a choice; `many`: several of them may be taken, `none`: it may end here. `item`: which
    of several things it is about, counted from 1 (0: it is about one). `lane`: who, as drawn.
    """

    task: UUID
    element: str
    name: str
    kind: str
    lane: str
    item: int
    ways: tuple[tuple[str, str], ...] = ()
    many: bool = False
    none: bool = False


@dataclass(frozen=True)
class Alarm:
    """A timer that runs: the instance has to be asked again at `due`."""

    task: UUID
    element: str
    due: dt.datetime


@dataclass(frozen=True)
class Listening:
    """A message or signal that is waited for."""

    task: UUID
    element: str
    kind: str
    name: str


@dataclass(frozen=True)
class Passed:
    """An element of the model that was gone through."""

    element: str
    name: str


class Run:
    """An instance in memory."""

    def __init__(self, machine: BpmnWorkflow, kept: Kept) -> None:
        self._machine, self._kept = machine, kept
        self._done = {key for key, task in self._all() if task.has_state(TaskState.COMPLETED)}

    @classmethod
    def begin(cls, specs: Specs, data: dict[str, Any], clock: Clock, at: str = "") -> Self:
        """Start an instance and let it go on until it waits. `at`: id of the start event. Raises EndlessLoop."""
        machine = loop.start(specs, FeelScriptEngine(clock), data, at)
        run = cls(machine, Kept())
        loop.run(machine)
        return run

    @classmethod
    def resume(cls, specs: Specs, head: str, rows: Iterable[Row], clock: Clock) -> Self:
        """An instance as it was kept. Raises rows.Unreadable."""
        machine = BpmnWorkflow(
            specs.spec, specs.subprocess_specs, script_engine=FeelScriptEngine(clock), deserializing=True
        )
        kept = Kept()
        kept.load(machine, head, rows)
        return cls(machine, kept)

    def _all(self) -> list[tuple[UUID, Any]]:
        machine = self._machine
        inner = [each for sub in machine.subprocesses.values() for each in sub.tasks.items()]
        return [*machine.tasks.items(), *inner]

    @property
    def ended(self) -> bool:
        return bool(self._machine.completed)

    @property
    def data(self) -> dict[str, Any]:
        """What was entered, as it stands where the process has come to."""
        lasts = [one.last_task for one in workflows(self._machine) if one.last_task is not None]
        last = max(lasts, key=lambda task: task.last_state_change, default=None)
        found: dict[str, Any] = self._machine.data if self.ended else (last.data if last else {})
        return found

    def waiting(self, among: Collection[UUID] | None = None) -> list[Waiting]:
        """What somebody has to do, in the order in which it came up. Events are waited for, not done: they count only
        where nothing but a person can say that they happened. `among`: only these tasks."""
        return [
            _told(each)
            for each in self._waits(among)
            if each.kind != "event" or (not each.optional and _needs_person(each))
        ]

    def _waits(self, among: Collection[UUID] | None) -> list[waits.Wait]:
        if among is None:
            return waits.waits(self._machine)
        tasks = [task for key in among if (task := self._task(key)) is not None]
        return [found for task in tasks if (found := waits.wait_of(task)) is not None]

    def _task(self, task_id: UUID) -> Any:
        machine = self._machine
        if task_id in machine.tasks:
            return machine.tasks[task_id]
        return next((sub.tasks[task_id] for sub in machine.subprocesses.values() if task_id in sub.tasks), None)

    def data_of(self, task_id: UUID) -> dict[str, Any]:
        """What is known where a task waits. Raises Refused."""
        found: dict[str, Any] = self._waiting(task_id).task.data
        return found

    def evaluate(self, expression: str, known: dict[str, Any]) -> Any:
        """The value of a FEEL expression by the instance's clock. Raises ScriptError."""
        return self._machine.script_engine.environment.evaluate(expression, known)

    def _waiting(self, task_id: UUID) -> waits.Wait:
        found = self._waits([task_id])
        if not found:
            raise Refused("gone")
        return found[0]

    def answer(self, task_id: UUID, values: dict[str, Any], ways: Iterable[str] = ()) -> None:
        """Do what is waited for and go on. `values` for a task or an event, `ways` for a choice; the answer to "how
        many" is values["count"], to "once more" values["again"]. Raises Refused, EndlessLoop."""
        found = self._waiting(task_id)
        try:
            match found.kind:
                case "choice":
                    waits.decide(found.task, ways)
                case "count":
                    waits.count(found.task, int(values["count"]))
                case "again":
                    waits.again(found.task, bool(values["again"]))
                case "event":
                    waits.happen(found.task, values)
                case _:
                    waits.complete(found.task, values)
        except waits.WrongAnswer as error:
            raise Refused("choice") from error
        loop.run(self._machine)

    def deliver(self, kind: str, name: str, payload: dict[str, Any], target: str = "") -> bool:
        """Give a message or signal to what waits for it, and go on; False where nothing does. Raises EndlessLoop."""
        reached = events.deliver(self._machine, kind, name, payload, target)
        if reached:
            loop.run(self._machine)
        return bool(reached)

    def arrive(self, task_id: UUID, kind: str, name: str, values: dict[str, Any]) -> None:
        """Somebody says that a message or signal has come to the step that waits for it; go on. `name` as in
        `listening`. Raises Refused, EndlessLoop."""
        found = self._waiting(task_id)
        numbers = [at for at, one in enumerate(found.events) if (one.kind, one.name) == (kind, name)]
        if not numbers:
            raise Refused("gone")
        found.task.task_spec.fire(found.task, numbers[0], values)
        loop.run(self._machine)

    def tick(self) -> int:
        """Ring the timers that are due, and go on; how many rang. Raises EndlessLoop."""
        rung = waits.tick(self._machine)
        if rung:
            loop.run(self._machine)
        return rung

    def settle(self) -> None:
        """Set the timers that are not set, and go on where nothing holds it up any more: after a migration
        (`core/migrate.py`). Raises EndlessLoop."""
        waits.arm(self._machine)
        loop.run(self._machine)

    def cancel(self) -> None:
        """Break it off: nothing is waited for any more."""
        self._machine.cancel()

    def alarms(self, among: Collection[UUID] | None = None) -> list[Alarm]:
        """The timers that run."""
        return [Alarm(each.task.id, each.element, each.due) for each in self._waits(among) if each.due is not None]

    def listening(self, among: Collection[UUID] | None = None) -> list[Listening]:
        """What is waited for from outside. A step that takes several is named once for each."""
        return [
            Listening(each.task.id, each.element, one.kind, one.name)
            for each in self._waits(among)
            for one in each.events
            if one.kind in ("message", "signal")
        ]

    def thrown(self) -> list[events.Thrown]:
        """Messages and signals that went out since the last call."""
        found: list[events.Thrown] = self._machine.get_events()
        return found

    def passed(self) -> list[Passed]:
        """Elements gone through since the last call, in the order in which they came up."""
        found = []
        for key, task in self._all():
            if key not in self._done and task.has_state(TaskState.COMPLETED):
                self._done.add(key)
                spec = task.task_spec
                if spec.element and not isinstance(spec, Repeat | events.Guard):
                    found.append(Passed(spec.element, spec.label))
        return list(dict.fromkeys(found))

    def delta(self) -> Delta:
        """What changed since it was begun, resumed or last asked."""
        return self._kept.delta(self._machine)


def _needs_person(each: waits.Wait) -> bool:
    """Whether nothing but somebody's word ends the waiting: no timer, message, signal or condition does."""
    return each.due is None and all(one.kind == "timer" for one in each.events)


def _told(each: waits.Wait) -> Waiting:
    spec = each.task.task_spec
    return Waiting(
        task=each.task.id,
        element=each.element,
        name=each.label or each.element,
        kind="action" if getattr(spec, "action", "") else each.kind,
        lane=each.lane or "",
        item=_number(each.task),
        ways=tuple((way.id, way.label) for way in each.options),
        many=each.mode == "any",
        none=each.may_end,
    )


def _number(task: Any) -> int:
    """Which of several instances of an activity a task belongs to, from 1; 0 outside of any."""
    while task is not None:
        if "number" in task.internal_data:
            return int(task.internal_data["number"]) + 1
        owner = task.workflow.parent_task_id
        task = task.workflow.top_workflow.get_task_from_id(owner) if owner is not None else None
    return 0
