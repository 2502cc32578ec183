"""Every process of a model from its start to its end, by chance but repeatable: the same seed gives the same log.

Nobody's data are there, so every choice is drawn: people's decisions, the ways of gateways with conditions, numbers of
items, whether an event at the border of an activity happens, which of several events comes first. Ways that were not
taken yet are preferred; after a few rounds the nearest way to an end is taken. The clock stands still until somebody
waits for it, then it jumps to the next timer.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from ..bpmn import parser
from ..bpmn.specs.base import ProcessSpec, Way, live, workflows
from ..bpmn.specs.events import Boundary, ScopeTrigger
from . import loop, waits
from .clock import SetClock
from .script import FeelScriptEngine

BEGIN = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)  # a Monday, 8 o'clock in Germany
ROUNDS = 3
FAR = 1_000_000
CALM = 120
ANSWERS = 1_500
STEPS = 2_000
MANY = 64  # so many open tasks at once: an eighth of them is answered together
CROWD = 500  # so many open steps at once: each round begins more than it ends


@dataclass(frozen=True)
class Entry:
    """One thing that was drawn or that happened. `time` is the simulated time, ISO 8601; `label` is for people."""

    time: str
    kind: str
    element: str
    name: str = ""
    chosen: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    label: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "time": self.time,
            "kind": self.kind,
            "element": self.element,
            "name": self.name,
            "chosen": list(self.chosen),
            "options": list(self.options),
            "label": self.label,
        }


@dataclass
class ProcessLog:
    """How one process went: `ended`, `stuck` (nothing can happen any more) or `endless`. `where`: ids of elements.

    `missing`: parallel joins that went on without all their flows, by element the ids of the flows.
    """

    process: str
    name: str
    outcome: str = "ended"
    where: tuple[str, ...] = ()
    why: str = ""
    entries: list[Entry] = field(default_factory=list)
    visited: tuple[str, ...] = ()
    missing: dict[str, list[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "process": self.process,
            "name": self.name,
            "outcome": self.outcome,
            "where": list(self.where),
            "why": self.why,
            "visited": list(self.visited),
            "missing": self.missing,
            "log": [entry.as_json() for entry in self.entries],
        }


@dataclass
class Log:
    """All processes of a model."""

    seed: int
    processes: list[ProcessLog]

    @property
    def ended(self) -> bool:
        return bool(self.processes) and all(one.outcome == "ended" for one in self.processes)

    def as_json(self) -> dict[str, Any]:
        return {"seed": self.seed, "ended": self.ended, "processes": [one.as_json() for one in self.processes]}


class DrawnEngine(FeelScriptEngine):
    """Leaves every decision to the simulation. Expressions are not evaluated: nobody's data are there, and a file must
    not cost the time of what is written in it. Timers are read where they are no expressions."""

    def value(self, task: Any, expression: str) -> Any:
        return None

    def decide(self, task: Any, decision: Any) -> list[str] | None:
        return None

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        return True


def simulate(xml: bytes, seed: int, answers: int = ANSWERS) -> Log:
    """Start every executable process of a runnable model (importer.make_runnable) and run it to its end.

    A process that is not at its end after so many answers (and five for each of its steps) is endless. Raises
    xml.Unreadable.
    """
    return Log(seed, [Simulation(one, seed, answers).run() for one in parser.specs(xml).values()])


def _all(specs: parser.Specs) -> list[ProcessSpec]:
    return [specs.spec, *specs.subprocess_specs.values()]


class Simulation:
    """One process with one seed."""

    def __init__(self, specs: parser.Specs, seed: int, most: int = ANSWERS) -> None:
        # Large models take longer to their end.
        self.size = sum(len(one.task_specs) for one in {id(one): one for one in _all(specs)}.values())
        self.most = most + 5 * self.size
        self.calm = CALM + 2 * self.size
        self.random = random.Random(f"{seed} {specs.process_id}")  # noqa: S311 - chance, not a secret
        self.clock = SetClock(BEGIN)
        self.log = ProcessLog(specs.process_id, specs.name)
        self.top = loop.start(specs, DrawnEngine(self.clock))
        self.taken: Counter[tuple[str, str]] = Counter()
        self.asked: Counter[str] = Counter()
        self.answers = 0
        self.distances: dict[str, dict[str, int]] = {}

    def run(self) -> ProcessLog:
        try:
            steps = STEPS + 10 * self.size
            loop.run(self.top, steps)
            while not self.top.completed and self._answer():
                loop.run(self.top, steps)
        except loop.EndlessLoop as exc:
            self._end("endless", exc.elements, str(exc))
        self._look_back()
        return self.log

    def _answer(self) -> bool:
        """Draw what happens next; False if nothing can."""
        open_waits = waits.waits(self.top)
        if not open_waits:
            self._end("stuck", self._live(), "nothing is waited for, but not everything is done")
            return False
        self.answers += 1
        if self.answers > self.most or len(open_waits) > CROWD + self.size:
            self._end("endless", self._live(), f"not at an end after {self.answers} answers")
            return False
        candidates = self._candidates(open_waits)
        tasks = [wait for wait in candidates if wait.kind == "task"] if len(candidates) > MANY else []
        if len(tasks) > MANY:
            self._several(self.random.sample(tasks, len(tasks) // 8))
            return True
        wait = self.random.choice(candidates)
        self.asked[wait.element] += 1
        getattr(self, f"_{wait.kind}")(wait)
        return True

    def _several(self, found: list[waits.Wait]) -> None:
        """Several people are done at the same time. One by one, each answer would look through all that is open."""
        self.answers += len(found) - 1
        for wait in found:
            if wait.task.state == TaskState.READY:
                self.asked[wait.element] += 1
                self._task(wait)

    def _candidates(self, open_waits: list[waits.Wait]) -> list[waits.Wait]:
        needed = [wait for wait in open_waits if not wait.optional]
        possible = [wait for wait in open_waits if wait.optional and self.asked[wait.element] < 1]
        if self.answers < self.calm:
            return needed + possible or open_waits
        if self.answers > 2 * self.calm and self.answers % 3 == 0:
            return [wait for wait in open_waits if wait.optional] or open_waits
        return [wait for wait in open_waits if self._way_out(wait)] or needed or open_waits

    def _way_out(self, wait: waits.Wait) -> bool:
        """An event at a border from which it is nearer to an end than through the activity."""
        spec = wait.task.task_spec
        if not isinstance(spec, Boundary) or isinstance(spec, ScopeTrigger) or not spec.interrupting:
            return False
        far = self._distances(wait.task.workflow.spec)
        through = wait.task.parent.task_spec.ways[0].target
        return far.get(spec.name, FAR) < far.get(through, FAR)

    def _task(self, wait: waits.Wait) -> None:
        self._say("task", wait)
        waits.complete(wait.task)

    def _choice(self, wait: waits.Wait) -> None:
        options = list(wait.options)
        chosen = self._draw(wait, options)
        names = tuple(way.id for way in chosen)
        label = " / ".join(way.label for way in chosen)
        self._say("choice", wait, names, tuple(way.id for way in options), label)
        for way in chosen:
            self.taken[wait.element, way.id] += 1
        waits.decide(wait.task, names)

    def _draw(self, wait: waits.Wait, options: list[Way]) -> list[Way]:
        fresh = [way for way in options if not self.taken[wait.element, way.id]]
        calm = self.asked[wait.element] > ROUNDS + len(options) or self.answers > self.calm
        if wait.may_end and (calm or not fresh):
            return []
        if not options:
            return []
        if calm:
            far = self._distances(wait.task.workflow.spec)
            return [min(options, key=lambda way: far.get(way.target, FAR))]
        if wait.mode == "any":
            number = self.random.randint(1, len(options))
            drawn = self.random.sample(options, number)
            return [way for way in options if way in drawn]
        return [self.random.choice(fresh or options)]

    def _count(self, wait: waits.Wait) -> None:
        number = self.random.choice((1, 2, 3, 2, 1, 0)) if self.asked[wait.element] <= ROUNDS else 1
        self._say("count", wait, (str(number),))
        waits.count(wait.task, number)

    def _again(self, wait: waits.Wait) -> None:
        answer = self.asked[wait.element] < ROUNDS and self.random.random() < 0.5
        self._say("again", wait, ("yes" if answer else "no",))
        waits.again(wait.task, answer)

    def _event(self, wait: waits.Wait) -> None:
        if wait.due is not None and self.random.random() < 0.8:
            self.clock.set(wait.due)
            self._say("timer", wait, (wait.due.isoformat(),))
            if waits.tick(self.top):
                return
        kinds = [one.kind for one in wait.events]
        self._say("event", wait, (self.random.choice(kinds) if kinds else "person",), tuple(kinds))
        waits.happen(wait.task)

    def _say(
        self, kind: str, wait: waits.Wait, chosen: tuple[str, ...] = (), options: tuple[str, ...] = (), label: str = ""
    ) -> None:
        moment = self.clock.now().isoformat()
        shown = label or ", ".join(chosen)
        self.log.entries.append(Entry(moment, kind, wait.element, wait.label, chosen, options, shown))

    def _end(self, outcome: str, where: list[str], why: str) -> None:
        self.log.outcome, self.log.where, self.log.why = outcome, tuple(where[:20]), why

    def _live(self) -> list[str]:
        found = (task.task_spec.element for workflow in workflows(self.top) for task in live(workflow))
        return list(dict.fromkeys(name for name in found if name))

    def _look_back(self) -> None:
        visited: dict[str, None] = {}
        for workflow in [self.top, *self.top.subprocesses.values()]:
            for task in workflow.tasks.values():
                visited.setdefault(task.task_spec.element)
                if missing := task.internal_data.get("missing"):
                    self.log.missing.setdefault(task.task_spec.element, missing)
        self.log.visited = tuple(name for name in visited if name)

    def _distances(self, process: ProcessSpec) -> dict[str, int]:
        """How many steps each step is away from an end of its scope."""
        if process.name not in self.distances:
            specs = process.task_specs.values()
            far = {spec.name: 0 for spec in specs if not spec.ways or getattr(spec, "may_end", False)}
            border = list(far)
            while border:
                border = [
                    before
                    for name in border
                    for before in process.task_specs[name]._inputs
                    if far.setdefault(before, far[name] + 1) == far[name] + 1
                ]
                border = list(dict.fromkeys(border))
            self.distances[process.name] = far
        return self.distances[process.name]
