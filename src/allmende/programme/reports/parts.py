"""The form of a frozen report: chapters of text and tables whose cells say where a number comes from. Pure.

A cell is `{"text"}`, as people read it. A cell with a number has besides `value` (whole numbers as such, others as
strings with a point), `unit` where there is one, `rows` (the URNs it was taken or counted from) and `vintage` (since
when it is known, ISO 8601 in UTC). A cell that only names a row has `row`.
"""

import functools
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

SCHEMA = 2
Cell = dict[str, Any]
Table = dict[str, Any]
Chapter = dict[str, Any]
Document = dict[str, Any]


@functools.lru_cache(maxsize=4096)
def instant(moment: datetime) -> str:
    """ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat()


def words(text: Any, row: str = "") -> Cell:
    """A cell without a number; `row`: URN of what it names."""
    return {"text": str(text), "row": row} if row else {"text": str(text)}


def figure(text: str, value: int | Decimal, rows: Sequence[str], vintage: datetime, unit: str = "") -> Cell:
    """A cell with a number. Raises ValueError where it comes from nowhere."""
    if not rows:
        raise ValueError("a number names its rows")
    plain = value if isinstance(value, int) else format(value.normalize(), "f")
    found: Cell = {"text": text, "value": plain, "rows": list(rows), "vintage": instant(vintage)}
    return found | {"unit": unit} if unit else found


def column(key: str, label: Any, number: bool = False) -> dict[str, Any]:
    return {"key": key, "label": str(label), "number": number}


def table(key: str, title: Any, columns: Sequence[dict[str, Any]], rows: Sequence[Sequence[Cell]]) -> Table:
    """The first column names the row."""
    return {"key": key, "title": str(title), "columns": list(columns), "rows": [list(row) for row in rows]}


def abridged(whole: Table, order: Sequence[int], printed: int, counts: Sequence[Cell], more: str) -> Table:
    """A table too long to be read: its rows in a new `order`, of which the first are `printed` on paper and page below
    what the `counts` say (the first of all, the others of its parts), and above `more`, a word about the rest."""
    rows = [whole["rows"][place] for place in order]
    return whole | {"rows": rows, "printed": printed, "counts": list(counts), "more": more}


def printed_rows(part: Table) -> list[list[Cell]]:
    """The rows of a table that people see; the data file has them all."""
    rows: list[list[Cell]] = part["rows"]
    return rows[: part["printed"]] if "printed" in part else rows


def counted(part: Table) -> str:
    """What a table too long to be read says before it: `40 targets: 3 reached, 10 on course`; else nothing."""
    whole, *of = [cell["text"] for cell in part.get("counts", ())] or [""]
    return f"{whole}: {', '.join(of)}" if of else whole


def chapter(key: str, title: Any, text: Sequence[Any], tables: Sequence[Table]) -> Chapter:
    """Tables without rows are left out: the text says what is missing."""
    return {
        "key": key,
        "title": str(title),
        "text": [str(each) for each in text],
        "tables": [each for each in tables if each["rows"]],
    }


def rows_of(document: Document, chapter_key: str, table_key: str) -> list[dict[str, Cell]]:
    """The rows of a table, each cell by the key of its column; empty where there is no such table."""
    for part in document["chapters"]:
        for each in part["tables"] if part["key"] == chapter_key else ():
            if each["key"] == table_key:
                keys = [head["key"] for head in each["columns"]]
                return [dict(zip(keys, row, strict=True)) for row in each["rows"]]
    return []


def canonical(document: Document) -> bytes:
    """The bytes that are hashed, kept and given away: keys in order, no blanks, UTF-8."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(document: Document) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(document)).hexdigest()
