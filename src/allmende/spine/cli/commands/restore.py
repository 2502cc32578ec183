"""`allmende restore`: a backup into a fresh database and data folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from allmende.spine.cli import frame
from allmende.spine.supervisor.paths import Layout

HELP = {"de": "eine Sicherung in eine leere Stadt einspielen", "en": "restore a backup into an empty town"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "archive", type=Path, help=frame.text("Datei von „allmende backup“", "file of “allmende backup”")
    )
    parser.add_argument(
        "--force", action="store_true", help=frame.text("ersetzen, was dort ist", "replace what is there")
    )


def run(args: argparse.Namespace) -> int:
    from allmende.spine.supervisor.errors import AlreadyRunning
    from allmende.spine.supervisor.locks import FileLock
    from allmende.spine.supervisor.restore import restore

    layout = Layout.of(args.data).ensure()
    town = FileLock(layout.run / "up.lock")
    if not town.acquire():
        holder = town.holder()
        raise AlreadyRunning("town_in_use", data=layout.data, pid=holder.get("pid", "?"), port=holder.get("port", "?"))
    try:
        with frame.database(args) as dsn:
            done = restore(
                args.archive,
                layout.data,
                dsn,
                external=bool(frame.database_url()),
                force=args.force,
                progress=frame.say(args),
            )
    finally:
        town.release()
    payload = {
        "ok": True,
        "data": str(layout.data),
        "created": done.manifest.created,
        "files": done.files,
        "secrets": done.secrets,
    }
    text = frame.text(
        f"Eingespielt: Sicherung vom {done.manifest.created}, {done.files} Dateien.",
        f"Restored: backup of {done.manifest.created}, {done.files} files.",
    )
    frame.emit(args, payload, text)
    return 0
