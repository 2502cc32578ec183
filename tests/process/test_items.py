"""Tasks taken on, handed on, worked at and done: by one person, and by two at once."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from allmende.process.domain import arranging, doing, items, queries
from allmende.process.enums import Happening, InstanceState, ItemState
from allmende.process.models import Event, Instance, WorkItem
from allmende.spine.models import VersionConflict
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .tasks import NOTE, editor, first_item, released, second_item, started, today

pytestmark = pytest.mark.django_db
both = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls at the same time; what each gave or raised, in their order."""
    found, ready = [None] * len(calls), threading.Barrier(len(calls))

    def one(place, call):
        ready.wait(10)
        try:
            found[place] = call()
        except (ValidationError, PermissionDenied, VersionConflict) as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@both
def test_two_take_a_task_on_at_once_and_one_has_it():
    anna, bert = editor(name="Anna"), editor(name="Bert")
    item = first_item(started())
    found = at_once(lambda: items.claim(item, actor=anna), lambda: items.claim(item, actor=bert))
    item.refresh_from_db()
    loser = found[1 if item.assignee == anna else 0]
    assert loser.messages == [f"{item.assignee} arbeitet schon daran."]
    assert Event.objects.filter(kind=Happening.CLAIMED).count() == 1


@both
def test_two_do_a_task_at_once_and_it_is_done_once():
    anna, bert = editor(name="Anna"), editor(name="Bert")
    case = started()
    item = first_item(case)
    found = at_once(
        lambda: items.complete(item, {"note": "A"}, actor=anna), lambda: items.complete(item, {"note": "B"}, actor=bert)
    )
    item.refresh_from_db()
    loser = found[1 if item.doer == anna else 0]
    when = timezone.localtime(item.closed)
    assert loser.messages == [f"{item.doer} hat das am {when:%d.%m.%Y} um {when:%H:%M} Uhr schon erledigt."]
    assert list(case.items.filter(element="b").values_list("state", flat=True)) == ["open"]
    assert Event.objects.filter(kind=Happening.COMPLETED).count() == 1


@both
def test_one_puts_back_while_the_other_hands_on():
    anna, bert, carl = editor(), editor(), editor()
    item = items.claim(first_item(started()), actor=anna)
    at_once(lambda: items.put_back(item, actor=anna), lambda: items.hand_on(item, carl, actor=bert))
    item.refresh_from_db()
    kinds = list(Event.objects.order_by("number").values_list("kind", flat=True))
    last = [kind for kind in kinds if kind in (Happening.RELEASED, Happening.GIVEN)]
    assert sorted(last) == [Happening.GIVEN, Happening.RELEASED]
    assert item.assignee == (carl if last[-1] == Happening.GIVEN else None)


@both
def test_two_drafts_at_once_and_one_sees_both_texts():
    anna = editor()
    item = items.claim(first_item(started()), actor=anna)
    found = at_once(
        *(lambda text=text: items.save_draft(item, {"note": text}, version=item.version, actor=anna) for text in "AB")
    )
    assert sorted(type(each).__name__ for each in found) == ["VersionConflict", "WorkItem"]


