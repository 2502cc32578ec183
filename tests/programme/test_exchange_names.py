"""What a list names beside its measures: parties, decisions, topics and phases that are not here yet."""

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allmende.programme.domain import revisions
from allmende.programme.exchange import importing
from allmende.programme.models import ListImport, Measure, Party, Phase, Programme, Revision, Topic
from allmende.spine.facts.models import FactRow
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .exchange_support import docs, imported, prepared, problems
from .messy_list import sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Any:
    return make_account(Role.PROGRAMME_OFFICE, name="Ina Büro")


@pytest.fixture(autouse=True)
def frame() -> None:
    programme = Programme.objects.create(title="Programm")
    Phase.objects.create(programme=programme, number=1, title="Aufbau")
    Topic.objects.create(slug="energie", title="Energie", order=1)
    Topic.objects.create(slug="mobil", title="Mobilität", order=2)


def involved() -> list[list[tuple[str, str]]]:
    return [[(row["party"], row["role"]) for row in doc["involvements"]] for doc in docs()]


class TestParties:
    HEAD = ("Nr", "Titel", "Federführendes Amt", "Partner", "Kooperationspartner")
    ROWS = (
        ("A-1", "Eins", "Referat 5", "Stadtwerke AG; TU\nFraunhofer  IESE", "–"),
        ("A-2", "Zwei", " referat  5 ", "STADTWERKE ag", "Stadtwerke AG;;"),
        ("A-3", "Drei", None, None, "Neue GmbH & Co. <KG>"),
    )

    def test_names_become_parties_once(self, office: Any) -> None:
        Party.objects.create(slug="swk", name="Stadtwerke  AG", kind="municipal")
        row = prepared(office, sheet(self.HEAD, *self.ROWS))
        assert importing.plan(row).new_parties == ["Referat 5", "TU", "Fraunhofer IESE", "Neue GmbH & Co. <KG>"]
        assert Party.objects.count() == 1
        importing.start(row)
        row.refresh_from_db()
        assert row.result == {"measures": 3, "measures_changed": 0, "measures_same": 0, "parties": 4}
        assert involved() == [
            [("referat-5", "lead"), ("swk", "partner"), ("tu", "partner"), ("fraunhofer-iese", "partner")],
            [("referat-5", "lead"), ("swk", "partner")],
            [("neue-gmbh-co-kg", "partner")],
        ]
        assert list(Party.objects.order_by("pk").values_list("name", "kind")) == [
            ("Stadtwerke  AG", "municipal"), ("Referat 5", "other"), ("TU", "other"), ("Fraunhofer IESE", "other"),
            ("Neue GmbH & Co. <KG>", "other"),
        ]  # fmt: skip

    def test_again_changes_nothing(self, office: Any) -> None:
        imported(office, sheet(self.HEAD, *self.ROWS))
        before = [Party.objects.count(), *Revision.objects.order_by("pk").values_list("document", flat=True)]
        facts = FactRow.objects.filter(kind="programme.frame.changed").count()
        row = imported(office, sheet(self.HEAD, *self.ROWS))
        assert row.result == {"measures": 0, "measures_changed": 0, "measures_same": 3}
        assert [Party.objects.count(), *Revision.objects.order_by("pk").values_list("document", flat=True)] == before
        assert FactRow.objects.filter(kind="programme.frame.changed").count() == facts

    def test_who_takes_part_already_stays(self, office: Any) -> None:
        there = Party.objects.create(slug="alt", name="Alter Verein")
        measure = make_measure(code="A-1")
        measure.involvements.create(party=there, role="user", starts="2020-01-01")
        imported(office, sheet(self.HEAD, self.ROWS[0]))
        draft = revisions.open_revision(measure)
        assert draft is not None
        assert [(row["party"], row["starts"]) for row in draft.document["involvements"]] == [
            ("alt", "2020-01-01"), ("referat-5", None), ("stadtwerke-ag", None), ("tu", None),
            ("fraunhofer-iese", None),
        ]  # fmt: skip

    def test_a_name_that_is_too_long_stops_all(self, office: Any) -> None:
        row = prepared(office, sheet(self.HEAD, self.ROWS[0], ("A-2", "Zwei", "x" * 161)))
        assert problems(row) == [("C3", "Der Text ist länger als 160 Zeichen.")]
        importing.start(row)
        assert (Party.objects.count(), Measure.objects.count()) == (0, 0)

    def test_what_fails_later_leaves_no_party(self, office: Any) -> None:
        """The parties are made before the rows: a row that is refused takes them with it."""
        row = prepared(office, sheet(self.HEAD, *self.ROWS))
        Phase.objects.all().delete()
        Programme.objects.all().delete()
        importing.start(row)
        row.refresh_from_db()
        assert (row.state, Party.objects.count(), Measure.objects.count()) == ("failed", 0, 0)
        assert not FactRow.objects.filter(kind="programme.frame.changed").exists()

    def test_the_preview_says_which_are_new(self, office: Any, client: Client) -> None:
        Party.objects.create(slug="swk", name="Stadtwerke AG")
        client.force_login(office)
        row = prepared(office, sheet(self.HEAD, *self.ROWS))
        body = client.get(f"/intern/import/{row.public_id}/vorschau/").content.decode()
        told = "Referat 5, TU, Fraunhofer IESE, Neue GmbH &amp; Co. &lt;KG&gt;"
        assert f"<dt>Neue Beteiligte</dt><dd>{told}</dd>" in body

    def test_two_columns_of_other_things_are_still_refused(self, office: Any) -> None:
        row = prepared(office, sheet(self.HEAD, *self.ROWS))
        importing.choose_columns(row, {1: "title", 2: "party.lead", 3: "party.lead"}, "energie")
        with pytest.raises(ValidationError):
            importing.choose_columns(row, {1: "title", 2: "reason", 3: "reason"}, "energie")


