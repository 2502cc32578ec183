"""`allmende process check|simulate FILE.bpmn`: what a drawn model needs to run, and a run of it by chance.

Needs no database and no Django. Exit codes: 0 runnable (check), all processes ended (simulate); 1 not; 2 unreadable.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import Any

from allmende.spine.cli import frame
from allmende.spine.supervisor.words import language

HELP = {
    "de": "gezeichnete Prozesse (BPMN) prüfen und im Probelauf durchspielen",
    "en": "check drawn processes (BPMN) and try them out",
}
DATA = False
UNREADABLE = 2
_OUTCOMES = {
    "ended": ("zu Ende gekommen", "ended"),
    "stuck": ("stehen geblieben", "stuck"),
    "endless": ("nicht zu Ende gekommen", "not ended"),
}
_LEVELS = {"note": ("Hinweis", "note"), "change": ("Änderung", "change"), "problem": ("PROBLEM", "PROBLEM")}


def configure(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="action", required=True, metavar=frame.text("WAS", "WHAT"))
    _word(words, "check", frame.text("sagen, was zum Ausführen fehlt", "say what is missing to run it"))
    text = frame.text("jeden Prozess zufällig zu Ende spielen", "play every process to its end by chance")
    simulate = _word(words, "simulate", text)
    seed = frame.text("Anfang des Zufalls: gleiche Zahl, gleicher Lauf", "seed: the same number, the same run")
    simulate.add_argument("--seed", type=int, default=0, metavar="N", help=seed)


def _word(words: Any, name: str, help: str) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = words.add_parser(name, help=help, description=help)
    one.add_argument("file", type=Path, metavar="FILE.bpmn")
    # People write it after the word; what the frame set stays where they do not.
    one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return one


def run(args: argparse.Namespace) -> int:
    reader = _core("xml")
    try:
        data = _bytes(args.file, reader.MAX_BYTES)
    except OSError as exc:
        frame.fail(args, "missing", f"{args.file}: {exc.strerror}")
        return UNREADABLE
    try:
        imported = _core("bpmn.importer").make_runnable(data)
        return _check(args, imported) if args.action == "check" else _simulate(args, imported)
    except reader.Unreadable as exc:
        frame.fail(args, exc.code, exc.text(language()))
        return UNREADABLE


def _core(part: str) -> Any:
    """A module of the room of processes, which lies above us: found by its name, as the frame finds the settings."""
    return importlib.import_module(f"allmende.process.core.{part}")


def _bytes(file: Path, most: int) -> bytes:
    with file.open("rb") as stream:
        return stream.read(most + 1)


def _check(args: argparse.Namespace, imported: Any) -> int:
    payload = {
        "ok": imported.runnable,
        "runnable": imported.runnable,
        "processes": [
            {"id": one.id, "name": one.name, "steps": one.steps, "runnable": one.runnable} for one in imported.processes
        ],
        "findings": [one.as_json() for one in imported.findings],
    }
    frame.emit(args, payload, _check_lines(payload))
    return 0 if imported.runnable else 1


def _check_lines(payload: dict[str, Any]) -> list[str]:
    lines = [
        frame.text("lässt sich ausführen", "can be run")
        if payload["runnable"]
        else frame.text("lässt sich nicht ausführen", "cannot be run")
    ]
    for process in payload["processes"]:
        steps = frame.text(f"{process['steps']} Schritte", f"{process['steps']} steps")
        lines.append(f"  {process['name']}: {steps}")
    for one in payload["findings"]:
        lines.append(f"{frame.text(*_LEVELS[one['level']]):8} {one['text'][language()]}  [{one['code']}]")
    return lines


def _simulate(args: argparse.Namespace, imported: Any) -> int:
    log = _core("engine.simulate").simulate(imported.xml, args.seed)
    payload = {"ok": log.ended} | log.as_json()
    frame.emit(args, payload, _simulate_lines(payload))
    return 0 if log.ended else 1


def _simulate_lines(payload: dict[str, Any]) -> list[str]:
    lines = (
        [] if payload["processes"] else [frame.text("kein Prozess lässt sich beginnen", "no process can be started")]
    )
    for process in payload["processes"]:
        lines.append(f"{process['name']}: {frame.text(*_OUTCOMES[process['outcome']])}")
        for entry in process["log"]:
            chosen = f": {entry['label']}" if entry["label"] else ""
            lines.append(f"  {entry['time'][:16]}  {entry['kind']:6} {entry['name'] or entry['element']}{chosen}")
        if process["where"]:
            lines.append(f"  {process['why']}: {', '.join(process['where'])}")
    return lines
