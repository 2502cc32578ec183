"""Reading a table of things from a CSV file, whatever program wrote it. Pure."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime

LARGEST = 5_000_000  # bytes
MOST_ROWS = 50_000
FIELDS = ("number", "name", "place_name", "owner", "since", "lon", "lat", "note")
# Headings as towns write them, folded; the first that fits is proposed.
_HEADINGS = {
    "number": ("nummer", "nr", "number", "no", "mastnummer", "leuchtennummer", "lichtpunkt", "objektnummer"),
    "name": ("name", "bezeichnung", "titel", "title"),
    "place_name": ("ort", "standort", "place", "adresse", "address", "strasse", "straße", "lage", "location"),
    "owner": ("eigentümer", "eigentuemer", "owner", "betreiber", "besitzer"),
    "since": ("seit", "inbetriebnahme", "since", "baujahr", "datum", "in betrieb seit", "in service since"),
    "lon": ("lon", "lng", "longitude", "länge", "laenge", "längengrad", "x"),
    "lat": ("lat", "latitude", "breite", "breitengrad", "y"),
    "note": ("notiz", "bemerkung", "note", "hinweis", "kommentar"),
}  # fmt: skip


class TableRefused(ValueError):
    """`code`: empty, too_large, not_text, no_rows, too_many_rows, ragged."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code, self.line = code, line


@dataclass(frozen=True)
class Table:
    """Headings and rows, all cells as stripped text. `lines[i]` is the line of the file in which row i begins."""

    columns: list[str]
    rows: list[list[str]]
    lines: list[int]


def read(data: bytes) -> Table:
    """The table of a file in UTF-8 (with or without mark) or Windows-1252, divided by semicolon, comma or tab.

    Raises TableRefused.
    """
    if len(data) > LARGEST:
        raise TableRefused("too_large")
    text = _decode(data)
    if not text.strip():
        raise TableRefused("empty")
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    columns: list[str] = []
    rows, lines = [], []
    try:
        line = 1
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if any(row):
                if not columns:
                    columns = row
                elif len(row) > len(columns) and any(row[len(columns) :]):
                    raise TableRefused("ragged", line)
                else:
                    rows.append((row + [""] * len(columns))[: len(columns)])
                    lines.append(line)
            if len(rows) > MOST_ROWS:
                raise TableRefused("too_many_rows")
            line = reader.line_num + 1
    except csv.Error:
        raise TableRefused("ragged", reader.line_num) from None
    if not rows:
        raise TableRefused("no_rows")
    return Table(columns, rows, lines)


def _decode(data: bytes) -> str:
    if b"\0" in data:
        raise TableRefused("not_text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def guess(columns: list[str]) -> dict[str, int]:
    """A proposal which column is which field: field -> column index."""
    folded = [column.casefold().strip(" .:") for column in columns]
    found: dict[str, int] = {}
    for field, words in _HEADINGS.items():
        for word in words:
            if word in folded and folded.index(word) not in found.values():
                found[field] = folded.index(word)
                break
    return found


def parse_date(text: str) -> date | None:
    """A day as `2019-08-12`, `12.8.2019` or a year alone (its first day). None for an empty cell; raises ValueError."""
    if not text:
        return None
    if text.isdecimal() and len(text) == 4:
        return date(int(text), 1, 1)
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%m.%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(text)


def parse_degree(text: str) -> float | None:
    """Degrees with point or comma. None for an empty cell; raises ValueError."""
    return float(text.replace(",", ".")) if text else None
