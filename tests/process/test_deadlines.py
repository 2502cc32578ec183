"""Until when a task is to be done, and who hears of it: once each, by working days."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.process.core.outline import Step
from allmende.process.core.working_days import is_working_day
from allmende.process.domain import arranging, deadlines, items, substitutes, telling
from allmende.process.enums import Happening
from allmende.process.models import Event, WorkItem
from allmende.spine.notify.models import Notice
from allmende.spine.notify.topics import TOPICS
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .tasks import editor, first_item, started, today

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = dt.date(2026, 3, 6), dt.date(2026, 3, 9)


def due(after, days, opened):
    return deadlines.due(Step("a", "A", due=after, due_days=days), opened)


@pytest.mark.parametrize(
    ("after", "days", "opened", "expected"),
    [
        ("P5D", "working", dt.date(2026, 3, 2), dt.date(2026, 3, 9)),
        ("P1D", "working", FRIDAY, MONDAY),
        ("P1W", "working", FRIDAY, dt.date(2026, 3, 13)),
        # Over the night in which the clock is put forward and back: days are days.
        ("P1D", "calendar", dt.date(2026, 3, 28), dt.date(2026, 3, 30)),
        ("P2D", "working", dt.date(2026, 10, 23), dt.date(2026, 10, 27)),
        # Leap days and the ends of months.
        ("P1M", "calendar", dt.date(2024, 1, 31), dt.date(2024, 2, 29)),
        ("P1Y", "calendar", dt.date(2024, 2, 29), dt.date(2025, 2, 28)),
        ("P1D", "working", dt.date(2024, 2, 28), dt.date(2024, 2, 29)),
        ("P4Y", "calendar", dt.date(2024, 2, 29), dt.date(2028, 2, 29)),
        # Nothing, and what cannot be read.
        ("", "working", FRIDAY, None),
        ("P1M", "working", FRIDAY, None),
        ("in a week", "calendar", FRIDAY, None),
        ("P999Y", "calendar", dt.date(9999, 1, 1), None),
    ],
)
def test_the_last_day(after, days, opened, expected):
    assert due(after, days, opened) == expected


@given(st.integers(1, 60), st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31)))
def test_a_deadline_ends_on_a_working_day(count, opened):
    found = due(f"P{count}D", "working", opened)
    assert found >= opened and is_working_day(found, deadlines.state())
    assert due(f"P{count + 1}D", "working", opened) > found


def test_a_task_gets_its_day_when_it_opens():
    case = started(more='<allmende:deadline after="P5D" days="working"/>')
    item = first_item(case)
    assert item.due == due("P5D", "working", today())


def told(person):
    return list(Notice.objects.filter(account=person).order_by("pk").values_list("title", flat=True))


def waiting(person=None, day=MONDAY, **more):
    item = first_item(started(**more))
    WorkItem.objects.filter(pk=item.pk).update(due=day)
    return items.claim(item, actor=person) if person else item


def test_who_has_it_hears_of_it_once():
    anna, bert = editor(), editor()
    waiting(anna)
    assert deadlines.remind(dt.date(2026, 3, 5)) == 0
    assert deadlines.remind(FRIDAY) == 1
    assert deadlines.remind(FRIDAY) == 0
    assert deadlines.remind(MONDAY) == 0
    assert (told(anna), told(bert)) == (["Fällig am 09.03.2026: Erst dies"], [])


def test_everybody_of_the_role_hears_of_what_nobody_has():
    anna, bert, other = editor(), editor(), make_account(Role.TREASURER)
    waiting()
    assert deadlines.remind(FRIDAY) == 2
    assert (len(told(anna)), len(told(bert)), told(other)) == (1, 1, [])


def test_a_substitute_hears_of_it_too():
    anna, bert = editor(), editor()
    substitutes.name(anna, bert, first=today(), last=today(3), actor=anna)
    waiting(anna)
    assert deadlines.remind(FRIDAY) == 2
    assert told(anna) == told(bert) == ["Fällig am 09.03.2026: Erst dies"]


def test_the_lead_or_the_office_hears_of_what_is_long_overdue():
    anna, office = editor(), make_account(Role.PROGRAMME_OFFICE)
    measure = make_measure()
    lead = make_account(Role.PROJECT_LEAD, scope=measure.urn)
    waiting(anna, title="Ohne Maßnahme")
    waiting(anna, title="Mit Maßnahme", subject=measure.urn)
    # Three working days after Monday the 9th.
    assert deadlines.remind(dt.date(2026, 3, 11)) == 2
    assert (told(office), told(lead)) == ([], [])
    assert deadlines.remind(dt.date(2026, 3, 12)) == 2
    assert deadlines.remind(dt.date(2026, 3, 13)) == 0
    assert told(office) == told(lead) == ["Überfällig: Erst dies"]


def test_a_moved_day_is_told_anew_and_stands_in_the_history():
    office, anna = make_account(Role.PROGRAMME_OFFICE), editor()
    item = waiting(anna)
    deadlines.remind(FRIDAY)
    arranging.arrange(item, due=dt.date(2026, 3, 16), role="editor", reason="Ostern", actor=office)
    assert deadlines.remind(MONDAY) == 0
    assert deadlines.remind(dt.date(2026, 3, 13)) == 1
    event = Event.objects.get(kind=Happening.CHANGED)
    assert telling.history(item.instance, [event])[0].what == (
        "Geändert: fällig 16. März 2026 statt 9. März 2026; Ostern"
    )


def test_the_office_hears_weekly_of_roles_that_nobody_holds():
    office = make_account(Role.PROGRAMME_OFFICE)
    waiting(role=Role.TREASURER, day=None)
    waiting(role=Role.TREASURER, day=None, title="Zweiter")
    assert deadlines.remind(FRIDAY) == 1
    assert deadlines.remind(FRIDAY) == 0
    assert deadlines.remind(MONDAY) == 1
    assert told(office) == ["Niemand hat die Rolle „Kämmerei“: 2 Aufgaben warten auf sie"] * 2


def test_people_choose_how_they_hear_of_it(client):
    anna = editor()
    client.force_login(anna)
    page = client.get("/konto/mitteilungen/einstellungen/").content.decode()
    assert str(TOPICS["process.tasks"].label) in page
