"""Lists as they are: what is read in spite of everything, and what is said, at its cell, where it cannot be."""

import datetime as dt
from typing import Any

import pytest
from openpyxl import Workbook

from allmende.programme.exchange import csv_in, importing, mapping
from allmende.programme.models import Measure, Programme, Topic
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .exchange_support import docs, imported, prepared, problems, uploaded
from .messy_list import changed, saved, sheet

pytestmark = pytest.mark.django_db
HEAD = ("Nr", "Titel", "Abschluss geplant", "Abschluss erreicht", "Kosten", "Beschreibung")


@pytest.fixture
def office() -> Any:
    return make_account(Role.PROGRAMME_OFFICE, name="Ina Büro")


@pytest.fixture(autouse=True)
def frame() -> None:
    Programme.objects.create(title="Programm")
    Topic.objects.create(slug="energie", title="Energie", order=1)


def one(**cells: Any) -> bytes:
    """A list of one row, cells by their heading."""
    row = dict.fromkeys(HEAD) | {"Nr": "A-1", "Titel": "Eins"} | cells
    return sheet(HEAD, tuple(row.values()))


def milestone(office: Any, **cells: Any) -> tuple[Any, Any]:
    """(plan, done) of the one milestone of a list of one row."""
    assert imported(office, one(**cells)).state == "done"
    [row] = docs()[0]["milestones"]
    return row["plan"], row["done"]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("1.2.24", "2024-02-01"), ("01.02.2024", "2024-02-01"), ("Q3 2024", "2024-09-30"), ("März 2024", "2024-03-31"),
        (45323, "2024-02-01"), ("45323", "2024-02-01"), (dt.datetime(2024, 2, 1), "2024-02-01"), (2024, "2024-12-31"),
        ("'01.02.2024", "2024-02-01"), ("Do, 01.02.2024", "2024-02-01"), ("2024-02-01", "2024-02-01"),
        ("2. Halbjahr 2024", "2024-12-31"), ("3/2024", "2024-03-31"), ("01.02.2099", "2099-02-01"),
    ],
)  # fmt: skip
def test_days_as_offices_write_them(office: Any, value: Any, day: str) -> None:
    assert milestone(office, **{"Abschluss geplant": value}) == (day, None)


