"""A backup comes back whole in a fresh cluster, or says what is wrong and changes nothing."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from allmende.spine.supervisor import backup as backups
from allmende.spine.supervisor import pgtools
from allmende.spine.supervisor.backup import backup
from allmende.spine.supervisor.errors import ArchiveProblem, DatabaseError, DiskFull
from allmende.spine.supervisor.postgres import EmbeddedPostgres
from allmende.spine.supervisor.restore import restore
from tests.support.cluster import plant

from .conftest import QUICK
from .support import needs_root, town_folder

SCHEMA = """
CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, during tstzrange);
CREATE INDEX ON person USING gin (name gin_trgm_ops);
ALTER TABLE person ADD EXCLUDE USING gist (id WITH =, during WITH &&);
INSERT INTO person (name) SELECT 'Ärger ' || n FROM generate_series(1, 500) n;
SELECT show_limit();  -- as in a session that has searched before it makes the function
CREATE FUNCTION near(text) RETURNS SETOF person LANGUAGE sql SET pg_trgm.similarity_threshold = '0.2' AS
  $$ SELECT * FROM person WHERE name % $1 $$;
COMMENT ON TABLE person IS 'people';
CREATE TABLE epochs (id bigint GENERATED ALWAYS AS IDENTITY, reason text);
CREATE FUNCTION facts_new_epoch(reason text) RETURNS bigint LANGUAGE sql AS
  $$ INSERT INTO epochs (reason) VALUES (reason) RETURNING id $$;
