"""kill -9 of the pump, fifty times: every fact is handled exactly once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction

from allmende.spine.facts import emit, pump
from allmende.spine.facts.handlers import Handler

from .test_pump import Counted, seen, start  # noqa: F401

KILLS = 50
CHILD = Path(__file__).with_name("pump_child.py")


@pytest.mark.django_db(transaction=True)
def test_killed_fifty_times(seen: list[int]) -> None:  # noqa: F811
    handlers = {"tests.child": Handler("tests.child", ("tests.pump.*",), lambda rows: None)}
    start(handlers)
    total = 0
    environment = os.environ | {"TEST_DB_NAME": connection.settings_dict["NAME"]}
    # One child imports Django once and forks pumps; each pump is killed in the middle of its work.
    nursery = subprocess.Popen(
        [sys.executable, str(CHILD)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert nursery.stdin and nursery.stdout
    try:
        for round_ in range(KILLS):
            with transaction.atomic():
                for _ in range(40):
                    emit(Counted(number=total))
                    total += 1
            nursery.stdin.write("fork\n")
            nursery.stdin.flush()
            pid = int(nursery.stdout.readline())
            # The pump tells of every batch before it commits: kill between work and commit, a different batch each
            # time.
            for _ in range(1 + round_ % 4):
                nursery.stdout.readline()
            os.kill(pid, signal.SIGKILL)
            # It may have got a batch or two further before the signal arrived.
            for line in nursery.stdout:
                if line.strip() == f"killed {pid}":
                    break
    finally:
        nursery.stdin.close()
        nursery.wait(10)
        nursery.stdout.close()

    def write(rows: list) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO tests_seen (fact, number) VALUES (%s, %s)", [(r.id, r.payload["number"]) for r in rows]
            )

    last = {"tests.child": Handler("tests.child", ("tests.pump.*",), write)}
    while pump.pump_once(last):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT fact), min(number), max(number) FROM tests_seen")
        assert cursor.fetchone() == (total, total, 0, total - 1)
