"""Measures: verbs, facts, addresses, lists, who sees what."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client

from allmende.programme.domain import revisions
from allmende.programme.domain.measures import delete_measure, draft_measure, make_slug, withdraw_measure
from allmende.programme.models import Dependency, FormerSlug, Measure, Programme
from allmende.spine.facts.models import FactRow
from allmende.spine.notify.models import Notice
from allmende.spine.people.access import visible_to
from allmende.spine.people.enums import Role
from tests.factories import change_measure, make_account, make_measure, publish_measure
from tests.notify.conftest import pump

pytestmark = pytest.mark.django_db


def kinds(measure: Measure) -> list[tuple[str, bool]]:
    rows = FactRow.objects.filter(subject=measure.urn).order_by("id")
    return [(row.kind, row.public) for row in rows]


def test_life_of_a_measure_is_told_by_facts() -> None:
    office = make_account(Role.PROGRAMME_OFFICE)
    template = make_measure()
    draft = draft_measure(
        Programme.objects.get(),
        {"title": "Licht für Öde Straße", "summary": "Ein Satz.", "topic": template.topic},
        actor=office,
    )
    assert draft.slug == "licht-fuer-oede-strasse"
    shown = publish_measure(change_measure(draft, {"summary": "Besser."}, actor=office), actor=office)
    assert shown.summary == "Besser."
    changed = change_measure(shown, {"summary": "Noch besser."}, actor=office)
    withdraw_measure(changed, actor=office)
    delete_measure(changed, actor=office)
    assert kinds(draft) == [
        ("programme.measure.drafted", False),
        ("programme.measure.edited", False),
        ("programme.measure.submitted", False),
        ("programme.measure.published", True),
        ("programme.measure.edited", False),
        ("programme.measure.submitted", False),
        ("programme.measure.changed", True),
        ("programme.measure.withdrawn", True),
        ("programme.measure.deleted", False),
    ]
    public = FactRow.objects.filter(subject=draft.urn, public=True)
    assert set(public.values_list("actor", flat=True)) == {office.urn}


def test_scope_limits_a_project_lead_to_the_own_measure() -> None:
    own, foreign = make_measure(published=None), make_measure(published=None)
    lead = make_account(Role.PROJECT_LEAD, scope=own.urn)
    draft = revisions.begin(own, actor=lead)
    draft = revisions.submit(draft, actor=lead)
    with pytest.raises(PermissionDenied):
        revisions.begin(foreign, actor=lead)
    with pytest.raises(PermissionDenied):
        revisions.publish(draft, actor=lead)
    assert set(visible_to(lead, Measure.objects.all())) == {own}


def test_a_former_address_redirects_until_another_measure_takes_no_part_of_it(client: Client) -> None:
    office, measure = make_account(Role.PROGRAMME_OFFICE), make_measure(title="Alt", slug="alt")
    change_measure(measure, {"title": "Neu"}, actor=office)
    response = client.get("/massnahmen/alt/")
    assert (response.status_code, response["Location"]) == (301, "/massnahmen/neu/")
    assert make_slug("Alt") == "alt-2"
    back = change_measure(Measure.objects.get(pk=measure.pk), {"title": "Alt"}, actor=office)
    assert back.slug == "alt"
    assert set(FormerSlug.objects.values_list("slug", flat=True)) == {"neu"}


def test_what_another_measure_needs_is_not_deleted() -> None:
    office, needed, needing = make_account(Role.PROGRAMME_OFFICE), make_measure(), make_measure(title="Braucht es")
    Dependency.objects.create(measure=needing, needs=needed)
    with pytest.raises(ValidationError, match="Braucht es"):
        delete_measure(needed, actor=office)
    with pytest.raises(PermissionDenied):
        delete_measure(needing, actor=make_account(Role.EDITOR))
    delete_measure(needing, actor=office)
    delete_measure(needed, actor=office)
    assert not Measure.objects.exists()


def test_a_draft_leaks_nowhere(client: Client) -> None:
    make_measure(title="Öffentlich")
    secret = make_measure(title="Streng Geheim", slug="streng-geheim", published=None)
    for address in (
        "/", "/massnahmen/", "/massnahmen.csv", "/massnahmen.json", "/aktuelles/", "/aktuelles/atom.xml",
        "/aktuelles/feed.json", "/api/programme/measures",
    ):  # fmt: skip
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == 200
        assert b"Geheim" not in body, address
    assert client.get("/massnahmen/streng-geheim/").status_code == 404
    assert client.get(f"/api/programme/measures/{secret.public_id}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/massnahmen/",
        "/massnahmen/?state=unknown",
        "/",
        "/themen/energie/",
        "/api/programme/measures",
        "/massnahmen.json",
    ],
)
def test_lists_ask_the_same_number_of_questions_for_one_and_three(
    client: Client, address: str, django_assert_num_queries: Any
) -> None:
    from django.test.utils import CaptureQueriesContext

    make_measure()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    make_measure()
    make_measure()
    with django_assert_num_queries(len(one)):
        assert client.get(address).status_code == 200


def test_html_in_texts_stays_text(client: Client) -> None:
    measure = make_measure(title="<script>alert(1)</script>", reason="<b>fett</b>\n\n<img src=x onerror=alert(1)>")
    body = client.get(measure.get_absolute_url()).content.decode()
    assert "<script>alert" not in body
    assert "<b>fett" not in body
    assert "&lt;b&gt;fett&lt;/b&gt;" in body
    assert "<img src=x" not in body


def test_a_formula_in_the_csv_is_defused(client: Client) -> None:
    make_measure(title='=HYPERLINK("x")')
    body = b"".join(client.get("/massnahmen.csv").streaming_content).decode()
    assert ';"\'=HYPERLINK(""x"")";' in body


def test_ten_thousand_measures_are_listed_in_pages(client: Client) -> None:
    first = make_measure()
    Measure.objects.bulk_create(
        Measure(
            programme=first.programme,
            topic=first.topic,
            title=f"M {n}",
            slug=f"m-{n}",
            summary="x",
            published=first.published,
        )
        for n in range(9_999)
    )
    page = client.get("/massnahmen/?page=400")
    assert page.context["page"].paginator.count == 10_000
    assert len(page.context["page"].object_list) == 25
    assert client.get("/massnahmen/?page=99999").context["page"].number == 400


@pytest.mark.django_db(transaction=True)
def test_who_follows_a_measure_is_told_that_it_is_deleted(client: Client) -> None:
    office, follower = make_account(Role.PROGRAMME_OFFICE), make_account()
    measure = make_measure(title="Licht")
    client.force_login(follower)
    client.post("/konto/folgen/", {"topic": "programme.measures", "subject": measure.urn, "action": "follow"})
    assert "Licht" in client.get("/konto/mitteilungen/einstellungen/").content.decode()
    delete_measure(measure, actor=office)
    pump()
    told = Notice.objects.filter(account=follower).values_list("title", flat=True)
    assert list(told) == ["Die Maßnahme „Licht“ wurde gelöscht"]
    # What was followed is gone, and the list of what one follows says nothing of it.
    assert "Licht" not in client.get("/konto/mitteilungen/einstellungen/").content.decode()
