"""Reading a workbook that anybody may have made: capped, without entities, without evaluating anything.

A workbook is a ZIP of XML parts. Before openpyxl sees it, the sizes that the ZIP declares are added up (zipfile never
reads past them), and every part is looked through once: document types are refused, and for each sheet the last row
with a value, the formulas and the merged cells are noted. So a million formatted empty rows cost one pass over their
bytes, and rows behind the last value are never made. The same look finds what the file hides.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from .cells import from_xml
from .problems import FileRefused, cell_name

LARGEST = 20_000_000  # bytes as sent
UNPACKED = 200_000_000  # bytes of all parts together
RATIO = 200  # of unpacked to packed bytes, from SMALL on
SMALL = 1_000_000
PARTS = 2_000
MOST_ROWS = 100_000  # rows between the first and the last value of a sheet
LAST_ROW = 1_048_576  # of any sheet
MOST_COLUMNS = 300
MOST_MERGED = 5_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOOK = re.compile(
    rb'<(?:\w+:)?(?:(row\b[^>]*)|((?:v|is)[ >])|(f[ >/])|mergeCell\b[^>]*?\bref="([A-Z0-9:]+)"|(col\b[^>]*))'
    rb"|(<!DOCTYPE|<!ENTITY)"
)
_NUMBER = re.compile(rb'\br="(\d+)"')
_SPAN = re.compile(rb'\b(min|max)="(\d+)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_CHUNK = 1 << 20
_OVERLAP = 4096  # longer than any tag that counts


@dataclass
class Cell:
    """A value as openpyxl gives it. `kind`: its data type there; "e" is an error value, "%" a number shown in per
    cent."""

    value: Any
    kind: str = "n"


@dataclass
class Page:
    """A sheet. `rows`: (number, cells) for each row that holds a value; cells up to the last filled one.

    `hidden`, `hidden_rows` (numbers), `hidden_columns` (indexes): what a person who opens the file does not see.
    """

    title: str
    rows: list[tuple[int, list[Cell]]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # (first column, first row, last …), from 1
    # (row, index of the column) of formulas whose result the file does not hold: we compute nothing.
    unknown: list[tuple[int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def cell(self, row: int, index: int) -> str:
        return cell_name(self.title, get_column_letter(index + 1), row)


@dataclass
class _Seen:
    """What the look through a sheet's bytes found."""

    last: int = 0
    formulas: bool = False
    merged: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def refuse(code: str) -> FileRefused:
    """The error for a file as a whole."""
    texts = {
        "empty": _("The file is empty."),
        "too_large": _("The file is larger than %(size)s MB: please divide it.") % {"size": LARGEST // 1_000_000},
        "password": _("The file is protected by a password. Save it without one and send it again."),
        "old_format": _("This is an old Excel file (.xls). Save it as .xlsx and send it again."),
        "not_xlsx": _(
            "This is not an Excel workbook (.xlsx) and no CSV. In the spreadsheet program choose “Save as”, then .xlsx."
        ),
        "bomb": _("Unpacked, the file would be far larger than a table can be. Copy the rows into a new workbook."),
        "entities": _("The file holds instructions that no table needs. Copy the rows into a new workbook."),
        "damaged": _("The file is damaged. Open it in the spreadsheet program and save it again."),
        "too_many_rows": _("A sheet has more than %(rows)s rows: please divide it.") % {"rows": MOST_ROWS},
        "too_many_columns": _("A sheet has more than %(columns)s columns.") % {"columns": MOST_COLUMNS},
        "no_rows": _("There are no rows in this file."),
    }
    return FileRefused(code, texts[code])


def check(data: bytes) -> None:
    """Refuse what is no workbook or would not unpack to a sensible size. Raises FileRefused."""
    if not data:
        raise refuse("empty")
    if len(data) > LARGEST:
        raise refuse("too_large")
    if data.startswith(_OLE):
        raise refuse("password" if "EncryptedPackage".encode("utf-16-le") in data else "old_format")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, UnicodeDecodeError, NotImplementedError):
        raise refuse("damaged" if data.startswith(b"PK") else "not_xlsx") from None
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise refuse("not_xlsx")
    if any(part.flag_bits & 1 for part in parts):
        raise refuse("password")
    sizes = sum(part.file_size for part in parts)
    too_dense = any(part.file_size > SMALL and part.file_size > RATIO * part.compress_size for part in parts)
    if len(parts) > PARTS or sizes > UNPACKED or too_dense:
        raise refuse("bomb")


