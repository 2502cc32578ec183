"""A file of our own format shows what it would do before anything is written: in the browser and at the terminal."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from allmende.programme.exchange import files, importing, restore
from allmende.programme.exchange.tally import LONGEST, TOLD, sides
from allmende.programme.models import ListImport, Measure, Party, Programme, Revision, Topic, Value
from allmende.spine.facts.models import FactRow
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .exchange_support import empty_programme, make_world, source_of

pytestmark = pytest.mark.django_db
IMPORT = '<span class="kern-label">Jetzt importieren</span>'


@pytest.fixture
def office() -> Any:
    return make_account(Role.PROGRAMME_OFFICE, name="Ina Büro")


def everything() -> list[Any]:
    """All that an import may touch."""
    models = (Programme, Topic, Party, Measure, Revision, Value)
    return [list(model._default_manager.order_by("pk").values()) for model in models] + [FactRow.objects.count()]


def send(client: Client, data: bytes, name: str = "p.json") -> ListImport:
    response = client.post("/intern/import/", {"file": SimpleUploadedFile(name, data)})
    row = ListImport.objects.get()
    assert response["Location"] == f"/intern/import/{row.public_id}/vorschau/"
    return row


def edited(data: bytes) -> bytes:
    whole = json.loads(data)
    whole["measures"][0]["document"]["summary"] = "Aus der <Datei>."
    whole["topics"][0]["title"] = "Energie und Umwelt"
    whole["parties"].append({"id": None, "slug": "neu", "name": "Neue & Co.", "kind": "club", "url": "", "note": ""})
    whole["values"].append(whole["values"][0] | {"id": None, "starts": "2015-01-01", "ends": "2016-01-01"})
    return json.dumps(whole).encode()


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_the_file_of_this_town_changes_nothing(office: Any, client: Client, kind: str) -> None:
    data = files.write(make_world(), kind)
    before = everything()
    outcome = restore.rehearse(source_of(data), actor="import")
    assert outcome.tally.as_json() == {
        "new": {}, "changed": {}, "names": {}, "changes": [],
        "same": {"programme": 1, "phases": 1, "topics": 2, "parties": 1, "indicators": 2, "definitions": 4,
                 "breaks": 2, "measures": 3, "targets": 2, "replans": 1, "assessments": 1, "values": 10, "figures": 2},
    }  # fmt: skip
    assert everything() == before
    client.force_login(office)
    row = send(client, data, f"p.{kind}")
    # The draft of what is public stays as well.
    assert (row.report["new"], row.report["changed"], row.report["same"]["measures"]) == ({}, {}, 3)
    body = client.get(f"/intern/import/{row.public_id}/vorschau/").content.decode()
    assert "Alles aus dieser Datei ist schon hier." in body
    assert everything() == before


def test_what_is_new_what_changes_what_stays(office: Any, client: Client) -> None:
    data = edited(files.write(make_world(), "json"))
    client.force_login(office)
    before = everything()
    row = send(client, data)
    assert everything() == before
    assert (row.state, row.problems) == ("new", [])
    assert row.report["new"] == {"parties": 1, "values": 1}
    assert row.report["changed"] == {"topics": 1, "measures": 1}
    assert row.report["names"]["parties"] == ["Neue & Co."]
    assert row.report["changes"] == [
        {"kind": "topics", "row": "Energie", "field": "Titel", "old": "Energie", "new": "Energie und Umwelt"},
        {"kind": "measures", "row": "Fauthweg: Licht & mehr", "field": "In einem Satz", "old": "Eine Straße.",
         "new": "Aus der <Datei>."},
    ]  # fmt: skip
    body = client.get(f"/intern/import/{row.public_id}/vorschau/").content.decode()
    for text in ("Energie und Umwelt", "Aus der &lt;Datei&gt;.", "Neue &amp; Co.", "Noch ist nichts gespeichert"):
        assert text in body, text
    assert "<Datei>" not in body
    assert client.post(f"/intern/import/{row.public_id}/vorschau/").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.report, bytes(row.data)) == ("done", None, b"")
    assert (row.result["measures_changed"], row.result["parties"], row.result["values"]) == (1, 1, 1)
    assert Party.objects.filter(slug="neu").exists()
    body = client.get(f"/intern/import/{row.public_id}/stand/").content.decode()
    assert "<dt>Geänderte Maßnahmen</dt><dd>1</dd>" in body and "<dt>Neue Beteiligte</dt><dd>1</dd>" in body


def test_into_an_empty_town(office: Any, client: Client) -> None:
    data = files.write(make_world(), "xlsx")
    empty_programme()
    client.force_login(office)
    row = send(client, data, "p.xlsx")
    assert row.report["new"]["measures"] == 3 and row.report["changed"] == {}
    assert Programme.objects.count() == 0
    body = client.get(f"/intern/import/{row.public_id}/vorschau/").content.decode()
    assert "Fauthweg: Licht &amp; mehr; Radweg; Geheim" in body


def test_errors_stand_on_the_preview_by_their_cell_and_are_checked_again(office: Any, client: Client) -> None:
    whole = json.loads(files.write(make_world(), "json"))
    whole["measures"][0]["document"]["topic"] = "umwelt"
    client.force_login(office)
    before = everything()
    row = send(client, json.dumps(whole).encode())
    assert row.problems == [["measures[0].topic", "Dieses Handlungsfeld gibt es nicht."]]
    response = client.get(f"/intern/import/{row.public_id}/vorschau/")
    body = response.content.decode()
    assert "measures[0].topic" in body and "1 Stelle der Datei kann nicht importiert werden" in body
    assert IMPORT not in body
    assert everything() == before
    Topic.objects.create(slug="umwelt", title="Umwelt")
    assert client.post(f"/intern/import/{row.public_id}/vorschau/", {"again": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.problems == [] and row.report["changed"] == {"measures": 1}
    assert IMPORT in client.get(f"/intern/import/{row.public_id}/vorschau/").content.decode()


def test_a_long_file_is_checked_by_the_worker(office: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    data = edited(files.write(make_world(), "json"))
    client.force_login(office)
    before = everything()
    row = send(client, data)
    assert (row.state, row.report) == ("checking", None)
    response = client.get(f"/intern/import/{row.public_id}/vorschau/")
    assert response["Location"] == f"/intern/import/{row.public_id}/stand/"
    body = client.get(f"/intern/import/{row.public_id}/stand/").content.decode()
    assert "Wird geprüft" in body and "Noch wird nichts gespeichert" in body
    assert client.post(f"/intern/import/{row.public_id}/vorschau/")["Location"].endswith("/stand/")
    assert importing.rehearse_file(row.pk) is True
    assert importing.rehearse_file(row.pk) is False
    assert everything() == before
    assert "Ansehen, was geschehen würde" in client.get(f"/intern/import/{row.public_id}/stand/").content.decode()
    assert client.post(f"/intern/import/{row.public_id}/vorschau/").status_code == 302
    row.refresh_from_db()
    assert row.state == "waiting"
    assert importing.perform(row.pk) is True


def test_a_file_that_is_being_checked_can_be_thrown_away(
    office: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    client.force_login(office)
    row = send(client, files.write(make_world(), "json"))
    assert client.post(f"/intern/import/{row.public_id}/verwerfen/").status_code == 302
    assert importing.rehearse_file(row.pk) is False
    assert not ListImport.objects.exists()


def test_many_changes_are_counted_and_the_first_are_told() -> None:
    programme = make_world()
    whole = json.loads(files.write(programme, "json"))
    first = whole["parties"][0]
    whole["parties"] = [first | {"id": None, "slug": f"p-{n}", "name": f"P {n}"} for n in range(TOLD + 5)]
    data = json.dumps(whole).encode()
    restore.restore(source_of(data), actor="import")
    for party in whole["parties"]:
        party["note"] = "x" * (LONGEST + 50)
    tally = restore.rehearse(source_of(json.dumps(whole).encode()), actor="import").tally
    assert (tally.changed["parties"], len(tally.changes)) == (TOLD + 5, TOLD)
    assert tally.changes[0].new == "x" * (LONGEST - 1) + "…"


def test_of_a_long_text_the_change_is_told() -> None:
    same = "Ein langer Satz, der so bleibt, wie eer immer schon war. "
    assert sides([("same", same), ("gone", "alt"), ("new", "neu"), ("same", " " + same)]) == (
        "Ein langer Satz, der … er immer schon war. alt Ein langer Satz, de … er immer schon war.",
        "Ein langer Satz, der … er immer schon war. neu Ein langer Satz, de … er immer schon war.",
    )
