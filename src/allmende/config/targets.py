"""What each process of `allmende up` does. Called in a forked child with Django already imported, or alone after
`django.setup()`."""

import logging
import multiprocessing
import os
import signal
import threading
from types import FrameType

from django.conf import settings
from django.db import connection, connections

from allmende.spine.supervisor.context import ProcessContext

log = logging.getLogger("allmende.process")


def _stop_event() -> threading.Event:
    stop = threading.Event()

    def ask(signum: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop


def _database_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _closed_rooms() -> str | None:
    """Closed rooms by their keys, with the rooms they stand on; None where all are open."""
    from allmende.spine.instance.domain.queries import closed_rooms

    return ", ".join(
        f"{room} (stands on {', '.join(because)})" if because else room for room, because in closed_rooms().items()
    ) or None  # fmt: skip


def _metrics() -> bytes:
    from prometheus_client import generate_latest

    return generate_latest()


def pool_connections(size: int = 8) -> None:
    """Threads of one process share a pool of connections (persistent ones per thread were measured to fail under
    load)."""
    entry = connections.settings["default"]
    entry["CONN_MAX_AGE"] = 0
    # 0.1 CPU-ms a request (measured); without it a restart of the database costs an error page per connection.
    entry["CONN_HEALTH_CHECKS"] = True
    entry["OPTIONS"]["pool"] = {"min_size": 1, "max_size": size, "timeout": 5}


def web(ctx: ProcessContext) -> None:
    """Granian serves Django by WSGI; its workers are forked from here, so nothing is imported twice."""
    from granian.constants import Interfaces, Loops
    from granian.log import LogLevels
    from granian.server import Server

    pool_connections()
    # Import what the first request needs before granian forks its workers.
    from allmende.config import urls, wsgi  # noqa: F401

    if multiprocessing.get_start_method(allow_none=True) is None:
        multiprocessing.set_start_method("fork")
    ctx.health({"web": lambda: None}, _metrics)
    server = Server(
        "allmende.config.wsgi:application",
        address=ctx.host,
        port=ctx.port,
        interface=Interfaces.WSGI,
        loop=Loops.asyncio,
        workers=max(1, min(4, os.cpu_count() or 1)),
        blocking_threads=4,
        backlog=512,
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        process_name=None,
    )
    server.serve()


def worker(ctx: ProcessContext) -> None:
    """Jobs: one at a time per slot, at least once; jobs left by a crash are taken up again."""
    import asyncio

    from allmende.spine.jobs import worker_main

    ctx.health({"database": _database_answers, "closed rooms": _closed_rooms}, _metrics)
    asyncio.run(worker_main())


def pump(ctx: ProcessContext) -> None:
    """Carries facts to their handlers."""
    from allmende.spine.facts import pump as facts

    stop = _stop_event()
    ctx.health({"database": _database_answers, "lag": facts.lag}, _metrics)
    while not stop.is_set():
        try:
            facts.run(stop.is_set, stop.wait)
        except Exception:
            # A lost database: come back when it does. Nothing was half-done, since effect and cursor commit together.
            log.exception("pump interrupted")
            connections.close_all()
            stop.wait(1.0)


def live(ctx: ProcessContext) -> None:
    """Streams for browsers. A process without Django's request cycle."""
    from allmende.spine.live.server import serve

    serve(
        dsn=ctx.dsn,
        host=ctx.live_host,
        port=ctx.live_port,
        origin=ctx.base_url,
        secret=settings.SECRET_KEY,
        health=ctx.health,
    )
