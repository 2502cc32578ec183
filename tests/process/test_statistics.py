"""How long cases take and where: the numbers, and what is not shown."""

import csv
import datetime as dt
import statistics as plain

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.process.domain import agreements, statistics
from allmende.process.domain.instances import cancel, start
from allmende.process.enums import InstanceState, ItemState
from allmende.process.models import Instance, StaffAgreement, WorkItem
from allmende.spine.facts.models import FactRow
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .moving import OLD
from .test_migration import version_of

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
DAY = 86400.0


@pytest.fixture
def model():
    return version_of(OLD).model


@pytest.fixture
def office():
    """Three people, so that figures of their role single out nobody."""
    people = [make_account(Role.PROGRAMME_OFFICE) for _number in range(3)]
    return people[0]


def done(model, days, waiting=None, element="intake", role=Role.PROGRAMME_OFFICE):
    """Cases that ended after so many days, whose one step took as long."""
    version = model.versions.get()
    for place, length in enumerate(days):
        case = Instance.objects.create(
            version_of=version, process="p", title="Fall", state=InstanceState.DONE, head="{}",
            ended=NOW, subject=f"measure:{place}",
        )  # fmt: skip
        opened = NOW - dt.timedelta(days=length)
        Instance.objects.filter(pk=case.pk).update(created=opened)
        item = WorkItem.objects.create(
            instance=case, element=element, title="Aufnehmen", role=role, state=ItemState.DONE, closed=NOW,
            claimed=None if waiting is None else opened + dt.timedelta(days=waiting[place]),
        )  # fmt: skip
        WorkItem.objects.filter(pk=item.pk).update(opened=opened)


def percentile(values, point):
    """Linear interpolation, as PostgreSQL's manual describes percentile_cont."""
    ordered, place = sorted(values), point * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.integers(0, 4000), min_size=5, max_size=30))
def test_percentiles_are_those_of_a_plain_computation(model, office, days):
    WorkItem.objects.all().delete()
    Instance.objects.all().delete()
    half = [length / 2 for length in days]
    done(model, days, half)
    found = statistics.figures(model, NOW)
    for spread, values in [
        (found.lead, days), (found.steps[0].whole, days), (found.steps[0].waiting, half),
        (found.steps[0].working, half),
    ]:  # fmt: skip
        assert spread.count == len(values)
        told = [spread.p50, spread.p80, spread.p95]
        assert told == pytest.approx([percentile(values, point) for point in (0.5, 0.8, 0.95)], abs=1e-9)
    assert found.lead.p50 == pytest.approx(plain.median(days))


def test_below_five_nothing_is_shown(model, office):
    done(model, [1, 2, 3, 4])
    found = statistics.figures(model, NOW)
    assert (found.lead, found.steps, found.hidden) == (None, [], 1)
    done(model, [5])
    found = statistics.figures(model, NOW)
    assert (found.lead.count, [step.element for step in found.steps], found.hidden) == (5, ["intake"], 0)


def test_waiting_and_working_are_known_only_where_somebody_took_it_on(model, office):
    done(model, [2, 2, 2, 2, 2])
    step = statistics.figures(model, NOW).steps[0]
    assert (step.waiting, step.working) == (None, None)
    done(model, [4] * 4, [1] * 4)
    step = statistics.figures(model, NOW).steps[0]
    assert (step.whole.count, step.waiting) == (9, None)


def test_the_narrowest_place_comes_first(model, office):
    done(model, [1] * 5)
    done(model, [3] * 5, element="check")
    steps = statistics.figures(model, NOW).steps
    assert [(step.name, step.share) for step in steps] == [("Prüfen", 0.75), ("Aufnehmen", 0.25)]


def test_a_role_of_few_people_stays_off_until_it_is_agreed(model):
    make_account(Role.EDITOR)
    admin = make_account(Role.ADMINISTRATOR)
    done(model, [1] * 6, role=Role.EDITOR)
    found = statistics.figures(model, NOW)
    assert (found.steps, found.hidden, found.agreement) == ([], 1, None)
    values = {"title": "DV Vorgänge", "day": NOW.date(), "scope": "Alle Schritte.", "document": "", "ends": None}
    agreement = agreements.record(values, actor=admin)
    found = statistics.figures(model, NOW)
    assert ([step.role for step in found.steps], found.agreement) == (["editor"], agreement)
    later = NOW - dt.timedelta(days=1)
    assert statistics.figures(model, later).steps == []
    StaffAgreement.objects.update(ends=NOW.date())
    assert statistics.figures(model, NOW + dt.timedelta(days=1)).steps == []


def test_people_who_left_do_not_count(model):
    people = [make_account(Role.EDITOR) for _number in range(3)]
    assert Role.EDITOR not in agreements.small_roles()
    people[0].is_active = False
    people[0].save()
    assert Role.EDITOR in agreements.small_roles()


def test_only_an_administrator_records_an_agreement():
    values = {"title": "DV", "day": NOW.date(), "scope": "Alles.", "document": "", "ends": None}
    for role in (Role.PROGRAMME_OFFICE, Role.AUDITOR):
        with pytest.raises(PermissionDenied):
            agreements.record(values, actor=make_account(role))
    admin = make_account(Role.ADMINISTRATOR)
    for wrong in ({"title": ""}, {"scope": ""}, {"document": "javascript:alert(1)"}):
        with pytest.raises(ValidationError):
            agreements.record(values | wrong, actor=admin)
    agreements.record(values, actor=admin)
    assert FactRow.objects.get(kind="process.agreement.recorded").payload == {"title": "DV"}


def test_months_and_ages(model, office):
    done(model, [70, 10])
    start(model.versions.get(), title="Neu", actor="test")
    gone = start(model.versions.get(), title="Weg", actor="test")
    cancel(gone, reason="Nein", actor="test")
    found = statistics.figures(model, timezone.now())
    assert sum(begun for _day, begun, _ended in found.months) == 4
    assert sum(ended for _day, _begun, ended in found.months) == 3
    assert [day.day for day, _begun, _ended in found.months] == [1] * len(found.months)
    assert [number for _label, number in found.ages] == [1, 0, 0, 0, 0]


def test_page_and_csv_name_steps_and_nobody(model, office):
    Instance.objects.all().delete()
    done(model, [1, 2, 3, 4, 5], [0.5] * 5)
    office.name = "Erika <b>Muster</b>"
    office.save()
    WorkItem.objects.update(doer=office, assignee=office)
    client = Client()
    client.force_login(office)
    page = client.get(reverse("process:statistics", args=[model.slug]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Aufnehmen" in text
    assert "3 Tage" in text
    assert "<b>Muster" not in text
    answer = client.get(reverse("process:statistics_csv", args=[model.slug])).content.decode("utf-8-sig")
    rows = list(csv.reader(answer.splitlines(), delimiter=";"))
    assert "Muster" not in answer
    assert rows[0][:5] == ["element", "step", "role", "count", "whole_p50_days"]
    assert rows[1] == [
        "intake", "Aufnehmen", "programme_office", "5", "3.0", "4.2", "4.8", "0.5", "0.5", "0.5", "2.5", "3.7", "4.3",
        "1.0",
    ]  # fmt: skip


def test_as_many_queries_for_ten_cases_as_for_one(model, office, django_assert_num_queries):
    done(model, [1] * 5)
    with django_assert_num_queries(9):
        statistics.figures(model, NOW)
    done(model, [1] * 10, element="check")
    with django_assert_num_queries(9):
        statistics.figures(model, NOW)
