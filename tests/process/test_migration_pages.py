"""The pages of migrations, schedules and triggers, as the office uses them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allmende.process import tasks
from allmende.process.domain import instances, migrating
from allmende.process.enums import MigrationState, MoveState
from allmende.process.models import Instance, Migration, Schedule, StaffAgreement, Trigger
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .moving import NEW, OLD
from .test_migration import do, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_account(Role.PROGRAMME_OFFICE)


@pytest.fixture
def page(office):
    client = Client()
    client.force_login(office)
    return client


@pytest.fixture
def two():
    old = version_of(OLD)
    for number in range(3):
        instances.start(old, title=f"<b>Antrag</b> {number}", actor="test")
    return old, version_of(NEW, old.model)


def test_from_the_choice_of_versions_to_the_way_back(page, two):
    old, new = two
    address = reverse("process:migrate", args=[old.model.slug])
    text = page.get(address).content.decode()
    assert 'name="source" value="1"' in text
    assert 'name="target" value="2"' in text
    assert "Ablegen" in text
    answer = page.post(address, {"source": "1", "target": "2", "step-0": "nirgends"})
    assert answer.status_code == 422
    answer = page.post(address, {"source": "1", "target": "2", "step-0": "file"})
    row = Migration.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    assert row.mapping["drop"] == "file"
    text = page.get(row.get_absolute_url()).content.decode()
    assert "Noch 3 von 3" in text
    assert "Umziehen, was umziehen kann" not in text
    tasks.migrate(row.pk)
    text = page.get(row.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Antrag&lt;/b&gt; 0" in text
    assert "<b>Antrag" not in text
    page.post(row.get_absolute_url(), {"action": "apply"})
    do(row)
    assert set(Instance.objects.values_list("version_of", flat=True)) == {new.pk}
    page.post(row.get_absolute_url(), {"action": "apply"})
    page.post(row.get_absolute_url(), {"action": "revert"})
    do(row)
    assert (row.state, migrating.counts(row)) == (MigrationState.REVERTED, {MoveState.REVERTED: 3})
    assert page.post(row.get_absolute_url(), {"action": "delete"}).status_code == 404
    assert "1 → 2" in page.get(address).content.decode()


def test_where_nothing_runs_by_an_older_version_it_says_so(page):
    version = version_of(OLD)
    text = page.get(reverse("process:migrate", args=[version.model.slug])).content.decode()
    assert "Kein Vorgang läuft nach einer älteren Fassung" in text
    assert page.get(reverse("process:migrate", args=["nichts"])).status_code == 404


def test_as_many_queries_for_three_cases_as_for_one(page, two):
    old, new = two
    row = do(migrating.plan(old, new, {}, actor="test"))
    counts = []
    for keep in (1, 3):
        moves = row.moves.order_by("pk")
        if keep == 1:
            rest = list(moves.values_list("pk", "instance"))[1:]
            row.moves.filter(pk__in=[pk for pk, _case in rest]).delete()
        else:
            for _pk, case in rest:
                row.moves.create(instance_id=case, state=MoveState.FITS)
        page.get(row.get_absolute_url())
        with CaptureQueriesContext(connection) as found:
            text = page.get(row.get_absolute_url()).content.decode()
        assert text.count("&lt;b&gt;Antrag") == keep
        counts.append(len([one for one in found if "instance_instance" not in one["sql"]]))
    assert counts[0] == counts[1]


def test_a_schedule_is_set_up_changed_and_paused(page, office):
    model = version_of(OLD).model
    address = reverse("process:add_schedule")
    answer = page.post(
        address, {"process": model.pk, "title": "Bericht", "rhythm": "weekly", "at": "08:30", "day": "9"}
    )
    assert answer.status_code == 422
    assert "Von 1 bis 7." in answer.content.decode()
    page.post(address, {"process": model.pk, "title": "Bericht", "rhythm": "weekly", "at": "08:30", "day": "2"})
    row = Schedule.objects.get()
    assert (row.model, row.owner, row.active, row.day, row.working_day) == (model, office, True, 2, False)
    page.post(row.get_absolute_url(), {"title": "<b>Bericht</b>", "rhythm": "daily", "at": "08:30"})
    row.refresh_from_db()
    assert (row.title, row.rhythm, row.day) == ("<b>Bericht</b>", "daily", None)
    page.post(row.get_absolute_url(), {"action": "pause"})
    row.refresh_from_db()
    assert row.active is False
    text = page.get(reverse("process:starts")).content.decode()
    assert "pausiert" in text
    assert "<b>Bericht" not in page.get(row.get_absolute_url()).content.decode()


def test_a_trigger_is_set_up_with_what_can_happen(page, office):
    model = version_of(OLD).model
    address = reverse("process:add_trigger")
    text = page.get(address).content.decode()
    assert "programme.measure.published" in text
    assert "process.instance.started" not in text
    told = {"process": model.pk, "title": "{title}", "fact_kind": "programme.measure.published"}
    answer = page.post(address, told | {"condition": "if then"})
    assert answer.status_code == 422
    assert "Das ist kein FEEL-Ausdruck" in answer.content.decode()
    page.post(address, told | {"condition": "public"})
    row = Trigger.objects.get()
    assert (row.fact_kind, row.condition, row.owner) == ("programme.measure.published", "public", office)


def test_an_agreement_is_recorded_by_an_administrator(page):
    address = reverse("process:agreements")
    assert page.get(address).status_code == 403
    admin = Client()
    admin.force_login(make_account(Role.ADMINISTRATOR))
    assert admin.post(address, {"title": "DV", "day": "gestern", "scope": "Alles."}).status_code == 422
    admin.post(
        address, {"title": "<b>DV</b>", "day": "2026-11-01", "scope": "Alles.", "document": "https://x.example/"}
    )
    assert StaffAgreement.objects.get().title == "<b>DV</b>"
    assert "&lt;b&gt;DV" in admin.get(address).content.decode()
