"""`allmende up`: the whole town, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import Any

from allmende.spine.cli import frame
from allmende.spine.supervisor.context import ProcessContext, ProcessSpec

HELP = {
    "de": "die ganze Stadt starten: Datenbank, Webseite, Hintergrunddienste",
    "en": "start the whole town: database, web site, background services",
}


def configure(parser: argparse.ArgumentParser) -> None:
    port = int(os.environ.get("PORT") or 8080)
    parser.add_argument(
        "--port", type=int, default=port, metavar="N", help=frame.text(f"Port (sonst {port})", f"port (else {port})")
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDR",
        help=frame.text("Adresse (sonst 127.0.0.1: nur diese Maschine)", "address (else 127.0.0.1: this machine only)"),
    )
    parser.add_argument(
        "--no-demo", action="store_true", help=frame.text("die Beispielstadt nicht laden", "do not load the demo town")
    )


def run(args: argparse.Namespace) -> int:
    from allmende.spine.supervisor.supervisor import Options, Supervisor

    say = _progress(args)

    def prepare(ctx: ProcessContext) -> Sequence[ProcessSpec]:
        # Django and everything it drags in is imported here, once, for all processes.
        ctx.export()
        town, targets = frame.composition("prepare"), frame.composition("targets")
        from allmende.spine.supervisor.registry import registered

        town.prepare(ctx.data, ctx.dsn, not args.no_demo, say)
        own = [ProcessSpec(name, getattr(targets, name)) for name in ("web", "live", "worker", "pump")]
        closed = town.closed_processes()
        return [*own, *(spec for spec in registered() if spec.name not in closed)]

    def ready(ctx: ProcessContext) -> None:
        greeting = getattr(frame.composition("prepare"), "greeting", None)
        lines = list(greeting(ctx, not args.no_demo)) if greeting else []
        stop = frame.text("Beenden: Strg-C", "Stop: Ctrl-C")
        payload = {"ok": True, "event": "ready", "url": ctx.base_url, "live_url": ctx.live_url, "pid": os.getpid()}
        frame.emit(args, {**payload, "data": str(ctx.data)}, ["", f"  {ctx.base_url}/", "", *lines, stop])

    options = Options(
        data=args.data,
        host=args.host,
        port=args.port,
        database_url=frame.database_url(),
        base_url=os.environ.get("ALLMENDE_BASE_URL", ""),
        live_url=os.environ.get("LIVE_URL", ""),
        health_port=int(os.environ.get("ALLMENDE_HEALTH_PORT") or 0) or None,
    )
    Supervisor(options, prepare, say, ready).run()
    frame.emit(args, {"ok": True, "event": "stopped"}, frame.text("Beendet.", "Stopped."))
    return 0


def _progress(args: argparse.Namespace) -> Any:
    if not args.json:
        return frame.say(args)
    return lambda line: frame.emit(args, {"ok": True, "event": "progress", "text": line})