class TestDecisions:
    HEAD = ("Nr", "Titel", "Beschluss vom", "Gremium", "Vorlage", "Beschluss")
    SAID = {"decision_kind": "approve"}

    def test_a_decision_a_row(self, office: Any) -> None:
        row = imported(
            office,
            sheet(
                self.HEAD, ("A-1", "Eins", "12.3.2019", "Stadtrat", "0815/2019", "Der Bau beginnt."),
                ("A-2", "Zwei", 43536, "Hauptausschuss", 17, None), ("A-3", "Drei", None, "Stadtrat", None, None),
            ),
            **self.SAID,
        )  # fmt: skip
        assert row.state == "done"
        assert [
            [(each["date"], each["body"], each["kind"], each["text"]) for each in doc["decisions"]] for doc in docs()
        ] == [
            [("2019-03-12", "Stadtrat", "approve", "0815/2019: Der Bau beginnt.")],
            [("2019-03-12", "Hauptausschuss", "approve", "17")],
            [],
        ]

    @pytest.mark.parametrize(
        ("cells", "where", "message"),
        [
            (("31.02.2019", "Stadtrat"), "C2", "„31.02.2019“: Diesen Tag gibt es nicht."),
            (("Q3 2019", "Stadtrat"), "C2", "„Q3 2019“ ist kein Datum. Schreiben Sie 12.08.2019 oder 2019-08-12."),
            (("12.03.2099", "Stadtrat"), "C2", "Dieser Tag liegt in der Zukunft."),
            ((None, "Stadtrat", "0815/2019"), "C2", "Der Tag des Beschlusses fehlt."),
            ((None, None, None, "Der Bau beginnt."), "C2", "Der Tag des Beschlusses fehlt."),
            (("12.03.2019", None), "D2", "Wer beschlossen hat, fehlt."),
        ],
    )
    def test_what_is_wrong_is_said_at_its_cell(
        self, office: Any, cells: tuple[Any, ...], where: str, message: str
    ) -> None:
        row = prepared(office, sheet(self.HEAD, ("A-1", "Eins", *cells)), **self.SAID)
        assert problems(row) == [(where, message)]

    def test_what_no_column_says_is_asked_for(self, office: Any) -> None:
        data = sheet(("Nr", "Titel", "Beschluss vom"), ("A-1", "Eins", "12.03.2019"))
        for answers, words in (
            ({}, "Keine Spalte sagt, wer beschlossen hat"),
            ({"decision_body": "Stadtrat"}, "Keine Spalte sagt, was die Beschlüsse bewirken"),
        ):
            with pytest.raises(ValidationError, match=words):
                prepared(office, data, **answers)
        imported(office, data, decision_body="Stadtrat", decision_kind="note")
        assert [(each["body"], each["kind"]) for each in docs()[0]["decisions"]] == [("Stadtrat", "note")]
        row = prepared(office, data, decision_body="Stadtrat", decision_kind="note")
        with pytest.raises(ValidationError, match="in welcher Spalte der Tag"):
            importing.choose_columns(row, {1: "title", 2: "decision.text"}, "energie")

    def test_what_a_decision_did_by_its_column(self, office: Any) -> None:
        def columns(row: ListImport) -> ListImport:
            chosen = {0: "code", 1: "title", 2: "decision.date", 3: "decision.body", 4: "decision.kind"}
            importing.choose_columns(row, chosen, "energie")
            return row

        head = ("Nr", "Titel", "Beschluss vom", "Gremium", "Art")
        rows = (("A-1", "Eins", "12.3.2019", "Stadtrat", "Beschlossen"), ("A-2", "Zwei", "12.3.2019", "Rat", "dropped"))
        data = sheet(head, *rows, ("A-3", "Drei", "12.3.2019", "Rat", "vertagt"), ("A-4", "Vier", "12.3.2019", "Rat"))
        found = problems(columns(prepared(office, data, **self.SAID)))
        assert [where for where, _message in found] == ["E4"]
        row = columns(prepared(office, sheet(head, *rows), **self.SAID))
        importing.start(row)
        assert [doc["decisions"][0]["kind"] for doc in docs()] == ["approve", "drop"]

    def test_again_changes_nothing_and_what_a_person_said_stays(self, office: Any) -> None:
        data = sheet(self.HEAD, ("A-1", "Eins", "12.3.2019", "Stadtrat", "0815/2019", None))
        imported(office, data, **self.SAID)
        assert imported(office, data, **self.SAID).result["measures_same"] == 1
        draft = Revision.objects.get()
        rows = [draft.document["decisions"][0] | {"kind": "change", "url": "https://example.org/0815"}]
        revisions.edit(draft, {"decisions": rows}, version=draft.version, actor=office)
        assert imported(office, data, **self.SAID).result["measures_same"] == 1
        assert Revision.objects.get().document["decisions"] == rows


