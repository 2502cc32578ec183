"""A town whose mail goes to a real SMTP server of this test."""

import email
import email.policy
import json
import socket
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from allmende.spine.facts.handlers import HANDLERS
from allmende.spine.facts.pump import ensure_cursors, pump_once
from allmende.spine.instance.domain import queries
from allmende.spine.instance.domain.settings import change, finish_setup
from allmende.spine.notify import topics

TOPIC = "tests.news"


class Post:
    """A mail server's mind: what it took in, what it answers, and what it does before it takes a message or says so."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.to: list[str] = []
        self.rcpt_answer = "250 OK"
        self.data_answer = "250 OK"
        self.at_rcpt: Callable[[], object] = lambda: None
        self.at_data: Callable[[], object] = lambda: None
        self.news = threading.Event()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.at_rcpt()
        if self.rcpt_answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer.replace("ADDRESS", address)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data_answer.startswith("2"):
            self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
            self.to += envelope.rcpt_tos
        self.at_data()
        self.news.set()
        return self.data_answer


def _open_town(port: int) -> None:
    change(
        {
            "name": "Herz & digital",
            "claim": "Für alle",
            "base_url": "https://stadt.example",
            "mail": {"host": "127.0.0.1", "port": port, "security": "none", "sender": "post@stadt.example"},
        },
        actor=None,
    )
    finish_setup()
    queries.forget()


@pytest.fixture
def server() -> Iterator[tuple[Post, int]]:
    post = Post()
    # The controller looks whether it can be reached under the port it was given, so 0 will not do.
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    yield post, port
    controller.stop()


@pytest.fixture
def post(server: tuple[Post, int], db: None, settings: Any) -> Post:
    settings.EMAIL_BACKEND = "allmende.config.mail.Backend"
    _open_town(server[1])
    return server[0]


@pytest.fixture
def topic() -> Iterator[str]:
    """A topic that goes out at once."""
    topics.register(TOPIC, "News", default="immediately")
    yield TOPIC
    del topics.TOPICS[TOPIC]


@pytest.fixture
def clean_jobs(transactional_db: None) -> Iterator[None]:
    """Jobs of earlier tests are in unmanaged tables, which a flush leaves, as it does the log."""
    pump()
    _forget_jobs()
    yield
    _forget_jobs()


def _forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


def pump() -> None:
    """Let every handler catch up."""
    ensure_cursors(HANDLERS.values())
    while pump_once():
        pass


def jobs(task: str = "") -> list[tuple[str, Any, Any]]:
    """(task, arguments, time it waits for) of the jobs that wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, args::text, scheduled_at FROM procrastinate_jobs"
            " WHERE status = 'todo' AND task_name LIKE %s ORDER BY id",
            [f"notify.%{task}"],
        )
        return [(name, json.loads(args), at) for name, args, at in cursor.fetchall()]
