"""What the engine asks when it needs a value: always FEEL, never Python.

SpiffWorkflow hands expressions to Python's `eval` and scripts to `exec`; its engine and its environment are both
replaced here, so that nothing of a model can reach either. A script is a list of assignments, `name = FEEL`, one a
line.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine

from allmende.process.core.feel import FeelError, evaluate

from . import clock as time

_ASSIGNMENT = re.compile(r"\s*([^\W\d]\w{0,99})\s*=(?!=)\s*(.+?)\s*")
MAX_ITEMS = 10_000
SECONDS = 0.5  # for one expression; a step of a process evaluates several


class ScriptError(ValueError):
    """A script that is no list of assignments, or an expression that is no FEEL. `line` counts from 1."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def assignments(script: str) -> list[tuple[str, str]]:
    """The names and expressions of a script. Raises ScriptError for anything but `name = expression`."""
    found = []
    for number, line in enumerate((script or "").splitlines(), 1):
        if not line.strip():
            continue
        match = _ASSIGNMENT.fullmatch(line)
        if match is None:
            raise ScriptError(f"line {number} is no assignment: {line.strip()[:80]}", number)
        found.append((match.group(1), match.group(2)))
    return found


class FeelEnvironment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """Where SpiffWorkflow's own specs would evaluate; ours ask the engine. FEEL's `now()` is the engine's clock."""

    def __init__(self, clock: time.Clock, zone: ZoneInfo) -> None:
        super().__init__()
        self.clock = clock
        self.zone = zone

    def evaluate(self, expression: str, context: dict[str, Any], external_context: Any = None) -> Any:
        """The value of a FEEL expression. Raises ScriptError."""
        if not isinstance(expression, str):
            raise ScriptError("no expression")
        try:
            now = self.clock.now().astimezone(self.zone)
            return evaluate(expression, {**(external_context or {}), **context}, now=now, seconds=SECONDS)
        except FeelError as exc:
            raise ScriptError(str(exc)) from exc

    def execute(self, script: str, context: dict[str, Any], external_context: Any = None) -> bool:
        """Carry assignments out one after the other, all or none. Raises ScriptError."""
        values = dict(context)
        for name, expression in assignments(script):
            values[name] = plain(self.evaluate(expression, values, external_context))
        context.update(values)
        return True

    def call_service(self, context: dict[str, Any], **kwargs: Any) -> NoReturn:
        """Actions are carried out by who runs the process (specs.tasks.Service), never inside the engine."""
        raise ScriptError("no actions are carried out here")


class FeelScriptEngine(PythonScriptEngine):  # type: ignore[misc]
    """The questions of our specs, answered by FEEL over the task's data. None means: a person must say."""

    def __init__(self, clock: time.Clock | None = None, zone: ZoneInfo = time.ZONE) -> None:
        self.clock = clock or time.SystemClock()
        self.zone = zone
        super().__init__(environment=FeelEnvironment(self.clock, zone))

    def validate(self, expression: str) -> None:
        """Raises ScriptError if `expression` is no FEEL."""
        self.environment.evaluate(expression, {})

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        return self.environment.evaluate(expression, task.data, external_context)

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        return bool(self.environment.execute(script, task.data, external_context))

    def call_service(self, task: Any, **kwargs: Any) -> Any:
        return self.environment.call_service(task.data, **kwargs)

    def value(self, task: Any, expression: str) -> Any:
        """The value, or None with the reason in the task's `internal_data["why"]`."""
        try:
            return self.evaluate(task, expression)
        except ScriptError as exc:
            task.internal_data["why"] = str(exc)[:500]
            return None

    def holds(self, task: Any, expression: str) -> bool:
        return self.value(task, expression) is True

    def decide(self, task: Any, decision: Any) -> list[str] | None:
        """The ids of the ways whose conditions hold: the first one, or all of them where several may be taken."""
        taken = []
        for way in decision.choices():
            if way.condition is not None and not way.default and self.holds(task, way.condition):
                taken.append(way.id)
                if decision.mode == "one":
                    break
        if not taken:
            taken = [way.id for way in decision.choices() if way.default]
        if not taken and decision.always and not decision.may_end and self._decided(task, decision):
            return []
        return taken or None

    def _decided(self, task: Any, decision: Any) -> bool:
        return all(
            isinstance(self.value(task, way.condition), bool) for way in decision.choices() if way.condition is not None
        )

    def count(self, task: Any, spec: Any) -> int | list[Any] | None:
        """How often or for which items a multi-instance activity is done."""
        if spec.items:
            found = self.value(task, spec.items)
            return plain(found) if isinstance(found, list) and len(found) <= MAX_ITEMS else None
        if not spec.count:
            return None
        found = self.value(task, spec.count)
        if isinstance(found, bool) or not isinstance(found, int | float | Decimal) or found != int(found):
            return None
        return int(found) if 0 <= found <= MAX_ITEMS else None

    def again(self, task: Any, spec: Any) -> bool | None:
        """Whether a loop activity is done once more."""
        found = self.value(task, spec.condition) if spec.condition else None
        return found if isinstance(found, bool) else None

    def due(self, task: Any, timer: str, armed: str, number: int) -> str | None:
        """When a timer rings for the `number`-th time (from 0), ISO 8601 in UTC; None if only a person can end it."""
        kind, text = self._timer(task, timer)
        begun = datetime.fromisoformat(armed)
        try:
            moment = self._moment(kind, text, begun, number)
        except (OverflowError, ValueError):
            return None
        return moment.isoformat() if moment else None

    def repeats(self, task: Any, timer: str, number: int) -> bool:
        """Whether a timer rings for the `number`-th time (from 0)."""
        kind, text = self._timer(task, timer)
        cycle = time.parse_cycle(text, self.zone) if kind == "cycle" else None
        return cycle is not None and (cycle.times is None or number < cycle.times)

    def _timer(self, task: Any, timer: str) -> tuple[str, str]:
        """The kind and the ISO text of a timer: `duration:P2D`, `date:=feel`."""
        kind, _, text = timer.partition(":")
        if text.startswith("="):
            text = _iso(self.value(task, text[1:]))
        return kind, text

    def _moment(self, kind: str, text: str, begun: datetime, number: int) -> datetime | None:
        if (cycle := time.parse_cycle(text, self.zone)) and (cycle.times is None or number < max(1, cycle.times)):
            return time.occurrence(cycle, begun, number, self.zone)
        if duration := time.parse_duration(text):
            return time.add(begun, duration, self.zone)
        return time.parse_moment(text, self.zone)


def plain(value: Any) -> Any:
    """A FEEL value as JSON knows it: numbers, and ISO 8601 for dates and durations."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    return value if value is None or isinstance(value, bool | int | float | str) else _iso(value)


def _iso(value: Any) -> str:
    """A FEEL value as the text of ISO 8601 that timers know."""
    if isinstance(value, timedelta):
        days, rest = divmod(value, timedelta(days=1))
        return f"P{days}DT{rest.total_seconds():g}S" if value >= timedelta(0) else f"-PT{-value.total_seconds():g}S"
    if isinstance(value, date | datetime | time_of_day):
        return value.isoformat()
    return str(value).strip() if value is not None else ""
