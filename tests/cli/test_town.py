"""The real town by its command line: up, check, backup, restore elsewhere, one process alone, down."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.supervisor.support import close_all, popen, processes_of, read_until, town_folder, until

from .support import allmende, answer, command, environment, schema


def start(*arguments: str) -> subprocess.Popen[str]:
    return popen(command(*arguments), environment(PYTHONUNBUFFERED="1"), subprocess.PIPE)


def finish(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> tuple[list[str], str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    return out.splitlines(), err


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def town() -> Iterator[Path]:
    with town_folder() as folder:
        yield folder
        close_all()
        left = processes_of(folder)
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        assert left == []


def facts(dsn: str) -> tuple[int, int]:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM facts_fact), (SELECT max(id) FROM facts_epoch)"
        ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def rename_a_measure(dsn: str, title: str) -> None:
    """A change and its fact in one transaction, as a room's verb would."""
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "WITH changed AS (UPDATE programme_measure SET title = %s WHERE slug = 'licht-am-fauthweg'"
            " RETURNING public_id)"
            " SELECT emit_fact('programme.measure.changed', 'measure:' || public_id::text,"
            " jsonb_build_object('title', %s::text, 'fields', '[]'::jsonb, 'version', 2), public => true) FROM changed",
            [title, title],
        )


def found_titles(dsn: str) -> list[str]:
    """What the search index, which only the pump fills, calls that measure."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT title FROM search_document WHERE url = '/massnahmen/licht-am-fauthweg/' AND kind = 'measure'"
        ).fetchall()
    return [row[0] for row in rows]


def test_a_town_from_up_to_restore(town: Path) -> None:
    port = free_port()
    process = start("up", "--json", "--data", str(town), "--port", str(port))
    lines = [json.loads(line) for line in read_until(process, '"ready"', 120)]
    for line in lines:
        schema("up").validate(line)
    assert lines[-1]["url"] == f"http://localhost:{port}"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as page:
        assert page.status == 200

    def well() -> bool:
        return allmende("check", "--json", "--data", str(town)).returncode == 0

    until(well, "every process is well", 60)
    checked = answer(allmende("check", "--json", "--data", str(town)), "check")
    assert {entry["name"] for entry in checked["processes"]} >= {"web", "worker", "pump", "live"}
    assert "waiting" in next(e for e in checked["processes"] if e["name"] == "pump")["checks"]["lag"]["detail"]

    dsn = answer(allmende("db", "--print", "--json", "--data", str(town)), "db")["dsn"]
    count, epoch = facts(dsn)
    # Far ahead of a fresh cluster: a cursor that is only a transaction id would point into its future.
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("DO $$ BEGIN FOR i IN 1..20000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$")
    rename_a_measure(dsn, "Vor der Sicherung")
    until(lambda: found_titles(dsn) == ["Vor der Sicherung"], "the pump has told the search", 30)
    count += 1
    second = allmende("up", "--json", "--data", str(town), "--port", str(free_port()))
    assert second.returncode == 3
    assert f"process {process.pid}," in answer(second, "error")["error"]["message"]
    refused = allmende("restore", "--json", "--data", str(town), "nothing.tar")
    assert (refused.returncode, answer(refused, "error")["error"]["code"]) == (3, "town_in_use")
    assert answer(allmende("migrate", "--json", "--data", str(town)), "migrate")["migrated"] is False
    made = answer(allmende("backup", "--json", "--with-secrets", "--data", str(town)), "backup")
    assert Path(made["archive"]).parent == town / "backups"
    out, _ = finish(process, signal.SIGINT)
    assert json.loads(out[-1]) == {"ok": True, "event": "stopped"}
    assert processes_of(town) == []

    with town_folder() as other:
        done = answer(allmende("restore", made["archive"], "--json", "--data", str(other)), "restore")
        assert done["secrets"] is True
        database = start("db", "--json", "--data", str(other))
        dsn = json.loads(read_until(database, '"dsn"')[-1])["dsn"]
        assert facts(dsn) == (count, epoch + 1), "every fact is there, and a new epoch began"
        pump = start("pump", "--data", str(other))
        rename_a_measure(dsn, "Nach der Rückkehr")
        until(lambda: found_titles(dsn) == ["Nach der Rückkehr"], "a new fact is delivered after the restore", 60)
        finish(pump)
        finish(database)
        assert processes_of(other) == []


def test_one_process_alone_beside_the_database(town: Path) -> None:
    """As systemd would: the database, the schema, the pump; each dies alone."""
    database = start("db", "--json", "--data", str(town))
    found = json.loads(read_until(database, '"dsn"')[-1])
    schema("db").validate(found)
    assert found["owned"] is True
    assert answer(allmende("migrate", "--json", "--data", str(town)), "migrate")["migrated"] is True
    pump = start("pump", "--data", str(town))
    until(lambda: allmende("check", "--data", str(town)).returncode == 0, "the pump is well", 60)
    checked = answer(allmende("check", "--json", "--data", str(town)), "check")
    assert [(entry["name"], entry["pid"]) for entry in checked["processes"]] == [("pump", pump.pid)]
    assert checked["running"] is False
    finish(pump)
    finish(database)
