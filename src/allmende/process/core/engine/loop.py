"""Running a process until it waits: the engine's own steps, joins that can go on, scopes that have ended."""

from __future__ import annotations

from collections import Counter
from typing import Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from ..bpmn.specs.base import cancel, live, open_tasks, ready_queue, runnable, workflows
from ..bpmn.specs.events import Catch
from ..bpmn.specs.gateways import Join
from ..bpmn.specs.scopes import SubProcess

LIMIT = 10_000


class EndlessLoop(RuntimeError):
    """More steps at once than a process can need. `elements`: ids of those that went round, the most frequent first."""

    def __init__(self, elements: list[str], limit: int) -> None:
        super().__init__(f"more than {limit} steps without anybody's doing: {', '.join(elements)}")
        self.elements = elements
        self.limit = limit


def start(specs: Any, engine: Any, data: dict[str, Any] | None = None, at: str = "") -> BpmnWorkflow:
    """A new run of `specs` (parser.Specs), not yet moved. `at` is the id of the start event, if it has several."""
    workflow = BpmnWorkflow(specs.spec, specs.subprocess_specs, script_engine=engine)
    workflow.task_tree.data = dict(data or {})
    if at:
        workflow.task_tree.internal_data["chosen"] = [at]
    return workflow


def run(top: BpmnWorkflow, limit: int = LIMIT) -> int:
    """Run until somebody or something is waited for; returns the number of steps. Raises EndlessLoop."""
    steps: Counter[str] = Counter()
    queue = ready_queue(top)
    while True:
        while queue:
            task = queue.popleft()
            if not runnable(task) or task.workflow.completed:
                continue
            steps[task.task_spec.element or task.task_spec.name] += 1
            if steps.total() > limit:
                raise EndlessLoop([name for name, _ in steps.most_common(8)], limit)
            task.run()
        if not _settle(top):
            return steps.total()


def _settle(top: Any) -> bool:
    """What becomes possible once nothing moves: True if something moves again."""
    for workflow in reversed(workflows(top)):
        tasks = live(workflow)
        if not tasks:
            if not workflow.completed:
                _finish(workflow)
                return True
            continue
        joins = _waiting_joins(tasks)
        for join in joins:
            if join.satisfied(workflow):
                join.release(workflow)
                return True
    return _conditions(top) or _untie(top)


def _finish(workflow: Any) -> None:
    """No token is left: event sub-processes that never began are called off, the step around goes on."""
    for task in open_tasks(workflow):
        cancel(task)
    workflow._mark_complete(workflow.last_task)
    workflow.completed_event(workflow)
    if workflow.parent_task_id is not None:
        around = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        around.task_spec.finished(around, workflow)


def _waiting_joins(tasks: list[Any]) -> list[Join]:
    found: dict[str, Join] = {}
    for task in tasks:
        if isinstance(task.task_spec, Join) and task.state == TaskState.WAITING:
            found.setdefault(task.task_spec.name, task.task_spec)
    return list(found.values())


def _conditions(top: Any) -> bool:
    """Conditional events whose condition holds."""
    for workflow in workflows(top):
        for task in open_tasks(workflow):
            if task.state != TaskState.WAITING or not isinstance(task.task_spec, Catch):
                continue
            for number, one in enumerate(task.task_spec.definitions):
                met = one.kind == "conditional" and one.condition and number not in task.internal_data.get("seen", [])
                if met and top.script_engine.holds(task, one.condition) and not task.internal_data.get("round"):
                    task.task_spec.fire(task, number)
                    return True
    return False


def _untie(top: Any) -> bool:
    """Joins that wait for each other and for nothing else: the first goes on."""
    joins = []
    for workflow in workflows(top):
        for task in live(workflow):
            if isinstance(task.task_spec, Join) and task.state == TaskState.WAITING:
                joins.append((task.task_spec, workflow))
            elif not isinstance(task.task_spec, SubProcess) and not task.children:
                return False
    for join, workflow in joins[:1]:
        join.release(workflow)
        return True
    return False
