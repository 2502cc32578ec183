"""`allmende up`: one light process that owns all others of a town.

Order: lock, leftovers, ports, PostgreSQL, `prepare()` (imports Django once), fork. It holds no thread and no database
connection when it forks. On SIGTERM, SIGINT or SIGHUP the processes stop first and PostgreSQL last, within ten seconds.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from allmende.spine.supervisor import external, logs, ports, state
from allmende.spine.supervisor.children import Backoff, Child, stop_all
from allmende.spine.supervisor.context import ProcessContext, ProcessSpec
from allmende.spine.supervisor.errors import AlreadyRunning, SupervisorError
from allmende.spine.supervisor.lifeline import Lifeline, open_sockets
from allmende.spine.supervisor.locks import FileLock
from allmende.spine.supervisor.paths import Layout
from allmende.spine.supervisor.postgres import EmbeddedPostgres, silent
from allmende.spine.supervisor.words import say as words

Prepare = Callable[[ProcessContext], Sequence[ProcessSpec]]
Say = Callable[[str], None]

CHILD_GRACE = 7.0
DATABASE_GRACE = 2.0
_TICK = 5.0
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True)
class Options:
    """What `up` was asked for. Port 0 takes a free one. `base_url` and `live_url` are for a proxy in front."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8080
    database_url: str = ""
    base_url: str = ""
    live_url: str = ""
    health_port: int | None = None
    postgres_settings: tuple[tuple[str, str], ...] = ()


class Stopped(BaseException):
    """A stop signal arrived while starting. BaseException, so that no `except Exception` on the way swallows it."""


