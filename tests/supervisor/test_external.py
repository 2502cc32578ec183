"""A PostgreSQL of the town's own: Debian's version 15, by DATABASE_URL, with a password over TCP."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from allmende.spine.supervisor import external, osuser
from allmende.spine.supervisor.backup import backup
from allmende.spine.supervisor.dsn import parse_conninfo, parse_database_url, without_password
from allmende.spine.supervisor.errors import DatabaseUnreachable, UsageProblem
from allmende.spine.supervisor.lifeline import before_exec
from allmende.spine.supervisor.postgres import EmbeddedPostgres
from allmende.spine.supervisor.restore import restore

from .support import town_folder

BIN = Path("/usr/lib/postgresql/15/bin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def debian() -> Iterator[str]:
    """The URL of a database `town` on a PostgreSQL 15 that others packaged."""
    if not (BIN / "initdb").exists():
        pytest.skip("Debian's PostgreSQL 15 is not installed")
    user = osuser.choose()
    with town_folder() as folder:
        place = folder / "own"
        place.mkdir(mode=0o700)
        if not user.is_current:
            os.chown(place, user.uid, user.gid)
        (folder / "pw").write_text("geheim%/ü\n")
        (folder / "pw").chmod(0o644)
        port = free_port()
        init = [
            BIN / "initdb",
            "-D",
            place,
            "-U",
            "admin",
            "-A",
            "scram-sha-256",
            f"--pwfile={folder}/pw",
            "-E",
            "UTF8",
        ]
        subprocess.run(
            [*init, "--no-sync", "--no-locale"], check=True, stdout=subprocess.DEVNULL, cwd="/", **user.run_as()
        )
        server = subprocess.Popen(
            [BIN / "postgres", "-D", place, "-p", str(port), "-k", "", "-c", "listen_addresses=127.0.0.1", "-F"],
            cwd="/",
            stderr=subprocess.DEVNULL,
            preexec_fn=before_exec(2),
            **user.run_as(),
        )
        admin = f"postgresql://admin:geheim%25%2F%C3%BC@127.0.0.1:{port}/postgres"
        external.wait_for(admin, lambda line: None)
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("CREATE ROLE town LOGIN PASSWORD 'p@ss:w'")
            connection.execute("CREATE DATABASE town OWNER town")
            connection.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' OWNER town")
        yield f"postgresql://town:p%40ss%3Aw@127.0.0.1:{port}/town"
        server.send_signal(2)
        server.wait(20)


def test_a_good_database_is_taken(debian: str) -> None:
    assert external.wait_for(debian, lambda line: None) // 10000 == 15


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("p%40ss%3Aw", "wrong"), "database_unreachable"),
        (("/town", "/absent"), "database_unreachable"),
        (("/town", "/latin"), "database_not_utf8"),
    ],
)
def test_a_bad_one_is_named_at_once_without_its_password(debian: str, change: tuple[str, str], code: str) -> None:
    head, _, tail = debian.rpartition(change[0])
    begin = time.monotonic()
    with pytest.raises(DatabaseUnreachable) as caught:
        external.wait_for(head + change[1] + tail, lambda line: None, seconds=30)
    assert caught.value.code == code
    assert time.monotonic() - begin < 10, "waiting does not help here"
    assert "p@ss:w" not in str(caught.value) and "p%40ss" not in str(caught.value)


def test_a_server_that_is_not_up_yet_is_waited_for_with_words() -> None:
    lines: list[str] = []
    url = f"postgresql://u@127.0.0.1:{free_port()}/town"
    with pytest.raises(DatabaseUnreachable):
        external.wait_for(url, lines.append, seconds=4)
    assert len(lines) == 1 and "Waiting for the database" in lines[0]


def test_a_town_moves_from_the_embedded_18_to_debians_15_and_back(
    debian: str, server: EmbeddedPostgres, tmp_path: Path
) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE moved AS SELECT n, 'ä' || n AS t FROM generate_series(1, 100) n")
    there = tmp_path / "there"
    there.mkdir()
    made = backup(server.layout.data, tmp_path, server.dsn())
    restore(made.archive, there, debian, external=True)
    with psycopg.connect(debian, autocommit=True) as connection:
        assert connection.execute("SELECT count(*), max(t) FROM moved").fetchone() == (100, "ä99")
    own = backup(there, tmp_path, debian, external=True)
    assert own.manifest.server_version // 10000 == 15
    restore(own.archive, server.layout.data, server.dsn(), force=True)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM moved").fetchone() == (100,)


def test_addresses_for_libpq_and_django() -> None:
    url = "postgresql://allmende@%2Frun%2Fallmende-x%2Fpg:5432/allmende"
    assert parse_database_url(url) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "allmende",
        "USER": "allmende",
        "PASSWORD": "",
        "HOST": "/run/allmende-x/pg",
        "PORT": "5432",
        "OPTIONS": {},
    }
    own = parse_database_url("postgres://u:p%40@db.example/town?sslmode=verify-full&options=-c%20jit%3Doff")
    assert (own["PASSWORD"], own["HOST"], own["PORT"]) == ("p@", "db.example", "")
    assert own["OPTIONS"] == {"sslmode": "verify-full", "options": "-c jit=off"}
    assert parse_conninfo("host=/tmp dbname=x") == {"host": "/tmp", "dbname": "x"}
    assert without_password("postgresql://u:secret@h/x") == "u@h:5432/x"


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://u@h/x", "postgresql://u:secret@h:port:5/x y", "host=x"])
def test_a_bad_address_is_named_without_its_password(url: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        parse_database_url(url)
    assert caught.value.exit_code == 2
    assert "secret" not in str(caught.value)
