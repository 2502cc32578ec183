"""Messages and signals begin cases: by the API, by an action, by another case, and by a person."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from allmende.process.core.bpmn.importer import make_runnable
from allmende.process.core.bpmn.openings import Opening, openings
from allmende.process.core.engine.simulate import simulate
from allmende.process.domain import api_verbs, history, instances, routing, versions
from allmende.process.enums import InstanceState, ItemState
from allmende.process.models import Instance
from allmende.spine import actions
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .moving import HEAD, flow

pytestmark = pytest.mark.django_db
FORM = (
    '<extensionElements><allmende:form><allmende:field name="title" type="text" label="Was" required="true" max="20"/>'
    '<allmende:field name="cost" type="money" label="Kosten"/></allmende:form></extensionElements>'
)
MESSAGE = '<startEvent id="m" name="Antrag kam">{form}<messageEventDefinition id="md" messageRef="M"/></startEvent>'
SIGNAL = '<startEvent id="m" name="Sturm kam">{form}<signalEventDefinition id="md" signalRef="G"/></startEvent>'


def drawn(start=MESSAGE, form=FORM, *, name="Antrag", more="", throw=""):
    """Begins by a message (or a signal), asks once; `throw`: how it ends."""
    end = f'<endEvent id="e">{throw}</endEvent>'
    inside = start.format(form=form) + '<userTask id="a" name="Prüfen"/>' + end + more
    flows = flow("m", "a") + flow("a", "e")
    head = HEAD + f'<message id="M" name="{name}"/><signal id="G" name="Sturm"/><message id="N" name="Folge"/>'
    return f'{head}<process id="p" isExecutable="true">{inside}{flows}</process></definitions>'.encode()


def released(data, title="Antrag"):
    row = versions.accept(versions.import_model(data, title=title, actor="test"), actor="test")
    return versions.release(versions.submit(row, actor="test"), actor="test")


@pytest.fixture
def office():
    return make_account(Role.PROGRAMME_OFFICE)


@pytest.fixture
def ask(office):
    key = create_token(office, "t", actor=office)[1]

    def call(body):
        headers = {"authorization": f"Bearer {key}"}
        answer = Client().post("/api/process/messages", json.dumps(body), "application/json", headers=headers)
        return answer.status_code, answer.json()

    return call


def test_the_importer_keeps_them_and_a_trial_run_uses_them():
    imported = make_runnable(drawn())
    assert [each.code for each in imported.findings] == ["start-by-message"]
    assert openings(imported.xml) == [Opening("p", "m", "message", "Antrag", "Antrag kam")]
    assert openings(make_runnable(drawn(SIGNAL)).xml) == [Opening("p", "m", "signal", "Sturm", "Sturm kam")]
    assert simulate(imported.xml, 1).ended


def test_a_message_of_the_api_begins_a_case_with_what_it_brings(ask, office):
    version, measure = released(drawn()), make_measure()
    body = {"name": "Antrag", "payload": {"title": "Bänke", "cost": 12.5}, "subject": measure.urn, "title": "Fall 1"}
    status, told = ask(body)
    case = Instance.objects.get()
    assert (status, told) == (200, {"instance": str(case.public_id), "begun": True})
    assert (case.version_of, case.title, case.subject, case.starter) == (version, "Fall 1", measure.urn, office)
    assert case.items.get().element == "a"
    assert case.events.get(kind="started").payload["message"] == "Antrag"
    assert history.broken(case) is None
    item = case.items.get()
    from allmende.process.domain.known import run_of

    assert run_of(case).data_of(item.task) == {"subject": str(measure.public_id), "title": "Bänke", "cost": 12.5}


@pytest.mark.parametrize(
    ("payload", "fields"),
    [
        ({}, ["title"]),
        ({"title": "x" * 21}, ["title"]),
        ({"title": "A", "cost": "viel"}, ["cost"]),
        ({"title": "A", "mehr": 1}, ["mehr"]),
    ],
)
def test_what_it_brings_is_checked_by_the_form_of_the_start(ask, payload, fields):
    released(drawn())
    status, told = ask({"name": "Antrag", "payload": payload})
    assert (status, [each["field"] for each in told["fields"]]) == (422, fields)
    assert Instance.objects.count() == 0


def test_only_released_versions_begin_and_only_by_their_message(ask):
    draft = versions.import_model(drawn(), title="Entwurf", actor="test")
    assert ask({"name": "Antrag", "payload": {"title": "A"}})[0] == 404
    versions.accept(draft, actor="test")
    versions.release(versions.submit(draft, actor="test"), actor="test")
    assert ask({"name": "antrag", "payload": {"title": "A"}})[0] == 404
    assert ask({"name": "Antrag", "payload": {"title": "A"}})[0] == 200
    versions.release(
        versions.submit(
            versions.accept(
                versions.import_model(drawn(name="Neu"), title="", model=draft.model, actor="test"), actor="test"
            ),
            actor="test",
        ),
        actor="test",
    )
    assert ask({"name": "Antrag", "payload": {"title": "A"}})[0] == 404


def test_a_message_has_one_receiver():
    released(drawn())
    second = versions.accept(versions.import_model(drawn(), title="Zweiter", actor="test"), actor="test")
    with pytest.raises(ValidationError, match="Vorgänge eines anderen Prozesses beginnen schon mit: Antrag"):
        versions.submit(second, actor="test")


def test_who_waits_gets_it_before_a_case_begins(office):
    catch = (
        '<intermediateCatchEvent id="c"><messageEventDefinition id="cd" messageRef="M"/></intermediateCatchEvent>'
        + flow("a", "c")
    )
    released(drawn(form="", more=catch))
    first, begun = api_verbs.send("Antrag", {}, actor=office)
    assert begun
    from allmende.process.domain import items

    items.complete(first.items.get(element="a"), {}, actor=office)
    assert first.subscriptions.get().name == "Antrag"
    assert api_verbs.send("Antrag", {}, actor=office) == (first, False)
    assert api_verbs.send("Antrag", {}, actor=office)[1] is True
    assert Instance.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_by_an_action_of_another_room(office):
    released(drawn())
    params = {"name": "Antrag", "payload": {"title": "A"}}
    told = actions.run("process.send_message", params, actor=office, key="k1")
    assert told == {"case": str(Instance.objects.get().public_id), "begun": True}
    assert actions.run("process.send_message", params, actor=office, key="k1") == told
    assert actions.run("process.send_message", {"name": "nichts"}, actor=office, key="k2") == {
        "case": None, "begun": False,
    }  # fmt: skip
    with pytest.raises(actions.NotAllowed):
        actions.run("process.send_message", params, actor=make_account(Role.EDITOR), key="k3")


def test_a_case_begins_another_with_what_its_form_asks_for():
    source = released(drawn(form="", name="Erster"), "Sender")
    receiver = released(drawn(), "Empfänger")
    case = instances.start(source, title="Ursache", subject="measure:1", actor="test")
    assert routing.pass_on(case.pk, "message", "Antrag", {"title": "B", "anderes": 1}) == 1
    begun = Instance.objects.get(version_of=receiver)
    assert (begun.title, begun.subject, begun.starter) == ("Ursache", "measure:1", None)
    # What does not fit is said where it came from.
    assert routing.pass_on(case.pk, "message", "Antrag", {"anderes": 1}) == 0
    case.refresh_from_db()
    assert (case.state, "Empfänger" in case.trouble) == (InstanceState.STUCK, True)


def test_a_signal_begins_all():
    released(drawn(SIGNAL, ""), "Eins")
    released(drawn(SIGNAL, ""), "Zwei")
    case = instances.start(released(drawn(form="", name="X"), "Drei"), title="Ursache", actor="test")
    assert routing.pass_on(case.pk, "signal", "Sturm", {}) == 2
    assert Instance.objects.exclude(pk=case.pk).count() == 2


def test_cases_that_begin_each_other_without_end_are_stopped():
    case = instances.start(released(drawn(form=""), "Kreis"), title="Ursache", actor="test")
    assert routing.pass_on(case.pk, "message", "Antrag", {}, hops=routing.MOST_HOPS) == 1
    assert routing.pass_on(case.pk, "message", "Antrag", {}, hops=routing.MOST_HOPS + 1) == 0
    case.refresh_from_db()
    assert "ohne Ende" in case.trouble


def test_a_drawn_message_flow_begins_the_other_pool():
    two = (
        HEAD + '<collaboration id="C"><participant id="p1" processRef="p"/><participant id="p2" processRef="q"/>'
        '<messageFlow id="mf" sourceRef="e" targetRef="s2"/></collaboration>'
        '<process id="p" isExecutable="true"><startEvent id="s"/><userTask id="a"/><endEvent id="e">'
        f'<messageEventDefinition id="d1"/></endEvent>{flow("s", "a")}{flow("a", "e")}</process>'
        '<process id="q" isExecutable="true"><startEvent id="s2"><messageEventDefinition id="d2"/></startEvent>'
        f'<userTask id="b"/>{flow("s2", "b")}</process></definitions>'
    )  # fmt: skip
    case = instances.start(released(two.encode()), process="p", title="A", actor="test")
    assert routing.pass_on(case.pk, "message", "", {}, ["s2"]) == 1
    begun = Instance.objects.exclude(pk=case.pk).get()
    assert (begun.process, begun.version_of, begun.items.get().element) == ("q", case.version_of, "b")


def test_a_person_begins_by_message(client: Client, office):
    plain = '<startEvent id="s" name="Am Schalter"/>' + flow("s", "a")
    version = released(drawn(more=plain))
    client.force_login(office)
    page = f"/intern/prozesse/{version.model.slug}/starten/"
    text = client.get(page).content.decode()
    assert "Antrag kam (wenn „Antrag“ eintrifft)" in text and "Am Schalter" in text
    assert client.get(f"{page}?durch=m").context["entry"].prefix == "begin"
    refused = client.post(page, {"title": "Fall", "at": "m"})
    assert (refused.status_code, list(refused.context["entry"].errors)) == (422, ["title"])
    assert Instance.objects.count() == 0
    client.post(page, {"title": "Fall", "at": "m", "begin-title": "Bänke"})
    case = Instance.objects.get()
    assert case.items.get(state=ItemState.OPEN).element == "a"
    # By the other start event, and by none: then the first task asks.
    client.post(page, {"title": "Fall 2", "at": "s"})
    assert Instance.objects.get(title="Fall 2").items.get().element == "a"
    client.post(page, {"title": "Fall 3", "at": ""})
    assert Instance.objects.get(title="Fall 3").items.get().kind == "choice"
