"""kill -9 of the worker in the middle of sending: the mail arrives; a second copy, if any, has the same Message-ID."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from allmende.spine.notify.domain.notices import notify
from allmende.spine.notify.models import Delivery
from tests.factories import make_account

from .conftest import Post

CHILD = Path(__file__).with_name("worker_child.py")
Start = Callable[[], subprocess.Popen]


@pytest.fixture
def start(clean_jobs: None) -> Iterator[Start]:
    started: list[subprocess.Popen] = []

    def run() -> subprocess.Popen:
        environment = os.environ | {"TEST_DB_NAME": connection.settings_dict["NAME"]}
        started.append(
            subprocess.Popen([sys.executable, str(CHILD)], env=environment, stderr=subprocess.PIPE, text=True)
        )
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.wait(15)
        assert process.stderr is not None
        process.stderr.close()


def until(what: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)


def sent() -> bool:
    return Delivery.objects.filter(sent__isnull=False).count() == 1


def heartbeats_grow_old() -> None:
    """A minute passes: a killed worker does not beat any more."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("moment", "copies"), [("before", 1), ("after", 2)])
def test_a_killed_worker_loses_no_mail(post: Post, topic: str, start: Start, moment: str, copies: int) -> None:
    """`before`: killed before the server took the message. `after`: killed when it was taken, before that was noted."""
    person = make_account(email="resident@example.org")
    first = start()

    def kill() -> None:
        if first.poll() is None:
            os.kill(first.pid, signal.SIGKILL)
            first.wait()

    if moment == "before":
        post.at_rcpt = kill
    else:
        post.at_data = kill
    notify(person, topic, "News", key="a")
    until(lambda: first.poll() is not None)
    assert first.returncode == -signal.SIGKILL
    assert not sent()
    heartbeats_grow_old()
    start()
    until(sent)
    row = Delivery.objects.get()
    assert post.to == ["resident@example.org"] * copies
    assert {mail["Message-ID"] for mail in post.taken} == {row.message_id}
    assert {mail["Date"] for mail in post.taken} == {post.taken[0]["Date"]}
    assert {mail.get_body(("plain",)).get_content() for mail in post.taken} == {
        post.taken[0].get_body(("plain",)).get_content()
    }


@pytest.mark.django_db(transaction=True)
def test_a_busy_server_gets_the_mail_later_by_the_workers_own_retry(post: Post, topic: str, start: Start) -> None:
    answers = iter(["451 later"])

    def answer() -> None:
        post.data_answer = next(answers, "250 OK")

    post.at_rcpt = answer
    person = make_account(email="resident@example.org")
    notify(person, topic, "News", key="a")
    worker = start()
    until(sent)
    worker.terminate()
    worker.wait(15)
    assert worker.stderr is not None
    said = worker.stderr.read()
    assert post.to == ["resident@example.org"]
    assert Delivery.objects.get().attempts == 2
    assert "resident@example.org" not in said
