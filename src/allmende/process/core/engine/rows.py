"""An instance's state as rows: one for each task of the engine and each sub-process, of which a step writes only those
that changed.

A row of a task holds (`s` state, `n` name of the specification, `p` parent, `w` task whose sub-process it is in, `t`
moment of the last change as a Unix time, `g` triggered, `i` internal data, `u` values that differ from the parent's,
`d` keys that the parent has and it has not). Steps that only a former version had bear names by `specs/past.py`. A row
of a sub-process (`sub:` before the id of its task) and the head hold what belongs to no task. Positions are the order
of creation: a parent stands before its children, whose order is that of the rows.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskState

from ..bpmn.specs.past import Past, is_past, past
from ..bpmn.specs.scopes import Repeat, SubProcess
from ..feel.values import decode, encode

# Grows when the form of rows changes.
SCHEMA = 1
SUB = "sub:"

# A head and the documents of its rows by their keys, as JSON without the values of FEEL read.
Docs = dict[str, dict[str, Any]]
# `UPGRADES[n]` changes a head and rows of n into those of n + 1, in place. Rows neither come nor go.
UPGRADES: dict[int, Callable[[dict[str, Any], Docs], None]] = {}


class Row(NamedTuple):
    """One part of the state. `key`: id of a task, or of a sub-process; `doc`: JSON text."""

    key: str
    position: int
    doc: str


@dataclass(frozen=True)
class Delta:
    """What a step changed: the head if it is another, rows to be written, keys of rows that are gone."""

    head: str | None
    rows: list[Row]
    gone: list[str]

    def tasks(self) -> set[UUID]:
        """The tasks that are new, other than before, or gone."""
        keys = [*(row.key for row in self.rows), *self.gone]
        return {UUID(key) for key in keys if not key.startswith(SUB)}


class Unreadable(Exception):
    """Kept rows that do not fit the version that they are read with. `newer`: a later engine wrote them."""

    def __init__(self, why: str, *, newer: bool = False) -> None:
        super().__init__(why)
        self.newer = newer


_JSON = (str, bool, int, float, type(None))
# Marks a value that JSON has not; a name that begins with it gets another one in front.
_MARK = "$"


def _packed(value: Any) -> Any:
    """A value of a process as JSON: what JSON has as it is, else by FEEL's border under a mark."""
    if isinstance(value, _JSON):
        return value
    if isinstance(value, list | tuple):
        return [_packed(each) for each in value]
    if isinstance(value, dict):
        return {_MARK + name if name[:1] == _MARK else name: _packed(each) for name, each in value.items()}
    return {_MARK: [encode(value)]}


def _hook(found: dict[str, Any]) -> Any:
    """What stands under a mark, while JSON is read: inner values come first."""
    for name in found:
        if name[:1] == _MARK:
            break
    else:
        return found
    if _MARK in found:
        return decode(found[_MARK][0])
    return {name.removeprefix(_MARK): value for name, value in found.items()}


def _read(text: str) -> Any:
    return json.loads(text, object_hook=_hook)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def upgraded(head: str, rows: Iterable[Row]) -> tuple[str, list[Row]]:
    """A head and rows in the form of this engine; those that are in it already as they are. Raises Unreadable."""
    every = list(rows)
    try:
        told = json.loads(head)
        schema = told["schema"]
        if schema == SCHEMA:
            return head, every
        if schema > SCHEMA:
            raise Unreadable(
                f"state of schema {schema}: written by a later engine, this one knows {SCHEMA}", newer=True
            )
        docs = {row.key: json.loads(row.doc) for row in every}
        for step in range(schema, SCHEMA):
            UPGRADES[step](told, docs)
        told["schema"] = SCHEMA
        return _text(told), [Row(row.key, row.position, _text(docs[row.key])) for row in every]
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error


def _inherited(task: Task, parent: Task | None) -> dict[str, Any]:
    """The data that a task began with, of a task that does not change any more: an activity that is done several times
    collects what comes of it, so its instances go by what it began with itself."""
    if parent is not None and isinstance(parent.task_spec, Repeat):
        parent = parent.parent
    return {} if parent is None else parent.data


def _task(task: Task, within: str | None) -> str:
    parent = task.parent
    doc: dict[str, Any] = {"s": task.state, "n": task.task_spec.name, "t": task.last_state_change}
    if within:
        doc["w"] = within
    if parent is not None:
        doc["p"] = str(parent.id)
    if task.triggered:
        doc["g"] = True
    if task.internal_data:
        doc["i"] = _packed(task.internal_data)
    known = _inherited(task, parent)
    if task.data != known:
        doc["u"] = _packed(DeepMerge.get_updated_keys(known, task.data))
        if dropped := DeepMerge.get_deleted_keys(known, task.data):
            doc["d"] = dropped
    return _text(doc)


def _whole(machine: BpmnWorkflow | BpmnSubWorkflow) -> dict[str, Any]:
    return {
        "data": _packed(machine.data),
        "correlations": machine.correlations,
        "last": str(machine.last_task.id) if machine.last_task is not None else None,
        "success": machine.success,
        "completed": machine.completed,
    }


