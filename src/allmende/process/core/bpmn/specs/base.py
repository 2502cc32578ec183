"""Steps as SpiffWorkflow runs them: what all have in common.

SpiffWorkflow keeps the tree of tasks, their states and their data; which way a token takes is decided here. Its
prediction of future tasks is switched off: a task exists once a token is there, so that a run stores no guesses, a
cycle without gateway is no endless recursion, and two tokens on one gateway do not delete each other's way.

A spec belongs to the model and is shared by all runs of it: what a run knows stands in the task's `internal_data`, and
only values that JSON knows.
"""

from __future__ import annotations

from collections import deque
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

LIVE = TaskState.DEFINITE_MASK


@dataclass(frozen=True)
class Way:
    """A sequence flow out of a step. `target` is the name of the spec that the token enters."""

    id: str
    label: str
    target: str
    condition: str | None = None
    default: bool = False


class ProcessSpec(BpmnProcessSpec):
    """A process or the inside of a sub-process. `elements` maps the id of a step to the name of its spec."""

    def __init__(self, name: str, title: str, process: str, start: str = "allmende.start") -> None:
        WorkflowSpec.__init__(self, name=name)
        self.description = title
        self.process = process
        self.svg = None
        self.io_specification = None
        self.data_objects: dict[str, Any] = {}
        self.data_stores: dict[str, Any] = {}
        self.correlation_keys: dict[str, Any] = {}
        self.bpmn_start_events: list[Any] = []
        self.reach: dict[tuple[str, str], frozenset[str]] = {}
        self.start = Start(self, start, kind="start")


class Node(BpmnTaskSpec):
    """A step. `kind` is the local name of its BPMN element, `element` its id; helpers bear the id of their step."""

    automatic = True

    def __init__(
        self, process: ProcessSpec, name: str, *, kind: str, element: str = "", label: str = "", lane: str = ""
    ) -> None:
        super().__init__(process, name, lane=lane or None, description=kind, inputs=[], outputs=[], data={}, defines={})
        self.kind = kind
        self.element = element
        self.label = label
        self.bpmn_id = element or None
        self.bpmn_name = label or None
        self.manual = not self.automatic
        self.ways: list[Way] = []

    def add_way(self, way: Way) -> None:
        self.ways.append(way)
        self._outputs.append(way.target)
        self._wf_spec.task_specs[way.target]._inputs.append(self.name)

    def next(self, task: Any) -> list[Way]:
        """The ways that the token takes when the step is done."""
        return self.ways

    def test(self) -> None:
        """The parser has checked the model."""

    def _predict(self, my_task: Any, *args: Any, **kwargs: Any) -> None:
        return None

    def _update(self, my_task: Any) -> None:
        if self._update_hook(my_task):
            my_task._ready()

    def _update_hook(self, my_task: Any) -> bool:
        """A token arrives. True if the step can be run now."""
        if my_task.parent is not None and not my_task.internal_data.get("given"):
            my_task.data = deepcopy(my_task.parent.data)
            my_task.internal_data["given"] = True
        return True

    def _on_ready_hook(self, my_task: Any) -> None:
        super()._on_ready_hook(my_task)
        if self.automatic:
            ready_queue(my_task.workflow.top_workflow).append(my_task)

    def _on_complete(self, my_task: Any) -> None:
        self._on_complete_hook(my_task)
        workflow = my_task.workflow
        workflow.last_task = my_task
        parent = my_task.parent
        if parent is not None:
            parent.task_spec.child_completed(parent, my_task)
        if my_task.triggered or workflow.completed:
            return
        taken = self.next(my_task)
        if len(self.ways) > 1 and taken:
            my_task.internal_data["taken"] = [way.id for way in taken]
        children = [enter(my_task, way) for way in taken]
        if not children:
            workflow.data.update(my_task.data)
        for child in children:
            if child.has_state(LIVE):
                child.task_spec._update(child)

    def child_completed(self, my_task: Any, child: Any) -> None:
        """A task right after this one is done: groups of steps look at what that means for the others."""


class Start(Node):
    """Where a token of a process or sub-process comes from; with several ways a person or the caller says which."""

    one_of = False

    def next(self, task: Any) -> list[Way]:
        chosen = task.internal_data.get("chosen")
        if not self.one_of:
            return self.ways
        always = [way for way in self.ways if way.default]
        return always + [way for way in self.ways if not way.default and way.id in (chosen or [])]

    def choices(self) -> list[Way]:
        return [way for way in self.ways if not way.default] if self.one_of else []

    def _run_hook(self, my_task: Any) -> bool | None:
        super()._run_hook(my_task)
        if not self.one_of or my_task.internal_data.get("chosen"):
            return True
        my_task.internal_data["ask"] = "choice"
        return None


def enter(task: Any, way: Way) -> Any:
    """A token on `way`: the new task, not yet updated."""
    child = add(task, way.target, TaskState.FUTURE)
    child.internal_data["via"] = way.id
    return child


def add(task: Any, spec: str, state: int) -> Any:
    """A new task below `task`."""
    child = task._add_child(task.workflow.spec.task_specs[spec], state)
    if (known := task.workflow.__dict__.get("open_tasks")) is not None:
        known.append(child)
    return child


def ready_queue(top: Any) -> deque[Any]:
    """Tasks that the engine can run now, in the order in which they became ready; one may stand in it twice.

    It is not part of the state: a run that was read from the database finds its ready tasks here once more.
    """
    queue: deque[Any] | None = top.__dict__.get("ready_queue")
    if queue is None:
        queue = top.__dict__["ready_queue"] = deque(
            task for workflow in workflows(top) for task in workflow.tasks.values() if runnable(task)
        )
    return queue


def runnable(task: Any) -> bool:
    return bool(task.state == TaskState.READY and task.task_spec.automatic)


def workflows(top: Any) -> list[Any]:
    """The run and the unfinished runs of its sub-processes, outer before inner."""
    return [top, *sorted((one for one in top.subprocesses.values() if not one.completed), key=lambda one: one.depth)]


def open_tasks(workflow: Any) -> list[Any]:
    """The unfinished tasks of a scope in the order in which they began.

    Kept beside the tree, since most of a long run is history; not part of the state.
    """
    known = workflow.__dict__.get("open_tasks")
    found = [task for task in (workflow.tasks.values() if known is None else known) if task.has_state(LIVE)]
    workflow.__dict__["open_tasks"] = found
    return list(found)


def live(workflow: Any) -> list[Any]:
    """Tasks where a token is. Event sub-processes that only wait for their beginning hold none."""
    return [task for task in open_tasks(workflow) if not getattr(task.task_spec, "armed", False)]


def cancel(task: Any) -> None:
    """Call a step off with everything that goes on inside it."""
    if not task.has_state(LIVE):
        return
    for child in task.children:
        if child.triggered:
            cancel(child)
    inner = task.workflow.top_workflow.subprocesses.get(task.id)
    if inner is not None:
        cancel_all(inner)
    task._set_state(TaskState.CANCELLED)


def cancel_all(workflow: Any, but: Any = None) -> None:
    """Call off all steps of a scope but one."""
    for task in open_tasks(workflow):
        if task is not but:
            cancel(task)
    if but is None:
        workflow.completed = True
        workflow.success = False
