"""What can go wrong behind the walls."""

from __future__ import annotations


class SandboxError(Exception):
    """A call that gave no value; `str()` of it is fit for a log, not for a page."""


class TimedOut(SandboxError):
    """The script used up its seconds of CPU time."""


class OutOfMemory(SandboxError):
    """The script asked for more memory than it may have."""


class TooDeep(SandboxError):
    """The script recursed deeper than its stack allows."""


class Threw(SandboxError):
    """The script threw. `name` and `message` are what it said about that, cut to 2,000 characters."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}" if message else name)
        self.name = name
        self.message = message


class BadResult(SandboxError):
    """The result is no JSON value (a function, a symbol, a promise, a circle) or larger than allowed."""


class BadArgument(SandboxError):
    """What was handed over is no JSON value, or the function does not exist."""


class Broken(SandboxError):
    """The process behind the walls died or could not be started."""
