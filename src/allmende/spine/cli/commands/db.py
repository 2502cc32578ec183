"""`allmende db`: the embedded database alone: start it, print its address, open psql."""

from __future__ import annotations

import argparse
import os
import signal
import time
from types import FrameType

from allmende.spine.cli import frame

HELP = {
    "de": "die Datenbank allein: starten, Adresse ausgeben, psql öffnen",
    "en": "the database alone: start it, print its address, open psql",
}


def configure(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--print",
        action="store_true",
        dest="show",
        help=frame.text(
            "nur die Adresse der laufenden Datenbank ausgeben", "only print the running database's address"
        ),
    )
    group.add_argument("--psql", action="store_true", help=frame.text("psql darauf öffnen", "open psql on it"))


def run(args: argparse.Namespace) -> int:
    from allmende.spine.supervisor.postgres import EmbeddedPostgres

    if args.show or args.psql or frame.database_url():
        with frame.database(args, start=False) as dsn:
            if args.psql:
                return _psql(dsn)
            _print(args, dsn, embedded=not frame.database_url(), owned=False)
        return 0
    signal.signal(signal.SIGTERM, _leave)
    server = EmbeddedPostgres(args.data)
    dsn = server.start(frame.say(args))
    try:
        _print(args, dsn, embedded=True, owned=server.owned)
        while server.owned and server.poll() is None:
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    finally:
        server.stop()
    return 0


def _print(args: argparse.Namespace, dsn: str, embedded: bool, owned: bool) -> None:
    lines = [dsn]
    if owned:
        lines.append(frame.text("Läuft bis Strg-C.", "Runs until Ctrl-C."))
    frame.emit(args, {"ok": True, "dsn": dsn, "embedded": embedded, "owned": owned}, lines)


def _psql(dsn: str) -> int:
    from allmende.spine.supervisor import pgtools

    tools = pgtools.find(15, system_first=True)
    where, environment = pgtools.connection(dsn)
    os.execve(tools.folder / "psql", ["psql", "-d", where], {**os.environ, **environment})  # noqa: S606


def _leave(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