def read(data: bytes) -> list[Page]:
    """The sheets with their rows. Raises FileRefused."""
    check(data)
    try:
        with warnings.catch_warnings():
            # What openpyxl does not know (charts, extensions) is none of our business here.
            warnings.simplefilter("ignore")
            return list(_pages(data))
    except FileRefused:
        raise
    except Exception as error:
        # A hostile file can make the reader fail in any way; all of them mean the same to the person.
        raise refuse("damaged") from error


def _pages(data: bytes) -> Iterator[Page]:
    seen = _look_through(data)
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    formulas = None
    try:
        for sheet in book.worksheets:
            # openpyxl alone knows which part is which sheet.
            found = seen[sheet._worksheet_path.lstrip("/")]
            page = Page(sheet.title, list(_rows(sheet, found.last)))
            page.merged = [range_boundaries(ref) for ref in found.merged]
            page.hidden = sheet.sheet_state != "visible"
            page.hidden_rows = found.hidden_rows & {number for number, _cells in page.rows}
            page.hidden_columns = found.hidden_columns
            if found.formulas:
                formulas = formulas or load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
                page.unknown = _unknown(page, _rows(formulas[sheet.title], found.last))
            yield page
    finally:
        book.close()
        if formulas is not None:
            formulas.close()


def _look_through(data: bytes) -> dict[str, _Seen]:
    found: dict[str, _Seen] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels", ".vml")):
                with archive.open(part) as stream:
                    found[part.filename.lstrip("/")] = _look(stream)
    return found


def _look(stream: Any) -> _Seen:
    seen, row, before = _Seen(), 0, b""
    while chunk := stream.read(_CHUNK):
        if not before and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise refuse("damaged")  # no spreadsheet program writes UTF-16, and it would hide what we look for
        text = before + chunk
        # Tags that begin within the tail are read with the next chunk.
        limit = len(text) - _OVERLAP if len(chunk) == _CHUNK else len(text)
        end = 0
        for match in _LOOK.finditer(text):
            if match.start() >= limit:
                break
            end = match.end()
            row_tag, value, formula, merged, column_tag, forbidden = match.groups()
            if forbidden:
                raise refuse("entities")
            if row_tag:
                number = _NUMBER.search(row_tag)
                row = int(number[1]) if number else row + 1
                if row > LAST_ROW:
                    raise refuse("damaged")
                if _HIDDEN.search(row_tag):
                    seen.hidden_rows.add(row)
            elif column_tag:
                seen.hidden_columns |= _hidden_columns(column_tag)
            elif value or formula:
                seen.last = max(seen.last, row)
                seen.formulas = seen.formulas or bool(formula)
            elif merged and len(seen.merged) < MOST_MERGED:
                seen.merged.append(merged.decode())
        before = text[max(end, limit) :]
    return seen


def _hidden_columns(tag: bytes) -> set[int]:
    """The indexes that a `<col min max hidden>` hides. Those to the right of all we read do not count."""
    span = {name: int(number) for name, number in _SPAN.findall(tag)}
    if not _HIDDEN.search(tag) or span.keys() != {b"min", b"max"}:
        return set()
    return set(range(span[b"min"] - 1, min(span[b"max"], MOST_COLUMNS)))


def _rows(sheet: Any, last: int) -> Iterator[tuple[int, list[Cell]]]:
    """Rows with a value, up to the last one there is."""
    sheet.reset_dimensions()
    first = 0
    if not last:
        return
    # Bounds are given, or a cell in a column that no sheet has would make rows as wide.
    empty: Any = None  # openpyxl gives one and the same tuple for every row that is not there
    for number, cells in enumerate(sheet.iter_rows(min_row=1, max_row=last, max_col=MOST_COLUMNS + 1), 1):
        if cells is empty:
            continue
        width = next((index for index in range(len(cells), 0, -1) if cells[index - 1].value not in (None, "")), 0)
        if not width:
            empty = cells
            continue
        first = first or number
        if width > MOST_COLUMNS:
            raise refuse("too_many_columns")
        if number - first >= MOST_ROWS:
            raise refuse("too_many_rows")
        yield number, [_cell(cell) for cell in cells[:width]]


def _cell(cell: Any) -> Cell:
    value, kind = cell.value, cell.data_type
    if isinstance(value, str):
        value = from_xml(value)
    elif kind == "n" and value is not None and "%" in cell.number_format:
        kind = "%"
    return Cell(value, kind)


def unknown_result() -> str:
    return _("The result of this formula is not in the file. Open it in Excel and save it again.")


def _unknown(page: Page, rows: Iterator[tuple[int, list[Cell]]]) -> list[tuple[int, int]]:
    known = dict(page.rows)
    found = []
    for number, cells in rows:
        values = known.get(number, [])
        for index, cell in enumerate(cells):
            if cell.kind == "f" and (index >= len(values) or values[index].value is None):
                found.append((number, index))
    return found
