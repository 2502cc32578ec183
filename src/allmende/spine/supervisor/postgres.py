"""The embedded PostgreSQL server of one town: made once, started, found again after a crash, stopped.

Socket only, `peer` only, never as root, no parent folder's permissions touched. One owner at a time holds
`DATA/run/postgres.lock`; others (`allmende check`, a second worker) use the server while its owner lives.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from allmende.spine.supervisor import cluster, pgbinaries, pgconf, postmaster
from allmende.spine.supervisor.dsn import socket_dsn
from allmende.spine.supervisor.errors import DatabaseStartFailed
from allmende.spine.supervisor.faults import named_problem, problem_in_text
from allmende.spine.supervisor.lifeline import before_exec
from allmende.spine.supervisor.locks import FileLock
from allmende.spine.supervisor.paths import Layout, private_folder
from allmende.spine.supervisor.words import say

Progress = Callable[[str], None]

_PROGRESS_EVERY = 5.0
_FIRST_PROGRESS = 2.0


def silent(line: str) -> None:
    """Progress for nobody."""


class EmbeddedPostgres:
    """`start()`, `stop()`, `dsn()`. Start it from the main thread: the server dies with the thread that made
    it.

    `settings` are further lines of postgresql.conf (tests: fsync off). Not for use by several threads.
    """

    def __init__(self, data: Path | str, settings: Mapping[str, str] | None = None) -> None:
        self.layout = Layout.of(data)
        self.settings = dict(settings or {})
        self.owned = False
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = FileLock(self.layout.run / "postgres.lock")
        self._log_start = 0

    @property
    def log_file(self) -> Path:
        return self.layout.log / "postgres.log"

    @property
    def sockets(self) -> Path:
        return self.layout.runtime / "pg"

    @property
    def pid(self) -> int | None:
        """The postmaster's process id, whoever started it."""
        pg_dir = cluster.locate(self.layout)
        found = postmaster.running(pg_dir) if pg_dir else None
        return found.pid if found else None

    def dsn(self, dbname: str = pgconf.APP_DATABASE, user: str = pgconf.APP_ROLE) -> str:
        """A libpq URI through the socket, for the town's own role by default."""
        return socket_dsn(self._socket_dir(), user, dbname)

    def is_running(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        return self.pid is not None

    def start(self, progress: Progress = silent) -> str:
        """Start, or use the server whose owner lives; returns the DSN when it answers.

        Waits as long as a crash recovery takes and says so through `progress`; gives up only when the server
        ends. Raises DatabaseStartFailed, DataVersionMismatch, DiskFull, PermissionProblem.
        """
        self.layout.ensure()
        ticker = _Ticker(progress)
        while True:
            if self._lock.acquire(since=time.time()):
                try:
                    self._start_own(ticker)
                except BaseException:
                    self.stop(grace=5)
                    self._lock.release()
                    raise
                return self.dsn()
            found = postmaster.running(pg_dir) if (pg_dir := cluster.locate(self.layout)) else None
            if found and found.ready and self._answers():
                return self.dsn()
            ticker.tick("waiting_for_owner", pid=self._lock.holder().get("pid", "?"))
            time.sleep(0.05)

    def stop(self, grace: float = 60) -> None:
        """Stop the server if it is ours: fast shutdown, after `grace` seconds at once (the log replays at the
        next start). A server owned by another process stays."""
        process, self._process = self._process, None
        if process is not None:
            for number, seconds in ((signal.SIGINT, grace), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
                if process.poll() is not None:
                    break
                process.send_signal(number)
                try:
                    process.wait(seconds)
                except subprocess.TimeoutExpired:
                    continue
            self.layout.tidy()
        self.owned = False
        self._lock.release()

    def poll(self) -> int | None:
        """The exit status of a server we own that ended by itself, else None."""
        return self._process.poll() if self._process is not None else None

    def recover(self, progress: Progress = silent) -> None:
        """Start our server again after it ended by itself (`poll()` is not None)."""
        self._process = None
        self._start_own(_Ticker(progress))

    # -- what start() is made of

    def _start_own(self, ticker: _Ticker) -> None:
        home = cluster.home(self.layout)
        install = pgbinaries.install_for(home.user)
        postmaster.stop_leftovers(home.pg_dir, lambda _: ticker.tick("stopping_leftover"))
        if not home.exists():
            self._create(home, install, ticker)
        cluster.remember_place(self.layout, home)
        cluster.check_version(home.pg_dir, pgbinaries.binary_version(install))
        private_folder(self.layout.runtime, 0o711 if os.geteuid() == 0 else 0o700)
        cluster.folder_for(self.sockets, home.user)
        self._launch(home, install)
        ticker.begin()
        self._wait_until_ready(home.pg_dir, ticker)
        cluster.bootstrap(self.dsn("postgres", pgconf.SUPERUSER), self.dsn(user=pgconf.SUPERUSER))
        self.owned = True

    def _create(self, home: cluster.Home, install: Path, ticker: _Ticker) -> None:
        """Overridden by the tests' cluster, which copies a finished one."""
        ticker.say("creating_database")
        cluster.initdb(home, install)

    def _launch(self, home: cluster.Home, install: Path) -> None:
        own_conf = self.layout.data / "postgresql.conf"
        own = own_conf.read_text() if own_conf.is_file() else ""
        files = pgconf.write(self.layout.runtime / "conf", self.sockets, home.user, self.settings, own)
        try:
            with self.log_file.open("ab") as log:
                self._log_start = log.tell()
                self._process = subprocess.Popen(
                    [install / "bin" / "postgres", "-D", home.pg_dir, "-c", f"config_file={files.config}"],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    env=server_environment(),
                    start_new_session=True,  # Ctrl-C goes to us, and we stop the server last
                    preexec_fn=before_exec(signal.SIGINT),
                    **home.user.run_as(),
                )
        except OSError as exc:
            raise named_problem(exc, self.log_file) from exc

    def _wait_until_ready(self, pg_dir: Path, ticker: _Ticker) -> None:
        pause = 0.01
        while True:
            assert self._process is not None
            if self._process.poll() is not None:
                raise self._why_it_ended(pg_dir)
            found = postmaster.read(pg_dir)
            if found and found.pid == self._process.pid and found.ready:
                return  # it accepts connections; what goes wrong now is no matter of waiting
            ticker.tick("database_recovers", last=self._last_line())
            time.sleep(pause)
            pause = min(pause * 1.5, 0.25)

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.dsn(), connect_timeout=10, autocommit=True).close()
        except psycopg.OperationalError:
            return False
        return True

    def _why_it_ended(self, pg_dir: Path) -> Exception:
        status = self._process.returncode if self._process else None
        text = self._log_since_start()
        tail = "\n".join(text.strip().splitlines()[-8:])
        problem = problem_in_text(text, pg_dir)
        return problem or DatabaseStartFailed("database_ended", status=status, log=tail, path=self.log_file)

    def _log_since_start(self) -> str:
        try:
            with self.log_file.open("rb") as log:
                log.seek(max(self._log_start, log.seek(0, os.SEEK_END) - 20_000))
                return log.read().decode(errors="replace")
        except OSError:
            return ""

    def _last_line(self) -> str:
        lines = self._log_since_start().strip().splitlines()
        return lines[-1][-160:] if lines else ""

    def _socket_dir(self) -> Path:
        """The folder of the live server, which another user may have started elsewhere; else where ours
        goes."""
        if self._process is None:
            pg_dir = cluster.locate(self.layout)
            found = postmaster.running(pg_dir) if pg_dir else None
            if found and found.socket_dir:
                return found.socket_dir
        return self.sockets


class _Ticker:
    """Says a line at once (`say`) or, while something lasts, after two seconds and then every five
    (`tick`)."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.begin()

    def begin(self) -> None:
        """Something new is waited for."""
        self._begin = time.monotonic()
        self._next = self._begin + _FIRST_PROGRESS

    def say(self, key: str, **params: object) -> None:
        self._progress(say(key, **params))

    def tick(self, key: str, **params: object) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _PROGRESS_EVERY
            self.say(key, seconds=round(now - self._begin), **params)


def server_environment() -> dict[str, str]:
    """PostgreSQL's programs see none of our variables: PG* ones would redirect them, others may be secret."""
    return {"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": "C", "TZ": "UTC"}
