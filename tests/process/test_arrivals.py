"""A person says that a message has arrived: on the page of the case, once, by whoever works in its lane."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from allmende.process.domain import arrivals, history, instances, routing, versions
from allmende.process.enums import Happening, InstanceState, ItemState
from allmende.process.models import Instance
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .moving import HEAD, flow

FORM = (
    "<extensionElements><allmende:form>"
    '<allmende:field name="answer" type="choice" label="Antwort" required="true"><allmende:option value="yes"'
    ' label="Ja"/><allmende:option value="no" label="Nein"/></allmende:field>'
    '<allmende:field name="paper" type="file" label="Schreiben"/></allmende:form></extensionElements>'
)
MODEL = (
    HEAD + '<message id="m" name="Bescheid der Aufsicht"/><signal id="sg" name="Sturm"/>'
    '<process id="p" isExecutable="true"><laneSet id="ls"><lane id="l" name="Kämmerei">'
    '<flowNodeRef>c</flowNodeRef></lane><lane id="k" name="Fachbereich"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    '<startEvent id="s"/><parallelGateway id="f"/><intermediateCatchEvent id="c" name="Antwort abwarten" {more}>'
    "{form}<messageEventDefinition id='md' messageRef='m'/></intermediateCatchEvent>"
    '<userTask id="a" name="Prüfen"/><userTask id="b" name="Anders"/><endEvent id="e"/>'
    '<boundaryEvent id="bd" name="Sturm" attachedToRef="b"><signalEventDefinition id="sd" signalRef="sg"/>'
    "</boundaryEvent>"
    + "".join(flow(*pair.split()) for pair in ("s f", "f c", "f b", "c a", "a e", "b e", "bd e"))
    + "</process></definitions>"
)


def case(form=FORM, more="", title="Antrag <b>"):
    data = MODEL.replace("{form}", form).replace("{more}", more).encode()
    row = versions.import_model(data, title="Antrag", actor="test")
    versions.set_lanes(versions.accept(row, actor="test"), {"Kämmerei": "treasurer"}, actor="test")
    versions.set_lanes(row, {"Fachbereich": "project_lead"}, actor="test")
    version = versions.release(versions.submit(row, actor="test"), actor="test")
    return instances.start(version, title=title, actor="test")


def waited(row, kind="message"):
    return row.subscriptions.get(kind=kind)


def address(row, public_id):
    return reverse("process:arrived", args=[row.public_id, public_id])


@pytest.mark.django_db
def test_from_the_page_of_the_case_to_the_next_task(client: Client):
    row, treasurer = case(), make_account(Role.TREASURER, name="Kim")
    client.force_login(treasurer)
    page = client.get(row.get_absolute_url()).content.decode()
    link = address(row, waited(row).public_id)
    assert "Wartet auf die Nachricht „Bescheid der Aufsicht“" in page
    assert f'href="{link}"' in page and "Ist eingetroffen" in page
    # The signal is waited for in no lane: that is the office's.
    assert "Wartet auf das Signal „Sturm“" in page
    assert address(row, waited(row, "signal").public_id) not in page

    form = client.get(link)
    assert form.status_code == 200
    assert list(form.context["form"].fields) == ["answer", arrivals.NOTE]
    wrong = client.post(link, {"answer": "vielleicht"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["answer"])
    assert row.subscriptions.count() == 2

    sent = client.post(link, {"answer": "no", arrivals.NOTE: "Brief <i>vom</i> 3. März"}, follow=True)
    assert sent.redirect_chain == [(row.get_absolute_url(), 302)]
    text = sent.content.decode()
    assert "Brief &lt;i&gt;vom&lt;/i&gt; 3. März" in text and "<i>vom" not in text
    assert row.items.get(element="a").state == ItemState.OPEN
    event = row.events.get(kind=Happening.RECEIVED)
    assert (event.element, event.name, event.actor, event.payload["values"]) == (
        "c", "Bescheid der Aufsicht", treasurer, ["answer"],
    )  # fmt: skip
    row = Instance.objects.get()
    assert history.broken(row) is None
    assert not row.subscriptions.filter(kind="message").exists()


@pytest.mark.django_db
def test_only_the_first_of_two_counts(client: Client):
    row = case(form="")
    first, second = make_account(Role.TREASURER, name="Kim"), make_account(Role.TREASURER)
    public_id = waited(row).public_id
    arrivals.report(row, public_id, {}, actor=first)
    with pytest.raises(ValidationError, match=r"Kim hat am .* schon gesagt, dass es eingetroffen ist"):
        arrivals.report(row, public_id, {}, actor=second)
    client.force_login(second)
    for answer in (client.get(address(row, public_id), follow=True), client.post(address(row, public_id), follow=True)):
        assert "Kim hat am" in answer.content.decode()
    nothing = client.get(address(row, uuid4()), follow=True).content.decode()
    assert "Dieser Vorgang wartet darauf nicht mehr." in nothing
    assert row.events.filter(kind=Happening.RECEIVED).count() == 1
    assert row.items.filter(element="a").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment():
    row = case(form="")
    people = [make_account(Role.TREASURER) for _ in range(2)]
    public_id = waited(row).public_id

    def report(person):
        try:
            arrivals.report(Instance.objects.get(pk=row.pk), public_id, {}, actor=person)
        except ValidationError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(report, people)) == ["done", "gone"]
    assert row.items.filter(element="a").count() == 1


@pytest.mark.django_db
def test_who_may_say_so(client: Client):
    row = case(form="")
    public_id = waited(row).public_id
    lead, office = make_account(Role.PROJECT_LEAD), make_account(Role.PROGRAMME_OFFICE)
    for person in (lead, office):
        with pytest.raises(PermissionDenied):
            arrivals.report(row, public_id, {}, actor=person)
        client.force_login(person)
        assert client.get(address(row, public_id)).status_code == 403
        assert client.post(address(row, public_id)).status_code == 403
        assert address(row, public_id) not in client.get(row.get_absolute_url()).content.decode()
    assert row.subscriptions.count() == 2
    arrivals.report(row, waited(row, "signal").public_id, {}, actor=office)
    assert row.items.get(element="b").state == ItemState.CANCELLED


@pytest.mark.django_db
def test_a_note_that_the_model_asks_for():
    row, treasurer = case(form="", more='allmende:note="required"'), make_account(Role.TREASURER)
    public_id = waited(row).public_id
    for note in ("", "  ", "x" * 501):
        with pytest.raises(ValidationError) as refused:
            arrivals.report(row, public_id, {arrivals.NOTE: note}, actor=treasurer)
        assert list(refused.value.message_dict) == [arrivals.NOTE]
    arrivals.report(row, public_id, {arrivals.NOTE: "Am Schalter"}, actor=treasurer)
    assert row.events.get(kind=Happening.RECEIVED).payload["reason"] == "Am Schalter"


@pytest.mark.django_db
def test_what_another_case_sends_stands_in_the_history():
    row, sender = case(form=""), case(form="")
    assert routing.pass_on(sender.pk, "message", "Bescheid der Aufsicht", {}) == 1
    assert row.events.get(kind=Happening.RECEIVED).name == "Bescheid der Aufsicht"
    assert not sender.events.filter(kind=Happening.RECEIVED).exists()


@pytest.mark.django_db
def test_a_case_that_ended_waits_for_nothing(client: Client):
    row, treasurer = case(form=""), make_account(Role.TREASURER)
    public_id = waited(row).public_id
    instances.cancel(row, reason="Zu spät", actor="test")
    client.force_login(treasurer)
    assert "wartet darauf nicht mehr" in client.post(address(row, public_id), follow=True).content.decode()
    assert Instance.objects.get(pk=row.pk).state == InstanceState.CANCELLED
