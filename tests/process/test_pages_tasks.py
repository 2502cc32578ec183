"""Pages of tasks and cases: filters, badges, languages, paging, what is not public."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allmende.process.domain import arranging, instances, items
from allmende.process.enums import InstanceState
from allmende.process.models import WorkItem
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .tasks import editor, first_item, released, second_item, started, today

pytestmark = pytest.mark.django_db
ITEMS = "/intern/vorgaenge/aufgaben/"


def shown(client, address):
    """The titles in the table of a page, in order."""
    text = client.get(address).content.decode()
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', text)


def plain(title, day=None, **more):
    return arranging.add(title=title, due=day, actor=make_account(Role.EDITOR), **{"role": "editor"} | more)


def test_lists_by_whose_and_by_what(client: Client):
    anna, office = editor(), make_account(Role.PROGRAMME_OFFICE)
    plain("Später", today(30))
    plain("Ohne Tag")
    plain("Überfällig", today(-2))
    plain("Bald", today(3))
    plain("Meine", today(1), assignee=anna)
    case = started(title="Brunnen <b>")
    plain("Geld", role="treasurer")
    client.force_login(anna)
    assert shown(client, ITEMS) == ["Meine"]
    assert shown(client, f"{ITEMS}?wer=team") == ["Überfällig", "Bald", "Später", "Ohne Tag", "Erst dies"]
    assert shown(client, f"{ITEMS}?wer=team&due=late") == ["Überfällig"]
    assert shown(client, f"{ITEMS}?wer=team&due=week") == ["Bald"]
    assert shown(client, f"{ITEMS}?wer=team&q=brunnen") == ["Erst dies"]
    assert shown(client, f"{ITEMS}?wer=team&q=first") == ["Erst dies"]
    assert shown(client, f"{ITEMS}?wer=team&model={case.version_of.model.slug}") == ["Erst dies"]
    assert shown(client, f"{ITEMS}?wer=team&model=nirgends&due=x&page=x") == [
        "Überfällig", "Bald", "Später", "Ohne Tag", "Erst dies",
    ]  # fmt: skip
    # What is not for this person is not counted for them either.
    assert shown(client, f"{ITEMS}?wer=alle") == ["Meine"]
    text = client.get(ITEMS).content.decode()
    assert "Meine Aufgaben (1)" in text and "Aufgaben meiner Rollen (5)" in text and "Alle Aufgaben" not in text
    client.force_login(office)
    assert sorted(shown(client, f"{ITEMS}?wer=alle")) == sorted(
        ["Meine", "Überfällig", "Bald", "Später", "Ohne Tag", "Erst dies", "Geld"]
    )
    assert shown(client, f"{ITEMS}?wer=niemand") == ["Geld"]
    page = client.get(f"{ITEMS}?wer=alle").content.decode()
    assert "Brunnen &lt;b&gt;" in page and "Brunnen <b>" not in page


def test_english_readers_see_english_names(client: Client):
    anna, bert = editor(), editor()
    case = started()
    client.force_login(anna)
    english = {"headers": {"accept-language": "en"}}
    assert "First this" in client.get(f"{ITEMS}?wer=team", **english).content.decode()
    items.complete(first_item(case), {"note": "Ein Wort"}, actor=bert)
    text = client.get(case.get_absolute_url(), **english).content.decode()
    assert "Then that" in text and "First this" in text and "Erst dies" not in text and "Remark" in text
    german = client.get(case.get_absolute_url()).content.decode()
    assert "Dann das" in german and "Erst dies" in german and "First this" not in german


def test_a_case_says_where_it_is(client: Client):
    anna, bert = editor(name="Anna"), editor(name="Bert")
    measure = make_measure(title="Licht")
    case = started(title="Lampen", subject=measure.urn)
    client.force_login(anna)
    text = client.get(case.get_absolute_url()).content.decode()
    assert "wartet auf Redaktion, seit" in text
    assert measure.title in text
    items.claim(first_item(case), actor=anna)
    assert "wartet auf Anna, seit" in client.get(case.get_absolute_url()).content.decode()
    items.complete(first_item(case), {"note": "Zwei <b>Zeilen\nhier"}, actor=anna)
    text = client.get(case.get_absolute_url()).content.decode()
    assert "Zwei &lt;b&gt;Zeilen<br>hier" in text and "wartet auf Redaktion, seit" in text
    items.complete(second_item(case), {}, actor=bert)
    case.refresh_from_db()
    assert case.state == InstanceState.DONE
    assert "wartet auf" not in client.get(case.get_absolute_url()).content.decode()


def test_history_is_paged_and_costs_the_same(client: Client):
    anna = editor()
    client.force_login(anna)
    case = started()

    def queries():
        with CaptureQueriesContext(connection) as context:
            client.get(case.get_absolute_url())
        return len([one for one in context if "instance_instance" not in one["sql"]])

    items.claim(first_item(case), actor=anna)
    queries()
    before = queries()
    for _ in range(30):
        items.put_back(first_item(case), actor=anna)
        items.claim(first_item(case), actor=anna)
    for number in range(3):
        arranging.add(title=f"Nr. {number}", instance=case, role="editor", actor=anna)
    assert queries() == before
    text = client.get(case.get_absolute_url() + "?page=2").content.decode()
    assert "Seite 2 von 2" in text and ">1</td>" in text


def test_cases_are_filtered_and_given_as_a_table(client: Client):
    office = make_account(Role.PROGRAMME_OFFICE)
    measure = make_measure()
    version = released()
    one = instances.start(version, title="=1+1", actor="test")
    two = instances.start(version, title="Brunnen", subject=measure.urn, actor="test")
    other = instances.start(released(title="Anderer"), title="Bank", actor="test")
    instances.cancel(other, reason="Doppelt", actor=office)
    client.force_login(office)
    cases = reverse("process:instances")
    assert shown(client, cases) == ["Bank", "Brunnen", "=1+1"]
    assert shown(client, f"{cases}?state=running") == ["Brunnen", "=1+1"]
    assert shown(client, f"{cases}?model={version.model.slug}&q=brun") == ["Brunnen"]
    assert shown(client, f"{cases}?about={measure.urn}") == ["Brunnen"]
    answer = client.get(reverse("process:instances_csv") + "?state=running")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "id;title;process;version;state;about;begun;ended"
    assert [line.split(";")[:5] for line in lines[1:]] == [
        [str(two.public_id), "Brunnen", "Ablauf", "1", "running"],
        [str(one.public_id), "'=1+1", "Ablauf", "1", "running"],
    ]


def test_cases_of_a_measure_are_for_staff_alone(client: Client):
    measure = make_measure()
    case = started(title="Geheimer Vorgang", subject=measure.urn)
    for person in (None, make_account(Role.RESIDENT)):
        if person:
            client.force_login(person)
        text = client.get(measure.get_absolute_url()).content.decode()
        assert "Geheimer Vorgang" not in text and "/intern/vorgaenge/" not in text
        assert client.get(case.get_absolute_url()).status_code in (302, 403)
    client.force_login(make_account(Role.EDITOR))
    text = client.get(measure.get_absolute_url()).content.decode()
    assert "Geheimer Vorgang" in text and f"subject={measure.urn.replace(':', '%3A')}" in text


def test_my_work_shows_my_tasks(client: Client):
    lead = make_account(Role.PROJECT_LEAD)
    plain("Meine", today(1), role="project_lead", assignee=lead)
    plain("Fremde", today(1))
    client.force_login(lead)
    text = client.get(reverse("programme:my_work")).content.decode()
    assert "Meine" in text and "Fremde" not in text


def test_a_long_list_is_paged_and_badges_stop_counting(client: Client):
    anna = editor()
    WorkItem.objects.bulk_create(WorkItem(kind="plain", title=f"Nr. {n}", role="editor") for n in range(1005))
    client.force_login(anna)
    text = client.get(f"{ITEMS}?wer=team&page=34").content.decode()
    assert "Aufgaben meiner Rollen (999+)" in text and "Seite 34 von 34" in text
