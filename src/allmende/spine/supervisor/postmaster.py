"""Which server works on a data directory: read from postmaster.pid, believed only after looking at the
process.

The file survives kill -9 and a power cut, and its number may meanwhile belong to another program.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from allmende.spine.supervisor.faults import named_problem

PID_FILE = "postmaster.pid"


@dataclass(frozen=True)
class Postmaster:
    """The lines of postmaster.pid (PostgreSQL source, src/include/utils/pidfile.h)."""

    pid: int
    socket_dir: Path | None
    status: str

    @property
    def ready(self) -> bool:
        return self.status == "ready"


def read(pg_dir: Path) -> Postmaster | None:
    """What postmaster.pid says; None when there is none. It may be half written: then status is empty."""
    try:
        lines = (pg_dir / PID_FILE).read_text().splitlines()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise named_problem(exc, pg_dir / PID_FILE) from exc
    try:
        pid = abs(int(lines[0]))
    except (IndexError, ValueError):
        pid = 0
    socket_dir = Path(lines[4]) if len(lines) > 4 and lines[4].strip() else None
    return Postmaster(pid, socket_dir, lines[7].strip() if len(lines) > 7 else "")


def works_on(pid: int, pg_dir: Path) -> bool:
    """Whether process `pid` is a PostgreSQL process of this data directory (it makes it its working
    directory)."""
    import psutil

    if pid <= 0:
        return False
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or not process.name().startswith("postgres"):
            return False
        return Path(process.cwd()) == pg_dir
    except psutil.Error:
        return False


def processes_on(pg_dir: Path) -> Iterator[int]:
    """Every PostgreSQL process of this data directory, also those whose postmaster is gone."""
    import psutil

    for pid in psutil.pids():
        if works_on(pid, pg_dir):
            yield pid


def running(pg_dir: Path) -> Postmaster | None:
    """The live server of this data directory, whoever started it."""
    found = read(pg_dir)
    return found if found and works_on(found.pid, pg_dir) else None


def stop_leftovers(pg_dir: Path, progress: Callable[[float], None]) -> None:
    """Stop a server that nobody owns, wait for orphaned backends, and remove a stale postmaster.pid.

    Without this a stale file whose number now belongs to another program of ours would forbid the start.
    `progress(seconds)` is called while waiting. The caller holds the cluster's lock.
    """
    found = read(pg_dir)
    if found is None:
        return
    begin = time.monotonic()
    steps = [(0.0, signal.SIGINT), (30.0, signal.SIGQUIT), (45.0, signal.SIGKILL)]
    # A killed postmaster's backends leave by themselves within moments; insist only if they do not.
    orphan_steps = [(5.0, signal.SIGTERM), (10.0, signal.SIGQUIT), (15.0, signal.SIGKILL)]
    while True:
        waited = time.monotonic() - begin
        if works_on(found.pid, pg_dir):
            if steps and waited >= steps[0][0]:
                _signal(found.pid, steps.pop(0)[1])
        else:
            orphans = list(processes_on(pg_dir))
            if not orphans:
                break
            if orphan_steps and waited >= orphan_steps[0][0]:
                for pid in orphans:
                    _signal(pid, orphan_steps[0][1])
                orphan_steps.pop(0)
        progress(waited)
        time.sleep(0.05)
    (pg_dir / PID_FILE).unlink(missing_ok=True)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
    except PermissionError as exc:
        raise named_problem(exc, f"pid {pid}") from exc
