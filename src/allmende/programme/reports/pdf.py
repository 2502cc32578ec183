"""The report as a tagged PDF (PDF/UA-1), from its document alone: the same document gives the same bytes."""

import datetime as dt
import functools
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .parts import Cell, Document, Table, counted, printed_rows

HERE = Path(__file__).resolve().parent / "print"
FONTS = HERE.parents[2] / "spine" / "instance" / "fonts"
# As many rows are named beside a number; of more, the number of rows is told and the data file names them.
NAMED = 3
ROWS = 200
# Millimetres between the margins of report.typ, and of the column with the names of rows.
WIDTH, PROOF_WIDTH = 261, 54


def moment(iso: str) -> str:
    """An instant as people of the town read it."""
    return _moment(iso, translation.get_language() or "", timezone.get_current_timezone_name())


@functools.lru_cache(maxsize=4096)
def _moment(iso: str, language: str, zone: str) -> str:
    return date_format(timezone.localtime(dt.datetime.fromisoformat(iso)), "DATETIME_FORMAT")


def proofs(row: list[Cell]) -> list[tuple[list[str], str]]:
    """Where the numbers of a table's row come from (URNs), and since when they are known (ISO 8601). What is computed
    from rows that are named for themselves is not named again."""
    found = {tuple(cell["rows"]): cell["vintage"] for cell in row if "value" in cell}
    single = {urns[0] for urns in found if len(urns) == 1}
    return [(list(urns), vintage) for urns, vintage in found.items() if len(urns) == 1 or not single.issuperset(urns)]


def many(count: int) -> str:
    """Instead of the names of more rows than can be read."""
    return ngettext("%(count)s row, named in the data file", "%(count)s rows, named in the data file", count) % {
        "count": count
    }


def _proof(row: list[Cell]) -> list[str]:
    return [
        "\n".join([*(urns if len(urns) <= NAMED else [many(len(urns))]), moment(vintage)])
        for urns, vintage in proofs(row)
    ]


def facts(document: Document, sha256: str) -> Iterator[tuple[str, str]]:
    """What stands at the head of a report: label and text."""
    yield _("State as of"), date_format(dt.date.fromisoformat(document["as_of"]), "DATE_FORMAT")
    yield _("As known on"), moment(document["as_known_on"])
    if document["replaces"]:
        replaced = document["replaces"]
        yield (
            _("Replaces"),
            _("“%(title)s” as known on %(moment)s")
            % {"title": replaced["title"], "moment": moment(replaced["as_known_on"])},
        )
    yield _("SHA-256 of the data"), sha256


def _data(document: Document, sha256: str) -> dict[str, Any]:
    known = dt.datetime.fromisoformat(document["as_known_on"])
    return {
        "title": f"{document['title']} – {document['programme']}",
        "heading": document["title"],
        "name": document["programme"],
        "town": document["town"],
        "lang": document["lang"][:2],
        "date": [known.year, known.month, known.day],
        "facts": [list(each) for each in facts(document, sha256)],
        "how": _("Every number names the row of the programme's data that it comes from, and since when it is known."),
        "chapters": _paged([_chapter(each) for each in document["chapters"]]),
    }


def _paged(chapters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A new page before a chapter or table when so many rows have gone by: Typst sets what lies between such pages at
    the same time. Short reports have none."""
    rows = 0
    for chapter in chapters:
        for place, part in enumerate(chapter["tables"]):
            if rows >= ROWS:
                (part if place else chapter)["page"] = True
                rows = 0
            rows += len(part["rows"])
    return chapters


def _chapter(part: dict[str, Any]) -> dict[str, Any]:
    tables = [_table(each) for each in part["tables"]]
    return {"title": part["title"], "text": part["text"], "tables": tables, "page": False}


def _table(part: Table) -> dict[str, Any]:
    rows = printed_rows(part)
    lines = [_proof(row) for row in rows]
    columns = [column["label"] for column in part["columns"]]
    aligns = ["right" if column["number"] else "left" for column in part["columns"]]
    if proven := any(lines):
        columns, aligns = [*columns, _("Rows, known since")], [*aligns, "left"]
    named = len(part["columns"])
    widths = [(WIDTH - PROOF_WIDTH * proven) / named] * named + [PROOF_WIDTH] * proven
    return {
        "title": part["title"],
        "columns": columns,
        "aligns": aligns,
        "page": False,
        "widths": widths,
        "proven": proven,
        "rows": [[cell["text"] for cell in row] for row in rows],
        "proofs": ["\n".join(each) for each in lines],
        "counted": counted(part),
        "counts": "\n".join(_proof(part.get("counts", [])[:1])),
        "more": part.get("more", ""),
    }


def render(document: Document, sha256: str) -> bytes:
    """The PDF of a report's document."""
    import typst  # 30 MB that only printing needs

    with translation.override(document["lang"]), tempfile.TemporaryDirectory(prefix="alm-report-") as folder:
        # Through a file: a large report is more than fits into an argument.
        template = Path(folder) / "report.typ"
        template.write_bytes((HERE / "report.typ").read_bytes())
        (Path(folder) / "data.json").write_text(json.dumps(_data(document, sha256)))
        return bytes(
            typst.compile(
                str(template),
                root=folder,
                font_paths=[str(FONTS)],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=["ua-1"],
            )
        )
