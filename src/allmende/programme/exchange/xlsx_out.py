"""Tables as a workbook: one sheet a kind, first row the keys, second row what people call them."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from .cells import LONGEST, defuse, to_xml
from .sheets import FORMAT, MARK, SHEETS, Column, Sheet
from .workbook import MOST_ROWS

# Spreadsheets keep 15 figures of a number; one with more goes out as text.
_EXACT_FIGURES = 15
_SURELY_FITS = LONGEST // 7 - 1  # a sign takes up to seven in XML
_BOLD = Font(bold=True)


class DoesNotFit(ValueError):
    """What a workbook cannot hold, or what we would not read again. The text says it to people."""


def write(tables: Mapping[str, Sequence[Mapping[str, Any]]], exported: str, target: IO[bytes]) -> None:
    """Write the workbook. Rows go straight through. Raises DoesNotFit before anything is written."""
    for sheet in SHEETS:
        _check(sheet, tables.get(sheet.key, ()))
    book = Workbook(write_only=True)
    mark = book.create_sheet(MARK)
    for pair in (("format", FORMAT), ("exported", exported)):
        mark.append(pair)
    with override("de"):
        for sheet in SHEETS:
            _write_sheet(book.create_sheet(sheet.title), sheet, tables.get(sheet.key, ()))
    book.save(target)


def _check(sheet: Sheet, rows: Sequence[Mapping[str, Any]]) -> None:
    if len(rows) >= MOST_ROWS - 2:
        message = _("Sheet %(sheet)s has more than %(rows)s rows. Use JSON.")
        raise DoesNotFit(message % {"sheet": sheet.title, "rows": MOST_ROWS - 3})
    for number, row in enumerate(rows, 3):
        for column in sheet.columns:
            value = row.get(column.key)
            if column.kind == "geometry" and value:
                value = json.dumps(value, ensure_ascii=False)
            if isinstance(value, str) and len(value) > _SURELY_FITS and len(_written(value)) > LONGEST:
                message = _(
                    "Sheet %(sheet)s, row %(row)s, “%(column)s”: the text is too long for a spreadsheet. Use JSON."
                )
                raise DoesNotFit(message % {"sheet": sheet.title, "row": number, "column": column.heading})


def _written(value: Any) -> str:
    return to_xml(defuse(str(value)))


def _write_sheet(page: Any, sheet: Sheet, rows: Sequence[Mapping[str, Any]]) -> None:
    page.freeze_panes = "B3"
    heads = [WriteOnlyCell(page, column.key) for column in sheet.columns]
    for head in heads:
        head.font = _BOLD
    page.append(heads)
    page.append([str(column.heading) for column in sheet.columns])
    for row in rows:
        page.append([_cell(page, column, row.get(column.key)) for column in sheet.columns])


def _cell(page: Any, column: Column, value: Any) -> Any:
    if value is None or value == "":
        return None
    if column.kind == "date":
        return dt.date.fromisoformat(value)
    if column.kind == "geometry":
        value = json.dumps(value, ensure_ascii=False)
    if column.kind == "number" and _figures(value) <= _EXACT_FIGURES:
        return float(value) if "." in value else int(value)
    if isinstance(value, int):
        return value
    text = _written(value)
    cell = WriteOnlyCell(page)
    # Set together: openpyxl would take "#N/A" for an error.
    cell._value, cell.data_type = text, "s"
    return cell


def _figures(value: str) -> int:
    return len(value.strip("-").replace(".", "").lstrip("0"))
