"""Participations as programs meet them."""

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allmende.dialogue.models import Contribution
from allmende.programme.models import Topic
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .made import contribute, make_participation, make_phase, make_resident

pytestmark = pytest.mark.django_db


def post(person: Any, address: str, **changes: Any) -> Any:
    _row, key = create_token(person, "t", actor=person)
    body = {"title": "Licht", "text": "Heller."} | changes
    headers = {"authorization": f"Bearer {key}"}
    return Client().post(address, json.dumps(body), content_type="application/json", headers=headers)


def test_what_is_read_is_what_is_public(client: Client) -> None:
    phase, author = make_phase(pictures=2), make_resident("Amsel")
    shown = contribute(phase, author, lon=7.76, lat=49.44)
    held = contribute(phase, text="http://a.example http://b.example http://c.example http://d.example")
    make_participation(title="Geheim", published=False)
    slug = phase.participation.slug
    told = client.get("/api/dialogue/participations").json()
    assert (told["count"], told["items"][0]["slug"], told["items"][0]["contributions"]) == (1, slug, 1)
    one = client.get(f"/api/dialogue/participations/{slug}").json()
    phase.refresh_from_db()
    assert (one["phases"][0]["rules_digest"], one["phases"][0]["pictures"]) == (phase.frozen, 2)
    base = f"/api/dialogue/participations/{slug}/phases/1/contributions"
    listed = client.get(base).json()
    assert [(each["title"], each["by"], each["lat"]) for each in listed["items"]] == [(shown.title, "Amsel", 49.44)]
    found = [client.get(f"/api/dialogue/contributions/{row.public_id}").status_code for row in (shown, held)]
    assert found == [200, 404]
    assert client.get("/api/dialogue/participations/geheim").status_code == 404
    assert client.get(base.replace("/1/", "/99999999999999999999/")).status_code == 404


def test_a_program_puts_something_in(client: Client) -> None:
    topic = Topic.objects.create(slug="verkehr", title="Verkehr")
    phase, person, key = make_phase(topics=["verkehr"]), make_resident(), str(uuid.uuid4())
    address = f"/api/dialogue/participations/{phase.participation.slug}/phases/1/contributions"
    wrong = post(person, address, topic="fremd")
    assert (wrong.status_code, [each["field"] for each in wrong.json()["fields"]]) == (422, ["topic"])
    first, second = (post(person, address, topic="verkehr", key=key) for _ in range(2))
    assert (first.status_code, second.status_code, first.json() == second.json()) == (201, 201, True)
    assert Contribution.objects.get().topic == topic
    nameless = post(make_account(Role.RESIDENT), address, topic="verkehr")
    assert (nameless.status_code, nameless.json()["fields"][0]["field"]) == (422, "pseudonym")
    assert client.post(address, "{}", content_type="application/json").status_code == 401


def test_pages_of_one_and_three_ask_as_often(client: Client) -> None:
    phase = make_phase()

    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as context:
            assert client.get(address).status_code == 200
        return len([one for one in context if "instance_instance" not in one["sql"]])

    base = "/api/dialogue/participations"
    addresses = [base, f"{base}/{phase.participation.slug}/phases/1/contributions"]
    contribute(phase)
    one = [asked(address) for address in addresses]
    for _number in range(2):
        contribute(phase)
        make_participation()
    assert [asked(address) for address in addresses] == one
