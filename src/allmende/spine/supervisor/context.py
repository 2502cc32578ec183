"""What a process under the supervisor is told about its surroundings, and how a process is declared."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

Check = Callable[[], object]
"""A health check: returns a JSON-able detail (or None) when all is well, raises when it is not."""

Metrics = Callable[[], bytes]
"""Renders the Prometheus text exposition format."""


class Health(Protocol):
    """`ctx.health(checks, metrics)` starts the health server of this process and returns at once."""

    def __call__(self, checks: Mapping[str, Check] | None = None, metrics: Metrics | None = None) -> object: ...


def _no_health(checks: Mapping[str, Check] | None = None, metrics: Metrics | None = None) -> object:
    return None


@dataclass(frozen=True)
class ProcessContext:
    """Everything a process target needs; it is handed over after the fork.

    `data` is the data folder of the town, `run_dir` a short folder for unix sockets (below 60 bytes, private
    to the person who runs Allmende). `dsn` is a libpq URI that psycopg takes as it is and
    `allmende.spine.supervisor.dsn.parse_database_url` turns into Django's dictionary. `base_url` and
    `live_url` have no trailing slash.
    """

    name: str
    data: Path
    dsn: str
    host: str
    port: int
    base_url: str
    live_host: str
    live_port: int
    live_url: str
    run_dir: Path
    health: Health = field(default=_no_health, compare=False)

    def environment(self) -> dict[str, str]:
        """The variables that settings read; set before Django is imported."""
        return {
            "DATABASE_URL": self.dsn,
            "ALLMENDE_DATA": str(self.data),
            "ALLMENDE_HOST": self.host,
            "ALLMENDE_PORT": str(self.port),
            "ALLMENDE_BASE_URL": self.base_url,
            "LIVE_URL": self.live_url,
        }

    def export(self) -> None:
        """Set them, and Django's settings module unless somebody chose one."""
        os.environ.update(self.environment())
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.config.settings")


Target = Callable[[ProcessContext], object]


@dataclass(frozen=True)
class ProcessSpec:
    """One process the supervisor keeps alive: `target(ctx)` runs in a forked child until SIGTERM.

    Children start in the order of the list and stop in the opposite order.
    """

    name: str
    target: Target
