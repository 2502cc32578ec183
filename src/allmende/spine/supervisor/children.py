"""The supervised processes: started, watched, restarted with growing pauses, stopped as whole groups."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from allmende.spine.supervisor import child, state
from allmende.spine.supervisor.context import ProcessContext, ProcessSpec
from allmende.spine.supervisor.lifeline import Lifeline
from allmende.spine.supervisor.state import ProcessState


@dataclass(frozen=True)
class Backoff:
    """Seconds to wait before the nth restart in a row; `stable` seconds of life begin a new row. From `failing`
    restarts in a row on the process is reported as failing; the supervisor never gives up."""

    first: float = 0.2
    most: float = 30.0
    stable: float = 60.0
    failing: int = 3

    def pause(self, crashes: int) -> float:
        return min(self.most, self.first * 2.0 ** max(0, crashes - 1))


class Child:
    """One process through its restarts."""

    def __init__(self, spec: ProcessSpec, ctx: ProcessContext, port: int | None, backoff: Backoff) -> None:
        self.spec = spec
        self.ctx = ctx
        self.port = port
        self.backoff = backoff
        self.crashes = 0
        self.due: float | None = None
        self._begin = 0.0
        self.state = ProcessState(spec.name, socket=str(ctx.run_dir / f"{spec.name}.sock"), port=port)

    @property
    def pid(self) -> int | None:
        return self.state.pid

    def start(self, lifeline: Lifeline, log_fd: int) -> None:
        with contextlib.suppress(FileNotFoundError):
            Path(self.state.socket).unlink()
        self._begin = time.monotonic()
        self.due = None
        pid = child.fork(self.spec, self.ctx, lifeline, log_fd, self.port)
        self.state.pid = pid
        self.state.started = time.time()
        self.state.born = state.born(pid)
        self.state.state = "failing" if self.crashes >= self.backoff.failing else "starting"

    def settle(self) -> bool:
        """`starting` and `failing` become `running` after some seconds of life. Whether anything changed."""
        alive_for = time.monotonic() - self._begin
        needed = 1.0 if self.state.state == "starting" else self.backoff.stable
        if self.state.state not in ("starting", "failing") or self.state.pid is None or alive_for < needed:
            return False
        self.state.state = "running"
        return True

    def reap(self) -> int | None:
        """The exit status when the process has ended (minus the signal's number), else None.

        What it left in its group is killed while the zombie still keeps the group's number ours.
        """
        pid = self.state.pid
        if pid is None:
            return None
        if hasattr(os, "waitid"):
            try:
                if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                    return None
            except ChildProcessError:
                return self._gone(-1)
            kill_group(pid, signal.SIGKILL)
        try:
            found, status = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            return self._gone(-1)
        if found == 0:
            return None
        kill_group(pid, signal.SIGKILL)
        return self._gone(os.waitstatus_to_exitcode(status))

    def _gone(self, code: int) -> int:
        self.state.pid = self.state.born = None
        self.state.last_exit = code
        return code

    def crashed(self) -> None:
        """Plan the restart."""
        lived = time.monotonic() - self._begin
        self.crashes = 1 if lived >= self.backoff.stable else self.crashes + 1
        self.state.restarts += 1
        self.state.state = "failing" if self.crashes >= self.backoff.failing else "restarting"
        self.due = time.monotonic() + self.backoff.pause(self.crashes)

    def signal(self, number: int) -> None:
        if self.state.pid is not None:
            kill_group(self.state.pid, number)


def kill_group(pid: int, number: int) -> None:
    # EPERM: on macOS for a group that holds only zombies.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def stop_all(children: list[Child], grace: float, hurry: Callable[[], bool]) -> list[str]:
    """SIGTERM to all, in the opposite order of their start; SIGKILL to the groups of those that live after `grace`
    seconds, or as soon as `hurry()`. Returns the names of those that had to be killed."""
    deadline = time.monotonic() + grace
    for one in reversed(children):
        one.due = None
        one.signal(signal.SIGTERM)
        one.state.state = "stopping" if one.pid else "stopped"
    killed: list[str] = []
    while any(one.pid for one in children):
        for one in children:
            if one.pid and one.reap() is not None:
                one.state.state = "stopped"
        if (time.monotonic() >= deadline or hurry()) and not killed:
            killed = [one.spec.name for one in children if one.pid]
            for one in children:
                one.signal(signal.SIGKILL)
        time.sleep(0.02)
    for one in children:
        Path(one.state.socket).unlink(missing_ok=True)
    return killed
