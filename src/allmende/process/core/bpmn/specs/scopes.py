"""Activities with something inside: sub-processes, called processes, repetitions."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState

from .base import Node, add, cancel


def _results(element: str) -> str:
    """A name that FEEL can read."""
    return re.sub(r"\W", "_", element) + "_results"


class SubProcess(Node):
    """An embedded sub-process or a called process: `spec` names its ProcessSpec in the run's `subprocess_specs`."""

    spec = ""

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        my_task._set_state(TaskState.STARTED)
        top = my_task.workflow.top_workflow
        inner = BpmnSubWorkflow(top.subprocess_specs[self.spec], parent_task_id=my_task.id, top_workflow=top)
        top.subprocesses[my_task.id] = inner
        inner.task_tree.data = deepcopy(my_task.data)
        inner.data = {}
        return False

    def finished(self, my_task: Any, inner: Any) -> None:
        """The last token inside has come to its end."""
        my_task.data.update(deepcopy(inner.data))
        my_task._ready()


class Repeat(Node):
    """An activity that is done several times. `inner` is the name of the spec that is done."""

    inner = ""

    def add(self, my_task: Any, number: int, values: dict[str, Any]) -> None:
        child = add(my_task, self.inner, TaskState.WAITING)
        child.triggered = True
        child.internal_data.update(number=number, given=True)
        child.data = {**deepcopy(my_task.data), **values}
        child.task_spec._update(child)

    def instances(self, my_task: Any) -> list[Any]:
        return [child for child in my_task.children if child.triggered]

    def collect(self, my_task: Any, child: Any, drop: str = "") -> None:
        values = {name: value for name, value in child.data.items() if name != drop or not drop}
        my_task.data.update(deepcopy(values))

    def finish(self, my_task: Any) -> None:
        for child in self.instances(my_task):
            cancel(child)
        my_task._ready()


class ForEach(Repeat):
    """Multi-instance: for `items` (FEEL, a list) or `count` (FEEL, a number) times.

    Where neither is known a person says how many. `until` (FEEL) ends it before all are done.
    """

    items = ""
    count = ""
    until = ""
    variable = ""
    sequential = False

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        found = my_task.workflow.script_engine.count(my_task, self)
        if found is None:
            my_task.internal_data["ask"] = "count"
            my_task._set_state(TaskState.WAITING)
            return False
        self.spread(my_task, found)
        return False

    def spread(self, my_task: Any, found: int | list[Any]) -> None:
        """Begin with a number of instances or with one for each item."""
        known = my_task.internal_data
        known.pop("ask", None)
        known["items"] = found if isinstance(found, list) else None
        known["count"] = len(found) if isinstance(found, list) else found
        known["done"] = 0
        my_task._set_state(TaskState.STARTED)
        if not known["count"]:
            my_task._ready()
            return
        for number in range(1 if self.sequential else known["count"]):
            self._instance(my_task, number)

    def child_completed(self, my_task: Any, child: Any) -> None:
        if not child.triggered or my_task.state != TaskState.STARTED:
            return
        known = my_task.internal_data
        known["done"] += 1
        self._note(my_task, child)
        self.collect(my_task, child, self.variable)
        engine = my_task.workflow.script_engine
        if known["done"] >= known["count"] or (self.until and engine.holds(child, self.until)):
            self.finish(my_task)
        elif self.sequential:
            self._instance(my_task, known["done"])

    def _note(self, my_task: Any, child: Any) -> None:
        """What was entered for one item, beside those of the others: a list `<element>_results` in the order of their
        ending, since under one name the last would win."""
        before = my_task.parent.data
        entered = {
            name: value
            for name, value in child.data.items()
            if name != self.variable and (name not in before or before[name] != value)
        }
        items, number = my_task.internal_data["items"], child.internal_data["number"]
        entry = {"item": items[number] if items else number + 1, **entered}
        name = _results(self.element)
        my_task.data[name] = [*my_task.data.get(name, []), deepcopy(entry)]

    def _instance(self, my_task: Any, number: int) -> None:
        items = my_task.internal_data["items"]
        self.add(my_task, number, {self.variable: deepcopy(items[number])} if self.variable and items else {})


class Again(Repeat):
    """A loop activity: again while `condition` (FEEL) holds; without one a person says after each time."""

    condition = ""
    before = False
    maximum: int | None = None

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        my_task.internal_data["done"] = 0
        my_task._set_state(TaskState.STARTED)
        if self.before:
            self.consider(my_task)
        else:
            self.add(my_task, 0, {})
        return False

    def consider(self, my_task: Any, answer: bool | None = None) -> None:
        """Once more or not? `answer` is a person's; without one the condition is asked, else the person."""
        known = my_task.internal_data
        known.pop("ask", None)
        if self.maximum is not None and known["done"] >= self.maximum:
            answer = False
        elif answer is None:
            only_limit = self.maximum is not None and not self.condition
            answer = True if only_limit else my_task.workflow.script_engine.again(my_task, self)
        if answer is None:
            known["ask"] = "again"
            my_task._set_state(TaskState.WAITING)
        elif answer:
            my_task._set_state(TaskState.STARTED)
            self.add(my_task, known["done"], {})
        else:
            self.finish(my_task)

    def child_completed(self, my_task: Any, child: Any) -> None:
        if child.triggered and my_task.state == TaskState.STARTED:
            my_task.internal_data["done"] += 1
            self.collect(my_task, child)
            self.consider(my_task)
