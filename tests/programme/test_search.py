"""Indicators, parties and topics are found while they are public, and not a moment longer."""

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allmende.programme.domain import frame
from allmende.programme.domain.indicators import publish_indicator, redefine, withdraw_indicator
from allmende.programme.domain.measures import delete_measure, withdraw_measure
from allmende.programme.enums import InvolvementRole
from allmende.programme.exchange.facts import ProgrammeImported
from allmende.programme.models import Indicator, Involvement, Measure, Party, Topic
from allmende.spine.facts import emit
from allmende.spine.facts.handlers import HANDLERS
from allmende.spine.facts.pump import ensure_cursors, pump_once
from allmende.spine.instance.domain.queries import forget
from allmende.spine.instance.domain.settings import change
from allmende.spine.people.enums import Role
from allmende.spine.search.domain.indexing import reconcile, reindex
from allmende.spine.search.domain.queries import search
from allmende.spine.search.models import Document, Word
from allmende.spine.search.registry import KINDS
from tests.factories import change_measure, make_account, make_measure

from .indicator_support import make_indicator, text_of

pytestmark = pytest.mark.django_db
ROOM = ("measure", "indicator", "party", "topic")


def pump() -> None:
    ensure_cursors(HANDLERS.values())
    while pump_once():
        pass


def found(text: str) -> list[tuple[str, str, str]]:
    return [(hit.kind, hit.title, hit.url) for hit in search(text)]


def party(name: str, *measures: Measure, **more: Any) -> Party:
    row: Party = frame.put("party", {"name": name} | more, actor="test")
    for measure in measures:
        Involvement.objects.create(measure=measure, party=row, role=InvolvementRole.values[0])
    return row


@pytest.mark.django_db(transaction=True)
def test_an_indicator_through_its_life() -> None:
    indicator = make_indicator(published=False, title="Eisdielendichte", text="Kugeln je Kopf")
    pump()
    assert found("Eisdielendichte") == []
    assert not Word.objects.filter(word="eisdielendichte").exists()
    publish_indicator(indicator, actor="test")
    pump()
    assert found("eisdielendichte") == [("indicator", "Eisdielendichte", "/kennzahlen/eisdielendichte/")]
    assert found("Kugeln") == found("eisdielendichte")
    redefine(indicator, {"text": "Waffeln je Kopf"}, valid_from=date(2022, 1, 1), reason="Neu", actor="test")
    pump()
    assert (found("Kugeln"), len(found("Waffeln"))) == ([], 1)
    withdraw_indicator(indicator, actor="test")
    pump()
    assert found("Waffeln") == []
    assert not Word.objects.filter(word="waffeln").exists()


@pytest.mark.django_db(transaction=True)
def test_a_party_is_found_while_a_public_measure_names_it() -> None:
    office = make_account(Role.PROGRAMME_OFFICE)
    measure, draft = make_measure(), make_measure(published=None)
    shown = party("Lampenverein", measure, note="Leuchtet seit 1900")
    party("Geheimbund", draft)
    pump()
    assert found("Geheimbund") == []
    change_measure(measure, {"summary": "Anders."}, actor=office)
    pump()
    assert found("Lampenverein") == [("party", "Lampenverein", shown.get_absolute_url())]
    assert found("leuchtet") == found("Lampenverein")
    frame.put("party", {"name": "Laternenverein"}, row=shown, actor="test")
    pump()
    assert found("Lampenverein") == []
    assert [title for _kind, title, _url in found("Laternenverein")] == ["Laternenverein"]
    withdraw_measure(Measure.objects.get(pk=measure.pk), actor=office)
    pump()
    assert found("Laternenverein") == []