class TestUnknownNames:
    HEAD = ("Nr", "Titel", "Handlungsfeld", "Phase")
    DATA = (
        ("A-1", "Eins", "Energie", "Aufbau"), ("A-2", "Zwei", "Klima & Wasser", "Phase 4"),
        ("A-3", "Drei", " klima  & wasser", "4"), ("A-4", "Vier", "Verkehr", "Verstetigung"),
    )  # fmt: skip

    def test_by_themselves_they_are_errors(self, office: Any) -> None:
        row = prepared(office, sheet(self.HEAD, *self.DATA))
        known = "Es gibt: Energie, Mobilität"
        assert problems(row) == [
            ("C3", f"Es gibt kein Handlungsfeld „Klima & Wasser“. {known}"), ("D3", "Diese Phase gibt es nicht."),
            ("C4", f"Es gibt kein Handlungsfeld „klima & wasser“. {known}"), ("D4", "Diese Phase gibt es nicht."),
            ("C5", f"Es gibt kein Handlungsfeld „Verkehr“. {known}"), ("D5", "Diese Phase gibt es nicht."),
        ]  # fmt: skip
        importing.start(row)
        assert (Topic.objects.count(), Phase.objects.count(), Measure.objects.count()) == (2, 1, 0)

    def test_chosen_or_made_as_the_form_says(self, office: Any, client: Client) -> None:
        client.force_login(office)
        row = prepared(office, sheet(self.HEAD, *self.DATA))
        address = f"/intern/import/{row.public_id}/vorschau/"
        page = client.get(address)
        assert list(page.context["names"].fields) == [
            "topics-0", "topics-1", "phases-0", "phases-1", "phases-2", "make_topics", "make_phases",
        ]  # fmt: skip
        body = page.content.decode()
        assert "Handlungsfeld „Klima &amp; Wasser“ der Liste" in body
        assert "Diese Handlungsfelder anlegen, soweit oben nichts gewählt ist: Klima &amp; Wasser; Verkehr" in body
        assert client.post(address, {"names": "1", "topics-1": "mobil"}).status_code == 302
        row.refresh_from_db()
        assert [where for where, _message in problems(row)] == ["C3", "D3", "C4", "D4", "D5"]
        # What was said before is still said.
        assert 'value="mobil" selected' in client.get(address).content.decode()
        answers = {"names": "1", "topics-1": "mobil", "phases-2": "1", "make_topics": "on", "make_phases": "on"}
        assert client.post(address, answers).status_code == 302
        row.refresh_from_db()
        assert problems(row) == []
        body = client.get(address).content.decode()
        assert "<dt>Neue Handlungsfelder</dt><dd>Klima &amp; Wasser</dd>" in body
        assert "<dt>Neue Phasen</dt><dd>Phase 4, 4</dd>" in body
        assert (Topic.objects.count(), Phase.objects.count()) == (2, 1)
        assert client.post(address).status_code == 302
        assert [(doc["topic"], doc["phase"]) for doc in docs()] == [
            ("energie", 1), ("klima-wasser", 4), ("klima-wasser", 4), ("mobil", 1),
        ]  # fmt: skip
        assert list(Topic.objects.order_by("pk").values_list("title", flat=True)) == [
            "Energie", "Mobilität", "Klima & Wasser",
        ]  # fmt: skip
        assert list(Phase.objects.values_list("number", "title")) == [(1, "Aufbau"), (4, "Phase 4")]
        row.refresh_from_db()
        assert row.result == {
            "measures": 4, "measures_changed": 0, "measures_same": 0, "topics": 1, "phases": 1,
        }  # fmt: skip

    def test_phases_without_a_number_get_the_next(self, office: Any) -> None:
        row = prepared(office, sheet(self.HEAD, *(("", "T", "Energie", name) for name in ("Ausbau", "3", "Ende"))))
        importing.answer(row, make_phases=True)
        importing.start(row)
        assert list(Phase.objects.values_list("number", "title")) == [
            (1, "Aufbau"), (3, "Phase 3"), (4, "Ausbau"), (5, "Ende"),
        ]  # fmt: skip

    def test_a_choice_that_does_not_exist_is_refused(self, office: Any, client: Client) -> None:
        client.force_login(office)
        row = prepared(office, sheet(self.HEAD, *self.DATA))
        address = f"/intern/import/{row.public_id}/vorschau/"
        assert client.post(address, {"names": "1", "topics-0": "gibt-es-nicht"}).status_code == 422
        row.refresh_from_db()
        assert row.answers["topics"] == {}

    def test_a_topic_that_was_chosen_and_is_gone_is_an_error_again(self, office: Any) -> None:
        row = prepared(office, sheet(self.HEAD, ("A-4", "Vier", "Verkehr", None)))
        importing.answer(row, topics={"verkehr": "mobil"})
        assert problems(row) == []
        Topic.objects.filter(slug="mobil").delete()
        assert [where for where, _message in problems(row)] == ["C2"]