def _parts(machine: BpmnWorkflow) -> Iterator[tuple[str, Any, str | None]]:
    """Key, task or sub-process, and the task whose sub-process it is in."""
    for key, task in machine.tasks.items():
        yield str(key), task, None
    for key, sub in machine.subprocesses.items():
        yield f"{SUB}{key}", sub, None
        for each, task in sub.tasks.items():
            yield str(each), task, str(key)


class Kept:
    """What is kept of a machine, so that the next step knows what it changed."""

    def __init__(self) -> None:
        self.head = ""
        self._docs: dict[str, str] = {}
        self._marks: dict[str, tuple[int, float]] = {}
        self._next = 0

    def delta(self, machine: BpmnWorkflow) -> Delta:
        """What changed since the last call, or since it was loaded."""
        head = _text({"schema": SCHEMA, **_whole(machine)})
        now: dict[str, str] = {}
        rows = []
        for key, part, within in _parts(machine):
            old = self._docs.get(key)
            if old is not None and self._settled(key, part):
                now[key] = old
                continue
            doc = _task(part, within) if isinstance(part, Task) else _text(_whole(part))
            now[key] = doc
            if old is None:
                rows.append(Row(key, self._next, doc))
                self._next += 1
            elif old != doc:
                rows.append(Row(key, -1, doc))
        gone = [key for key in self._docs if key not in now]
        changed = head if head != self.head else None
        self.head, self._docs = head, now
        return Delta(changed, rows, gone)

    def _settled(self, key: str, part: Any) -> bool:
        """Whether a task cannot have changed: it is over, or waits for a person, since it was last looked at."""
        if not isinstance(part, Task):
            return False
        mark = (part.state, part.last_state_change)
        same = self._marks.get(key) == mark
        self._marks[key] = mark
        waits = part.state == TaskState.READY and part.task_spec.manual
        return same and (waits or part.has_state(TaskState.FINISHED_MASK))

    def load(self, machine: BpmnWorkflow, head: str, rows: Iterable[Row]) -> None:
        """Fill an empty machine. `rows` in the order of their positions, of any schema up to this one: what an upgrade
        changed is written by the next step. Raises Unreadable."""
        kept = list(rows)
        now, every = upgraded(head, kept)
        try:
            self._load(machine, _read(now), every)
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable(f"{type(error).__name__}: {error}") from error
        self.head = head
        if now != head:
            self._docs, self._marks = {row.key: row.doc for row in kept}, {}

    def _load(self, machine: BpmnWorkflow, head: dict[str, Any], every: list[Row]) -> None:
        subs: dict[str, tuple[BpmnSubWorkflow, dict[str, Any]]] = {}
        tasks: dict[str, Task] = {}
        # One text: the parser is called once for all.
        for row, told in zip(every, _read(f"[{','.join(row.doc for row in every)}]"), strict=True):
            key = row.key
            self._docs[key] = row.doc
            if key.startswith(SUB):
                owner = key.removeprefix(SUB)
                subs[owner] = (_sub(machine, tasks[owner]), told)
            else:
                task = _restore(key, told, subs[told["w"]][0] if "w" in told else machine, tasks)
                tasks[key] = task
                self._marks[key] = (task.state, task.last_state_change)
        self._next = every[-1].position + 1 if every else 0
        for sub, told in subs.values():
            _settle(sub, told, tasks)
        _settle(machine, head, tasks)


def _sub(machine: BpmnWorkflow, owner: Task) -> BpmnSubWorkflow:
    spec = owner.task_spec
    assert isinstance(spec, SubProcess | Past)
    inside = spec.inside if isinstance(spec, Past) else machine.subprocess_specs[spec.spec]
    sub = BpmnSubWorkflow(inside, owner.id, machine, deserializing=True)
    machine.subprocesses[owner.id] = sub
    return sub


def _restore(key: str, told: dict[str, Any], machine: BpmnWorkflow | BpmnSubWorkflow, tasks: dict[str, Task]) -> Task:
    parent = tasks[told["p"]] if "p" in told else None
    name = told["n"]
    spec = past(name) if is_past(name) else machine.spec.task_specs[name]
    task = Task(machine, spec, parent, state=told["s"], id=UUID(key))
    task.last_state_change = told["t"]
    task.triggered = told.get("g", False)
    task.internal_data = told.get("i", {})
    # Values are replaced, never changed in place: what a task shares with its parent need not be copied.
    data = dict(_inherited(task, parent))
    if "u" in told:
        data.update(told["u"])
    for name in told.get("d", ()):
        data.pop(name, None)
    task.data = data
    if parent is None:
        machine.task_tree = task
    return task


def _settle(machine: BpmnWorkflow | BpmnSubWorkflow, told: dict[str, Any], tasks: dict[str, Task]) -> None:
    machine.data = told["data"]
    machine.correlations = told["correlations"]
    machine.last_task = tasks[told["last"]] if told["last"] else None
    machine.success = told["success"]
    machine.completed = told["completed"]
