"""Head, header, footer and filter are kept as written for visitors: never with something of a person, never for longer
than what they depend on."""

import re
from typing import Any

import pytest
from django.test import Client

from allmende.programme.models import Measure, Topic
from allmende.spine.instance.models import Instance
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

pytestmark = pytest.mark.django_db


def part(text: str, name: str) -> str:
    found = re.search(rf"<{name}.*?</{name}>", text, re.S)
    assert found, name
    return found[0]


def page(client: Any, address: str = "/massnahmen/", **headers: str) -> str:
    return str(client.get(address, headers=headers).content.decode())


def test_a_person_never_stands_in_a_visitors_header(client):
    staff = Client()
    staff.force_login(make_account(Role.EDITOR, email="da@example.org"))
    own = part(page(staff), "header")
    visitor = part(page(client), "header")
    assert "Abmelden" in own and "csrfmiddlewaretoken" in own
    assert "Anmelden" in visitor and "csrfmiddlewaretoken" not in visitor
    assert part(page(staff), "header") != visitor


def test_language_place_and_appearance_have_their_own(client):
    german, english = page(client), page(client, **{"accept-language": "en"})
    assert part(german, "header") != part(english, "header")
    assert part(german, "footer") != part(english, "footer")
    assert 'aria-current="page"' in part(german, "header")
    assert 'aria-current="page"' not in part(page(client, "/"), "header").replace("/massnahmen/", "")
    client.cookies["theme"] = "dark"
    assert 'data-kern-theme="dark"' in page(client)
    assert 'content="dark"' in page(client)


def test_a_changed_name_shows_at_once(client):
    page(client)
    row = Instance.objects.get_or_create(pk=1)[0]
    row.name = "Musterstadt am Bach"
    row.version += 1
    row.save()
    from allmende.spine.instance.domain.queries import forget

    forget()
    assert "Musterstadt am Bach" in part(page(client), "header")


def test_the_filter_shows_what_was_asked_and_new_topics(client):
    before = page(client)
    Topic.objects.create(slug="wasserwege", title="Wasserwege")
    after = page(client)
    assert "Wasserwege" not in before and '<option value="wasserwege">Wasserwege</option>' in after
    asked = page(client, "/massnahmen/?topic=wasserwege&q=%3Cb%3E")
    assert '<option value="wasserwege" selected>' in asked
    assert 'value="&lt;b&gt;"' in asked and "<b>" not in part(asked, "main")


def test_cells_are_escaped(client):

    measure = make_measure(title="<script>alert(1)</script>")
    assert Measure.objects.filter(pk=measure.pk).exists()
    assert "<script>alert(1)" not in page(client)
