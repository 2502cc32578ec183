"""`DATA/run/processes.json`: what runs, for `allmende check` and for the next start after a kill -9."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FILE = "processes.json"


@dataclass
class ProcessState:
    """`state`: starting, running, restarting (crashed, will be forked again), failing (crashed repeatedly), stopped.
    `started` is seconds since 1970, `born` is what `born(pid)` said at the fork."""

    name: str
    pid: int | None = None
    state: str = "stopped"
    started: float | None = None
    born: float | None = None
    restarts: int = 0
    last_exit: int | None = None
    socket: str = ""
    port: int | None = None


@dataclass
class TownState:
    pid: int
    started: float
    url: str = ""
    host: str = ""
    port: int = 0
    live_url: str = ""
    database: str = "embedded"
    database_state: str = "running"
    phase: str = "starting"
    processes: list[ProcessState] = field(default_factory=list)

    def write(self, run: Path) -> bool:
        """Replace the file as a whole. False when the disk does not take it: no reason to stop a town."""
        part = run / f"{FILE}.part"
        try:
            part.write_text(json.dumps(asdict(self), indent=1))
            part.replace(run / FILE)
        except OSError:
            return False
        return True


def read(run: Path) -> TownState | None:
    """The last written state; None when there is none or it is unreadable. Says nothing about whether it is true."""
    try:
        found: dict[str, Any] = json.loads((run / FILE).read_text())
        processes = [ProcessState(**entry) for entry in found.pop("processes")]
        return TownState(**found, processes=processes)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def born(pid: int) -> float | None:
    """A number that, with `pid`, names one process until the next boot; None when it is gone (or a zombie).

    Linux: ticks since boot of /proc/pid/stat, which a step of the clock does not change; elsewhere seconds since 1970.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if fields[0] in "ZX" else float(fields[19])
    except (OSError, IndexError):
        if Path("/proc/self/stat").exists():
            return None
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.Error:
        return None


def alive(process: ProcessState) -> bool:
    """Whether exactly this process lives, not another one that got its number."""
    if process.pid is None or process.born is None:
        return False
    return born(process.pid) == process.born


def sweep(run: Path, grace: float = 7.0) -> list[str]:
    """End the children of a supervisor that was killed. They die by themselves; this bounds those that do not.

    The caller holds the town's lock. Returns the names of those found alive.
    """
    found = read(run)
    left = [process for process in (found.processes if found else []) if alive(process)]
    names = [process.name for process in left]
    deadline = time.monotonic() + grace
    for process in left:
        _signal_group(process, signal.SIGTERM)
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = [process for process in left if alive(process)]
    for process in left:
        _signal_group(process, signal.SIGKILL)
    (run / FILE).unlink(missing_ok=True)
    return names


def _signal_group(process: ProcessState, number: int) -> None:
    try:
        os.killpg(process.pid or 0, number)
    except (ProcessLookupError, PermissionError):
        return
