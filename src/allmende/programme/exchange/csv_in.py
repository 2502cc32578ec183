"""Reading a CSV as spreadsheet programs write it: any of three separators, UTF-8, UTF-16 or Windows-1252."""

import csv
import io
import re

from .workbook import LARGEST, MOST_COLUMNS, MOST_ROWS, Cell, Page, refuse

TITLE = "CSV"  # stands where a workbook has the name of the sheet
_SEPARATORS = ";\t,"
_LOOKED_AT = 20  # rows
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")


def read(data: bytes) -> Page | None:
    """The one sheet of a CSV; None where these bytes are none. Empty cells are None, all others texts.

    A row's number is that of its record, as a spreadsheet program shows it. Raises FileRefused.
    """
    text = _decoded(data[: LARGEST + 1])
    if text is None or (separator := _separator(text)) is None:
        return None
    if len(data) > LARGEST:
        raise refuse("too_large")
    rows: list[tuple[int, list[Cell]]] = []
    try:
        # Line ends within quotes are kept by the empty `newline`.
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            width = next((index for index in range(len(record), 0, -1) if record[index - 1].strip()), 0)
            if width > MOST_COLUMNS:
                raise refuse("too_many_columns")
            if len(rows) >= MOST_ROWS:
                raise refuse("too_many_rows")
            if width:
                rows.append((number, [Cell(value if value.strip() else None, "s") for value in record[:width]]))
    except csv.Error:
        raise refuse("damaged") from None
    return Page(TITLE, rows)


def _decoded(data: bytes) -> str | None:
    """The text of these bytes; Windows-1252 is what German Excel writes. None where they are no text."""
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _NO_TEXT.search(text) else text
    return None


def _separator(text: str) -> str | None:
    """What stands between cells: the sign that gives the same number of cells in the most of the first rows.

    None where no sign parts anything.
    """
    best: tuple[int, int, str] | None = None
    for sign in _SEPARATORS:
        widths = []
        try:
            for record in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
                if len(record) > 1:
                    widths.append(len(record))
                if len(widths) >= _LOOKED_AT:
                    break
        except csv.Error:
            continue
        if widths:
            common = max(set(widths), key=lambda width: (widths.count(width), width))
            found = (widths.count(common), common, sign)
            # Of equals the earlier sign counts: a semicolon parts cells where commas stand in numbers.
            if best is None or found[:2] > best[:2]:
                best = found
    return best[2] if best else None
