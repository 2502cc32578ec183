"""JavaScript behind walls: `Sandbox(source).call("name", …)`. See README.md for what holds."""

from __future__ import annotations

import json
import weakref
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .errors import BadArgument, BadResult, Broken, OutOfMemory, SandboxError, Threw, TimedOut, TooDeep
from .pool import Pool

__all__ = [
    "BadArgument",
    "BadResult",
    "Broken",
    "OutOfMemory",
    "Sandbox",
    "SandboxError",
    "Threw",
    "TimedOut",
    "TooDeep",
]

PRELUDE = Path(__file__).with_name("prelude.js")


def _library() -> str:
    """The folder of the engine's extension module; the process behind the walls has no other path to packages."""
    found = find_spec("_quickjs")
    if found is None or found.origin is None:
        raise Broken("the JavaScript engine is not installed")
    return str(Path(found.origin).parent)


class Sandbox:
    """A script whose functions are called by name, with JSON values in and out. May be shared by threads.

    `seconds` of CPU time, bytes of `memory` and `stack` for one call; the `result` may have that many UTF-16 units as
    JSON. Every call gets a fresh context, so that nothing of one is seen by the next; `keep` holds the context (and
    what the script loaded) from call to call: for scripts of our own only. `deterministic` takes clock and chance away.
    At most `processes` calls run at once, others wait.
    """

    def __init__(
        self,
        source: str,
        *,
        seconds: float = 1.0,
        memory: int = 64 << 20,
        stack: int = 512 << 10,
        result: int = 1 << 20,
        keep: bool = False,
        deterministic: bool = True,
        processes: int = 2,
        load_seconds: float = 5.0,
    ) -> None:
        self._seconds = seconds
        settings = {
            "source": source,
            "prelude": PRELUDE.read_text(encoding="utf-8"),
            "library": _library(),
            "memory": memory,
            "stack": stack,
            "result": result,
            "keep": keep,
            "deterministic": deterministic,
            "load_seconds": load_seconds,
        }
        self._pool = Pool(settings, processes)
        self._finalizer = weakref.finalize(self, self._pool.close)

    def call(self, function: str, *values: Any, seconds: float | None = None) -> Any:
        """The value that the script's global function returns for JSON values.

        Raises TimedOut, OutOfMemory, TooDeep, Threw, BadResult, BadArgument, Broken: all SandboxError.
        """
        try:
            handed = json.dumps(values, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise BadArgument(f"not a JSON value: {error}") from error
        kind, text = self._pool.call(function, handed, self._seconds if seconds is None else seconds)
        if kind == "=":
            try:
                return json.loads(text)
            except RecursionError as error:
                raise BadResult("nested too deeply") from error
        if kind == "!":
            what, name, message = json.loads(text)
            if what == "missing":
                raise BadArgument(f"the script has no function {name}")
            if what == "result":
                raise BadResult(name if not message else f"{name}: {message}")
            if name == "InternalError" and ("memory" in message or "too long" in message):
                raise OutOfMemory("out of memory")
            if name == "RangeError" and "call stack" in message:
                raise TooDeep("out of stack")
            raise Threw(name, message)
        raise Threw("SyntaxError" if "SyntaxError" in text else "Error", text)

    def close(self) -> None:
        """End the processes; the next call starts them anew."""
        self._pool.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
