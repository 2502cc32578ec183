"""kill -9 of a worker that reads a council information system, at every request: nothing is lost or comes twice."""

import ipaddress
import os
import signal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections

from allmende.programme.council import walking
from allmende.programme.models import CouncilSource

from .council_support import received, references, source_of, walked
from .oparl_server import Council, running

pytestmark = pytest.mark.django_db(transaction=True)


def killed_at(council: Council, port: int, source: CouncilSource, request: int) -> bool:
    """Let a child read the source and kill it when it asks for the n-th time; False where it came to its end before."""
    reading, writing = os.pipe()
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            os.read(reading, 1)
            walking.walk(CouncilSource.objects.get(pk=source.pk))
        finally:
            os._exit(0)
    council.asked.clear()
    real = council.reply

    def reply(handler: Any) -> None:
        if len(council.asked) == request:
            os.kill(child, signal.SIGKILL)
        real(handler)

    council.reply = reply  # type: ignore[method-assign]
    with running(council, port):
        os.write(writing, b".")
        _pid, status = os.waitpid(child, 0)
    council.reply = real  # type: ignore[method-assign]
    os.close(reading)
    os.close(writing)
    return os.WIFSIGNALED(status)


def test_killed_at_every_request_it_goes_on_and_says_each_thing_once(settings: Any) -> None:
    settings.OUTGOING_NETWORKS = (ipaddress.ip_network("127.0.0.0/8"),)
    council = Council()
    for number in range(1, 8):
        council.decide(number)
    with running(council):
        source = source_of(council)
        port = urlsplit(council.root).port or 0
    kills, kept = 0, []
    for request in range(0, 30):
        if not killed_at(council, port, source, request):
            break
        kills += 1
        kept.append(len(references()))
        row = CouncilSource.objects.get()
        assert (row.since, row.succeeded) == (None, None)
        assert kept == sorted(kept)
        # Two decisions a page: a page is kept whole or not at all.
        assert kept[-1] % 2 == 0
    assert kills > 8 and 0 < kept[-1] < 7
    with running(council, port):
        row = walked(source)
    assert row.succeeded is not None
    assert references() == received() == [f"0{number}/2026" for number in range(1, 8)]
