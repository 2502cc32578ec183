"""The sandbox in which FEEL runs, and its three doors."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from allmende.spine.sandbox import BadResult, OutOfMemory, Sandbox, SandboxError, TimedOut, TooDeep

from .errors import FeelError, FeelWarning
from .values import Value, decode, encode
from .zones import transitions

HERE = Path(__file__).parent
# FEEL asks for the time where people live who read the answer, unless the caller says another.
HOME = ZoneInfo("Europe/Berlin")
SECONDS = 2.0
MOST_ZONES = 20
_CODES: dict[type[SandboxError], str] = {TimedOut: "time", OutOfMemory: "memory", TooDeep: "depth", BadResult: "size"}


class Engine:
    """FEEL with further scripts of ours behind it, in processes that are kept."""

    def __init__(self, *scripts: Path) -> None:
        self._scripts = scripts
        self._lock = threading.Lock()
        self._sandbox: Sandbox | None = None

    def _box(self) -> Sandbox:
        with self._lock:
            if self._sandbox is None:
                own = sorted((HERE / "js").glob("*.js"), key=lambda path: int(path.name.partition("_")[0]))
                parts = [HERE / "vendor" / "feel.js", *own, *self._scripts]
                source = "\n".join(part.read_text(encoding="utf-8") for part in parts)
                self._sandbox = Sandbox(
                    source, seconds=SECONDS, memory=192 << 20, stack=3 << 20, result=16 << 20, keep=True
                )
            return self._sandbox

    def call(
        self,
        function: str,
        *arguments: Any,
        now: datetime | None = None,
        strict: bool = False,
        seconds: float | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """What the function answers; `extra` are further options of it. A time zone that it asks for is handed over,
        and it is called anew. Raises FeelError."""
        options: dict[str, Any] = {
            "now": encode((now or datetime.now(HOME)).replace(microsecond=0))["dt"],
            "strict": strict,
            "zones": {},
            **(extra or {}),
        }
        for _ in range(MOST_ZONES):
            try:
                answer: dict[str, Any] = self._box().call(function, *arguments, options, seconds=seconds)
            except SandboxError as error:
                raise FeelError(_CODES.get(type(error), "broken"), str(error)) from error
            if "zone" not in answer:
                if failure := answer.get("error"):
                    raise FeelError(failure["code"], failure["message"], failure["from"])
                return answer
            zone = answer["zone"]
            options["zones"][zone] = transitions(zone)
        raise FeelError("border", f"more than {MOST_ZONES} time zones in one expression")


_engine = Engine()


def _context(context: Mapping[str, Value]) -> list[list[Any]]:
    return [[name, encode(value)] for name, value in context.items()]


def _collect(answer: Mapping[str, Any], warnings: list[FeelWarning] | None) -> None:
    if warnings is not None:
        warnings += [FeelWarning(one["code"], one["message"], one["from"]) for one in answer["warnings"]]


def evaluate(
    expression: str,
    context: Mapping[str, Value] | None = None,
    *,
    strict: bool = False,
    now: datetime | None = None,
    warnings: list[FeelWarning] | None = None,
    seconds: float | None = None,
) -> Value:
    """The value of the expression. What FEEL cannot compute is None, with a reason in `warnings`; `strict` makes an
    unknown name an error. Raises FeelError."""
    answer = _engine.call("feel_evaluate", expression, _context(context or {}), now=now, strict=strict, seconds=seconds)
    _collect(answer, warnings)
    return decode(answer["value"])


def unary_test(
    expression: str,
    value: Value,
    context: Mapping[str, Value] | None = None,
    *,
    strict: bool = False,
    now: datetime | None = None,
    warnings: list[FeelWarning] | None = None,
) -> bool | None:
    """Whether the value passes a cell of a decision table such as `> 5, "x"`; None when that cannot be said. Raises
    FeelError."""
    arguments = (expression, encode(value), _context(context or {}))
    answer = _engine.call("feel_test", *arguments, now=now, strict=strict)
    _collect(answer, warnings)
    result: bool | None = answer["value"]
    return result


def names(expression: str, known: Iterable[str] = (), *, unary: bool = False) -> set[str]:
    """Names that the expression takes from its context. Names of several words are found if they are `known`; inside a
    filter a name may be an entry of the items. Raises FeelError."""
    return set(_engine.call("feel_names", expression, list(known), unary)["value"])
