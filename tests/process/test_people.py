"""Substitutes, people who left, and roles that nobody holds."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from allmende.process.domain import arranging, items, people, queries, substitutes, telling
from allmende.process.enums import Happening, ItemState
from allmende.process.models import Event, Substitution, WorkItem
from allmende.spine.facts.handlers import HANDLERS
from allmende.spine.facts.pump import ensure_cursors, pump_once
from allmende.spine.notify.models import Notice
from allmende.spine.people.domain.accounts import disable_account
from allmende.spine.people.domain.assignments import assign
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Assignment
from tests.factories import make_account

from .tasks import again, editor, first_item, second_item, started, today

pytestmark = pytest.mark.django_db


def named(person, substitute, first=0, last=7, actor=None):
    return substitutes.name(person, substitute, first=today(first), last=today(last), actor=actor or person)


def pumped():
    """The handler has seen every fact."""
    mine = {"process.left": HANDLERS["process.left"]}
    ensure_cursors(mine.values())
    while pump_once(mine):
        pass


def refused(*args, **more):
    with pytest.raises(ValidationError) as error:
        named(*args, **more)
    return error.value.message_dict


def test_a_substitute_does_the_tasks_and_the_history_says_for_whom():
    anna, bert, carl = editor(name="Anna"), editor(name="Bert"), editor(name="Carl")
    case = started()
    items.claim(first_item(case), actor=anna)
    assert list(queries.mine(bert)) == []
    with pytest.raises(ValidationError) as taken:
        items.complete(first_item(case), {"note": "x"}, actor=bert)
    assert taken.value.messages == ["Anna arbeitet schon daran."]
    row = named(anna, bert)
    bert = again(bert)
    assert list(queries.mine(bert)) == [first_item(case)]
    assert list(queries.mine(again(carl))) == []
    items.complete(first_item(case), {"note": "x"}, actor=bert)
    done = WorkItem.objects.get(element="a")
    assert (done.state, done.doer) == (ItemState.DONE, bert)
    event = Event.objects.get(kind=Happening.COMPLETED)
    assert event.payload == {"values": ["note"], "ways": [], "for": str(row.public_id)}
    told = telling.history(case, [event])
    assert [(one.who, one.what) for one in told] == [("Bert für Anna", "Von einem Menschen erledigt")]
    anna.delete()
    assert telling.history(case, [event])[0].who == "Bert für jemanden, der abwesend war"


def test_it_ends_by_itself_and_can_be_ended():
    anna, bert = editor(), editor()
    later = named(anna, bert, 1, 2)
    now = named(anna, bert, 0, 0)
    assert substitutes.stands_in(again(bert)) == {anna.pk: now}
    Substitution.objects.filter(pk=now.pk).update(first=today(-3), last=today(-1))
    assert substitutes.stands_in(again(bert)) == {}
    with pytest.raises(ValidationError) as over:
        substitutes.end(now, actor=anna)
    assert over.value.messages == ["Diese Vertretung ist beendet."]
    with pytest.raises(PermissionDenied):
        substitutes.end(later, actor=bert)
    substitutes.end(later, actor=anna)
    assert list(Substitution.objects.all()) == [now]
    begun = named(anna, bert)
    Substitution.objects.filter(pk=begun.pk).update(first=today(-1))
    substitutes.end(begun, actor=anna)
    begun.refresh_from_db()
    assert (begun.last, substitutes.stands_in(again(bert))) == (today(-1), {})


def test_what_cannot_be_named_says_why():
    anna, bert, carl = editor(name="Anna"), editor(name="Bert"), editor(name="Carl")
    lamps, gone = make_account(Role.LIGHTING_OPERATOR, name="Lena"), editor()
    gone.is_active = False
    gone.save()
    assert refused(anna, anna) == {"substitute": ["Niemand kann sich selbst vertreten."]}
    assert refused(anna, gone) == {"substitute": ["Diese Person arbeitet nicht mehr hier."]}
    assert refused(anna, bert, 3, 1) == {"last": ["Der letzte Tag liegt vor dem ersten."]}
    assert refused(anna, bert, -9, -1) == {"last": ["Dieser Tag ist vorbei."]}
    assert refused(anna, bert, 0, 400) == {"last": ["Benennen Sie eine Vertretung für höchstens ein Jahr."]}
    assert refused(anna, lamps) == {
        "substitute": ["Lena könnte keine der Aufgaben erledigen: Dafür braucht es eine der Rollen Redaktion."]
    }
    named(anna, bert, 2, 4)
    days = (f"{today(2):%d.%m.%Y}", f"{today(4):%d.%m.%Y}")
    assert refused(anna, carl, 4, 5) == {
        "first": [
            f"Bert ist vom {days[0]} bis {days[1]} schon benannt. Beenden Sie das zuerst, oder wählen Sie andere Tage."
        ]
    }
    assert refused(carl, anna, 0, 2) == {"substitute": [f"Anna ist selbst abwesend, vom {days[0]} bis {days[1]}."]}
    assert refused(bert, carl, 3, 3) == {
        "first": [
            f"Vom {days[0]} bis {days[1]} werden hier die Aufgaben von Anna erledigt. "
            "Benennen Sie dort zuerst eine andere Vertretung."
        ]
    }
    named(anna, carl, 5, 6)
    with pytest.raises(PermissionDenied):
        named(bert, carl, 8, 9, actor=anna)
    office = make_account(Role.PROGRAMME_OFFICE)
    assert named(bert, carl, 8, 9, actor=office).author == office


def test_a_substitute_gets_no_role():
    anna = make_account(Role.EDITOR, Role.TREASURER)
    bert = editor(name="Bert")
    money, text = started(role=Role.TREASURER, title="Geld"), started(title="Text")
    items.claim(first_item(money), actor=anna)
    items.claim(first_item(text), actor=anna)
    named(anna, bert)
    bert = again(bert)
    assert substitutes.lacking(anna, bert) == ["Kämmerei"]
    assert list(queries.mine(bert)) == [first_item(text)]
    with pytest.raises(PermissionDenied):
        items.complete(first_item(money), {}, actor=bert)
    assign(bert, Role.TREASURER)
    assert list(queries.mine(again(bert))) == [first_item(money), first_item(text)]


@pytest.mark.django_db(transaction=True)
def test_tasks_of_who_left_go_back_once_and_the_office_hears_of_it():
    office, anna, bert = make_account(Role.PROGRAMME_OFFICE), editor(), editor()
    case = started()
    item = items.claim(first_item(case), actor=anna)
    items.save_draft(item, {"note": "Angefangen"}, version=item.version, actor=anna)
    plain = arranging.add(title="Anrufen", assignee=anna, actor=bert)
    disable_account(anna)
    pumped()
    item.refresh_from_db()
    plain.refresh_from_db()
    assert (item.assignee, item.draft) == (None, {"note": "Angefangen"})
    assert (plain.assignee, plain.role) == (None, Role.PROGRAMME_OFFICE)
    assert list(Notice.objects.filter(account=office).values_list("title", flat=True)) == [
        "2 Aufgaben sind wieder offen: Wer sie hatte, erledigt sie nicht mehr"
    ]
    event = Event.objects.get(kind=Happening.RELEASED)
    assert telling.history(case, [event])[0].what == "Zurückgelegt: wer sie hatte, erledigt sie nicht mehr"
    assert list(queries.queue(bert)) == [item]
    disable_account(editor())
    pumped()
    assert Event.objects.filter(kind=Happening.RELEASED).count() == 1


def test_who_loses_the_role_loses_its_tasks():
    anna = editor()
    assign(anna, Role.TREASURER)
    text, money = started(title="Text"), started(role=Role.TREASURER, title="Geld")
    items.claim(first_item(text), actor=again(anna))
    items.claim(first_item(money), actor=again(anna))
    assert list(people.stranded()) == []
    Assignment.objects.filter(account=anna, role=Role.TREASURER).update(
        valid_from=today(-9), valid_to=today() - dt.timedelta(days=1)
    )
    assert list(people.stranded()) == [first_item(money)]
    people.give_back(people.stranded(), key="test")
    assert first_item(money).assignee is None
    assert first_item(text).assignee == anna


def test_a_role_that_nobody_holds_is_said_and_can_be_changed(client: Client):
    office, outsider = make_account(Role.PROGRAMME_OFFICE), make_account(Role.AUDITOR)
    case = started(role=Role.TREASURER)
    item = first_item(case)
    assert list(queries.orphaned(office)) == [item]
    client.force_login(office)
    page = client.get(item.get_absolute_url()).content.decode()
    assert "Niemand hat hier die Rolle „Kämmerei“." in page
    listed = client.get(reverse("process:items") + "?wer=niemand").content.decode()
    assert "Aufgaben ohne Menschen" in listed and item.get_absolute_url() in listed
    assert listed.count("<tr>") == 2  # the heading and this one task
    with pytest.raises(PermissionDenied):
        arranging.arrange(item, due=None, role=Role.EDITOR, reason="Kämmerei unbesetzt", actor=outsider)
    answer = client.post(
        item.get_absolute_url(),
        {"item-action": "arrange", "due": today(3).isoformat(), "role": "editor", "reason": "Kämmerei <b>fehlt</b>"},
    )
    assert answer.status_code == 302
    item.refresh_from_db()
    assert (item.role, item.due) == (Role.EDITOR, today(3))
    make_account(Role.EDITOR)
    assert list(queries.orphaned(office)) == []
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Kämmerei → Redaktion; Kämmerei &lt;b&gt;fehlt&lt;/b&gt;" in page


def test_a_disabled_account_fills_no_role():
    last = make_account(Role.TREASURER)
    office = make_account(Role.PROGRAMME_OFFICE)
    case = started(role=Role.TREASURER)
    assert list(queries.orphaned(office)) == []
    last.is_active = False
    last.save()
    assert list(queries.orphaned(again(office))) == [first_item(case)]


def test_the_page_of_substitutes(client: Client):
    anna, bert, stranger = editor(name="Anna <b>"), editor(name="Bert"), editor(name="Carl")
    address = reverse("process:substitutions")
    client.force_login(anna)
    sent = {"person": stranger.pk, "substitute": bert.pk, "first": today(), "last": today(2)}
    assert client.post(address, sent).status_code == 302
    row = Substitution.objects.get()
    # Only the office names the person; everybody else is the person.
    assert (row.person, row.substitute, row.author) == (anna, bert, anna)
    page = client.get(address).content.decode()
    assert "Anna &lt;b&gt;" in page and "Anna <b>" not in page
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {"end": "nonsense"}).status_code == 404
    client.force_login(stranger)
    assert "Bert" not in client.get(address).content.decode().split("</form>")[-1]
    assert client.post(address, {"end": row.public_id}).status_code == 404
    client.force_login(anna)
    assert client.post(address, {"end": row.public_id}).status_code == 302
    assert not Substitution.objects.exists()


def test_two_name_each_other_at_once_and_the_second_is_refused():
    anna, bert = editor(name="Anna"), editor(name="Bert")
    named(anna, bert)
    assert set(refused(bert, anna)) == {"substitute"}


def test_four_eyes_hold_for_substitutes_too():
    anna, bert = editor(), editor()
    case = started()
    items.complete(first_item(case), {"note": ""}, actor=bert)
    items.claim(second_item(case), actor=anna)
    named(anna, bert)
    with pytest.raises(ValidationError) as second:
        items.complete(second_item(case), {}, actor=again(bert))
    assert second.value.messages == ["Sie haben den Schritt davor gemacht: Diesen muss eine zweite Person machen."]
