"""A town's own list, by steps in the browser and by a job."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from openpyxl import Workbook

from allmende.programme.domain import revisions
from allmende.programme.exchange import importing, mapping
from allmende.programme.models import ListImport, Measure, Programme, Revision, Topic
from allmende.spine.facts.models import FactRow
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from . import messy_list
from .exchange_support import docs, prepared
from .messy_list import HEADER, HEADINGS, ROWS, saved

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def office() -> Any:
    return make_account(Role.PROGRAMME_OFFICE, name="Ina Büro")


@pytest.fixture(autouse=True)
def frame() -> None:
    Programme.objects.create(title="Programm")
    Topic.objects.create(slug="energie", title="Energie", order=1)
    Topic.objects.create(slug="mobil", title="Mobilität", order=2)


class TestMessyList:
    def test_headings_are_found_and_understood(self, office: Any) -> None:
        row = prepared(office, messy_list.build())
        found = importing.listed(row)
        assert (row.header, found.labels[5:7]) == (HEADER, ["Inbetriebnahme geplant", "Inbetriebnahme erreicht"])
        assert mapping.guess(found.labels) == {
            0: "code", 1: "title", 2: "topic", 3: "reason", 4: "cost", 5: "m1.plan", 6: "m1.done", 7: "m2.plan",
        }  # fmt: skip

    def test_rows_become_drafts(self, office: Any) -> None:
        row = prepared(office, messy_list.build())
        plan = importing.plan(row)
        assert plan.problems == []
        assert plan.left_out == [(HEADER + len(ROWS), "zählt andere Zeilen zusammen")]
        importing.start(row)
        row.refresh_from_db()
        assert (row.state, row.result, bytes(row.data)) == (
            "done", {"measures": 4, "measures_changed": 0, "measures_same": 0}, b"",
        )  # fmt: skip
        first, second, third, fourth = docs()
        assert (first["code"], first["title"], first["topic"], first["reason"], first["summary"]) == (
            "D-01", "Beleuchtung Fauthweg", "energie", "Weniger Strom", "Beleuchtung Fauthweg",
        )  # fmt: skip
        assert [doc["topic"] for doc in (second, third, fourth)] == ["energie", "mobil", "mobil"]
        assert [doc["input"] for doc in docs()] == [
            f"Kosten laut Liste: {amount}\u00a0€" for amount in ("1.600.000", "12.500,50", "3.200,50", "250.000")
        ]
        days = [[(m["title"], m["baseline"], m["plan"], m["done"]) for m in doc["milestones"]] for doc in docs()]
        assert days == [
            [("Inbetriebnahme", "2019-08-12", "2019-08-12", "2019-08-14"), ("Abschluss", *["2030-09-30"] * 2, None)],
            [("Inbetriebnahme", "2019-08-31", "2019-08-31", None), ("Abschluss", *["2030-12-31"] * 2, None)],
            [("Inbetriebnahme", "2020-03-01", "2020-03-01", "2020-03-31"), ("Abschluss", *["2030-12-31"] * 2, None)],
            [("Inbetriebnahme", "2020-05-01", "2020-05-01", None), ("Abschluss", *["2030-12-31"] * 2, None)],
        ]
        assert (third["title"], third["reason"], fourth["title"]) == (
            "=HYPERLINK(\"http://x\")", "Mehrzeiliges\nZiel", "Offenes WLAN",
        )  # fmt: skip
        assert set(Revision.objects.values_list("state", "author")) == {("draft", office.pk)}
        assert not Measure.objects.filter(published__isnull=False).exists()
        told = FactRow.objects.get(kind="programme.list.imported")
        assert (told.payload, told.public) == ({"created": 4, "changed": 0, "values": 0}, False)

    def test_the_same_list_again_changes_nothing(self, office: Any) -> None:
        importing.start(prepared(office, messy_list.build()))
        before = [row.document for row in Revision.objects.order_by("pk")]
        again = prepared(office, messy_list.build())
        importing.start(again)
        again.refresh_from_db()
        assert again.result == {"measures": 0, "measures_changed": 0, "measures_same": 4}
        assert [row.document for row in Revision.objects.order_by("pk")] == before

    def test_a_known_code_is_changed_in_its_draft_only(self, office: Any) -> None:
        first = make_measure(code="D-01", title="Alt", reason="Alt", course="Bleibt.")
        importing.start(prepared(office, messy_list.build()))
        first.refresh_from_db()
        assert (first.title, Measure.objects.count()) == ("Alt", 4)
        draft = revisions.open_revision(first)
        assert draft is not None
        assert [draft.document[key] for key in ("title", "reason", "course", "summary")] == [
            "Beleuchtung Fauthweg", "Weniger Strom", "Bleibt.", "Ein Satz.",
        ]  # fmt: skip
        assert [row["title"] for row in draft.document["milestones"]] == ["Inbetriebnahme", "Abschluss"]

    def test_a_draft_in_review_stays_and_stops_the_import(self, office: Any) -> None:
        first = make_measure(code="D-01")
        draft = revisions.begin(first, actor=office)
        draft = revisions.edit(draft, {"summary": "Neu."}, version=draft.version, actor=office)
        revisions.submit(draft, actor=office)
        row = prepared(office, messy_list.build())
        importing.start(row)
        row.refresh_from_db()
        assert (row.state, Measure.objects.count()) == ("failed", 1)
        [[where, message]] = row.problems
        assert where == f"Blatt Maßnahmen 2020, Zeile {HEADER + 1}" and "in Prüfung" in message


def with_row(**cells: Any) -> bytes:
    """The messy list with one more row, cells by their heading."""
    base: dict[str, Any] = dict(
        zip(HEADINGS, ("D-99", "Neu", "Energie", "Z", "1 €", "01.01.2020", None, None, None), strict=True)
    )
    return messy_list.build((*ROWS[:-1], tuple((base | cells).values())))


@pytest.mark.parametrize(
    ("heading", "value", "letter", "words"),
    [
        ("Maßnahme", None, "B", "Titel fehlt"), ("Maßnahme", "x" * 161, "B", "160"),
        ("Handlungsfeld", "Unfug", "C", "kein Handlungsfeld „Unfug“"), ("Kosten in €", "viel", "E", "kein Betrag"),
        ("geplant", "30.02.2020", "F", "Diesen Tag gibt es nicht"), ("geplant", "bald", "F", "kein Datum"),
        ("erreicht", "01.01.2099", "G", "in der Zukunft"), ("erreicht", "Q3/2019", "G", "kein Datum"),
        ("Lfd. Nr.", "D-01", "A", f"Zeile {HEADER + 1}"), ("Lfd. Nr.", "x" * 41, "A", "40"),
        ("Ziel", "#REF!", "D", "Fehlerwert"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_its_cell_and_nothing_is_imported(
    office: Any, heading: str, value: Any, letter: str, words: str
) -> None:
    data = with_row(**{heading: value})
    if value == "#REF!":
        data = _as_error(data, f"D{HEADER + len(ROWS)}")
    row = prepared(office, data)
    [problem] = importing.plan(row).problems
    assert problem.where == f"Blatt Maßnahmen 2020, Zelle {letter}{HEADER + len(ROWS)}"
    assert words in problem.message
    importing.start(row)
    row.refresh_from_db()
    assert (row.state, row.problems) == ("failed", [[problem.where, problem.message]])
    assert Measure.objects.count() == 0


def _as_error(data: bytes, name: str) -> bytes:
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    book["Maßnahmen 2020"][name].value = "#REF!"
    book["Maßnahmen 2020"][name].data_type = "e"
    return saved(book)


def test_a_formula_without_its_result_is_said(office: Any) -> None:
    book = Workbook()
    page = book.active
    page.title = "Maßnahmen"
    page.append(["Nr", "Titel", "Thema"])
    page.append(["1", '="A"&"B"', "Energie"])
    row = prepared(office, saved(book))
    [problem] = importing.plan(row).problems
    assert problem.where == "Blatt Maßnahmen, Zelle B2" and "Formel" in problem.message


class TestMapping:
    def test_impossible_choices(self, office: Any) -> None:
        row = prepared(office, messy_list.build())
        for columns, topic in (
            ({0: "code"}, "energie"), ({0: "title", 1: "title"}, "energie"), ({1: "title"}, ""),
            ({1: "title", 2: "unsinn"}, "energie"),
        ):  # fmt: skip
            with pytest.raises(ValidationError):
                importing.choose_columns(row, columns, topic)
        with pytest.raises(ValidationError):
            importing.choose_sheet(row, "Gibt es nicht", 1)
        with pytest.raises(ValidationError):
            importing.choose_sheet(row, "Maßnahmen 2020", 3)

    def test_only_the_office_imports(self) -> None:
        with pytest.raises(PermissionDenied):
            importing.upload(make_account(Role.EDITOR), "l.xlsx", messy_list.build())


class TestPages:
    def test_from_file_to_drafts_by_forms_alone(self, office: Any, client: Client) -> None:
        client.force_login(office)
        file = SimpleUploadedFile("liste.xlsx", messy_list.build())
        response = client.post("/intern/import/", {"file": file})
        row = ListImport.objects.get()
        base = f"/intern/import/{row.public_id}/"
        assert response["Location"] == f"{base}blatt/"
        page = client.get(f"{base}blatt/")
        assert "Deckblatt" in page.content.decode()
        assert client.post(f"{base}blatt/", {"sheet": "Maßnahmen 2020", "header": HEADER}).status_code == 302
        page = client.get(f"{base}spalten/")
        form = page.context["form"]
        data = {name: form[name].value() or "" for name in form.fields}
        assert data["column-4"] == "cost"
        assert client.post(f"{base}spalten/", data).status_code == 302
        body = client.get(f"{base}vorschau/").content.decode()
        for text in ("4 neue Maßnahmen als Entwürfe", "Beleuchtung Fauthweg", "12.08.2019", "zählt andere Zeilen"):
            assert text in body, text
        assert "&quot;http://x&quot;" in body
        assert client.post(f"{base}vorschau/").status_code == 302
        body = client.get(f"{base}stand/").content.decode()
        assert "Die Liste ist importiert" in body
        assert Measure.objects.count() == 4
        assert client.post(f"{base}vorschau/").status_code == 404

    def test_errors_stand_on_the_preview(self, office: Any, client: Client) -> None:
        client.force_login(office)
        row = prepared(office, with_row(geplant="<b>bald</b>"))
        body = client.get(f"/intern/import/{row.public_id}/vorschau/").content.decode()
        assert f"Zelle F{HEADER + len(ROWS)}" in body and "&lt;b&gt;bald&lt;/b&gt;" in body
        assert "<b>bald" not in body

    def test_the_upload_of_another_is_nobodys_business(self, office: Any, client: Client) -> None:
        row = prepared(office, messy_list.build())
        client.force_login(make_account(Role.PROGRAMME_OFFICE))
        for step in ("blatt", "spalten", "vorschau", "stand"):
            assert client.get(f"/intern/import/{row.public_id}/{step}/").status_code == 404
        assert client.post(f"/intern/import/{row.public_id}/verwerfen/").status_code == 404

    def test_an_upload_is_thrown_away(self, office: Any, client: Client) -> None:
        client.force_login(office)
        row = prepared(office, messy_list.build())
        assert client.post(f"/intern/import/{row.public_id}/verwerfen/").status_code == 302
        assert not ListImport.objects.exists()

    def test_uploads_are_forgotten_after_two_days(self, office: Any) -> None:
        from datetime import timedelta

        from django.utils import timezone

        prepared(office, messy_list.build())
        assert importing.drop_old() == 0
        ListImport.objects.update(created=timezone.now() - timedelta(days=2, minutes=1))
        assert importing.drop_old() == 1

    def test_a_file_that_is_none(self, office: Any, client: Client) -> None:
        client.force_login(office)
        response = client.post("/intern/import/", {"file": SimpleUploadedFile("l.xlsx", b"Hallo")})
        assert response.status_code == 422
        assert "keine Excel-Arbeitsmappe" in response.content.decode()
        assert not ListImport.objects.exists()


def long_list(rows: int) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet("Maßnahmen")
    page.append(["Nr", "Titel", "Thema", "Abschluss geplant"])
    for number in range(rows):
        page.append([f"L-{number}", f"Maßnahme {number}", "Energie", "31.12.2030"])
    return saved(book)


class TestJob:
    def test_a_long_list_waits_for_the_worker(self, office: Any, client: Client) -> None:
        client.force_login(office)
        row = prepared(office, long_list(60))
        assert client.post(f"/intern/import/{row.public_id}/vorschau/").status_code == 302
        row.refresh_from_db()
        assert (row.state, row.total, Measure.objects.count()) == ("waiting", 60, 0)
        body = client.get(f"/intern/import/{row.public_id}/stand/").content.decode()
        assert "0 von 60 Maßnahmen" in body and "<progress" in body
        assert importing.perform(row.pk) is True
        assert importing.perform(row.pk) is False
        assert Measure.objects.count() == 60
        assert client.get(f"/intern/import/{row.public_id}/stand/").context["finished"] is True

    def test_a_double_click_starts_one_import(self, office: Any) -> None:
        row = prepared(office, long_list(60))
        importing.start(row)
        importing.start(row)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'programme.import_list'")
            assert cursor.fetchone() == (1,)

    def test_rights_that_ended_meanwhile_end_the_import(self, office: Any) -> None:
        row = prepared(office, long_list(60))
        importing.start(row)
        office.assignments.all().delete()
        assert importing.perform(row.pk) is False
        row.refresh_from_db()
        assert (row.state, Measure.objects.count()) == ("failed", 0)


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_nothing_is_half_done_and_it_is_repeated(office: Any, tmp_path: Path) -> None:
    before = FactRow.objects.filter(kind__startswith="programme.").count()
    row = prepared(office, long_list(400))
    ListImport.objects.filter(pk=row.pk).update(state="waiting", total=400)
    settings = connection.settings_dict
    where = f"host={settings['HOST']}&user={settings['USER']}&port={settings['PORT'] or 5432}"
    code = (
        f"import django; django.setup(); from allmende.programme.exchange import importing;importing.perform({row.pk})"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ
        | {
            "DATABASE_URL": f"postgresql:///{settings['NAME']}?{where}",
            "DJANGO_SETTINGS_MODULE": "allmende.config.settings_test",
            "ALLMENDE_DATA": str(tmp_path),
        },
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and worker.poll() is None:
        row.refresh_from_db()
        if row.done > 20:
            break
    assert (row.state, row.problems, 20 < row.done < 400) == ("running", [], True)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    # The server ends the transaction of a client that is gone, and with it the lock.
    assert (Measure.objects.count(), Revision.objects.count()) == (0, 0)
    assert FactRow.objects.filter(kind__startswith="programme.").count() == before
    assert importing.perform(row.pk) is True
    row.refresh_from_db()
    assert (row.state, Measure.objects.count(), Revision.objects.count()) == ("done", 400, 400)
