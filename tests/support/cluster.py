"""A PostgreSQL cluster for a test session: up in well under half a second, gone with the process that made
it.

The cluster is copied from a template that initdb made once (`.cache/` of the checkout) and runs without
fsync.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from allmende.spine.supervisor import cluster, osuser, pgbinaries
from allmende.spine.supervisor.postgres import EmbeddedPostgres

CACHE = Path(__file__).resolve().parents[2] / ".cache"

FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "io_method": "sync",
    "dynamic_shared_memory_type": "mmap",  # in the folder that is removed, not in /dev/shm where it would stay
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "log_error_verbosity": "default",
    "log_min_error_statement": "error",
}


class _Cluster(EmbeddedPostgres):
    """Copies the template where the real one runs initdb."""

    template: Path | None = None

    def _create(self, home: cluster.Home, install: Path, ticker: object) -> None:
        if self.template is None:
            cluster.initdb(home, install, "--no-sync", "--wal-segsize=1")
            return
        cluster.folder_for(home.pg_dir, home.user)
        subprocess.run(["cp", "-a", f"{self.template}/.", home.pg_dir], check=True)


def make_folder(prefix: str = "allmende-test-") -> Path:
    """A folder the server's user may enter (pytest's own are closed to it when root runs the tests)."""
    base = Path("/dev/shm")
    if not base.is_dir() or shutil.disk_usage(base).free < 2 * 1024**3:
        base = Path("/tmp")
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
    folder.chmod(0o755)
    return folder


def template() -> Path:
    """The finished cluster to copy from: role `allmende` (may create databases), its database and
    extensions."""
    user = osuser.choose()
    version = pgbinaries.binary_version(pgbinaries.wheel_install())
    recipe = hashlib.sha256(Path(cluster.__file__).read_bytes() + Path(__file__).read_bytes()).hexdigest()[:10]
    target = CACHE / f"pg-{version}-{user.name}-{recipe}"
    if target.is_dir():
        return target
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "pg.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.is_dir():
            return target
        for old in CACHE.glob(f"pg-*-{user.name}-*"):
            shutil.rmtree(old, ignore_errors=True)
        folder = make_folder("allmende-template-")
        server = _Cluster(folder, FAST)
        try:
            server.start()
            _allow_databases(server)
            server.stop()
            work = target.with_suffix(".part")
            shutil.rmtree(work, ignore_errors=True)
            subprocess.run(["cp", "-a", cluster.home(server.layout).pg_dir, work], check=True)
            work.rename(target)
        finally:
            _remove(server, folder)
    return target


def plant(folder: Path) -> None:
    """Put a finished cluster into the data folder `folder`, for tests that are not about making one."""
    target = folder / "pg"
    if not target.exists():
        source = template()
        subprocess.run(["cp", "-a", source, target], check=True)


def _allow_databases(server: EmbeddedPostgres) -> None:
    import psycopg

    with psycopg.connect(server.dsn("postgres", "postgres"), autocommit=True) as admin:
        admin.execute("ALTER ROLE allmende CREATEDB")


def _remove(server: EmbeddedPostgres, folder: Path) -> None:
    server.stop(grace=2)
    pg_dir = cluster.locate(server.layout)
    if pg_dir is not None and pg_dir.parent != server.layout.data:
        shutil.rmtree(pg_dir.parent, ignore_errors=True)
    shutil.rmtree(server.layout.runtime, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


_RUNNING: dict[Path | None, tuple[int, EmbeddedPostgres, Path]] = {}


def start_test_cluster(tmp: Path | None = None) -> str:
    """Start a cluster and return its DSN; `stop_test_cluster(tmp)`, or the end of this process, removes it.

    `tmp` is used when the server's user may enter it, else a folder in memory or /tmp is made.
    """
    source = template()
    folder = tmp if tmp is not None and osuser.choose().can_enter(tmp) else make_folder()
    server = _Cluster(folder, FAST)
    server.template = source
    _RUNNING[tmp] = (os.getpid(), server, folder)
    atexit.register(stop_test_cluster, tmp)
    return server.start()


def stop_test_cluster(tmp: Path | None = None) -> None:
    """Stop the cluster that `start_test_cluster(tmp)` started, and remove its files. Repeatable."""
    found = _RUNNING.pop(tmp, None)
    if found is not None and found[0] == os.getpid():  # a forked child must not stop its parent's
        _remove(found[1], found[2])
