"""`allmende import osm FILE` and whatever else a room can read in: the words come from the rooms' `importers.py`."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from allmende.spine.cli import frame
from allmende.spine.imports import IMPORTERS, ImportRefused, discover

HELP = {
    "de": "Daten einlesen: Karte der Stadt, Gebiete, …",
    "en": "read data in: the map of the town, areas, …",
}
# Less than this passes without a word of progress (a bar that only flashes helps nobody).
PATIENCE = 2.0


def configure(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="importer", required=True, metavar=frame.text("WAS", "WHAT"))
    for word, importer in discover().items():
        one = words.add_parser(word, help=importer.help, description=importer.help)
        # People write them after the word; what the frame set stays where they do not.
        one.add_argument("--data", type=Path, default=argparse.SUPPRESS, metavar="DIR", help=argparse.SUPPRESS)
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        importer.options(one)


def run(args: argparse.Namespace) -> int:
    if not args.file.is_file():
        frame.fail(args, "missing", frame.text(f"Es gibt keine Datei {args.file}.", f"There is no file {args.file}."))
        return 1
    with frame.database(args) as dsn:
        frame.django(args.data, dsn)
        from django.utils import translation

        from allmende.spine.supervisor.words import language

        with translation.override(language()):
            try:
                result = IMPORTERS[args.importer].run(args, _Progress(args))
            except ImportRefused as refused:
                frame.fail(args, refused.code, str(refused))
                return 1
    frame.emit(args, {"ok": True} | result, _lines(result))
    return 0


class _Progress:
    """Says what is being done once it takes longer than PATIENCE: a line a second, with how much of it is done."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._say = frame.say(args)
        self._began = time.monotonic()
        self._last = 0.0

    def __call__(self, text: str, part: float | None = None) -> None:
        now = time.monotonic()
        if now - self._began < PATIENCE or now - self._last < 1.0:
            return
        self._last = now
        self._say(text if part is None else f"{part:4.0%}  {text}")


def _lines(result: dict[str, object]) -> list[str]:
    counts = result.get("counts")
    numbers = (
        [f"  {name}: {value}" for name, value in counts.items() if isinstance(value, int)]
        if isinstance(counts, dict)
        else []
    )
    if not result.get("dry_run"):
        return [frame.text(f"Eingelesen: {result['file']}", f"Imported: {result['file']}"), *numbers]
    told = frame.text(f"Geprüft, nichts geschrieben: {result['file']}", f"Checked, nothing written: {result['file']}")
    report = result.get("report")
    changes = report["changes"] if isinstance(report, dict) else []
    arrows = [f"  {each['kind']}, {each['row']}, {each['field']}: {each['old']} → {each['new']}" for each in changes]
    return [told, *numbers, *(" ".join(line.split("\n")) for line in arrows)]
