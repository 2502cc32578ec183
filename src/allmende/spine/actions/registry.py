"""The table of actions. Rooms fill it in their `actions.py`, read when all apps are loaded."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

_NAME = re.compile(r"[a-z]+\.[a-z_]+")


class Params(BaseModel):
    """Base of params and results: unknown fields are refused, types are not guessed from text beyond JSON's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Run = Callable[..., BaseModel | None]


@dataclass(frozen=True)
class Action:
    """`run(params, actor=…)` does it and returns the result. `timeout` in seconds."""

    name: str
    title: Any
    right: str
    params: type[BaseModel]
    result: type[BaseModel] | None
    idempotent: bool
    timeout: float
    run: Run

    @property
    def description(self) -> str:
        return (self.run.__doc__ or "").strip()

    def schema(self) -> dict[str, Any]:
        """The action for programs: name, title, right, JSON Schema (2020-12) of params and result."""
        return {
            "name": self.name,
            "title": str(self.title),
            "description": self.description,
            "right": self.right,
            "idempotent": self.idempotent,
            "timeout": self.timeout,
            "params": self.params.model_json_schema(),
            "result": self.result.model_json_schema() if self.result else {"type": "null"},
        }


ACTIONS: dict[str, Action] = {}


def action(
    name: str,
    *,
    title: Any,
    right: str,
    params: type[BaseModel],
    result: type[BaseModel] | None = None,
    idempotent: bool = False,
    timeout: float = 10.0,
) -> Callable[[Run], Run]:
    """Register `run(params, *, actor)` as an action. Raises ValueError for a bad or taken name."""

    def register(run: Run) -> Run:
        known = ACTIONS.get(name)
        if not _NAME.fullmatch(name) or (known and known.run.__module__ != run.__module__):
            raise ValueError(f"action {name} is misnamed or registered twice")
        ACTIONS[name] = Action(name, title, right, params, result, idempotent, timeout, run)
        return run

    return register


def actions() -> list[Action]:
    """All of them, by name."""
    return [ACTIONS[name] for name in sorted(ACTIONS)]
