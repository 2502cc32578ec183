"""The live process: `serve()` runs until SIGTERM or SIGINT and is gone within three seconds."""

import asyncio
import contextlib
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import uvicorn
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from .app import STREAMS, Live
from .hub import Hub
from .log import Log

log = logging.getLogger("allmende.live")

LONGEST_HEAD = 16_384  # bytes of request line and headers
GRACE = 1.5  # seconds for streams to end by themselves
HARD_STOP = 2.5  # seconds after which the process goes as it is


class Health(Protocol):
    def __call__(
        self, checks: Mapping[str, Callable[[], object]] | None = None, metrics: Callable[[], bytes] | None = None
    ) -> object: ...


class _Server(uvicorn.Server):
    """uvicorn without its signal handling, which would end the process by the very signal it caught."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(
    dsn: str, host: str, port: int, origin: str, secret: str, health: Health | None = None, sockets: Any = None
) -> None:
    """Serve streams on `host:port` until SIGTERM or SIGINT.

    `dsn` is a libpq address of the town's database, `origin` the site's own (several with a blank between), `secret`
    signs tickets, `health(checks, metrics)` starts this process's health server. Raises SystemExit where the port is
    taken.
    """
    asyncio.run(_serve(dsn, host, port, origin, secret, health, sockets))


async def _serve(dsn: str, host: str, port: int, origin: str, secret: str, health: Health | None, sockets: Any) -> None:
    source = Log(dsn)
    hub = Hub(source)
    live = Live(hub, secret, [_origin_of(one) for one in origin.split()])
    server = _Server(
        uvicorn.Config(
            live.asgi,
            host=host,
            port=port,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            # Connections that ask nothing count too; polling and refusals need room beside the streams.
            limit_concurrency=STREAMS + 200,
            h11_max_incomplete_event_size=LONGEST_HEAD,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
            backlog=512,
        )
    )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if health is not None:
        health({"database": lambda: _checked(source), "streams": lambda: len(hub.subscribers)}, _metrics(hub))
    reader = asyncio.create_task(hub.run())
    serving = asyncio.create_task(server.serve(sockets))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping, reader}, return_when=asyncio.FIRST_COMPLETED)
    timer = _bound()
    hub.close()
    server.should_exit = True
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(serving), GRACE)
    failed = reader.done() and not reader.cancelled()
    reader.cancel()
    stopping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reader if not failed else None
    await source.close()
    timer.cancel()
    if failed:
        reader.result()  # raises what ended the reading: the supervisor starts the process anew


def _bound() -> threading.Timer:
    """Whatever hangs, hangs at most this long: streams are nothing that could be half-saved."""
    timer = threading.Timer(HARD_STOP, os._exit, [0])
    timer.daemon = True
    timer.start()
    return timer


def _origin_of(url: str) -> str:
    """`https://town.example/base` as `https://town.example`."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.split('/', 1)[0]}"


def _checked(source: Log) -> str:
    if not source.answers:
        raise RuntimeError("the database does not answer")
    return "answers"


def _metrics(hub: Hub) -> Callable[[], bytes]:
    registry = CollectorRegistry()
    streams = Gauge("allmende_live_streams", "Open streams", registry=registry)
    told = Counter("allmende_live_told", "Facts handed to streams", registry=registry)
    dropped = Counter("allmende_live_dropped", "Streams dropped because they did not read", registry=registry)

    def render() -> bytes:
        streams.set(len(hub.subscribers))
        told.inc(hub.told - told._value.get())
        dropped.inc(hub.dropped - dropped._value.get())
        return generate_latest(registry)

    return render
