"""Decisions of councils in tasks: offered, taken into the form by a person, told of where a case waits for one."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from allmende.process.domain import council, forms, items
from allmende.process.handlers import tell_of_decisions
from allmende.process.models import WorkItem
from allmende.programme.council import decisions
from allmende.spine.facts.models import FactRow
from allmende.spine.notify.models import Notice
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure
from tests.programme.council_support import arrived

from .tasks import editor, first_item, second_item, started

pytestmark = pytest.mark.django_db
PAPER = '<allmende:field name="paper" type="text" oparl="reference" label="Vorlage"/>'
TAKES = """<userTask id="b" name="Beschluss eintragen"><extensionElements><allmende:form>
<allmende:field name="result" type="text" label="Ergebnis"/>
<allmende:field name="day" type="date" oparl="date" required="true" label="Tag"/>
<allmende:field name="body" type="text" oparl="body" label="Gremium"/>
<allmende:field name="words" type="long_text" oparl="text" label="Wortlaut"/>
<allmende:field name="link" type="text" oparl="url" label="Adresse"/>
</allmende:form></extensionElements></userTask>"""


def case_at_council(person, paper="01/2026", **more):
    case = started(PAPER, second=TAKES, **more)
    items.complete(first_item(case), {"paper": paper}, actor=person)
    return case


def shown(client, item, text=None):
    answer = client.get(item.get_absolute_url(), {"beschluss": text} if text is not None else {})
    found = answer.context["council"]
    return (found.text, [row.reference for row in found.rows]) if found else None


def test_the_paper_of_the_case_comes_first_then_the_measure_then_the_newest(client):
    person = editor()
    client.force_login(person)
    arrived(1, paper="Haushalt", date=dt.date(2026, 3, 2))
    arrived(2, paper="Licht am Fauthweg", date=dt.date(2026, 2, 1))
    arrived(3, paper="Bänke", date=dt.date(2026, 3, 3))
    measure = make_measure(title="Fauthweg", code="M7")
    item = second_item(case_at_council(person, "Vorlage Nr. 01 / 2026"))
    assert shown(client, item) == ("Vorlage Nr. 01 / 2026", ["01/2026"])
    assert shown(client, item, "licht") == ("licht", ["02/2026"])
    assert shown(client, item, "") == ("", ["03/2026", "01/2026", "02/2026"])
    assert shown(client, item, "nirgends") == ("nirgends", [])
    office = make_account(Role.PROGRAMME_OFFICE)
    about = second_item(case_at_council(office, "9/99", subject=measure.urn, role=Role.PROGRAMME_OFFICE))
    client.force_login(office)
    assert shown(client, about) == ("Fauthweg", ["02/2026"])
    plain = second_item(case_at_council(person, "9/99"))
    client.force_login(person)
    assert shown(client, plain) == ("", ["03/2026", "01/2026", "02/2026"])


def test_a_step_without_marks_offers_and_asks_nothing(client):
    person = editor()
    client.force_login(person)
    arrived()
    item = first_item(started())
    with CaptureQueriesContext(connection) as queries:
        assert shown(client, item) is None
    assert not any("councildecision" in each["sql"] for each in queries)
    assert "Aus dem Ratsinformationssystem" not in client.get(item.get_absolute_url()).content.decode()


def test_a_person_takes_it_into_the_form_and_completes_the_task(client):
    person = editor()
    client.force_login(person)
    row = arrived(text="Mit <b>Auflagen</b>.")
    item = second_item(case_at_council(person))
    sent = {"item-action": f"oparl:{row.public_id}", "result": "schon getippt", "body": "alt", "item-version": "1"}
    answer = client.post(item.get_absolute_url(), sent)
    assert answer.status_code == 200
    form = answer.context["form"]
    filled = {name: form[name].value() for name in form.fields}
    assert filled == {
        "result": "schon getippt", "day": "2026-03-16", "body": "Stadtrat",
        "words": "einstimmig beschlossen\n\nMit <b>Auflagen</b>.", "link": "https://ratsinfo.example/top/1",
    }  # fmt: skip
    body = answer.content.decode()
    assert "<b>Auflagen</b>" not in body
    item.refresh_from_db()
    assert (item.state, item.draft) == ("open", {})
    done = client.post(item.get_absolute_url(), filled | {"item-action": "complete"})
    assert done.status_code == 302
    item.refresh_from_db()
    assert item.state == "done"


@pytest.mark.parametrize("choice", ["oparl:", "oparl:x", "oparl:01900000-0000-7000-8000-000000000000"])
def test_an_unknown_choice_leaves_the_form_as_it_is(client, choice):
    person = editor()
    client.force_login(person)
    item = second_item(case_at_council(person))
    answer = client.post(item.get_absolute_url(), {"item-action": choice, "body": "getippt"})
    assert (answer.status_code, answer.context["form"]["body"].value()) == (200, "getippt")


def test_an_address_that_is_none_is_refused_in_the_form():
    person = editor()
    item = second_item(case_at_council(person))
    for wrong in ("javascript:alert(1)", "ratsinfo", "ftp://x.example/"):
        with pytest.raises(ValidationError) as caught:
            items.complete(item, {"day": "2026-03-16", "link": wrong}, actor=person)
        assert list(caught.value.message_dict) == ["link"]
    items.complete(item, {"day": "2026-03-16", "link": ""}, actor=person)


def told(**filters):
    rows = Notice.objects.filter(topic="process.tasks", key__startswith="process.council", **filters)
    return sorted(rows.values_list("account__name", "title", "url"))


def react():
    """As the pump does, with every arrival so far; a repetition tells nobody twice."""
    rows = list(FactRow.objects.filter(kind="programme.council_decision.received").order_by("id"))
    if rows:
        tell_of_decisions(rows)


def test_who_has_the_task_hears_of_the_decision_on_its_paper():
    anna, ben = editor(name="Anna"), editor(name="Ben")
    mine, other = case_at_council(anna, "Vorlage 01/2026"), case_at_council(ben, "02/2026")
    items.claim(second_item(mine), actor=anna)
    items.claim(second_item(other), actor=ben)
    arrived(1)
    for _turn in range(2):
        react()
        url = second_item(mine).get_absolute_url()
        assert told() == [("Anna", "Zur Vorlage 01/2026 ist ein Beschluss eingegangen: Beschluss eintragen", url)]


def test_everybody_of_the_role_hears_where_nobody_took_it_on():
    for name in ("Anna", "Ben"):
        editor(name=name)
    case_at_council(editor(name="Cleo"))
    arrived(1)
    react()
    assert [name for name, _title, _url in told()] == ["Anna", "Ben", "Cleo"]


def test_who_did_not_note_the_paper_hears_nothing():
    anna = editor(name="Anna")
    case_at_council(anna, "101/2026")  # holds the reference, and is another paper
    started('<allmende:field name="note" type="text" label="Vermerk"/>')
    done = case_at_council(anna, "01/2026")
    items.complete(second_item(done), {"day": "2026-03-16"}, actor=anna)
    arrived(1)
    arrived(2, reference="")
    react()
    assert told() == []


def test_a_decision_that_came_before_the_case_is_offered():
    anna = editor()
    arrived(1)
    item = second_item(case_at_council(anna))
    found = council.offers(WorkItem.objects.select_related("instance__version_of").get(pk=item.pk), anna, None)
    assert [row.reference for row in found.rows] == ["01/2026"]
    assert council.takes(item) == {"date": "day", "body": "body", "text": "words", "url": "link"}
    assert forms.step_of(item).form.fields[0].oparl == ""
    assert decisions.about("vorlage nr. 01/2026").count() == 1
