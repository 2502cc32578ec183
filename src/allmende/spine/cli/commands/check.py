"""`allmende check`: asks every process and the database how they are; exit code 0 when all is well."""

from __future__ import annotations

import argparse
from typing import Any

from allmende.spine.cli import frame

HELP = {
    "de": "prüfen, ob alle Prozesse und die Datenbank gesund sind",
    "en": "check that all processes and the database are well",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--timeout", type=float, default=5.0, metavar="S", help=frame.text("Sekunden", "seconds"))


def run(args: argparse.Namespace) -> int:
    from allmende.spine.supervisor.checkup import checkup

    found = checkup(args.data, frame.database_url(), args.timeout)
    frame.emit(args, found, _lines(found))
    return 0 if found["ok"] else 1


def _lines(found: dict[str, Any]) -> list[str]:
    good, bad = frame.text("gut", "ok"), frame.text("PROBLEM", "PROBLEM")
    database = found["database"]
    lines = [f"{good if database['ok'] else bad:8} database  {database['detail']}"]
    if not found["processes"]:
        lines.append(f"{bad:8} " + frame.text("es läuft kein Prozess", "no process is running"))
    for process in found["processes"]:
        note = process["problem"] or ", ".join(
            f"{name}: {check['detail']}" for name, check in process["checks"].items() if check["detail"] is not None
        )
        state = process["state"] + (f", {process['restarts']}×" if process["restarts"] else "")
        lines.append(f"{good if process['ok'] else bad:8} {process['name']:9} {state}  {note}".rstrip())
    return lines
