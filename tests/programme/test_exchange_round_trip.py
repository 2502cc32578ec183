"""Everything out, an empty town, everything in, everything out again: the same."""

import io
import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from allmende.programme.exchange import cells as texts
from allmende.programme.exchange import files, restore, xlsx_out
from allmende.programme.exchange.sheets import SHEETS
from allmende.programme.models import Measure, Programme, Replan, Revision, Value
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .exchange_support import EVIL, cells, empty_programme, make_world, source_of

pytestmark = pytest.mark.django_db


def without_time(data: bytes) -> bytes:
    return json.dumps(json.loads(data) | {"exported": ""}, ensure_ascii=False, indent=1).encode()


def test_json_is_the_same_byte_by_byte() -> None:
    before = files.write(make_world(), "json")
    empty_programme()
    assert Programme.objects.count() == 0
    outcome = restore.restore(source_of(before), actor="import")
    after = files.write(Programme.objects.get(), "json")
    assert without_time(after) == without_time(before)
    assert (outcome.created, outcome.changed, outcome.rows["values"]) == (3, 0, 10)
    assert [(row.title, row.published is None) for row in Measure.objects.order_by("pk")] == [
        ("Fauthweg: Licht & mehr", False), ("Radweg", False), ("Geheim", True),
    ]  # fmt: skip
    assert list(Replan.objects.values_list("plan__year", "plan__month")) == [(2019, 6)]


def test_xlsx_is_the_same_cell_by_cell_and_as_json() -> None:
    programme = make_world()
    before, as_json = files.write(programme, "xlsx"), files.write(programme, "json")
    empty_programme()
    restore.restore(source_of(before), actor="import")
    programme = Programme.objects.get()
    first, second = cells(before), cells(files.write(programme, "xlsx"))
    assert first.pop("Allmende")[0] == second.pop("Allmende")[0] == ["format", "allmende-programm-1"]
    assert second == first
    assert without_time(files.write(programme, "json")) == without_time(as_json)


def test_the_same_file_again_changes_nothing() -> None:
    data = files.write(make_world(), "xlsx")
    numbers = [Revision.objects.count(), Value.objects.count()]
    outcome = restore.restore(source_of(data), actor="import")
    assert (outcome.created, outcome.changed, outcome.same) == (0, 0, 3)
    assert [Revision.objects.count(), Value.objects.count()] == numbers
    assert outcome.rows.get("values", 0) == 0


def test_every_sheet_has_keys_headings_and_real_dates() -> None:
    book = load_workbook(io.BytesIO(files.write(make_world(), "xlsx")))
    assert [sheet.title for sheet in book.worksheets] == ["Allmende", *(sheet.title for sheet in SHEETS)]
    page = book["Meilensteine"]
    assert [cell.value for cell in page[1]][:4] == ["measure", "id", "title", "baseline"]
    assert page["C2"].value == "Was erreicht wird"
    assert page["A3"].value == "A-1"
    assert page["D3"].is_date and str(page["D3"].value.date()) == "2019-06-01"


def test_no_cell_is_a_formula() -> None:
    data = files.write(make_world(), "xlsx")
    book = load_workbook(io.BytesIO(data))
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d"}
    assert "'" + EVIL in [cell for row in cells(data)["Maßnahmen"] for cell in row]


def test_a_person_imports_drafts_only(client: Any) -> None:
    data = files.write(make_world(), "json")
    empty_programme()
    office = make_account(Role.PROGRAMME_OFFICE)
    restore.restore(source_of(data), actor=office)
    assert Measure.objects.filter(published__isnull=False).count() == 0
    assert set(Revision.objects.values_list("state", "author")) == {("draft", office.pk)}
    with pytest.raises(PermissionDenied):
        restore.restore(source_of(data), actor=make_account(Role.EDITOR))


def test_a_person_changes_what_is_public_in_drafts(client: Any) -> None:
    data = files.write(make_world(), "json")
    whole = json.loads(data)
    whole["measures"][0]["document"]["summary"] = "Aus der Datei."
    office = make_account(Role.PROGRAMME_OFFICE)
    outcome = restore.restore(source_of(json.dumps(whole).encode()), actor=office)
    row = Measure.objects.get(code="A-1")
    assert (outcome.changed, row.summary) == (1, "Eine Straße.")
    assert row.revisions.first().document["summary"] == "Aus der Datei."
    # The file says of the other what is public: the draft that is under way stays.
    assert Measure.objects.get(code="B-2").revisions.first().document["summary"] == "Geheimer Entwurf."


def test_what_no_cell_can_hold_is_said_and_goes_out_as_json(client: Any) -> None:
    programme = make_world()
    Measure.objects.filter(code="A-1").update(reason="x" * 32_768)
    with pytest.raises(xlsx_out.DoesNotFit, match="Blatt Maßnahmen, Zeile 3"):
        files.write(programme, "xlsx")
    client.force_login(make_account(Role.PROGRAMME_OFFICE))
    assert client.get("/intern/export/programm.xlsx").status_code == 422
    assert client.get("/intern/export/programm.json").status_code == 200


def test_only_who_sees_every_draft_exports_them(client: Any) -> None:
    make_world()
    client.force_login(make_account(Role.PROJECT_LEAD, scope=Measure.objects.get(code="A-1").urn))
    assert client.get("/intern/export/programm.json").status_code == 403
    client.logout()
    assert client.get("/intern/export/programm.json").status_code == 302
    client.force_login(make_account(Role.AUDITOR))
    assert b"Geheim" in client.get("/intern/export/programm.json").content
    assert client.get("/intern/export/programm.exe").status_code == 404


@given(st.text())
def test_whatever_a_text_is_it_is_harmless_and_comes_back(text: str) -> None:
    out = texts.to_xml(texts.defuse(text))
    assert out[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert texts.restore(texts.from_xml(out)) == text