"""


def run(dsn: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def full(server: EmbeddedPostgres) -> EmbeddedPostgres:
    """A town with rows, files and a secret."""
    run(server.dsn(), SCHEMA)
    data = server.layout.data
    (data / "files" / "2026").mkdir(parents=True)
    (data / "files" / "2026" / "plan.pdf").write_bytes(os.urandom(70_000))
    (data / "files" / "leer.txt").write_bytes(b"")
    (data / "secrets.json").write_text('{"secret_key": "s"}')
    return server


@pytest.fixture
def fresh() -> Iterator[EmbeddedPostgres]:
    """A second, empty town in a cluster of its own."""
    with town_folder() as folder:
        plant(folder)
        one = EmbeddedPostgres(folder, QUICK)
        one.start()
        yield one
        one.stop(grace=5)


@pytest.fixture
def archive(full: EmbeddedPostgres, tmp_path: Path) -> Path:
    return backup(full.layout.data, tmp_path, full.dsn()).archive


def test_everything_comes_back_in_a_fresh_cluster(
    full: EmbeddedPostgres, fresh: EmbeddedPostgres, archive: Path
) -> None:
    done = restore(archive, fresh.layout.data, fresh.dsn())
    assert (done.files, done.secrets) == (2, False)
    for sql in ("SELECT * FROM person ORDER BY id", "SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'"):
        assert run(fresh.dsn(), sql) == run(full.dsn(), sql)
    assert run(fresh.dsn(), "SELECT reason FROM epochs") == [("restore",)], "a new epoch began"
    assert run(full.dsn(), "SELECT reason FROM epochs") == []
    for name in ("files/2026/plan.pdf", "files/leer.txt"):
        assert (fresh.layout.data / name).read_bytes() == (full.layout.data / name).read_bytes()
    run(fresh.dsn(), "INSERT INTO person (name) VALUES ('new')")
    assert run(fresh.dsn(), "SELECT max(id) FROM person") == [(501,)], "sequences go on"
    again = backup(fresh.layout.data, archive.parent, fresh.dsn())
    assert restore(again.archive, fresh.layout.data, fresh.dsn(), force=True).files == 2


def test_the_archive_is_private_and_whole(full: EmbeddedPostgres, archive: Path, tmp_path: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [archive.name], "no .part is left"
    manifest = backups.read_manifest(archive)
    assert sorted(entry.path for entry in manifest.entries) == [
        "database.dump",
        "files/2026/plan.pdf",
        "files/leer.txt",
    ]
    assert manifest.server_version // 10000 == 18
    secret = backup(full.layout.data, tmp_path, full.dsn(), with_secrets=True)
    assert secret.manifest.with_secrets
    assert secret.archive != archive


def test_secrets_come_back_only_where_none_are(full: EmbeddedPostgres, fresh: EmbeddedPostgres, tmp_path: Path) -> None:
    made = backup(full.layout.data, tmp_path, full.dsn(), with_secrets=True)
    assert restore(made.archive, fresh.layout.data, fresh.dsn()).secrets is True
    kept = fresh.layout.data / "secrets.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.read_text()) == {"secret_key": "s"}


def test_what_is_not_empty_is_refused_unless_forced(
    full: EmbeddedPostgres, fresh: EmbeddedPostgres, archive: Path
) -> None:
    run(fresh.dsn(), "CREATE TABLE theirs (x int); CREATE SCHEMA more; CREATE TABLE more.y (x int)")
    with pytest.raises(ArchiveProblem) as caught:
        restore(archive, fresh.layout.data, fresh.dsn())
    assert (caught.value.code, caught.value.exit_code) == ("restore_not_empty", 8)
    assert run(fresh.dsn(), "SELECT count(*) FROM theirs") == [(0,)]
    restore(archive, fresh.layout.data, fresh.dsn(), force=True)
    tables = run(fresh.dsn(), "SELECT relname FROM pg_class WHERE relkind = 'r' AND relowner = 'allmende'::regrole")
    assert sorted(tables) == [("epochs",), ("person",)]


def damage(archive: Path, how: str) -> None:
    """Rewrite the archive with one thing wrong."""
    members: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            source = tar.extractfile(member)
            assert source is not None
            members[member.name] = source.read()
    if how == "bit":
        content = bytearray(members["files/2026/plan.pdf"])
        content[35_000] ^= 1
        members["files/2026/plan.pdf"] = bytes(content)
    elif how == "missing":
        del members["files/leer.txt"]
    elif how == "extra":
        manifest = members.pop("manifest.json")
        members |= {"files/evil.html": b"x", "manifest.json": manifest}
    elif how == "upwards":
        members = {"files/../../evil": b"x", **members}
    elif how == "no manifest":
        del members["manifest.json"]
    with tarfile.open(archive, "w") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("bit", "archive_checksum"),
        ("missing", "archive_checksum"),
        ("extra", "archive_broken"),
        ("upwards", "archive_foreign"),
        ("no manifest", "archive_broken"),
    ],
)
def test_a_damaged_archive_is_refused_before_anything_is_touched(
    fresh: EmbeddedPostgres, archive: Path, how: str, code: str
) -> None:
    damage(archive, how)
    with pytest.raises(ArchiveProblem) as caught:
        restore(archive, fresh.layout.data, fresh.dsn())
    assert caught.value.code == code
    assert run(fresh.dsn(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    assert not (fresh.layout.data / "files").exists()


@pytest.mark.parametrize("kind", ["cut", "other", "absent"])
def test_what_is_no_archive_is_refused(fresh: EmbeddedPostgres, archive: Path, kind: str) -> None:
    if kind == "cut":
        os.truncate(archive, archive.stat().st_size // 2)
    elif kind == "other":
        archive.write_bytes(b"PK\x03\x04 no tar at all" * 100)
    else:
        archive.unlink()
    with pytest.raises(Exception) as caught:
        restore(archive, fresh.layout.data, fresh.dsn())
    assert getattr(caught.value, "code", None) == ("os_problem" if kind == "absent" else "archive_broken")


def test_a_failing_restore_changes_nothing(full: EmbeddedPostgres, fresh: EmbeddedPostgres, tmp_path: Path) -> None:
    """The very last statement fails: the database stays as it was, and so do the files."""
    run(
        full.dsn(),
        "CREATE OR REPLACE FUNCTION facts_new_epoch(reason text) RETURNS bigint LANGUAGE sql AS 'SELECT 1/0'",
    )
    made = backup(full.layout.data, tmp_path, full.dsn())
    run(fresh.dsn(), "CREATE TABLE theirs AS SELECT 1 AS x")
    with pytest.raises(DatabaseError) as caught:
        restore(made.archive, fresh.layout.data, fresh.dsn(), force=True)
    assert "division by zero" in str(caught.value)
    assert run(fresh.dsn(), "SELECT x FROM theirs") == [(1,)]
    assert not (fresh.layout.data / "files").exists()
    assert [path.name for path in fresh.layout.data.iterdir() if path.name.startswith(".restore")] == []


@needs_root
def test_a_full_disk_leaves_no_half_archive(full: EmbeddedPostgres, tmp_path: Path) -> None:
    (full.layout.data / "files" / "big.bin").write_bytes(os.urandom(3_000_000))
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("may not mount here")
    try:
        with pytest.raises(DiskFull) as caught:
            backup(full.layout.data, small, full.dsn())
        assert caught.value.exit_code == 6
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_password_is_not_shown_to_ps() -> None:
    where, environment = pgtools.connection("postgresql://u:geheim@db.example:5433/town?sslmode=require")
    assert "geheim" not in where
    assert environment["PGPASSWORD"] == "geheim"
    assert "sslmode=require" in where


def test_tools_older_than_the_server_are_not_taken() -> None:
    assert pgtools.find(18, system_first=False).version.startswith("18")
    with pytest.raises(DatabaseError) as caught:
        pgtools.find(99, system_first=True)
    assert caught.value.code == "no_tools"
