"""Broken and hostile files: refused with a clear message, within memory and time, nothing imported."""

import io
import json
import resource
import time
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl.xml
import pytest
from openpyxl import Workbook, load_workbook

from allmende.programme.exchange import files, restore, workbook
from allmende.programme.exchange.problems import FileRefused, ImportProblems
from allmende.programme.models import Indicator, Measure, Party, Programme, Revision, Value
from allmende.spine.facts.models import FactRow

from . import messy_list
from .exchange_support import empty_programme, make_world, source_of
from .messy_list import saved


def repacked(data: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """A workbook with its parts changed, and parts added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, text in more.items():
            new.writestr(name, text)
    return target.getvalue()


def same(name: str, text: bytes) -> bytes:
    return text


def small() -> bytes:
    book = Workbook()
    book.active.append(["Titel"])
    book.active.append(["Eine"])
    return saved(book)


def rows_as(xml: bytes) -> bytes:
    """A workbook whose sheet holds these rows."""

    def change(name: str, text: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return text
        begin, end = text.index(b"<sheetData>") + 11, text.index(b"</sheetData>")
        return text[:begin] + xml + text[end:]

    return repacked(small(), change)


def entities(name: str, text: bytes) -> bytes:
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    if not name.endswith("sheet1.xml"):
        return text
    return text.replace(b"<worksheet", bomb + b"<worksheet", 1)


def encrypted_zip() -> bytes:
    data = bytearray(small())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        start = archive.start_dir
    data[start + 8] |= 1  # "encrypted" in the central directory
    return bytes(data)


def overlong() -> bytes:
    return rows_as(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="200001"><c r="A200001"><v>1</v></c></row>')


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"", "empty"),
        (lambda: b"Titel und Ort\n", "not_xlsx"),
        (lambda: b"PK\x03\x04kaputt", "damaged"),
        (lambda: small()[:-200], "damaged"),
        (lambda: b"x" * (workbook.LARGEST + 1), "too_large"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1Workbook", "old_format"),
        (encrypted_zip, "password"),
        (lambda: repacked(small(), entities), "entities"),
        (lambda: repacked(small(), same, **{"xl/media/x.xml": b" " * 30_000_000}), "bomb"),
        (lambda: repacked(small(), same, **{f"x/{n}.xml": b"x" for n in range(workbook.PARTS)}), "bomb"),
        (lambda: repacked(small(), lambda name, text: b"<" if name.endswith("sheet1.xml") else text), "damaged"),
        (lambda: repacked(small(), lambda name, text: b"" if name == "xl/workbook.xml" else text), "damaged"),
        (lambda: rows_as(b'<row r="99999999999"><c r="A1"><v>1</v></c></row>'), "damaged"),
        (overlong, "too_many_rows"),
        (lambda: rows_as(b'<row r="1"><c r="KP1"><v>1</v></c><c r="KO1"><v>1</v></c></row>'), "too_many_columns"),
        (lambda: rows_as(b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "damaged"),
        (lambda: rows_as(b'<row r="1"><c r="A1"><v>kein</v></c></row>'), "damaged"),
        (lambda: b'{"format": ', "damaged"),
        (lambda: b'{"a": NaN}', "damaged"),
        (lambda: b'{"a": ' + b"[" * 200_000, "damaged"),
    ],
)  # fmt: skip
def test_refused(make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        files.read(make())
    assert refused.value.code == code
    assert str(refused.value)


def zip_of_another_kind() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return target.getvalue()


def test_another_archive_is_no_workbook() -> None:
    with pytest.raises(FileRefused) as refused:
        files.read(zip_of_another_kind())
    assert refused.value.code == "not_xlsx"


def test_a_lying_size_reads_no_further() -> None:
    """A part that says it is small: zipfile stops where it says, and the sum of the check does not fit."""
    data = bytearray(repacked(small(), same, **{"xl/media/x.xml": b"a" * 5_000_000}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        info = archive.getinfo("xl/media/x.xml")
        at = archive.start_dir
    place = bytes(data).index(b"xl/media/x.xml", at) - 46
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    assert info.file_size == 5_000_000
    with pytest.raises(FileRefused) as refused:
        files.read(bytes(data))
    assert refused.value.code == "damaged"


def test_parsers_expand_no_entities() -> None:
    assert openpyxl.xml.DEFUSEDXML is True


def test_a_million_formatted_empty_rows_cost_little() -> None:
    empty = b"".join(
        b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(2, 1_048_577)
    )
    data = rows_as(b'<row r="1"><c r="A1" t="inlineStr"><is><t>Titel</t></is></c></row>' + empty)
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    [page] = files.read(data)  # type: ignore[misc]
    assert [(number, cells[0].value) for number, cells in page.rows] == [(1, "Titel")]
    assert time.process_time() - begun < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # KB


def test_a_value_behind_a_million_empty_rows_is_not_lost() -> None:
    data = rows_as(b'<row r="60000"><c r="B60000"><v>7</v></c></row>')
    [page] = files.read(data)  # type: ignore[misc]
    assert [(number, [cell.value for cell in cells]) for number, cells in page.rows] == [(60000, [None, 7])]


def test_a_cell_in_a_column_that_no_sheet_has_makes_no_wide_rows() -> None:
    [page] = files.read(rows_as(b'<row r="1"><c r="A1"><v>1</v></c><c r="ZZZ1"><v>1</v></c></row>'))  # type: ignore[misc]
    assert len(page.rows[0][1]) == 1


def test_formulas_are_not_evaluated() -> None:
    book = Workbook()
    book.active["A1"] = "=1+1"
    [page] = files.read(saved(book))  # type: ignore[misc]
    assert (page.rows, page.unknown) == ([], [(1, 0)])


def test_the_result_that_the_file_holds_counts() -> None:
    [page] = files.read(rows_as(b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'))  # type: ignore[misc]
    assert (page.rows[0][1][0].value, page.unknown) == (2, [])


@pytest.mark.django_db
class TestErrorsByCell:
    """A workbook of our own format: what is wrong stands at its cell, and nothing is half imported."""

    def refused(self, data: bytes) -> list[Any]:
        """The problems of a file imported into an empty town."""
        facts = FactRow.objects.count()
        with pytest.raises(ImportProblems) as problems:
            restore.restore(source_of(data), actor="import")
        for model in (Programme, Measure, Party, Indicator, Value, Revision):
            assert model._default_manager.count() == 0, model
        assert FactRow.objects.count() == facts
        return problems.value.problems

    @staticmethod
    def changed(data: bytes, change: dict[str, Any]) -> bytes:
        book = load_workbook(io.BytesIO(data))
        for place, value in change.items():
            sheet, name = place.split("!")
            book[sheet][name].value = value
        return saved(book)

    def test_at_its_cell(self) -> None:
        data = files.write(make_world(), "xlsx")
        empty_programme()
        for place, value, where, words in (
            ("Maßnahmen!D4", "A-1", "D4", "zweimal in der Datei"),
            ("Maßnahmen!E3", None, "E3", "nicht leer"),
            ("Maßnahmen!E3", "x" * 161, "E3", "160"),
            ("Maßnahmen!L3", "30.02.2020", "L3", "nicht lesbar"),
            ("Maßnahmen!L3", "2099-01-01", "L3", "in der Zukunft"),
            ("Maßnahmen!AA3", "gibt-es-nicht", "AA3", "gibt es nicht"),
            ("Maßnahmen!A3", "kein-bezeichner", "A3", "UUID"),
            ("Maßnahmen!AC3", '{"type": "Point", "coordinates": [999, 0]}', "AC3", ""),
            ("Meilensteine!F3", "2099-01-01", "F3", "in der Zukunft"),
            ("Meilensteine!A3", "Z-9", "A3", "nicht auf dem Blatt"),
            ("Meilensteine!E3", True, "E3", "einzelner Wert"),
            ("Beschlüsse!E3", "zaubern", "E3", "zaubern"),
            ("Mitwirkung!C3", "niemand", "C3", "gibt es nicht"),
            ("Risiken!D3", 1.5, "D3", "ganze Zahl"),
            ("Abhängigkeiten!C3", "Z-9", "C3", "gibt es nicht"),
            ("Werte!H3", "viel", "H3", "1234,5"),
            ("Werte!F3", "2022-06-01", "G3", "vor dem Anfang"),
            ("Werte!B3", "gibt-es-nicht", "B3", "gibt es nicht"),
            ("Werte!J3", "2099-01-01T00:00:00+00:00", "J3", "in der Zukunft"),
            ("Werte!C3", 7, "C3", "keine Definition"),
            ("Definitionen!B4", 1, "B4", "zweimal in der Datei"),
            ("Phasen!F3", "2001-01-01", "F3", "vor dem Anfang"),
            ("Einschätzungen!C3", "2099-01-01", "C3", "in der Zukunft"),
            ("Zahlen!J3", None, "J3", ""),
            ("Zahlen!M3", "2099-01-01T00:00:00+00:00", "M3", "in der Zukunft"),
        ):  # fmt: skip
            found = self.refused(self.changed(data, {place: value}))
            sheet = place.split("!")[0]
            said = {problem.where: problem.message for problem in found}
            assert words in said[f"Blatt {sheet}, Zelle {where}"], (place, found)
            # Two measures of one code, a milestone of no measure: what refers to them is wrong as well.
            assert len(said) == (2 if place in ("Maßnahmen!D4", "Meilensteine!A3") else 1), (place, found)

    def test_a_circle_over_the_whole_file(self) -> None:
        data = files.write(make_world(), "xlsx")
        empty_programme()
        more = {"Abhängigkeiten!A4": "A-1", "Abhängigkeiten!C4": "B-2", "Abhängigkeiten!D4": "running"}
        found = self.refused(self.changed(data, more))
        assert sorted(problem.where for problem in found) == [
            "Blatt Abhängigkeiten, Zelle C3", "Blatt Abhängigkeiten, Zelle C4",
        ]  # fmt: skip
        assert all("Kreis" in problem.message for problem in found)

    def test_a_column_and_a_sheet_that_do_not_exist(self) -> None:
        data = self.changed(files.write(make_world(), "xlsx"), {"Themen!E1": "farbe", "Themen!F1": "slug"})
        empty_programme()
        with pytest.raises(ImportProblems) as problems:
            restore.restore(source_of(data), actor="import")
        assert [problem.where for problem in problems.value.problems] == [
            "Blatt Themen, Zelle E1", "Blatt Themen, Zelle F1",
        ]  # fmt: skip

    def test_a_code_that_another_measure_of_the_town_has(self) -> None:
        data = files.write(make_world(), "json")
        whole = json.loads(data)
        row = whole["measures"][2]
        row["document"]["code"] = "A-1"
        whole["measures"] = [row]
        with pytest.raises(ImportProblems) as problems:
            restore.restore(source_of(json.dumps(whole).encode()), actor="import")
        assert [problem.where for problem in problems.value.problems] == ["measures[0].code"]

    def test_a_value_that_contradicts_what_is_recorded(self) -> None:
        whole = json.loads(files.write(make_world(), "json"))
        whole["values"][0]["value"] = "99"
        with pytest.raises(ImportProblems) as problems:
            restore.restore(source_of(json.dumps(whole).encode()), actor="import")
        assert [problem.where for problem in problems.value.problems] == ["values[0].value"]

    def test_json_of_any_shape_is_refused(self) -> None:
        data = files.write(make_world(), "json")
        before = Measure.objects.count()
        for key in ("measures", "values", "topics", "programme", "phases", "replans", "figures"):
            for wrong in ("text", 7, [1, "x", None], [[]], {"a": {"b": []}}, [{"id": [1]}], [{"x": 1}]):
                whole = json.loads(data) | {key: wrong}
                with pytest.raises(ImportProblems):
                    restore.restore(source_of(json.dumps(whole).encode()), actor="import")
        assert Measure.objects.count() == before

    def test_documents_of_any_shape_are_refused(self) -> None:
        data = files.write(make_world(), "json")
        for key in ("milestones", "dependencies", "targets", "title", "geometry", "phase", "code"):
            for wrong in (7.5, [1], [[]], {"a": 1}, [{"id": [1]}], "x\0y", True):
                if wrong in (7.5, True) and key in ("title", "code", "phase"):
                    continue  # is read as text, or as 1
                whole = json.loads(data)
                whole["measures"][0]["document"][key] = wrong
                with pytest.raises(ImportProblems):
                    restore.restore(source_of(json.dumps(whole).encode()), actor="import")

    def test_a_sheet_of_another_format(self) -> None:
        data = self.changed(files.write(make_world(), "xlsx"), {"Allmende!B1": "allmende-programm-99"})
        with pytest.raises(FileRefused) as refused:
            files.read(data)
        assert refused.value.code == "format"

    def test_any_other_workbook_is_a_list(self) -> None:
        assert isinstance(files.read(messy_list.build()), list)
