"""`allmende export FILE`: everything the town has, in open formats; `allmende export programme FILE`: what one room has
(the words come from the rooms' `exporters.py`). For backups see `allmende backup`."""

from __future__ import annotations

import argparse
from pathlib import Path

from allmende.spine.cli import frame
from allmende.spine.exporters import EXPORTERS, Exporter, ExportRefused, discover
from allmende.spine.supervisor.paths import Layout

HELP = {
    "de": "alles, was die Stadt hat, in offenen Formaten ausgeben (JSON Lines und Dateien in einem ZIP)",
    "en": "write everything the town has in open formats (JSON Lines and files in one ZIP)",
}


def configure(parser: argparse.ArgumentParser) -> None:
    words = discover()
    told = "; ".join(f"{word}: {one.help}" for word, one in words.items())
    parser.add_argument(
        "what", nargs="?", choices=sorted(words), default=None, metavar=frame.text("WAS", "WHAT"),
        help=frame.text(f"nur ein Teil ({told}); sonst alles", f"one part alone ({told}); else everything"),
    )  # fmt: skip
    parser.add_argument("file", type=Path, metavar="FILE", help=frame.text("neue Datei", "new file"))
    formats = sorted({kind for one in words.values() for kind in one.formats})
    parser.add_argument(
        "--format", choices=formats, default=None,
        help=frame.text("Format eines Teils (sonst nach der Endung)", "format of a part (else by the file's ending)"),
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    layout = Layout.of(args.data).ensure()
    if args.file.exists():
        frame.fail(args, "file_exists", frame.text(f"{args.file} gibt es schon.", f"{args.file} exists already."))
        return 1
    if args.what is not None:
        return _part(args, layout, EXPORTERS[args.what])
    if args.format not in (None, "zip"):
        frame.fail(args, "format", frame.text("Alles gibt es nur als ZIP.", "Everything is written as ZIP only."))
        return 2
    with frame.database(args) as dsn:
        frame.django(layout.data, dsn)
        from django.db import connections

        from allmende.spine.exports import export_town

        try:
            counts = export_town(args.file, frame.say(args))
        except OSError as error:
            reason = error.strerror or str(error)
            frame.fail(args, "file_not_written", frame.text(f"Nicht geschrieben: {reason}", f"Not written: {reason}"))
            return 1
        finally:
            connections.close_all()
    rows = sum(counts.values())
    frame.emit(
        args,
        {"ok": True, "file": str(args.file), "rows": rows, "models": counts},
        frame.text(f"{rows} Zeilen in {args.file}.", f"{rows} rows in {args.file}."),
    )
    return 0


def _part(args: argparse.Namespace, layout: Layout, exporter: Exporter) -> int:
    """What one room exports."""
    kind = args.format or args.file.suffix.lstrip(".").lower()
    if kind not in exporter.formats:
        known = ", ".join(exporter.formats)
        frame.fail(args, "format", frame.text(f"Als Format geht: {known}", f"The format is one of: {known}"))
        return 2
    with frame.database(args) as dsn:
        frame.django(layout.data, dsn)
        from django.db import connections
        from django.utils import translation

        from allmende.spine.supervisor.words import language

        try:
            with translation.override(language()):
                counts = exporter.write(args.file, kind)
        except ExportRefused as refused:
            frame.fail(args, refused.code, str(refused))
            return 1
        except OSError as error:
            reason = error.strerror or str(error)
            frame.fail(args, "file_not_written", frame.text(f"Nicht geschrieben: {reason}", f"Not written: {reason}"))
            return 1
        finally:
            connections.close_all()
    rows = sum(counts.values())
    frame.emit(
        args,
        {"ok": True, "file": str(args.file), "rows": rows, "models": counts},
        frame.text(f"{rows} Zeilen in {args.file}.", f"{rows} rows in {args.file}."),
    )
    return 0