def test_titles_that_are_here_without_a_code_are_said(office: Any, client: Client) -> None:
    make_measure(title="Radweg <Nord>")
    client.force_login(office)
    row = prepared(office, sheet(("Titel",), ("radweg  <nord>",), ("Neu",), ("Titel",)))
    assert importing.plan(row).doubles == [(2, "radweg <nord>")]
    body = client.get(f"/intern/import/{row.public_id}/vorschau/").content.decode()
    assert "Zeile 2 (radweg &lt;nord&gt;). Ohne gleiche Kennung werden es zweite Maßnahmen." in body


def test_what_changes_is_named_in_the_preview(office: Any, client: Client) -> None:
    make_measure(code="A-1", title="Eins", reason="Alt")
    make_measure(code="A-2", title="Zwei")
    client.force_login(office)
    row = prepared(office, sheet(("Nr", "Titel", "Ziel"), ("A-1", "Eins", "Neu"), ("A-2", "Zwei", None)))
    response = client.get(f"/intern/import/{row.public_id}/vorschau/")
    assert [response.context[name] for name in ("new", "changed", "same")] == [0, 1, 1]
    assert "geändert: Warum" in response.content.decode()


def test_the_preview_asks_as_often_for_three_rows_as_for_one(office: Any, client: Client) -> None:
    client.force_login(office)

    def ask(*rows: tuple[Any, ...]) -> int:
        row = prepared(office, sheet(TestParties.HEAD, *rows))
        with CaptureQueriesContext(connection) as counted:
            assert client.get(f"/intern/import/{row.public_id}/vorschau/").status_code == 200
        return len(counted)

    ask(*TestParties.ROWS)  # what a process keeps after its first page is in place
    assert ask(*TestParties.ROWS[:1]) == ask(*TestParties.ROWS)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_one_of_each(office: Any) -> None:
    """The second import waits for the first, and finds the parties and measures that it made."""
    other = make_account(Role.PROGRAMME_OFFICE)
    data = sheet(TestParties.HEAD, *TestParties.ROWS)
    rows = [prepared(each, data) for each in (office, other)]
    gate = threading.Barrier(2)

    def run(row: ListImport) -> None:
        gate.wait()
        importing.start(row)
        connection.close()

    threads = [threading.Thread(target=run, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results = sorted(ListImport.objects.values_list("state", "result__measures", "result__measures_same"))
    assert results == [("done", 0, 3), ("done", 3, 0)]
    assert (Party.objects.count(), Measure.objects.count(), Revision.objects.count()) == (5, 3, 3)