@pytest.mark.django_db(transaction=True)
def test_a_topic_is_found_while_it_has_a_public_measure() -> None:
    office = make_account(Role.PROGRAMME_OFFICE)
    topic = Topic.objects.create(slug="weide", title="Schafweide", title_en="Sheep pasture")
    measure = make_measure(topic=topic)
    frame.put("topic", {"title": "Ziegenweide"}, row=topic, actor="test")
    pump()
    assert found("Ziegenweide") == [("topic", "Ziegenweide", "/themen/weide/")]
    assert found("pasture") == found("Ziegenweide")
    delete_measure(measure, actor=office)
    pump()
    assert found("Ziegenweide") == []


@pytest.mark.django_db(transaction=True)
def test_an_import_may_rename_without_a_fact_of_its_own() -> None:
    measure = make_measure()
    row = party("Alter Name", measure)
    reindex()
    Party.objects.filter(pk=row.pk).update(name="Neuer Klang")
    with transaction.atomic():
        emit(ProgrammeImported(0, 1, 0), subject=measure.programme, actor="test")
    pump()
    assert found("Klang") == [("party", "Neuer Klang", row.get_absolute_url())]


def test_a_rebuild_has_all_that_is_public_and_no_more() -> None:
    measure, hidden = make_measure(), make_measure(published=None, topic=Topic.objects.create(slug="x", title="Leer"))
    shown, indicator = party("Verein", measure), make_indicator()
    party("Niemand", hidden)
    make_indicator(published=False, title="Entwurf")
    assert reindex() == 4
    assert set(Document.objects.values_list("urn", flat=True)) == {
        measure.urn, indicator.urn, shown.urn, f"topic:{measure.topic_id}",
    }  # fmt: skip
    assert reconcile("party") == 0
    Involvement.objects.all().delete()
    assert reconcile("party") == 1
    assert not Document.objects.filter(kind="party").exists()


@pytest.mark.parametrize("kind", ROOM)
@pytest.mark.parametrize("name", ["", "unsinn", "9" * 40, "0190aaaa-0000-7000-8000-000000000000", "1.5"])
def test_what_is_no_name_of_anything_is_not_found(kind: str, name: str) -> None:
    assert KINDS[kind].load(f"{kind}:{name}") is None


@pytest.mark.parametrize("kind", ["indicator", "party", "topic"])
def test_a_batch_asks_no_more_for_three(kind: str) -> None:
    def make(number: int) -> None:
        topic = Topic.objects.create(slug=f"t{number}", title=f"Thema {number}")
        party(f"Verein {number}", make_measure(topic=topic))
        make_indicator(title=f"Kennzahl {number}")

    counts = []
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            make(number)
        urns = list(KINDS[kind].urns())  # type: ignore[misc]
        with CaptureQueriesContext(connection) as asked:
            assert len([doc for doc in KINDS[kind].load_all(urns).values() if doc]) == len(urns)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_page_names_the_kind_and_shows_no_markup(client: Client) -> None:
    make_indicator(title="Würfelzucker <b>", text="<script>alert(1)</script> je Tasse")
    party("Würfelzuckerfreunde", make_measure())
    reindex()
    body = text_of(client.get("/suche/?q=würfelzucker"))
    assert "<script>alert" not in body
    assert "Würfelzucker &lt;b&gt;" in body
    assert "Kennzahl" in body
    answer = client.get("/api/search/?q=würfelzucker").json()
    assert sorted(hit["kind"] for hit in answer["results"]) == ["indicator", "party"]
    only = client.get("/api/search/?q=würfelzucker&kind=party").json()
    assert [hit["title"] for hit in only["results"]] == ["Würfelzuckerfreunde"]


def test_a_closed_room_is_not_found() -> None:
    make_indicator(title="Würfelzucker")
    party("Würfelzuckerfreunde", make_measure(title="Würfelzuckerwurf"))
    reindex()
    assert len(found("würfelzucker")) == 3
    change({"rooms_off": ["programme"]}, actor="test")
    forget()
    assert found("würfelzucker") == []
    assert Indicator.objects.filter(published__isnull=False).exists()
