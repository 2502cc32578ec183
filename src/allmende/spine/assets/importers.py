"""`allmende import assets FILE --kind luminaire`."""

from pathlib import Path
from typing import Any

from allmende.spine.imports import ImportRefused, Say, register


def options(parser: Any) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--kind", required=True, help="kind of the things, for example luminaire")
    parser.add_argument(
        "--column", action="append", default=[], metavar="FIELD=HEADING",
        help="which column is what, where the heading does not say it: number=Mast",
    )  # fmt: skip


def run(args: Any, say: Say) -> dict[str, Any]:
    from django.core.exceptions import ValidationError
    from django.utils.translation import gettext as _

    from allmende.spine.assets.core import table
    from allmende.spine.assets.domain.importing import import_table
    from allmende.spine.assets.interfaces.texts import table_problem

    try:
        found = table.read(args.file.read_bytes())
    except OSError as error:
        raise ImportRefused("unreadable", _("The file cannot be read: %(why)s") % {"why": error.strerror}) from None
    except table.TableRefused as error:
        raise ImportRefused(error.code, table_problem(error)) from None
    mapping = table.guess(found.columns)
    for pair in args.column:
        field, _sign, heading = pair.partition("=")
        if field not in table.FIELDS or heading not in found.columns:
            raise ImportRefused("column", _("There is no such field or column: %(pair)s") % {"pair": pair})
        mapping[field] = found.columns.index(heading)
    say(_("Checking and importing %(number)s rows") % {"number": len(found.rows)})
    try:
        made = import_table(found, mapping, args.kind, actor="import")
    except ValidationError as error:
        raise ImportRefused("mapping", " ".join(error.messages)) from None
    if made.problems:
        first = "\n".join(f"{one.line}: {one.field}: {one.text}" for one in made.problems[:20])
        raise ImportRefused("rows", _("Nothing was imported. What is wrong, by line:") + "\n" + first)
    return {"kind": args.kind, "created": len(made.create), "changed": len(made.change), "same": made.same}


register("assets", "numbered things in public space, from a table (CSV)", options, run)
