"""The pump: order, completeness, exactly once, and what happens when a handler fails."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from allmende.spine.facts import Fact, FactRow, emit, pump
from allmende.spine.facts.effects import once
from allmende.spine.facts.handlers import Handler

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Counted(Fact):
    kind = "tests.pump.counted"
    number: int


@pytest.fixture
def seen() -> Iterator[list[int]]:
    """A table that a handler writes to; everything before the test is skipped."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS tests_seen (n bigserial, fact bigint, number int)")
        cursor.execute("DELETE FROM facts_parked")
        cursor.execute("DELETE FROM facts_cursor")
    yield []
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE tests_seen")
        cursor.execute("DELETE FROM facts_parked")
        cursor.execute("DELETE FROM facts_cursor")


def write(rows: list[FactRow]) -> None:
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute("INSERT INTO tests_seen (fact, number) VALUES (%s, %s)", [row.id, row.payload["number"]])


def numbers() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM tests_seen ORDER BY n")
        return [row[0] for row in cursor.fetchall()]


def table(react=write, name: str = "tests.seen") -> dict[str, Handler]:
    return {name: Handler(name, ("tests.pump.*",), react)}


def start(handlers: dict[str, Handler]) -> None:
    """Cursors behind everything that earlier tests left in the log."""
    pump.ensure_cursors(handlers.values())
    while pump.pump_once({name: Handler(name, ("none.none",), lambda rows: None) for name in handlers}):
        pass


def emit_number(number: int) -> int:
    with transaction.atomic():
        return emit(Counted(number=number))


def drain(handlers: dict[str, Handler], batch: int = 500) -> None:
    while pump.pump_once(handlers, batch):
        pass


def other_connection() -> psycopg.Connection:
    wanted = ("dbname", "user", "host", "port", "password")
    return psycopg.connect(**{key: value for key, value in connection.get_connection_params().items() if key in wanted})


def test_in_order_and_once(seen: list[int]) -> None:
    handlers = table()
    start(handlers)
    for number in range(25):
        emit_number(number)
    drain(handlers, batch=7)
    drain(handlers, batch=7)
    assert numbers() == list(range(25))


def test_a_fact_that_commits_late_is_not_lost(seen: list[int]) -> None:
    handlers = table()
    start(handlers)
    with other_connection() as late:
        late.execute("SELECT emit_fact('tests.pump.counted', '', '{\"number\": 1}')")
        emit_number(2)
        drain(handlers)
        # The later transaction committed first, but the earlier one may still come: both wait.
        assert numbers() == []
        late.commit()
    drain(handlers)
    assert numbers() == [1, 2]


def test_restored_database_begins_an_epoch_and_delivers(seen: list[int]) -> None:
    handlers = table()
    start(handlers)
    emit_number(1)
    drain(handlers)
    with connection.cursor() as cursor:
        # As after a restore into a cluster whose transaction counter is far behind.
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000000")
        ahead = str(cursor.fetchone()[0])
        cursor.execute("SELECT max(id) FROM facts_epoch")
        before = cursor.fetchone()[0]
        cursor.execute("UPDATE facts_cursor SET xid = %s::text::xid8", [ahead])
        cursor.execute("ALTER TABLE facts_fact DISABLE TRIGGER facts_fact_append_only")
        cursor.execute(
            "UPDATE facts_fact SET xid = %s::text::xid8 WHERE id = (SELECT max(id) FROM facts_fact)", [ahead]
        )
        cursor.execute("ALTER TABLE facts_fact ENABLE TRIGGER facts_fact_append_only")
    emit_number(2)
    drain(handlers)
    assert numbers() == [1]  # lost without an epoch
    assert pump.ensure_epoch() == before + 1
    assert pump.ensure_epoch() == before + 1  # and only one
    emit_number(3)
    drain(handlers)
    # Number 2 was written between the restore and the first start, which the supervisor rules out by asking for the
    # epoch
    # first; what comes afterwards is delivered.
    assert numbers()[-1] == 3


def test_a_failing_handler_stops_nobody_else_and_parks_the_bad_fact(seen: list[int]) -> None:
    def picky(rows: list[FactRow]) -> None:
        for row in rows:
            if row.payload["number"] == 2:
                raise ValueError("I do not like two")
        write(rows)

    other: list[int] = []
    handlers = table(picky, "tests.picky") | table(
        lambda rows: other.extend(r.payload["number"] for r in rows), "tests.other"
    )
    start(handlers)
    for number in (1, 2, 3):
        emit_number(number)
    for _ in range(12):
        drain(handlers)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE facts_cursor SET retry_at = NULL")  # time passes
    assert other == [1, 2, 3]
    assert numbers() == [1, 3]
    with connection.cursor() as cursor:
        cursor.execute("SELECT handler, error FROM facts_parked")
        assert cursor.fetchall() == [("tests.picky", "ValueError: I do not like two")]


def test_two_pumps_at_once_do_everything_once(seen: list[int]) -> None:
    handlers = table()
    start(handlers)
    for number in range(200):
        emit_number(number)

    def work() -> None:
        try:
            for _ in range(60):
                pump.pump_once(handlers, 5)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain(handlers)
    assert numbers() == list(range(200))


def test_external_effect_runs_once(seen: list[int]) -> None:
    done: list[int] = []
    assert once("tests:1", lambda: done.append(1)) is True
    assert once("tests:1", lambda: done.append(2)) is False
    assert done == [1]


def test_a_failed_effect_may_be_tried_again(seen: list[int]) -> None:
    def fail() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        once("tests:2", fail)
    assert once("tests:2", lambda: None) is True


def test_lag_counts_what_waits(seen: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    handlers = table()
    start(handlers)
    monkeypatch.setitem(pump.HANDLERS, "tests.seen", handlers["tests.seen"])
    for name in [name for name in pump.HANDLERS if name != "tests.seen"]:
        monkeypatch.delitem(pump.HANDLERS, name)
    assert pump.lag()["waiting"] == 0
    emit_number(1)
    emit_number(2)
    assert pump.lag()["waiting"] == 2
    drain(handlers)
    assert pump.lag()["waiting"] == 0


def test_settings_name_the_test_database() -> None:
    assert settings.TESTING
