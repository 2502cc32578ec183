"""`allmende import programme FILE`: a file that `allmende export programme` or the export page wrote.

No Django at the top: the command line reads this for its help.
"""

import argparse
import hashlib
from pathlib import Path
from typing import Any

from allmende.spine.imports import ImportRefused, Say, register


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=".json or .xlsx")
    parser.add_argument("--dry-run", action="store_true", help="say what it would change and write nothing")


def run(args: argparse.Namespace, say: Say) -> dict[str, Any]:
    from django.utils.translation import gettext as _

    from allmende.programme.exchange import files
    from allmende.programme.exchange.restore import rehearse, restore

    try:
        data = args.file.read_bytes()
    except OSError as error:
        raise ImportRefused("unreadable", _("The file cannot be read: %(why)s") % {"why": error.strerror}) from None
    say(_("Reading %(file)s") % {"file": args.file.name})
    source = files.read(data)
    if not isinstance(source, files.Source):
        raise ImportRefused(
            "format", _("This list is not of our own format: import it in the browser, where you say what is what.")
        )

    def step(done: int, total: int) -> None:
        text = _("%(done)s of %(total)s measures") % {"done": done, "total": total}
        say(text, done / total if total else None)

    outcome = (rehearse if args.dry_run else restore)(source, actor="import", step=step)
    result = {
        "importer": "programme",
        "file": args.file.name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "credit": "",
        "counts": outcome.counts,
    }
    return result | ({"dry_run": True, "report": outcome.tally.as_json()} if args.dry_run else {})


register("programme", "a programme that was exported (.json or .xlsx)", options, run)
