"""`allmende web`: this process alone; see `cli/single.py`."""

from __future__ import annotations

import argparse

from allmende.spine.cli import single
from allmende.spine.cli.single import configure

__all__ = ["HELP", "JSON", "configure", "run"]

JSON = False
HELP = {"de": "nur die Webseite, für systemd und Container", "en": "the web site only, for systemd and containers"}


def run(args: argparse.Namespace) -> int:
    return single.run("web", args)
