"""Measures: verbs, facts, versions, addresses, who sees what."""

import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client

from allmende.programme.domain.measures import (
    change_measure,
    draft_measure,
    make_slug,
    publish_measure,
    withdraw_measure,
)
from allmende.programme.models import FormerSlug, Measure, Programme
from allmende.spine.facts.models import FactRow
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import visible_to
from allmende.spine.people.enums import Role
from tests.factories import PASSWORD, make_account, make_measure

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
    draft = change_measure(draft, {"summary": "Besser."}, version=1, actor=office)
    shown = publish_measure(draft, actor=office)
    changed = change_measure(shown, {"summary": "Noch besser."}, version=3, actor=office)
    withdraw_measure(changed, actor=office)
    assert kinds(draft) == [
        ("programme.measure.drafted", False),
        ("programme.measure.changed", False),
        ("programme.measure.published", True),
        ("programme.measure.changed", True),
        ("programme.measure.withdrawn", True),
    ]
    assert FactRow.objects.filter(subject=draft.urn).values_list("actor", flat=True).distinct().get() == office.urn


def test_nothing_changed_means_no_fact_and_no_version() -> None:
    office, measure = make_account(Role.PROGRAMME_OFFICE), make_measure()
    after = change_measure(measure, {"title": measure.title}, version=1, actor=office)
    assert (after.version, kinds(measure)) == (1, [])


def test_an_old_version_is_a_conflict_that_carries_what_is_saved() -> None:
    office, measure = make_account(Role.PROGRAMME_OFFICE), make_measure()
    change_measure(measure, {"summary": "Erste."}, version=1, actor=office)
    with pytest.raises(VersionConflict) as conflict:
        change_measure(measure, {"summary": "Zweite."}, version=1, actor=office)
    assert conflict.value.current.summary == "Erste."
    assert Measure.objects.get(pk=measure.pk).summary == "Erste."


@pytest.mark.parametrize(
    "values", [{"title": ""}, {"title": "x" * 161}, {"summary": ""}, {"source_url": "javascript:1"}]
)
def test_bad_values_are_refused_and_nothing_is_saved(values: dict[str, Any]) -> None:
    office, measure = make_account(Role.PROGRAMME_OFFICE), make_measure()
    with pytest.raises(ValidationError):
        change_measure(measure, values, version=1, actor=office)
    assert Measure.objects.values_list("version", "title").get() == (1, measure.title)
    assert kinds(measure) == []


def test_unknown_fields_are_refused() -> None:
    office, measure = make_account(Role.PROGRAMME_OFFICE), make_measure()
    with pytest.raises(ValueError, match="published"):
        change_measure(measure, {"published": None}, version=1, actor=office)


def test_scope_limits_a_project_lead_to_the_own_measure() -> None:
    own, foreign = make_measure(published=None), make_measure(published=None)
    lead = make_account(Role.PROJECT_LEAD, scope=own.urn)
    change_measure(own, {"summary": "Neu."}, version=1, actor=lead)
    with pytest.raises(PermissionDenied):
        change_measure(foreign, {"summary": "Neu."}, version=1, actor=lead)
    with pytest.raises(PermissionDenied):
        publish_measure(own, actor=lead)
    assert set(visible_to(lead, Measure.objects.all())) == {own}


def test_a_former_address_redirects_until_another_measure_takes_no_part_of_it(client: Client) -> None:
    office, measure = make_account(Role.PROGRAMME_OFFICE), make_measure(title="Alt", slug="alt")
    change_measure(measure, {"title": "Neu"}, version=1, actor=office)
    response = client.get("/massnahmen/alt/")
    assert (response.status_code, response["Location"]) == (301, "/massnahmen/neu/")
    assert make_slug("Alt") == "alt-2"
    back = change_measure(Measure.objects.get(pk=measure.pk), {"title": "Alt"}, version=2, actor=office)
    assert back.slug == "alt"
    assert set(FormerSlug.objects.values_list("slug", flat=True)) == {"neu"}


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


@pytest.mark.parametrize("address", ["/massnahmen/", "/", "/api/programme/measures", "/massnahmen.json"])
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


class TestStaffPages:
    def test_changing_one_is_on_the_public_activity_page(self, client: Client) -> None:
        office, measure = make_account(Role.PROGRAMME_OFFICE), make_measure(title="Fauthweg")
        client.force_login(office)
        address = f"/intern/massnahmen/{measure.public_id}/"
        form = client.get(address).context["form"]
        data = {name: form[name].value() or "" for name in form.fields} | {"summary": "Jetzt anders."}
        assert client.post(address, data).status_code == 302
        assert Measure.objects.get().summary == "Jetzt anders."
        client.logout()
        assert "Die Maßnahme „Fauthweg“ wurde geändert" in client.get("/aktuelles/").content.decode()

    def test_two_editors_see_both_texts_and_lose_nothing(self, client: Client) -> None:
        office, measure = make_account(Role.PROGRAMME_OFFICE), make_measure()
        client.force_login(office)
        address = f"/intern/massnahmen/{measure.public_id}/"
        form = client.get(address).context["form"]
        data = {name: form[name].value() or "" for name in form.fields}
        change_measure(measure, {"summary": "Von der anderen Person."}, version=1, actor=office)
        response = client.post(address, data | {"summary": "Von mir.", "reason": "Mein langer Text."})
        body = response.content.decode()
        assert response.status_code == 409
        assert "Von der anderen Person." in body
        assert "Mein langer Text." in body
        assert Measure.objects.get().summary == "Von der anderen Person."
        again = {name: response.context["form"][name].value() or "" for name in response.context["form"].fields}
        assert client.post(address, again).status_code == 302
        assert Measure.objects.get().summary == "Von mir."

    def test_errors_stand_at_the_field_and_nothing_typed_is_lost(self, client: Client) -> None:
        client.force_login(make_account(Role.PROGRAMME_OFFICE))
        measure = make_measure()
        response = client.post(
            f"/intern/massnahmen/{measure.public_id}/", {"title": "", "summary": "Bleibt stehen.", "version": "1"}
        )
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"title", "topic", "maturity"}
        assert "Bleibt stehen." in response.content.decode()

    def test_log_in_that_expired_in_mid_form(self, client: Client) -> None:
        office = make_account(Role.PROGRAMME_OFFICE)
        measure = make_measure()
        address = f"/intern/massnahmen/{measure.public_id}/"
        response = client.post(address, {"title": "T", "summary": "Lange getippt.", "version": "1"})
        assert response.status_code == 302
        login = response["Location"]
        response = client.post(login, {"login": office.email, "password": PASSWORD})
        assert response["Location"] == address
        page = client.get(address)
        assert "Lange getippt." in page.content.decode()
        assert ["summary", "Lange getippt."] in page.context["fields"]


@pytest.mark.django_db(transaction=True)
def test_two_people_saving_at_the_same_moment() -> None:
    office, measure = make_account(Role.PROGRAMME_OFFICE), make_measure()
    barrier, outcomes = threading.Barrier(2), []

    def save(text: str) -> None:
        try:
            barrier.wait()
            change_measure(measure, {"summary": text}, version=1, actor=office)
            outcomes.append("saved")
        except VersionConflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(text,)) for text in ("A", "B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "saved"]
    assert len(kinds(measure)) == 1
