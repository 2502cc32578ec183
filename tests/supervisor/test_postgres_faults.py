"""What may befall the server: killed, orphaned, half-made, too old, a full disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from allmende.spine.supervisor import cluster, postmaster
from allmende.spine.supervisor.errors import (
    DatabaseStartFailed,
    DataVersionMismatch,
    DiskFull,
    PermissionProblem,
)
from allmende.spine.supervisor.paths import Layout, private_folder
from allmende.spine.supervisor.postgres import EmbeddedPostgres
from tests.support.cluster import plant

from .conftest import QUICK
from .support import alive, needs_root, python, read_until, until


def one(dsn: str, sql: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]


@pytest.fixture
def made(town: Path) -> Iterator[EmbeddedPostgres]:
    """A server whose cluster was made by initdb, not copied."""
    one = EmbeddedPostgres(town, QUICK)
    one.start()
    yield one
    one.stop(grace=5)


def test_stop_leaves_no_process_and_start_finds_the_data(town: Path) -> None:
    plant(town)
    server = EmbeddedPostgres(town, QUICK)
    one(server.start(), "SELECT 1")
    pid = server.pid
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS x")
    server.stop()
    assert pid is not None and not alive(pid)
    assert not server.is_running()
    assert one(server.start(), "SELECT x FROM kept") == 7
    server.stop()


def test_a_killed_server_recovers_what_was_committed(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS x")
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: server.poll() is not None, "the killed server is gone")
    server.recover()
    assert one(server.dsn(), "SELECT count(*) FROM kept") == 1000


def test_a_killed_owner_takes_its_server_along_and_the_next_start_works(town: Path) -> None:
    plant(town)
    process = python("-m", "tests.supervisor.serve", str(town))
    read_until(process, "READY")
    pid = EmbeddedPostgres(town).pid
    assert pid is not None
    process.kill()
    process.wait()
    process.stdout.close()  # type: ignore[union-attr]
    server = EmbeddedPostgres(town, QUICK)
    try:
        assert one(server.start(), "SELECT 1") == 1, "at once, while the old one may still be leaving"
        assert server.owned and server.pid != pid
        assert not alive(pid)
    finally:
        server.stop()


def test_an_orphaned_server_is_stopped_and_replaced(town: Path) -> None:
    """A leftover whose owner died without the kernel's help (as on macOS): nobody holds its lock."""
    plant(town)
    first = EmbeddedPostgres(town, QUICK)
    first.start()
    pid = first.pid
    assert pid is not None and first._process is not None
    orphan, first._process = first._process, None
    first._lock.release()
    second = EmbeddedPostgres(town, QUICK)
    try:
        assert one(second.start(), "SELECT 1") == 1
        assert orphan.wait(5) == 0
        assert second.pid != pid
    finally:
        second.stop()


def test_a_server_whose_owner_lives_is_used_and_left_alone(server: EmbeddedPostgres) -> None:
    guest = EmbeddedPostgres(server.layout.data, QUICK)
    assert guest.start() == server.dsn()
    assert guest.pid == server.pid
    assert not guest.owned
    guest.stop()
    assert server.is_running()
    assert one(server.dsn(), "SELECT 1") == 1


@pytest.mark.parametrize("line", ["", "nonsense", "{foreign}", "{dead}"])
def test_a_stale_pid_file_does_not_forbid_the_start(town: Path, line: str) -> None:
    plant(town)
    server = EmbeddedPostgres(town, QUICK)
    server.start()
    home = cluster.home(server.layout)
    content = (home.pg_dir / postmaster.PID_FILE).read_text()
    server.stop()
    # A program of the server's own user has the number now: PostgreSQL itself would refuse to start.
    foreign = subprocess.Popen(["/bin/sleep", "600"], cwd="/", **home.user.run_as())
    dead = subprocess.Popen(["/bin/true"])
    dead.wait()
    try:
        first = line.format(foreign=foreign.pid, dead=dead.pid)
        (home.pg_dir / postmaster.PID_FILE).write_text(first + "\n" + content.split("\n", 1)[1] if first else "")
        os.chown(home.pg_dir / postmaster.PID_FILE, home.user.uid, home.user.gid)
        assert one(server.start(), "SELECT 1") == 1
        assert foreign.poll() is None, "a foreign process is never touched"
    finally:
        foreign.kill()
        foreign.wait()
        server.stop()