@pytest.mark.parametrize(
    ("heading", "value", "cell", "message"),
    [
        ("Abschluss geplant", "31.02.2024", "C2", "„31.02.2024“: Diesen Tag gibt es nicht."),
        ("Abschluss geplant", "31.02.", "C2", "„31.02.“: Das Jahr fehlt."),
        ("Abschluss geplant", "demnächst", "C2",
         "„demnächst“ ist kein Datum. Schreiben Sie 12.08.2019 oder 2019-08-12."),
        ("Abschluss geplant", 17, "C2", "„17“ ist kein Datum. Schreiben Sie 12.08.2019 oder 2019-08-12."),
        ("Abschluss erreicht", "Q3 2024", "D2", "„Q3 2024“ ist kein Datum. Schreiben Sie 12.08.2019 oder 2019-08-12."),
        ("Abschluss erreicht", "01.02.2099", "D2", "Dieser Tag liegt in der Zukunft."),
        ("Kosten", "50 %", "E2", "„50 %“ ist kein Betrag. Schreiben Sie 1.600.000,00 € oder 1,6 Mio. €."),
        ("Kosten", "12.34.56", "E2", "„12.34.56“ ist kein Betrag. Schreiben Sie 1.600.000,00 € oder 1,6 Mio. €."),
        ("Kosten", "nach Aufwand", "E2",
         "„nach Aufwand“ ist kein Betrag. Schreiben Sie 1.600.000,00 € oder 1,6 Mio. €."),
        ("Beschreibung", "#NV", "F2", "In dieser Zelle steht ein Fehlerwert: #NV"),
        ("Beschreibung", "#BEZUG!", "F2", "In dieser Zelle steht ein Fehlerwert: #BEZUG!"),
        ("Titel", "#REF!", "B2", "In dieser Zelle steht ein Fehlerwert: #REF!"),
        ("Titel", "x" * 161, "B2", ""),
        ("Titel", "  ", "B2", "Der Titel fehlt."),
        ("Nr", "x" * 41, "A2", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_at_its_cell(
    office: Any, heading: str, value: Any, cell: str, message: str
) -> None:
    row = prepared(office, one(**{heading: value}))
    [(where, said)] = problems(row)
    assert where == cell and said == (message or said) and said
    importing.start(row)
    assert Measure.objects.count() == 0


def test_several_cells_of_several_rows_are_said_at_once(office: Any) -> None:
    data = sheet(HEAD, ("A-1", None, "31.02.2024", None, "viel"), ("A-1", "Zwei", None, "gestern"))
    assert [where for where, _message in problems(prepared(office, data))] == ["B2", "C2", "E2", "D3", "A3"]


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("1.234.567,89 €", "1.234.567,89"), ("1234567,89", "1.234.567,89"), ("ca. 1,2 Mio. €", "ca. 1.200.000"),
        ("rund 250 T€", "rund 250.000"), ("bis zu 3.000", "bis zu 3.000"), (3200.5, "3.200,50"), ("'1.500", "1.500"),
        ("≈ 5 Mio. Euro", "≈ 5.000.000"),
    ],
)  # fmt: skip
def test_amounts_keep_what_is_said_of_them(office: Any, value: Any, amount: str) -> None:
    assert imported(office, one(Kosten=value)).state == "done"
    assert docs()[0]["input"] == f"Kosten laut Liste: {amount}\u00a0€"


def as_percent(name: str) -> Any:
    def change(page: Any) -> None:
        page[name].number_format = "0.0%"

    return change


def test_per_cent_are_no_amount_and_are_read_as_they_are_shown(office: Any) -> None:
    row = prepared(office, changed(one(Kosten=0.125), as_percent("E2")))
    assert problems(row) == [("E2", "12,5 % ist ein Anteil, kein Betrag.")]
    row = prepared(office, changed(one(**{"Abschluss geplant": 0.5}), as_percent("C2")))
    assert problems(row) == [("C2", "„50 %“ ist kein Datum. Schreiben Sie 12.08.2019 oder 2019-08-12.")]
    imported(office, changed(one(Beschreibung=0.125), as_percent("F2")))
    assert docs()[0]["reason"] == "12,5 %"


def test_leading_apostrophes_mark_texts(office: Any) -> None:
    imported(office, one(Nr="'007", Titel="'s Bächle", Beschreibung="'=A1+B1"))
    assert [docs()[0][key] for key in ("code", "title", "reason")] == ["007", "'s Bächle", "=A1+B1"]


def test_very_long_texts_are_kept(office: Any) -> None:
    imported(office, one(Beschreibung="Wort " * 6_000))
    assert docs()[0]["reason"] == ("Wort " * 6_000).strip()


def test_html_in_a_list_is_text(office: Any, client: Any) -> None:
    client.force_login(office)
    row = prepared(office, one(Titel="<img src=x onerror=alert(1)>", **{"Abschluss geplant": "<b>"}))
    body = client.get(f"/intern/import/{row.public_id}/vorschau/").content.decode()
    assert "„&lt;b&gt;“ ist kein Datum" in body and "<img" not in body.partition("<h1>")[2]


def test_empty_rows_and_sums_are_left_out(office: Any) -> None:
    rows = [("A-1", "Eins", None, None, 5), (), (None, "  "), ("A-2", "Zwei", None, None, 6),
            (None, None, None, None, None), ("Gesamtsumme", None, None, None, 11)]  # fmt: skip
    row = prepared(office, sheet(HEAD, *rows))
    assert importing.plan(row).left_out == [(7, "zählt andere Zeilen zusammen")]
    importing.start(row)
    assert [doc["code"] for doc in docs()] == ["A-1", "A-2"]


@pytest.mark.parametrize("second", ["A-1", "a-1", " A-1 ", "A - 1", "A-1\u00a0"])
def test_a_code_stands_in_a_list_once(office: Any, second: str) -> None:
    row = prepared(office, sheet(HEAD, ("A-1", "Eins"), (), (second, "Zwei")))
    assert problems(row) == [("A4", "Die Kennung steht schon in Zeile 2.")]


def test_a_code_is_found_again_however_it_is_spelt(office: Any) -> None:
    make_measure(code="A-1", title="Alt")
    row = imported(office, sheet(HEAD, ("a - 1", "Neu")))
    assert row.result == {"measures": 0, "measures_changed": 1, "measures_same": 0}
    measure = Measure.objects.get()
    draft = measure.revisions.get()
    assert (measure.title, draft.document["title"], draft.document["code"]) == ("Alt", "Neu", "A-1")


def test_a_code_that_several_measures_have_is_said(office: Any) -> None:
    make_measure(code="A-1")
    make_measure(code="a-1")
    row = prepared(office, sheet(HEAD, ("A -1", "Neu")))
    [(where, message)] = problems(row)
    assert where == "A2" and message in (
        "Mehrere Maßnahmen haben diese Kennung: A-1; a-1.", "Mehrere Maßnahmen haben diese Kennung: a-1; A-1.",
    )  # fmt: skip
    # The very spelling says which is meant.
    assert problems(prepared(office, sheet(HEAD, ("a-1", "Neu")))) == []


class TestHeadings:
    """Headings over two rows, merged or not, below titles."""

    @staticmethod
    def two_rows(*, merged: bool) -> bytes:
        book = Workbook()
        page = book.active
        page.title = "Maßnahmen"
        page["A1"] = "Umsetzungsliste des Stadtkonzerns"
        page.append([])
        page.append(["Nr", "Maßnahme", "Inbetriebnahme", None, "Kosten"])
        page.append([None, None, "Soll", "Ist", None])
        page.append(["A-1", "Eins", "01.02.2024", "01.03.2024", 5])
        if merged:
            page.merge_cells("C3:D3")
            for column in "ABE":
                page.merge_cells(f"{column}3:{column}4")
        return saved(book)

    @pytest.mark.parametrize("merged", [True, False], ids=["merged", "plain"])
    def test_two_rows(self, office: Any, merged: bool) -> None:
        row = uploaded(office, self.two_rows(merged=merged))
        found = importing.listed(row)
        assert row.header == 4
        assert found.labels == ["Nr", "Maßnahme", "Inbetriebnahme Soll", "Inbetriebnahme Ist", "Kosten"]
        assert mapping.guess(found.labels) == {0: "code", 1: "title", 2: "m1.plan", 3: "m1.done", 4: "cost"}
        imported(office, self.two_rows(merged=merged))
        [doc] = docs()
        [got] = doc["milestones"]
        assert (doc["code"], got["title"], got["plan"], got["done"]) == (
            "A-1", "Inbetriebnahme", "2024-02-01", "2024-03-01",
        )  # fmt: skip


def test_the_sheet_with_the_list_is_proposed(office: Any) -> None:
    book = Workbook()
    for title, rows in (("Deckblatt", [("Stand", "heute")]), ("Maßnahmen", [HEAD, ("A-1", "Eins")]), ("Leer", [])):
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    old = book.create_sheet("Alt")
    old.append(HEAD)
    old.append(("A-0", "Alt", "01.01.2020", "01.01.2020", "1 €", "mehr"))
    old.sheet_state = "hidden"
    row = importing.upload(office, "l.xlsx", saved(book))
    assert (row.sheet, row.header) == ("Maßnahmen", 1)


class TestHidden:
    @staticmethod
    def data() -> bytes:
        def hide(page: Any) -> None:
            page.row_dimensions[3].hidden = True
            page.column_dimensions["F"].hidden = True

        return changed(sheet(HEAD, ("A-1", "Eins"), ("A-2", "Zwei", None, None, None, "Geheim?")), hide)

    def test_it_is_read_and_said(self, office: Any, client: Any) -> None:
        client.force_login(office)
        row = prepared(office, self.data())
        base = f"/intern/import/{row.public_id}/"
        assert "Diese Spalte ist in der Datei ausgeblendet." in client.get(f"{base}spalten/").content.decode()
        response = client.get(f"{base}vorschau/")
        assert (response.context["hidden_rows"], response.context["hidden_columns"]) == ([3], ["Beschreibung"])
        body = response.content.decode()
        assert "<dt>Ausgeblendete Zeilen, die mit importiert werden</dt><dd>3</dd>" in body
        importing.start(row)
        assert [doc["reason"] for doc in docs()] == ["", "Geheim?"]

    def test_a_hidden_sheet_is_called_so(self, office: Any, client: Any) -> None:
        book = Workbook()
        book.active.append(["Nr", "Titel"])
        book.active.append(["1", "Eins"])
        other = book.create_sheet("Alt")
        other.append(["x", "y"])
        other.sheet_state = "hidden"
        client.force_login(office)
        row = importing.upload(office, "l.xlsx", saved(book))
        assert "Alt (ausgeblendet)" in client.get(f"/intern/import/{row.public_id}/blatt/").content.decode()


class TestCsv:
    TEXT = (
        'Nr;Titel;Kosten;"Abschluss\ngeplant"\r\nA-1;Straße „Süd“;1.234,50 €;1.2.24\r\n;;;\r\nA-2;"Zwei; drei";€;\r\n'
    )

    @pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
    def test_in_every_encoding(self, office: Any, encoding: str) -> None:
        row = prepared(office, self.TEXT.encode(encoding))
        assert [each for each, _message in problems(row)] == ["C4"]  # the record, not the line
        good = self.TEXT.replace(";€;", ";;")
        assert imported(office, good.encode(encoding)).state == "done"
        first, second = docs()
        assert (first["title"], first["input"], first["milestones"][0]["plan"]) == (
            "Straße „Süd“", "Kosten laut Liste: 1.234,50\u00a0€", "2024-02-01",
        )  # fmt: skip
        assert second["title"] == "Zwei; drei"

    @pytest.mark.parametrize("separator", [";", ",", "\t"])
    def test_by_every_separator(self, separator: str) -> None:
        text = "\n".join(separator.join(row) for row in (("Nr", "Titel"), ("1", "Eins"), ("2", "Zwei")))
        page = csv_in.read(text.encode())
        assert page is not None
        assert [[cell.value for cell in cells] for _number, cells in page.rows] == [
            ["Nr", "Titel"], ["1", "Eins"], ["2", "Zwei"],
        ]  # fmt: skip

    def test_commas_in_numbers_part_nothing(self) -> None:
        page = csv_in.read(b"Titel;Kosten\nEins;1,50\nZwei;2,75\n")
        assert page is not None and [len(cells) for _number, cells in page.rows] == [2, 2, 2]

    @pytest.mark.parametrize("data", [b"", b"ein Wort", b"a;b\x00", b"\x81;\x81", "ä;ö".encode("utf-16")[:-1]])
    def test_what_is_none(self, data: bytes) -> None:
        assert csv_in.read(data) is None

    def test_the_office_sees_where_it_comes_from(self, office: Any) -> None:
        row = prepared(office, self.TEXT.encode("cp1252"))
        assert importing.plan(row).problems[0].where == "Blatt CSV, Zelle C4"


def test_a_list_without_formula_results_names_the_cells(office: Any) -> None:
    book = Workbook()
    page = book.active
    page.title = "Maßnahmen"
    page.append(HEAD)
    page.append(["A-1", "Eins", "=DATE(2024,2,1)", None, "=E9*2"])
    told = "Das Ergebnis dieser Formel steht nicht in der Datei. Öffnen Sie sie in Excel und speichern Sie sie neu."
    assert problems(prepared(office, saved(book))) == [("C2", told), ("E2", told)]
