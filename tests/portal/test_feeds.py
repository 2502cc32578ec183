"""Activity and its feeds: what everybody may see, and nothing else."""

import json
from xml.etree import ElementTree

import pytest
from django.db import transaction
from django.test import Client

from allmende.programme.domain.measures import withdraw_measure
from allmende.spine.facts import emit
from allmende.spine.people.enums import Role
from allmende.spine.people.facts import RoleAssigned
from tests.factories import change_measure, make_account, make_measure, publish_measure

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def test_public_facts_only_and_no_actor(client: Client) -> None:
    office = make_account(Role.PROGRAMME_OFFICE, email="office@example.org", name="Ina Beispiel")
    shown, hidden = make_measure(title="Sichtbar"), make_measure(title="Verborgen", published=None)
    change_measure(shown, {"summary": "Neu."}, version=1, actor=office)
    change_measure(hidden, {"summary": "Neu."}, version=1, actor=office)
    with transaction.atomic():
        emit(RoleAssigned(role="auditor", scope="instance", valid_from="2026-01-01", valid_to=None), subject=office)
    for address in ("/aktuelles/", "/aktuelles/atom.xml", "/aktuelles/feed.json"):
        body = client.get(address).content.decode()
        assert "Sichtbar" in body
        for secret in ("Verborgen", "office@example.org", "Ina Beispiel", office.urn, "auditor", "Rolle"):
            assert secret not in body, (address, secret)


def test_feeds_tell_the_same_in_the_same_order(client: Client) -> None:
    office = make_account(Role.PROGRAMME_OFFICE)
    measure = make_measure(title="Licht", published=None)
    measure = publish_measure(measure, actor=office)
    change_measure(measure, {"title": "Licht & Schatten"}, version=2, actor=office)
    withdraw_measure(measure, actor=office)
    atom = ElementTree.fromstring(client.get("/aktuelles/atom.xml").content)
    titles = [entry.findtext(f"{ATOM}title") for entry in atom.iter(f"{ATOM}entry")]
    ids = [entry.findtext(f"{ATOM}id") for entry in atom.iter(f"{ATOM}entry")]
    feed = json.loads(client.get("/aktuelles/feed.json").content)
    assert [item["title"] for item in feed["items"]][:3] == titles[:3]
    assert [item["id"] for item in feed["items"]] == ids
    assert len(set(ids)) == len(ids)
    assert titles[:3] == [
        "Die Maßnahme „Licht & Schatten“ wurde von den öffentlichen Seiten genommen",
        "Die Maßnahme „Licht & Schatten“ wurde geändert",
        "Die Maßnahme „Licht“ wurde veröffentlicht",
    ]


def test_in_english_too(client: Client) -> None:
    office, measure = make_account(Role.PROGRAMME_OFFICE), make_measure(title="Licht")
    change_measure(measure, {"summary": "Neu."}, version=1, actor=office)
    body = client.get("/aktuelles/", headers={"accept-language": "en"}).content.decode()
    assert "The measure “Licht” was changed" in body


def test_the_log_of_facts_is_for_those_who_may(client: Client) -> None:
    auditor = make_account(Role.AUDITOR)
    office = make_account(Role.PROGRAMME_OFFICE)
    measure = make_measure(title="Licht", published=None)
    change_measure(measure, {"summary": "Neu."}, version=1, actor=office)
    client.force_login(office)
    assert client.get("/intern/protokoll/").status_code == 403
    client.force_login(auditor)
    rows = client.get("/intern/protokoll/", {"kind": "programme.measure"}).context["rows"]
    assert [(row.kind, account) for row, account in rows][:1] == [("programme.measure.edited", office)]
    assert {row.kind for row, _ in rows} == {"programme.measure.edited"}


def test_a_feed_of_one_thing_holds_nothing_of_others(client: Client) -> None:
    office = make_account(Role.PROGRAMME_OFFICE)
    one, other = make_measure(title="Eins"), make_measure(title="Zwei")
    for measure in (one, other):
        change_measure(measure, {"summary": "Neu."}, actor=office)
    for address in ("/aktuelles/atom.xml", "/aktuelles/feed.json"):
        body = client.get(address, {"thing": one.urn}).content.decode()
        assert "Eins" in body and "Zwei" not in body
        assert "Eins" not in client.get(address, {"thing": "measure:nichts\0"}).content.decode()
