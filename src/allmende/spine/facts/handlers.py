"""Who reacts to which facts. Handlers run in the pump, in batches, each in the transaction that moves its cursor."""

import fnmatch
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .kinds import sentence


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as a handler gets it."""

    epoch: int
    xid: int
    id: int
    time: datetime
    actor: str
    kind: str
    subject: str
    url: str
    origin: str
    payload: dict[str, Any]
    public: bool

    @property
    def position(self) -> tuple[int, int, int]:
        return self.epoch, self.xid, self.id

    @property
    def sentence(self) -> str:
        return sentence(self.kind, self.payload)


React = Callable[[list[FactRow]], None]


@dataclass
class Handler:
    name: str
    kinds: tuple[str, ...]
    react: React
    _wanted: dict[str, bool] = field(default_factory=dict)

    def wants(self, kind: str) -> bool:
        if kind not in self._wanted:
            self._wanted[kind] = any(fnmatch.fnmatchcase(kind, pattern) for pattern in self.kinds)
        return self._wanted[kind]


HANDLERS: dict[str, Handler] = {}


def handler(name: str, kinds: list[str]) -> Callable[[React], React]:
    """Register a reaction to facts whose kind matches one of `kinds` (`programme.measure.*`).

    `name` is the key of the cursor and never changes; a new handler starts at the beginning of the log. The
    function gets a non-empty
    list in log order. It works inside the database only; what goes out (mail, other towns) is deferred as a job.
    """

    def register(react: React) -> React:
        if name in HANDLERS and HANDLERS[name].react.__module__ != react.__module__:
            raise ValueError(f"fact handler {name} is registered twice")
        HANDLERS[name] = Handler(name, tuple(kinds), react)
        return react

    return register
