"""Actions: what a process step may set going. See README.md."""

from .errors import ActionError, BadParams, Failed, KeyTaken, NotAllowed, TimedOut, UnknownAction
from .registry import Params, action

__all__ = [
    "ActionError",
    "BadParams",
    "Failed",
    "KeyTaken",
    "NotAllowed",
    "Params",
    "TimedOut",
    "UnknownAction",
    "action",
    "run",
]


def run(*args, **kwargs):  # type: ignore[no-untyped-def]
    """`domain.runs.run`, imported late: models must not be touched while apps are still loading."""
    from .domain.runs import run as execute

    return execute(*args, **kwargs)