def test_backends_without_postmaster_do_not_forbid_the_start(server: EmbeddedPostgres) -> None:
    """kill -9 of the postmaster alone, again and again: shared memory and sockets of before are in nobody's way."""
    for _ in range(5):
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            until(lambda: server.poll() is not None, "the postmaster is gone")
            server.recover()
            connection.close()
        assert one(server.dsn(), "SELECT 1") == 1


def test_a_half_made_cluster_is_made_again(town: Path) -> None:
    layout = Layout.of(town).ensure()
    user = cluster.home(layout).user
    cluster.folder_for(town / "pg.new", user)
    (town / "pg.new" / "PG_VERSION").write_text("18\n")
    server = EmbeddedPostgres(town, QUICK)
    try:
        assert one(server.start(), "SELECT 1") == 1
        assert not (town / "pg.new").exists()
    finally:
        server.stop()


def test_data_of_another_major_version_is_named(server: EmbeddedPostgres) -> None:
    server.stop()
    (server.layout.data / "pg" / "PG_VERSION").write_text("16\n")
    with pytest.raises(DataVersionMismatch) as caught:
        server.start()
    (server.layout.data / "pg" / "PG_VERSION").write_text("18\n")
    assert caught.value.params["found"] == "16"
    assert caught.value.exit_code == 5


def test_a_server_that_ends_is_reported_with_its_last_words(town: Path) -> None:
    plant(town)
    server = EmbeddedPostgres(town, {**QUICK, "shared_preload_libraries": "no_such_library"})
    with pytest.raises(DatabaseStartFailed) as caught:
        server.start()
    assert "no_such_library" in str(caught.value)
    assert not server.is_running()
    assert server._lock.free(), "a failed start holds nothing"


def test_a_foreign_runtime_folder_is_refused(town: Path) -> None:
    """In /tmp somebody else may have made our folder, or a link to theirs, before us."""
    (town / "link").symlink_to("/tmp")
    with pytest.raises(PermissionProblem) as caught:
        private_folder(town / "link", 0o700)
    assert caught.value.code == "foreign_folder"
    if os.geteuid() == 0:
        (town / "theirs").mkdir()
        os.chown(town / "theirs", 65534, 65534)
        with pytest.raises(PermissionProblem):
            private_folder(town / "theirs", 0o700)


def test_progress_is_said_while_something_lasts(town: Path) -> None:
    lines: list[str] = []
    server = EmbeddedPostgres(town, QUICK)
    server.start(lines.append)
    server.stop()
    assert lines == ["Creating the database (once) …"]


@needs_root
def test_a_full_disk_is_named(town: Path) -> None:
    small = town / "small"
    small.mkdir(mode=0o755)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", small], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("may not mount here")
    server = EmbeddedPostgres(small, QUICK)
    try:
        with pytest.raises(DiskFull) as caught:
            server.start()
        assert caught.value.exit_code == 6
        assert sorted(path.name for path in small.iterdir()) == ["log", "run"], "no half cluster is left"
    finally:
        server.stop()
        subprocess.run(["umount", small], check=True)


def test_the_supervisor_imports_no_django() -> None:
    """In a fresh process: every module of the supervisor and the command line's frame, and no module of Django."""
    code = (
        "import pkgutil, importlib, sys\n"
        "import allmende.spine.supervisor as s, allmende.spine.cli as c, allmende.spine.cli.main as m\n"
        "for p in (s, c):\n"
        "    for f in pkgutil.iter_modules(p.__path__): importlib.import_module(f'{p.__name__}.{f.name}')\n"
        "m.build()\n"
        "print(sorted(n for n in sys.modules if n == 'django' or n.startswith('django.')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
