"""`allmende backup`: database and files as one archive with checksums."""

from __future__ import annotations

import argparse
from pathlib import Path

from allmende.spine.cli import frame
from allmende.spine.supervisor.paths import Layout

HELP = {"de": "Datenbank und Dateien in ein Archiv sichern", "en": "back up database and files into one archive"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        type=Path,
        metavar="DIR",
        help=frame.text(
            "Zielordner (sonst der aus den Einstellungen, sonst DATA/backups)",
            "target (else that of the settings, else DATA/backups)",
        ),
    )
    parser.add_argument(
        "--with-secrets",
        action="store_true",
        help=frame.text("auch secrets.json (das Archiv ist dann selbst geheim)", "secrets.json too (keep it secret)"),
    )


def _target(dsn: str) -> Path | None:
    """The folder that the town named in its settings."""
    import psycopg

    try:
        with psycopg.connect(dsn) as connection:
            row = connection.execute("SELECT backup_target FROM instance_instance").fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    return Path(row[0]) if row and row[0] else None


def run(args: argparse.Namespace) -> int:
    from allmende.spine.supervisor.backup import backup

    layout = Layout.of(args.data).ensure()
    with frame.database(args) as dsn:
        made = backup(
            layout.data,
            args.to or _target(dsn) or layout.backups,
            dsn,
            external=bool(frame.database_url()),
            with_secrets=args.with_secrets,
            progress=frame.say(args),
        )
    payload = {
        "ok": True,
        "archive": str(made.archive.resolve()),
        "size": made.size,
        "sha256": made.sha256,
        "files": sum(entry.path.split("/")[0] in ("files", "basemap") for entry in made.manifest.entries),
        "with_secrets": made.manifest.with_secrets,
    }
    frame.emit(args, payload, f"{made.archive}  ({made.size / 1e6:.1f} MB, sha256 {made.sha256[:16]}…)")
    return 0
