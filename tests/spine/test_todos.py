"""One list of what people have to do: tasks of measures beside those of cases, each once."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from allmende.process.domain import arranging, items, queries
from allmende.process.domain.todos import shown
from allmende.process.models import WorkItem
from allmende.programme.domain import calendar, work
from allmende.programme.models import Task
from allmende.spine import todos
from allmende.spine.instance.domain.queries import forget
from allmende.spine.instance.domain.settings import change
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account
from allmende.spine.todos import Ask, Todo, Together, Whose
from tests.factories import make_account, make_measure
from tests.process.tasks import first_item, started, today

ITEMS, WORK = "/intern/vorgaenge/aufgaben/", "/intern/arbeit/"


def titles(client: Client, address: str) -> list[str]:
    text = client.get(address).content.decode()
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', text)


@pytest.fixture
def anna(db: None) -> Account:
    """An editor with a task of a case, a plain one, and two of a measure."""
    person = make_account(Role.EDITOR, name="Anna")
    measure = make_measure(title="Licht")
    items.claim(first_item(started(title="Fall")), actor=person)
    WorkItem.objects.update(due=today(2))
    arranging.add(title="Ohne Tag", subject=measure.urn, assignee=person, actor=person)
    work.set_task(measure, title="Morgen <b>", due=today(1), assignee=person, actor=person)
    work.set_task(measure, title="In drei Tagen", due=today(3), assignee=person, actor=person)
    work.set_task(measure, title="Noch niemandes", due=today(9), actor=person)
    other = make_account(Role.EDITOR)
    work.set_task(measure, title="Anderer", due=today(4), assignee=other, actor=person)
    return person


MINE = ["Morgen &lt;b&gt;", "Erst dies", "In drei Tagen", "Ohne Tag"]


def test_lists_and_work_show_the_same_in_the_same_order(anna: Account, client: Client) -> None:
    client.force_login(anna)
    assert titles(client, ITEMS) == MINE
    assert titles(client, WORK)[:4] == MINE
    assert titles(client, f"{ITEMS}?wer=team") == ["Noch niemandes"]
    text = client.get(ITEMS).content.decode()
    assert "Meine Aufgaben (4)" in text and "Aufgaben meiner Rollen (1)" in text
    office = make_account(Role.PROGRAMME_OFFICE)
    client.force_login(office)
    assert titles(client, f"{ITEMS}?wer=alle") == [
        "Morgen &lt;b&gt;", "Erst dies", "In drei Tagen", "Anderer", "Noch niemandes", "Ohne Tag",
    ]  # fmt: skip
    assert titles(client, f"{ITEMS}?wer=niemand") == []


def test_filters_reach_both(anna: Account, client: Client) -> None:
    client.force_login(anna)
    assert titles(client, f"{ITEMS}?q=licht") == ["Morgen &lt;b&gt;", "In drei Tagen"]
    assert titles(client, f"{ITEMS}?q=tag") == ["In drei Tagen", "Ohne Tag"]
    assert titles(client, f"{ITEMS}?due=week") == MINE[:3]
    assert titles(client, f"{ITEMS}?due=late") == []
    Task.objects.filter(title="In drei Tagen").update(due=today(-1))
    assert titles(client, f"{ITEMS}?due=late") == ["In drei Tagen"]
    model = WorkItem.objects.get(element="a").instance.version_of.model.slug
    assert titles(client, f"{ITEMS}?model={model}") == ["Erst dies"]


def test_the_calendar_has_each_once(anna: Account) -> None:
    found = Calendar.from_ical(calendar.feed(anna)).walk("VTODO")
    assert [str(each["summary"]) for each in found] == [
        "Morgen <b> (Licht)",
        "Erst dies (Fall)",
        "In drei Tagen (Licht)",
    ]
    assert len({str(each["uid"]) for each in found}) == 3


def test_a_task_of_a_measure_is_done_from_ones_work(anna: Account, client: Client) -> None:
    client.force_login(anna)
    text = client.get(WORK).content.decode()
    (address, *_more) = re.findall(r'action="(/intern/aufgaben/[^"]*/fertig/)"', text)
    assert client.post(address, {"back": "work"})["Location"] == WORK
    assert titles(client, WORK)[:3] == MINE[1:]


def test_one_list_on_the_page_of_the_measure(anna: Account, client: Client) -> None:
    client.force_login(make_account(Role.PROGRAMME_OFFICE))
    measure = Task.objects.first().measure
    assert [row.title for row in todos.of(Ask(make_account(Role.PROGRAMME_OFFICE), Whose.ALL, about=measure.urn))] == [
        "Morgen <b>", "In drei Tagen", "Anderer", "Noch niemandes", "Ohne Tag",
    ]  # fmt: skip
    text = client.get(measure.get_absolute_url()).content.decode()
    assert "Noch niemandes" in text and "Ohne Tag" in text and "Erst dies" not in text


def test_a_closed_room_leaves_the_others_their_tasks(anna: Account, client: Client) -> None:
    change({"rooms_off": ["process"]}, actor="test")
    forget()
    client.force_login(anna)
    assert titles(client, WORK)[:2] == [MINE[0], MINE[2]]
    assert len(Calendar.from_ical(calendar.feed(anna)).walk("VTODO")) == 2
    assert client.get(ITEMS).status_code == 404


def test_a_list_costs_the_same_for_one_and_three(anna: Account, client: Client) -> None:
    client.force_login(anna)
    counts = []
    for _round in range(2):
        client.get(ITEMS)
        with CaptureQueriesContext(connection) as found:
            client.get(ITEMS)
        counts.append(len(found))
        for _more in range(2):
            measure = make_measure()
            work.set_task(measure, title="Mehr", due=today(1), assignee=anna, actor=anna)
            arranging.add(title="Noch mehr", subject=measure.urn, assignee=anna, actor=anna)
    assert counts[0] == counts[1]


days = st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 9))


@pytest.mark.django_db
@given(own=st.lists(days, max_size=7), others=st.lists(days, max_size=5), size=st.integers(1, 4))
def test_pages_together_are_the_whole_in_order(
    own: list[dt.date | None], others: list[dt.date | None], size: int
) -> None:
    WorkItem.objects.all().delete()
    WorkItem.objects.bulk_create(WorkItem(title=f"own {each}", due=each) for each in own)
    person = Account(name="x", email=f"{uuid4()}@example.org")
    rest = sorted((Todo(f"{place}", "other", "/", due=each) for place, each in enumerate(others)), key=todos.order)
    rows = queries.for_list(WorkItem.objects.select_related("instance", "assignee").order_by("due", "pk"))
    whole = Together(rows, rest, lambda found: shown(found, person))
    pages = [whole[start : start + size] for start in range(0, len(whole), size)]
    together = [todo for page in pages for todo in page]
    assert len(together) == len(whole) == len(own) + len(others)
    assert len({todo.key for todo in together}) == len(together)
    assert [todos.order(todo) for todo in together] == sorted(todos.order(todo) for todo in together)
    assert [whole[place] for place in range(len(whole))] == together
