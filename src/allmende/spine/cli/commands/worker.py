"""`allmende worker`: this process alone; see `cli/single.py`."""

from __future__ import annotations

import argparse

from allmende.spine.cli import single
from allmende.spine.cli.single import configure

__all__ = ["HELP", "JSON", "configure", "run"]

JSON = False
HELP = {
    "de": "nur die Hintergrundaufträge, für systemd und Container",
    "en": "the background jobs only, for systemd and containers",
}


def run(args: argparse.Namespace) -> int:
    return single.run("worker", args)