def test_a_conflict_of_drafts_shows_both_texts(client: Client):
    anna = editor()
    item = first_item(started())
    client.force_login(anna)
    address = item.get_absolute_url()
    first = {"item-action": "draft", "item-version": "1", "note": "Meins <b>"}
    assert client.post(address, first).status_code == 302
    answer = client.post(address, first | {"note": "Anderes <i>"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Meins &lt;b&gt;" in text and "Anderes &lt;i&gt;" in text and "<i>" not in text
    assert 'name="item-version" value="2"' in text
    item.refresh_from_db()
    assert item.draft == {"note": "Meins <b>"}
    assert client.post(address, first | {"item-version": "2", "note": "Anderes"}).status_code == 302
    item.refresh_from_db()
    assert (item.draft, item.assignee) == ({"note": "Anderes"}, anna)


def test_what_was_typed_is_not_lost_where_another_was_faster(client: Client):
    anna, bert = editor(name="Anna"), editor()
    item = first_item(started())
    client.force_login(bert)
    items.complete(item, {"note": "Fertig"}, actor=anna)
    answer = client.post(item.get_absolute_url(), {"item-action": "complete", "note": "Mein <b>Text</b>"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Anna hat das am " in text
    assert "Was Sie eingegeben haben" in text and "Mein &lt;b&gt;Text&lt;/b&gt;" in text


def test_a_form_that_changed_meanwhile_is_looked_at_again(client: Client):
    anna = editor()
    item = first_item(started())
    client.force_login(anna)
    page = client.get(item.get_absolute_url()).content.decode()
    stamp = page.split('name="item-form" value="')[1].split('"')[0]
    newer = released(
        NOTE + '<allmende:field name="more" type="text" required="true" label="Mehr"/>',
        model=item.instance.version_of.model,
    )
    Instance.objects.update(version_of=newer)
    sent = {"item-action": "complete", "item-form": stamp, "note": "Schon geschrieben"}
    answer = client.post(item.get_absolute_url(), sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Das Formular hat sich inzwischen geändert" in text
    assert "Schon geschrieben" in text and 'name="more"' in text and stamp not in text
    item.refresh_from_db()
    assert item.state == ItemState.OPEN


def test_four_eyes():
    anna, bert = editor(), editor()
    case = started()
    items.complete(first_item(case), {"note": "x"}, actor=anna)
    second = second_item(case)
    assert (items.needs_other_eyes(second, anna), items.needs_other_eyes(second, bert)) == (True, False)
    with pytest.raises(ValidationError):
        items.complete(second, {}, actor=anna)
    items.complete(second, {}, actor=bert)
    assert Instance.objects.get().state == InstanceState.DONE


def test_who_may_not_do_it_does_nothing_with_it():
    stranger, anna = make_account(Role.TREASURER), editor()
    item = first_item(started())
    for call in (
        lambda: items.claim(item, actor=stranger),
        lambda: items.put_back(item, actor=stranger),
        lambda: items.hand_on(item, anna, actor=stranger),
        lambda: items.comment(item, "Hallo", actor=stranger),
        lambda: items.save_draft(item, {}, version=1, actor=stranger),
        lambda: items.complete(item, {}, actor=stranger),
    ):
        with pytest.raises(PermissionDenied):
            call()
    with pytest.raises(ValidationError) as wrong:
        items.hand_on(item, stranger, actor=anna)
    assert wrong.value.message_dict == {"to": ["Diese Person darf diese Aufgabe nicht erledigen."]}


def test_another_persons_draft_is_left_alone():
    anna, bert = editor(name="Anna"), editor()
    item = items.claim(first_item(started()), actor=anna)
    with pytest.raises(ValidationError) as taken:
        items.save_draft(item, {"note": "x"}, version=item.version, actor=bert)
    assert taken.value.messages == ["Anna arbeitet schon daran."]


def test_a_plain_task_in_a_case_does_not_hold_it_up(client: Client):
    anna, bert = editor(name="Anna"), editor()
    case = started()
    client.force_login(anna)
    address = reverse("process:add_item") + f"?case={case.public_id}"
    assert client.get(address).status_code == 200
    sent = {"case": case.public_id, "title": "Anrufen <b>", "due": today(2), "role": "editor", "assignee": bert.pk}
    assert client.post(address, sent).status_code == 302
    item = WorkItem.objects.get(kind="plain")
    assert (item.instance, item.assignee, item.task) == (case, bert, None)
    assert list(queries.mine(bert)) == [item]
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Anrufen &lt;b&gt;" in page and "Anrufen <b>" not in page
    items.complete(first_item(case), {}, actor=anna)
    items.complete(second_item(case), {}, actor=bert)
    case.refresh_from_db()
    assert case.state == InstanceState.DONE
    items.complete(item, {}, actor=bert)
    item.refresh_from_db()
    assert (item.state, item.doer) == (ItemState.DONE, bert)
    assert [event.name for event in case.events.filter(kind=Happening.COMPLETED)] == [
        "Erst dies", "Dann das", "Anrufen <b>",
    ]  # fmt: skip


def test_a_plain_task_about_a_measure_is_changed_and_dropped(client: Client):
    lead = make_account(Role.PROJECT_LEAD)
    measure = make_measure()
    client.force_login(lead)
    sent = {"subject": measure.urn, "title": "Nachsehen", "assignee": lead.pk}
    assert client.post(reverse("process:add_item"), sent).status_code == 302
    item = WorkItem.objects.get()
    assert (item.subject, item.role, item.assignee) == (measure.urn, "", lead)
    address = reverse("process:change_item", args=[item.public_id])
    assert client.post(address, {"title": "", "assignee": lead.pk}).status_code == 422
    assert client.post(address, {"title": "Genau nachsehen"}).status_code == 422
    assert client.post(address, {"title": "Genau nachsehen", "role": "project_lead"}).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.role, item.assignee) == ("Genau nachsehen", "project_lead", None)
    assert client.post(item.get_absolute_url(), {"item-action": "drop"}).status_code == 302
    item.refresh_from_db()
    assert item.state == ItemState.CANCELLED
    assert client.get(address).status_code == 404


def test_what_no_task_can_be():
    lead, gone = make_account(Role.PROJECT_LEAD), editor()
    gone.is_active = False
    gone.save()

    def refused(**values):
        with pytest.raises(ValidationError) as error:
            arranging.add(**{"title": "Anrufen", "actor": lead} | values)
        return error.value.message_dict

    assert refused(title=" \x00 ", role="editor") == {"title": ["Dieses Feld darf nicht leer sein."]}
    assert refused() == {"role": ["Sagen Sie, welche Rolle oder welche Person es erledigt."]}
    assert refused(assignee=gone) == {"assignee": ["Diese Person arbeitet nicht mehr hier."]}
    assert refused(assignee=lead, role="editor") == {"assignee": ["Diese Person hat diese Rolle nicht."]}
    assert refused(role="resident") == {"role": ["Wählen Sie eine Rolle."]}
    with pytest.raises(PermissionDenied):
        arranging.add(title="Anrufen", role="editor", actor=make_account(Role.RESIDENT))
    assert not WorkItem.objects.exists()


def test_tasks_of_the_model_are_not_renamed_or_dropped():
    office = make_account(Role.PROGRAMME_OFFICE)
    item = first_item(started())
    with pytest.raises(ValidationError):
        arranging.change(item, title="x", due=None, role="editor", assignee=None, actor=office)
    with pytest.raises(ValidationError):
        arranging.drop(item, actor=office)
    with pytest.raises(ValidationError) as nothing:
        arranging.arrange(item, due=None, role="editor", reason="x", actor=office)
    assert nothing.value.messages == ["Es wurde nichts geändert."]
    with pytest.raises(ValidationError) as unsaid:
        arranging.arrange(item, due=today(), role="editor", reason=" ", actor=office)
    assert unsaid.value.message_dict == {"reason": ["Sagen Sie, warum."]}
    with pytest.raises(PermissionDenied):
        arranging.arrange(item, due=today(), role="editor", reason="x", actor=editor())


def test_comments_stay_readable_text(client: Client):
    anna = editor()
    item = first_item(started())
    client.force_login(anna)
    answer = client.post(item.get_absolute_url(), {"item-action": "comment", "text": "Gut\x00 <script>"}, follow=True)
    assert "Gut &lt;script&gt;" in answer.content.decode()
    assert client.post(item.get_absolute_url(), {"item-action": "comment", "text": " "}).status_code == 422
    assert client.post(item.get_absolute_url(), {"item-action": "nonsense"}).status_code == 422
    assert item.comments.count() == 1


@both
def test_a_step_of_the_system_waits_for_who_may_set_it_going():
    moderator, office = make_account(Role.MODERATOR), make_account(Role.PROGRAMME_OFFICE)
    measure = make_measure()
    step = (
        '<serviceTask id="b" allmende:action="programme.add_milestone"><extensionElements>'
        '<allmende:input name="measure" value="subject"/><allmende:input name="title" value="&quot;Fest&quot;"/>'
        '<allmende:input name="plan" value="&quot;2027-01-04&quot;"/></extensionElements></serviceTask>'
    )
    case = started(subject=measure.urn, role=Role.MODERATOR, second=step)
    items.complete(first_item(case), {}, actor=moderator)
    item = second_item(case)
    assert doing.act(item, actor=moderator).state == ItemState.OPEN
    case.refresh_from_db()
    item.refresh_from_db()
    assert (case.state, bool(item.trouble)) == (InstanceState.RUNNING, True)
    assert list(queries.queue(moderator)) == [item]
    arranging.arrange(item, due=None, role="programme_office", reason="Kann niemand", actor=office)
    item.refresh_from_db()
    done = doing.again(item, actor=office)
    assert (done.state, done.trouble) == (ItemState.DONE, "")
    case.refresh_from_db()
    assert case.state == InstanceState.DONE
