"""`allmende export`: everything the town has, in open formats. For backups see `allmende backup`."""

from __future__ import annotations

import argparse
from pathlib import Path

from allmende.spine.cli import frame
from allmende.spine.supervisor.paths import Layout

HELP = {
    "de": "alles, was die Stadt hat, in offenen Formaten ausgeben (JSON Lines und Dateien in einem ZIP)",
    "en": "write everything the town has in open formats (JSON Lines and files in one ZIP)",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=frame.text("neue ZIP-Datei", "new ZIP file"))


def run(args: argparse.Namespace) -> int:
    layout = Layout.of(args.data).ensure()
    if args.file.exists():
        frame.fail(args, "file_exists", frame.text(f"{args.file} gibt es schon.", f"{args.file} exists already."))
        return 1
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
