"""Processes that call processes of other models: found at the import, pinned when a case begins."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from allmende.process.domain import drawing, history, instances, items, library, migrating, versions
from allmende.process.domain.known import run_of
from allmende.process.enums import InstanceState, ItemState, VersionState
from allmende.process.models import Instance, WorkItem
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .moving import HEAD, flow

pytestmark = pytest.mark.django_db
FIELD = (
    "<extensionElements><allmende:form><allmende:field name='verdict' type='text' label='Urteil' required='true'/>"
    "</allmende:form></extensionElements>"
)


def called(name="Prüfen", process="inner", lane="Kämmerei"):
    """One task with a form, one by a second person."""
    return (
        f'{HEAD}<process id="{process}" name="Prüfung" isExecutable="true"><laneSet id="ls"><lane id="l" name="{lane}">'
        f'<flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef></lane></laneSet><startEvent id="s"/>'
        f'<userTask id="a" name="{name}">{FIELD}</userTask><userTask id="b" name="Gegenlesen" allmende:fourEyes="a"/>'
        f'<endEvent id="e"/>{flow("s", "a")}{flow("a", "b")}{flow("b", "e")}</process></definitions>'
    ).encode()


def caller(target='calledElement="inner"', process="outer", after="Abschließen"):
    """Ids are those of the called model too."""
    return (
        f'{HEAD}<process id="{process}" name="Antrag" isExecutable="true"><startEvent id="s"/>'
        f'<callActivity id="c" name="Prüfung rufen" {target}/><userTask id="a" name="{after}"/><endEvent id="e"/>'
        f"{flow('s', 'c')}{flow('c', 'a')}{flow('a', 'e')}</process></definitions>"
    ).encode()


def draft(data, title, of=None):
    return versions.accept(versions.import_model(data, title=title, model=of, actor="test"), actor="test")


def released(data, title, of=None, role="treasurer"):
    row = draft(data, title, of)
    versions.set_lanes(row, {lane: role for lane, _role in row.lanes}, actor="test")
    return versions.release(versions.submit(row, actor="test"), actor="test")


def codes(row):
    return [each["code"] for each in row.findings]


def waiting(case):
    return WorkItem.objects.select_related("instance__version_of").get(instance=case, state=ItemState.OPEN)


def test_a_case_runs_through_the_called_model_and_back(client: Client):
    inner = released(called(), "Prüfung")
    outer = released(caller(), "Antrag")
    assert (codes(inner), codes(outer)) == ([], ["call-of-library"])
    case = instances.start(outer, title="Fall", actor="test")
    assert case.called == {"c": str(inner.public_id)}
    assert case.events.get(kind="started").payload["called"] == case.called
    item = waiting(case)
    assert (item.element, item.title, item.role) == ("c/a", "Prüfen", "treasurer")
    first, second = make_account(Role.TREASURER), make_account(Role.TREASURER)
    with pytest.raises(ValidationError) as refused:
        items.complete(item, {}, actor=first)
    assert list(refused.value.message_dict) == ["verdict"]
    items.complete(item, {"verdict": "gut"}, actor=first)
    item = waiting(case)
    assert (item.element, items.needs_other_eyes(item, first)) == ("c/b", True)
    assert {mark.element: mark.state for mark in drawing.marks(case, first)} == {"c": "open", "s": "passed"}
    client.force_login(first)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Gegenlesen" in page and "Urteil" in page and "gut" in page
    items.complete(item, {}, actor=second)
    item = waiting(case)
    assert (item.element, item.title, item.role) == ("a", "Abschließen", "programme_office")
    assert run_of(Instance.objects.get(pk=case.pk)).data["verdict"] == "gut"
    items.complete(item, {}, actor=make_account(Role.PROGRAMME_OFFICE))
    case = Instance.objects.get(pk=case.pk)
    assert (case.state, history.broken(case)) == (InstanceState.DONE, None)


def test_a_case_keeps_the_version_with_which_it_began():
    inner = released(called(), "Prüfung")
    outer = released(caller(), "Antrag")
    old = instances.start(outer, title="Alt", actor="test")
    newer = released(called("Neu prüfen"), "", inner.model)
    inner.refresh_from_db()
    assert inner.state == VersionState.RETIRED
    new = instances.start(outer, title="Neu", actor="test")
    assert (waiting(old).title, waiting(new).title) == ("Prüfen", "Neu prüfen")
    items.complete(waiting(old), {"verdict": "gut"}, actor=make_account(Role.TREASURER))
    assert waiting(old).title == "Gegenlesen"
    assert (old.called, new.called) == ({"c": str(inner.public_id)}, {"c": str(newer.public_id)})


def test_what_is_not_in_the_library_is_a_persons_task_until_it_is():
    outer = draft(caller(), "Antrag")
    assert codes(outer) == ["call-without-process"]
    # A draft cannot be called.
    draft(called(), "Prüfung")
    assert codes(draft(caller(), "", outer.model)) == ["call-without-process"]
    released(called(), "", versions.Model.objects.get(title="Prüfung"))
    again = draft(caller(), "", outer.model)
    assert (again.pk, codes(again)) == (outer.pk, ["call-of-library"])
    assert library.trouble(again) == []


def test_of_several_models_the_mark_says_which():
    released(called(), "Eins")
    released(called(), "Zwei")
    assert codes(draft(caller(), "Antrag")) == ["call-of-several"]
    marked = draft(caller('calledElement="inner" allmende:model="zwei"'), "Zweiter Antrag")
    assert [(call.slug, call.process) for call in library.calls(marked)] == [("zwei", "inner")]
    assert codes(draft(caller('allmende:model="eins"'), "Dritter")) == ["call-of-library"]
    for wrong in ('allmende:model="drei"', 'calledElement="x" allmende:model="eins"', 'allmende:model="vierter"'):
        assert codes(draft(caller(wrong), "Vierter")) == ["call-without-process"]


def test_a_circle_is_refused_at_the_release():
    first = released(called(process="one"), "Eins")
    released(caller('calledElement="one"', "two"), "Zwei")
    back = draft(caller('calledElement="two"', "one"), "", first.model)
    with pytest.raises(ValidationError) as refused:
        versions.submit(back, actor="test")
    assert refused.value.messages == ["Prozesse rufen einander im Kreis auf: eins → zwei → eins."]
    # Also where the circle was closed while the version waited for its release.
    third = draft(called(process="three"), "Drei")
    versions.set_lanes(third, {"Kämmerei": "treasurer"}, actor="test")
    versions.release(versions.submit(third, actor="test"), actor="test")
    waits = versions.submit(draft(caller('calledElement="three"', "four"), "Vier"), actor="test")
    assert versions.release(waits, actor="test").state == VersionState.RELEASED


def test_a_called_process_that_is_gone_is_named():
    inner = released(called(), "Prüfung")
    outer = released(caller(), "Antrag")
    released(called(process="other"), "", inner.model)
    with pytest.raises(ValidationError, match="„Prüfung rufen“ ruft inner von „pruefung“ auf") as refused:
        instances.start(outer, title="Fall", actor="test")
    assert len(refused.value.messages) == 1
    assert Instance.objects.count() == 0


def test_calls_inside_of_calls():
    released(called(), "Innen")
    middle = caller('calledElement="inner"', "middle", "Mitte")
    released(middle, "Mitte")
    case = instances.start(released(caller('calledElement="middle"', "outer"), "Außen"), title="Fall", actor="test")
    assert sorted(case.called) == ["c", "c/c"]
    people = [make_account(Role.TREASURER), make_account(Role.TREASURER), make_account(Role.PROGRAMME_OFFICE)]
    seen = []
    for person, values in zip([*people, people[2]], [{"verdict": "ja"}, {}, {}, {}], strict=True):
        item = waiting(case)
        seen.append((item.element, item.title))
        items.complete(item, values, actor=person)
    assert seen == [("c/c/a", "Prüfen"), ("c/c/b", "Gegenlesen"), ("c/a", "Mitte"), ("a", "Abschließen")]
    assert Instance.objects.get(pk=case.pk).state == InstanceState.DONE


def test_moving_to_another_version_leaves_what_is_called_as_it_is():
    inner = released(called(), "Prüfung")
    outer = released(caller(), "Antrag")
    case = instances.start(outer, title="Fall", actor="test")
    released(called("Anders"), "", inner.model)
    target = released(caller(after="Neu abschließen"), "", outer.model)
    office = make_account(Role.PROGRAMME_OFFICE)
    plan = migrating.plan(outer, target, {}, actor=office)
    while migrating.work(plan.pk):
        pass
    plan.refresh_from_db()
    migrating.apply(plan, actor=office)
    while migrating.work(plan.pk):
        pass
    case = Instance.objects.get(pk=case.pk)
    assert (case.version_of, case.called) == (target, {"c": str(inner.public_id)})
    items.complete(waiting(case), {"verdict": "gut"}, actor=make_account(Role.TREASURER))
    items.complete(waiting(case), {}, actor=make_account(Role.TREASURER))
    assert waiting(case).title == "Neu abschließen"
