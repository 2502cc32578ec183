"""One process alone, for systemd, containers and several machines: `allmende web|worker|pump|live`."""

from __future__ import annotations

import argparse
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import FrameType

from allmende.spine.cli import frame
from allmende.spine.supervisor import ports
from allmende.spine.supervisor.context import Check, Metrics, ProcessContext
from allmende.spine.supervisor.health import HealthServer, ask, serve_health
from allmende.spine.supervisor.lifeline import bind_grandchildren, set_name
from allmende.spine.supervisor.logs import name_process
from allmende.spine.supervisor.paths import Layout


def configure(parser: argparse.ArgumentParser) -> None:
    """Addresses are common to all four: the others must know where web and live are reached."""
    port = int(os.environ.get("PORT") or 8080)
    parser.add_argument("--port", type=int, default=port, metavar="N", help=frame.text("Port der Webseite", "web port"))
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDR", help=frame.text("Adresse", "address"))
    parser.add_argument(
        "--live-port",
        type=int,
        default=None,
        metavar="N",
        help=frame.text("Port der Live-Ströme (sonst Port + 1)", "port of the live streams (else port + 1)"),
    )


def run(name: str, args: argparse.Namespace) -> int:
    """Run the target `name` in this process until SIGTERM. The database must be migrated (`allmende migrate`)."""
    layout = Layout.of(args.data).ensure()
    live_port = args.live_port if args.live_port is not None else args.port + 1
    if name in ("web", "live"):
        ports.check(args.host, args.port if name == "web" else live_port)
    signal.signal(signal.SIGTERM, _leave)
    shown = "localhost" if args.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else args.host  # noqa: S104
    with frame.database(args) as dsn, _health(name, layout) as health:
        ctx = ProcessContext(
            name=name,
            data=layout.data,
            dsn=dsn,
            host=args.host,
            port=args.port,
            base_url=os.environ.get("ALLMENDE_BASE_URL", "").rstrip("/") or f"http://{shown}:{args.port}",
            live_host=args.host,
            live_port=live_port,
            live_url=os.environ.get("LIVE_URL", "").rstrip("/") or f"http://{shown}:{live_port}",
            run_dir=layout.runtime,
            health=health,
        )
        ctx.export()
        frame.django(layout.data, dsn)
        targets = frame.composition("targets")
        set_name(f"allmende-{name}")
        name_process(name)
        bind_grandchildren()
        result = getattr(targets, name)(ctx)
        return int(result) if isinstance(result, int) else 0


@contextmanager
def _health(name: str, layout: Layout) -> Iterator[partial[HealthServer]]:
    """The health server's maker; its socket goes with us. A second worker beside a first gets a name of its own."""
    label = name if _free(name, layout) else f"{name}-{os.getpid()}"
    made: list[HealthServer] = []
    port = int(os.environ.get("ALLMENDE_HEALTH_PORT") or 0) or None

    def make(checks: Mapping[str, Check] | None = None, metrics: Metrics | None = None) -> HealthServer:
        made.append(serve_health(label, checks, metrics, run_dir=layout.runtime, port=port))
        return made[-1]

    try:
        yield partial(make)
    finally:
        for server in made:
            server.socket_path.unlink(missing_ok=True)


def _free(name: str, layout: Layout) -> bool:
    try:
        ask(layout.runtime / f"{name}.sock", timeout=2)
    except OSError:
        return True
    return False


def _leave(number: int, frame: FrameType | None) -> None:
    # Targets set their own handlers; until then, and for those that do not, this lets `finally` stop the database.
    raise SystemExit(0)
