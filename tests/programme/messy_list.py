"""A list as a town's office keeps it, written by us: title rows, merged cells, German dates and numbers, a sum row."""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook

HEADER = 5
HEADINGS = (
    "Lfd. Nr.", "Maßnahme", "Handlungsfeld", "Ziel", "Kosten in €", "geplant", "erreicht", "Abschluss", "Bemerkung",
)  # fmt: skip
ROWS: tuple[tuple[Any, ...], ...] = (
    ("D-01", "Beleuchtung Fauthweg", "Energie", "Weniger Strom", "1,6 Mio. €", "12.08.2019", dt.datetime(2019, 8, 14),
     "Q3/2030", "läuft"),
    ("D-02", "Zählstellen Rad", None, "Zahlen statt Gefühl", "12.500,50 €", "Aug 19", None, 47848, None),
    (None, None, None, None, None, None, None, None, None),
    ("D-03", "=HYPERLINK(\"http://x\")", "Mobilität", "Mehrzeiliges\nZiel", 3200.5, "1. März 2020", "31.03.2020", 2030,
     "–"),
    ("D-04", "  Offenes   WLAN ", None, None, "250 T€", dt.datetime(2020, 5, 1), None, "2. Halbjahr 2030", None),
    ("Summe", None, None, None, "1.865.701,00 €", None, None, None, None),
)  # fmt: skip


def build(rows: tuple[tuple[Any, ...], ...] = ROWS) -> bytes:
    """The workbook. "Handlungsfeld" is merged over two rows each; "Inbetriebnahme" heads plan and done."""
    book = Workbook()
    cover = book.active
    cover.title = "Deckblatt"
    cover["B2"] = "Digitalprogramm der Stadt"
    page = book.create_sheet("Maßnahmen 2020")
    page["A1"] = "Maßnahmenliste Digitalisierung"
    page.merge_cells("A1:I1")
    page["A2"] = "Stand: 03.02.2020, Referat 1"
    page.merge_cells("A2:I2")
    page["F4"] = "Inbetriebnahme"
    page.merge_cells("F4:G4")
    for column, heading in enumerate(HEADINGS, 1):
        page.cell(HEADER, column, heading)
    for offset, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = page.cell(HEADER + offset, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
    page.merge_cells(f"C{HEADER + 1}:C{HEADER + 2}")
    page.merge_cells(f"C{HEADER + 4}:C{HEADER + 5}")
    return saved(book)


def sheet(*rows: Sequence[Any], title: str = "Maßnahmen") -> bytes:
    """A workbook with these rows, texts as they are."""
    book = Workbook()
    page = book.active
    page.title = title
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = page.cell(number, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
    return saved(book)


def changed(data: bytes, change: Callable[[Any], object], title: str = "Maßnahmen") -> bytes:
    """The workbook after `change` of its sheet."""
    book = load_workbook(io.BytesIO(data))
    change(book[title])
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
