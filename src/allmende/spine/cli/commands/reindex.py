"""`allmende reindex`: build the search index anew. Not needed in daily life: facts keep it up to date."""

from __future__ import annotations

import argparse

from allmende.spine.cli import frame
from allmende.spine.supervisor.paths import Layout

HELP = {"de": "den Suchindex neu aufbauen", "en": "build the search index anew"}


def configure(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(args: argparse.Namespace) -> int:
    layout = Layout.of(args.data).ensure()
    with frame.database(args) as dsn:
        frame.django(layout.data, dsn)
        from django.db import connections

        from allmende.spine.search.domain.indexing import reindex

        say = frame.say(args)
        try:
            count = reindex(lambda kind, part: say(f"{kind}: {part or 0:.0%}"))
        finally:
            connections.close_all()
    frame.emit(
        args,
        {"ok": True, "documents": count},
        frame.text(f"{count} Dokumente im Index.", f"{count} documents indexed."),
    )
    return 0
