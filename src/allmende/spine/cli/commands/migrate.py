"""`allmende migrate`: bring the database's schema to this version (`allmende up` does it by itself)."""

from __future__ import annotations

import argparse

from allmende.spine.cli import frame
from allmende.spine.supervisor.paths import Layout

HELP = {"de": "die Datenbank auf den Stand dieser Version bringen", "en": "bring the database to this version's schema"}


def configure(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(args: argparse.Namespace) -> int:
    layout = Layout.of(args.data).ensure()
    with frame.database(args) as dsn:
        frame.django(layout.data, dsn)
        from django.db import connections

        prepare = frame.composition("prepare")
        try:
            ran = prepare.migrate(frame.say(args))
            prepare.collect_static(frame.say(args))
        finally:
            connections.close_all()
    done = frame.text("Die Datenbank ist auf dem neuesten Stand.", "The database is up to date.")
    frame.emit(args, {"ok": True, "migrated": bool(ran)}, done)
    return 0
