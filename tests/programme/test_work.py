"""Tasks, assessments, my work, changes to many, the calendar, reminders."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from allmende.programme.domain import calendar, revisions, work
from allmende.programme.domain.reminders import remind
from allmende.programme.models import Measure, Milestone, Revision, Task
from allmende.spine.notify.models import Notice
from allmende.spine.people.enums import Role
from tests.factories import change_measure, make_account, make_measure

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def office() -> Any:
    return make_account(Role.PROGRAMME_OFFICE, name="Ina Büro")


def aged(measure: Measure, days: int) -> Measure:
    Measure.objects.filter(pk=measure.pk).update(changed=timezone.now() - timedelta(days=days))
    return Measure.objects.get(pk=measure.pk)


def test_a_task_from_set_to_done(office: Any) -> None:
    measure = make_measure()
    task = work.set_task(measure, title="Anrufen", due=TODAY, assignee=office, actor=office)
    assert list(work.open_tasks(office)) == [task]
    first = work.finish_task(task, actor=office).done
    assert work.finish_task(task, actor=office).done == first
    assert list(work.open_tasks(office)) == []


def test_a_task_goes_to_nobody_who_may_not_do_it(office: Any) -> None:
    measure = make_measure()
    with pytest.raises(ValidationError):
        work.set_task(measure, title="X", due=TODAY, assignee=make_account(Role.RESIDENT), actor=office)
    with pytest.raises(PermissionDenied):
        work.set_task(measure, title="X", due=TODAY, actor=make_account(Role.TREASURER))
    assert not Task.objects.exists()


def test_an_assessment_has_a_day_that_is_past_and_a_reason(office: Any, client: Client) -> None:
    measure = make_measure()
    for values in ({"date": timezone.localdate() + timedelta(days=1), "reason": "x"}, {"date": TODAY, "reason": " "}):
        with pytest.raises(ValidationError):
            work.assess(measure, light="warn", actor=office, **values)
    work.assess(measure, date=TODAY, light="warn", reason="Lieferung stockt.", actor=office)
    body = client.get(measure.get_absolute_url()).content.decode()
    assert "gefährdet" in body and "Lieferung stockt." in body


def test_my_work_holds_what_is_mine_and_nothing_else(office: Any) -> None:
    other = make_account(Role.PROGRAMME_OFFICE)
    mine, theirs = make_measure(title="Meins"), make_measure(title="Fremdes")
    own = revisions.edit(revisions.begin(mine, actor=office), {"summary": "N."}, version=1, actor=office)
    waiting = revisions.edit(revisions.begin(theirs, actor=other), {"summary": "N."}, version=1, actor=other)
    waiting = revisions.submit(waiting, actor=other)
    work.set_task(mine, title="Ihre", due=TODAY, assignee=other, actor=office)
    found = work.my_work(office)
    assert (list(found.drafts), list(found.reviews), list(found.tasks)) == ([own], [waiting], [])
    assert list(work.my_work(other).reviews) == []


def test_a_lead_sees_the_own_measure_alone(office: Any) -> None:
    mine, other = make_measure(title="Meins"), make_measure(title="Fremdes")
    lead = make_account(Role.PROJECT_LEAD, scope=mine.urn)
    plan = (timezone.localdate() + timedelta(days=3)).isoformat()
    for measure in (mine, other):
        change_measure(measure, {"milestones": [{"title": "M", "baseline": plan, "plan": plan}]}, actor=office)
        aged(measure, 100)
    found = work.my_work(lead)
    assert [row.measure for row in found.due] == [mine]
    assert found.stale == [mine]
    assert {row.measure for row in work.my_work(office).due} == {mine, other}


@pytest.mark.parametrize(("days", "maturity", "stale"), [(89, "pilot", 0), (91, "pilot", 1), (91, "ended", 0)])
def test_stale_is_what_is_at_work_and_silent(days: int, maturity: str, stale: int) -> None:
    aged(make_measure(maturity=maturity), days)
    aged(make_measure(published=None), 500)
    assert len(work.stale_measures(Measure.objects.all())) == stale


def test_the_same_change_to_many_all_or_none(office: Any) -> None:
    rows = [make_measure() for _ in range(3)]
    assert work.change_many(rows, {"maturity": "pilot"}, submit=True, actor=office) == 3
    assert set(Revision.objects.values_list("state", flat=True)) == {"review"}
    fresh = make_measure()
    # Those in review refuse; the fresh one must not be changed either.
    with pytest.raises(ValidationError, match=rows[0].title):
        work.change_many([*rows, fresh], {"maturity": "scaled"}, submit=False, actor=office)
    assert not fresh.revisions.exists()


def test_many_that_stand_so_already_get_no_draft(office: Any) -> None:
    rows = [make_measure(maturity="pilot"), make_measure(maturity="idea")]
    assert work.change_many(rows, {"maturity": "pilot"}, submit=False, actor=office) == 1
    assert [revision.measure for revision in Revision.objects.all()] == [rows[1]]


def test_calendar(office: Any, client: Client) -> None:
    measure = make_measure(title="Fauthweg; mit, Zeichen\n und Umbruch")
    day = timezone.localdate() + timedelta(days=10)
    work.set_task(measure, title="Anrufen", due=day, assignee=office, actor=office)
    Milestone.objects.create(measure=measure, title="Fertig", baseline=day, plan=day)
    secret = make_account(Role.PROGRAMME_OFFICE)
    work.set_task(measure, title="Fremdes", due=day, assignee=secret, actor=office)
    address = f"/kalender/{office.pk}/{calendar.key_of(office)}.ics"
    response = client.get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    read = Calendar.from_ical(response.content)
    assert sorted(str(each["summary"]).split(" (")[0] for each in read.walk() if "summary" in each) == [
        "Anrufen",
        "Fertig",
    ]
    assert {each["due"].dt for each in read.walk("VTODO")} == {day}
    assert client.get(f"/kalender/{office.pk}/{calendar.key_of(secret)}.ics").status_code == 404
    office.set_password("ein neues langes Wort")
    office.save()
    assert client.get(address).status_code == 404


def test_reminders_come_once(office: Any) -> None:
    lead_of = make_measure(title="Mit Leitung")
    lead = make_account(Role.PROJECT_LEAD, scope=lead_of.urn)
    today = timezone.localdate()
    work.set_task(lead_of, title="Morgen", due=today + timedelta(days=1), assignee=office, actor=office)
    work.set_task(lead_of, title="Später", due=today + timedelta(days=2), assignee=office, actor=office)
    aged(lead_of, 100)
    aged(make_measure(title="Ohne Leitung"), 100)
    assert remind() == 3
    assert remind() == 0
    titles = {(notice.account, notice.title) for notice in Notice.objects.select_related("account")}
    day = today + timedelta(days=1)
    assert titles == {
        (office, f"Fällig am {day:%d.%m.%Y}: Morgen"),
        (lead, "Lange nichts Neues: Mit Leitung"),
        (office, "Lange nichts Neues: Ohne Leitung"),
    }


class TestPages:
    def test_my_work_asks_the_same_for_one_and_three(self, office: Any, client: Client) -> None:
        def fill() -> None:
            measure = make_measure()
            work.set_task(measure, title="T", due=TODAY, assignee=office, actor=office)
            other = make_account(Role.PROGRAMME_OFFICE)
            draft = revisions.edit(revisions.begin(measure, actor=other), {"summary": "N."}, version=1, actor=other)
            revisions.submit(draft, actor=other)
            aged(make_measure(), 100)

        client.force_login(office)
        fill()
        client.get("/intern/arbeit/")
        with CaptureQueriesContext(connection) as one:
            client.get("/intern/arbeit/")
        fill()
        fill()
        with CaptureQueriesContext(connection) as three:
            client.get("/intern/arbeit/")
        assert len(three) == len(one), "\n".join(q["sql"].split(" FROM ")[-1][:200] for q in three)

    def test_tasks_and_assessment_by_hand(self, office: Any, client: Client) -> None:
        measure = make_measure()
        client.force_login(office)
        address = f"/intern/massnahmen/{measure.public_id}/aufgaben/"
        values = {"action": "task", "title": "<b>Anrufen</b>", "due": "2026-12-01", "assignee": str(office.pk)}
        assert client.post(address, values).status_code == 302
        page = client.get(address).content.decode()
        assert "&lt;b&gt;Anrufen" in page
        assert client.post(address, values | {"due": "31.02.2026"}).status_code == 422
        task = Task.objects.get()
        client.post(f"/intern/aufgaben/{task.public_id}/fertig/", {"back": "work"})
        assert Task.objects.get().done is not None
        answer = client.post(address, {"action": "assess", "date": "2099-01-01", "light": "bad", "reason": "x"})
        assert answer.status_code == 422
        assert "in der Zukunft" in answer.content.decode()

    def test_batch_by_hand(self, office: Any, client: Client) -> None:
        rows = [make_measure(title=f"M{n}") for n in range(2)]
        foreign = make_measure(title="Fremd")
        lead = make_account(Role.PROJECT_LEAD, scope=rows[0].urn)
        client.force_login(lead)
        ids = [str(row.public_id) for row in (*rows, foreign)]
        page = client.get("/intern/massnahmen/stapel/", {"measure": [*ids, "quatsch"]})
        assert [row.title for row in page.context["measures"]] == ["M0"]
        client.force_login(office)
        empty = client.post("/intern/massnahmen/stapel/", {"measure": ids})
        assert empty.status_code == 422
        done = client.post("/intern/massnahmen/stapel/", {"measure": ids, "maturity": "pilot", "submit": "on"})
        assert done.status_code == 302
        assert Revision.objects.filter(state="review").count() == 3
        assert client.get("/intern/massnahmen/stapel/").status_code == 302