class Supervisor:
    """`run()` blocks until the town is stopped. `prepare(ctx)` is called once when the database answers and returns
    the processes; `ready(ctx)` when the web process accepts connections."""

    def __init__(
        self,
        options: Options,
        prepare: Prepare,
        say: Say = silent,
        ready: Callable[[ProcessContext], None] | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self.options = options
        self.layout = Layout.of(options.data)
        self.backoff = backoff or Backoff()
        self._prepare = prepare
        self._say = say
        self._ready = ready
        self._lock = FileLock(self.layout.run / "up.lock")
        self._children: list[Child] = []
        self._postgres: EmbeddedPostgres | None = None
        self._database_due: float | None = None
        self._database_crashes = 0
        self._stops = 0
        self._interruptible = True
        self._wake_read = self._wake_write = -1
        self._lifeline: Lifeline | None = None
        self._log: logs.EventLog | None = None
        self._town = state.TownState(pid=os.getpid(), started=time.time())

    def run(self) -> None:
        """Raises AlreadyRunning, PortTaken and whatever keeps the town from starting; returns after a stop signal."""
        self.layout.ensure()
        self._take_lock()
        self._log = logs.EventLog(self.layout.log / "allmende.log")
        before = self._install_signals()
        try:
            ctx = self._start()
            self._watch(ctx)
        except Stopped:
            self._event("info", "stopped while starting")
        except SupervisorError as exc:
            self._event("error", str(exc), code=exc.code)
            raise
        except BaseException as exc:
            self._event("error", f"{type(exc).__name__}: {exc}")
            raise
        finally:
            self._interruptible = False
            try:
                self._stop()
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)
                self._close()

    # -- starting

    def _take_lock(self) -> None:
        if not self._lock.acquire(since=self._town.started, port=self.options.port):
            holder = self._lock.holder()
            raise AlreadyRunning(
                "already_running",
                data=self.layout.data,
                pid=holder.get("pid", "?"),
                port=holder.get("port", "?"),
                since=_local_time(holder.get("since")),
            )

    def _start(self) -> ProcessContext:
        options = self.options
        if left := state.sweep(self.layout.run):
            self._event("warning", "ended processes of a killed supervisor", names=", ".join(left))
        port = ports.check(options.host, options.port)
        live_port = ports.free_from(options.host, port + 1 if port < 65535 else 0)
        self._lock.note(since=self._town.started, port=port)
        dsn = self._start_database()
        name = "localhost" if options.host in ("127.0.0.1", "0.0.0.0", "::", "::1", "") else options.host  # noqa: S104
        ctx = ProcessContext(
            name="supervisor",
            data=self.layout.data,
            dsn=dsn,
            host=options.host,
            port=port,
            base_url=options.base_url.rstrip("/") or f"http://{name}:{port}",
            live_host=options.host,
            live_port=live_port,
            live_url=options.live_url.rstrip("/") or f"http://{name}:{live_port}",
            run_dir=self.layout.runtime,
        )
        self._town.url, self._town.live_url = ctx.base_url, ctx.live_url
        self._town.host, self._town.port = ctx.host, ctx.port
        self._write_state()
        specs = self._prepare(ctx)
        self._interruptible = False
        if self._stops:
            raise Stopped
        self._guard_fork()
        self._lifeline = Lifeline()
        for index, spec in enumerate(specs):
            health_port = options.health_port + index if options.health_port else None
            one = Child(spec, ctx, health_port, self.backoff)
            self._children.append(one)
            self._town.processes.append(one.state)
            self._fork(one)
        self._write_state()
        return ctx

    def _start_database(self) -> str:
        if self.options.database_url:
            self._town.database = "external"
            external.wait_for(self.options.database_url, self._tell)
            return self.options.database_url
        self._postgres = EmbeddedPostgres(self.layout.data, dict(self.options.postgres_settings))
        return self._postgres.start(self._tell)

    def _guard_fork(self) -> None:
        """A thread or a connection that is shared by a fork breaks later and far away: say it here."""
        if threading.active_count() > 1:
            names = ", ".join(thread.name for thread in threading.enumerate()[1:])
            self._event("warning", "threads are running at the fork", names=names)
        if sockets := open_sockets():
            self._event("warning", "connections are open at the fork", count=sockets)
        gc.collect()
        gc.freeze()  # the collector does not touch, and so copy, the pages shared with the children

    def _fork(self, one: Child) -> None:
        assert self._lifeline is not None and self._log is not None
        one.start(self._lifeline, self._log.fd)
        self._event("info", "process started", name=one.spec.name, pid=one.pid)

    # -- running

    def _watch(self, ctx: ProcessContext) -> None:
        waiting = self._ready
        self._town.phase = "running"
        self._write_state()
        next_tick = time.monotonic()
        while not self._stops:
            if waiting is not None and self._children_up() and ports.connects(ctx.host, ctx.port):
                waiting(ctx)
                waiting = None
            if time.monotonic() >= next_tick:
                next_tick = time.monotonic() + _TICK
                self._rotate()
            changed = self._reap() | self._restart_due() | self._watch_database()
            changed |= sum(one.settle() for one in self._children) > 0  # all of them, not the first only
            if changed:
                self._write_state()
            busy = waiting is not None or any(one.state.state == "starting" for one in self._children)
            self._sleep(0.05 if busy else self._until_due(next_tick))

    def _children_up(self) -> bool:
        return all(one.pid for one in self._children)

    def _until_due(self, next_tick: float) -> float:
        due = [one.due for one in self._children if one.due is not None]
        if self._database_due is not None:
            due.append(self._database_due)
        return max(0.01, min([*due, next_tick]) - time.monotonic())

    def _sleep(self, seconds: float) -> None:
        """Until a signal (a child's end is one) or for `seconds`."""
        readable, _, _ = select.select([self._wake_read], [], [], seconds)
        if readable:
            os.read(self._wake_read, 4096)

    def _reap(self) -> bool:
        changed = False
        for one in self._children:
            pid, code = one.pid, one.reap()
            if code is None:
                continue
            one.crashed()
            changed = True
            self._event("error", "process ended", name=one.spec.name, pid=pid, exit=code, crashes=one.crashes)
            self._tell(words("process_ended", name=one.spec.name, code=code, log=self.layout.log / "allmende.log"))
        return changed

    def _restart_due(self) -> bool:
        due = [one for one in self._children if one.due is not None and one.due <= time.monotonic()]
        for one in due:
            self._fork(one)
        return bool(due)

    def _watch_database(self) -> bool:
        database = self._postgres
        if database is None or database.poll() is None:
            return False
        now = time.monotonic()
        if self._database_due is None:
            self._database_crashes += 1
            self._database_due = now + self.backoff.pause(self._database_crashes)
            self._town.database_state = "restarting"
            self._event("error", "PostgreSQL ended", exit=database.poll())
            self._tell(words("database_lost"))
            return True
        if now < self._database_due:
            return False
        self._interruptible = True
        try:
            if self._stops:
                raise Stopped
            database.recover(self._tell)
            self._database_due, self._database_crashes = None, 0
            self._town.database_state = "running"
            self._event("info", "PostgreSQL is back")
        except SupervisorError as exc:
            self._database_crashes += 1
            self._database_due = time.monotonic() + self.backoff.pause(self._database_crashes)
            self._town.database_state = "failing"
            self._event("error", str(exc), code=exc.code)
            self._tell(str(exc))
        finally:
            self._interruptible = False
        return True

    def _rotate(self) -> None:
        for name in ("allmende.log", "postgres.log"):
            logs.rotate(self.layout.log / name)

    # -- stopping

    def _stop(self) -> None:
        begin = time.monotonic()
        before = self._stops
        self._town.phase = "stopping"
        if self._children:
            self._write_state()
        killed = stop_all(self._children, CHILD_GRACE, lambda: self._stops > max(before, 1))
        if killed:
            self._event("warning", "processes had to be killed", names=", ".join(killed))
        if self._postgres is not None:
            hurry = self._stops > max(before, 1)
            self._postgres.stop(grace=0.2 if hurry else DATABASE_GRACE)
        self._event("info", "stopped", seconds=round(time.monotonic() - begin, 2))

    def _close(self) -> None:
        (self.layout.run / state.FILE).unlink(missing_ok=True)
        if self._lifeline is not None:
            self._lifeline.close()
        if self._log is not None:
            self._log.close()
            self._log = None
        self.layout.tidy()
        signal.set_wakeup_fd(-1)
        os.close(self._wake_read)
        os.close(self._wake_write)
        self._lock.release()

    # -- signals, log

    def _install_signals(self) -> dict[int, Any]:
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        before: dict[int, Any] = {}
        for number in _STOP_SIGNALS:
            before[number] = signal.getsignal(number)
            if before[number] is not signal.SIG_IGN:  # nohup stays nohup
                signal.signal(number, self._on_stop)
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        return before

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        self._stops += 1
        if self._interruptible:
            self._interruptible = False
            raise Stopped

    def _tell(self, text: str) -> None:
        try:
            self._say(text)
        except OSError:  # the terminal is gone; the town is not
            self._say = silent

    def _event(self, level: str, event: str, **fields: object) -> None:
        if self._log is not None:
            self._log.write(level, event, **fields)

    def _write_state(self) -> None:
        if not self._town.write(self.layout.run):
            self._event("error", "processes.json could not be written")


def _local_time(since: object) -> str:
    if not isinstance(since, int | float):
        return "?"
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(since))
