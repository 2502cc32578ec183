"""Who may begin cases and who has nothing to do in them: auditors read only."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from allmende.process.domain import arranging, instances, items, people, queries, versions
from allmende.process.models import WorkItem
from allmende.spine.people.access import can
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .tasks import first_item, released, started

pytestmark = pytest.mark.django_db
MAY = {Role.EDITOR, Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", sorted(Role))
def test_cases_are_begun_by_the_lanes_and_the_office(client: Client, role: Role):
    version, person = released(role=Role.EDITOR), make_account(role)
    client.force_login(person)
    address = reverse("process:start", args=[version.model.slug])
    assert client.get(address).status_code == (200 if role in MAY else 403)
    assert instances.startable(person, "") == ([version.model] if role in MAY else [])
    if role in MAY:
        assert instances.start(version, title="Fall", actor=person).starter == person
        return
    with pytest.raises(PermissionDenied):
        instances.start(version, title="Fall", actor=person)
    assert client.post(address, {"title": "Fall"}).status_code == 403


def test_a_role_for_one_measure_begins_cases_about_it(client: Client):
    mine, other = make_measure(), make_measure()
    version, lead = released(role=Role.PROJECT_LEAD), make_account(Role.PROJECT_LEAD, scope=mine.urn)
    assert instances.start(version, title="Fall", subject=mine.urn, actor=lead).subject == mine.urn
    for subject in ("", other.urn):
        with pytest.raises(PermissionDenied):
            instances.start(version, title="Fall", subject=subject, actor=lead)
    client.force_login(lead)
    address = reverse("process:start", args=[version.model.slug])
    assert [client.get(f"{address}?subject={urn}").status_code for urn in (mine.urn, other.urn)] == [200, 403]


def test_only_what_may_be_begun_is_offered(client: Client):
    version = released(role=Role.EDITOR, title="Nur für die Redaktion")
    page = version.model.get_absolute_url()
    begin = reverse("process:start", args=[version.model.slug])
    for role, offered in ((Role.EDITOR, True), (Role.TREASURER, False), (Role.AUDITOR, False)):
        client.force_login(make_account(role))
        answer = client.get(page)
        assert (answer.status_code, begin in answer.content.decode()) == (200, offered)


def test_auditors_see_all_and_have_nothing_to_do(client: Client):
    auditor, case = make_account(Role.AUDITOR, name="Prüfung"), started()
    item = first_item(case)
    client.force_login(auditor)
    assert client.get(case.get_absolute_url()).status_code == 200
    assert client.get(item.get_absolute_url()).status_code == 403
    assert client.get(reverse("process:items")).status_code == 403
    assert client.get(reverse("process:add_item")).status_code == 403
    assert auditor not in people.workers()
    for call in (
        lambda: arranging.add(title="Anrufen", role=Role.EDITOR, actor=auditor),
        lambda: items.claim(item, actor=auditor),
        lambda: instances.cancel(case, reason="Nein", actor=auditor),
    ):
        with pytest.raises(PermissionDenied):
            call()


def test_no_lane_and_no_task_is_for_auditors_or_residents():
    draft = versions.import_model(bytes(released().source), title="Entwurf", actor="test")
    office = make_account(Role.PROGRAMME_OFFICE)
    for role in (Role.AUDITOR, Role.RESIDENT):
        with pytest.raises(ValidationError):
            versions.set_lanes(draft, {"Wer": role}, actor=office)
        with pytest.raises(ValidationError):
            arranging.add(title="Anrufen", role=role, actor=office)
        with pytest.raises(ValidationError):
            arranging.arrange(first_item(started()), due=None, role=role, reason="Weil", actor=office)


def test_a_task_of_an_older_lane_of_auditors_is_said_to_have_nobody():
    """Lanes could name them once; released versions keep what they said."""
    office, auditor = make_account(Role.PROGRAMME_OFFICE), make_account(Role.AUDITOR)
    item = first_item(started())
    WorkItem.objects.filter(pk=item.pk).update(role=Role.AUDITOR)
    item.refresh_from_db()
    assert not can(auditor, "process.work", item)
    assert list(queries.orphaned(office)) == [item]
    assert people.nobody_may(item)


def test_everybody_works_but_auditors_and_residents():
    assert sorted(set(Role) - people.WORKERS) == [Role.AUDITOR, Role.RESIDENT]
