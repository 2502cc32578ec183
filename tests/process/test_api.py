"""Processes for programs: forms as JSON Schema, cases, tasks, messages."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from allmende.process.domain import api_verbs, history, instances, items
from allmende.process.domain.forms import outline_of
from allmende.process.domain.known import run_of
from allmende.process.enums import InstanceState, ItemState
from allmende.process.models import Instance
from allmende.programme.domain import calendar
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .moving import NEW, flow, model
from .test_migration import version_of

pytestmark = pytest.mark.django_db
FIELDS = """<extensionElements><allmende:form>
<allmende:field name="title" type="text" label="Titel" labelEn="Title" required="true" max="40"/>
<allmende:field name="hint" type="note" label="Bitte beachten"/>
<allmende:field name="cost" type="money" label="Kosten" min="10"/>
<allmende:field name="people" type="integer" label="Personen" max="500"/>
<allmende:field name="share" type="number" label="Anteil"/>
<allmende:field name="open" type="yes_no" label="Öffentlich?" required="true"/>
<allmende:field name="day" type="date" label="Tag"/>
<allmende:field name="kind" type="choice" label="Art"><allmende:option value="a" label="A"/>
<allmende:option value="b" label="B"/></allmende:field>
<allmende:field name="tags" type="choices" label="Merkmale"><allmende:option value="x" label="X"/>
<allmende:option value="y" label="Y"/></allmende:field>
</allmende:form><allmende:deadline after="P2D"/></extensionElements>"""
FORM = model(
    f'<startEvent id="s"/><userTask id="ask" name="Fragen">{FIELDS}</userTask><exclusiveGateway id="way" '
    'allmende:by="person"/><userTask id="a" name="A"/><userTask id="b" name="B"/><endEvent id="e"/>'
    + "".join(
        flow(*pair) for pair in [("s", "ask"), ("ask", "way"), ("way", "a"), ("way", "b"), ("a", "e"), ("b", "e")]
    )
)


@pytest.fixture
def office():
    return make_account(Role.PROGRAMME_OFFICE)


@pytest.fixture
def version():
    return version_of(FORM)


@pytest.fixture
def ask(office):
    key = create_token(office, "t", actor=office)[1]

    def call(method, path, body=None):
        data = json.dumps(body) if body is not None else ""
        answer = Client().generic(
            method, f"/api/process{path}", data, "application/json", headers={"authorization": f"Bearer {key}"}
        )
        return answer.status_code, answer.json()

    return call


def test_a_form_as_json_schema(version):
    schema = api_verbs.schema_of(outline_of(version)["ask"])
    assert schema == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "title": {"title": "Titel", "type": "string", "maxLength": 40},
            "cost": {"title": "Kosten", "type": "number", "multipleOf": 0.01, "minimum": 10.0},
            "people": {"title": "Personen", "type": "integer", "maximum": 500.0},
            "share": {"title": "Anteil", "type": "number"},
            "open": {"title": "Öffentlich?", "type": "boolean"},
            "day": {"title": "Tag", "type": "string", "format": "date"},
            "kind": {"title": "Art", "type": "string", "enum": ["a", "b"]},
            "tags": {
                "title": "Merkmale", "type": "array", "items": {"enum": ["x", "y"]}, "uniqueItems": True,
            },
        },
        "required": ["title", "open"],
        "additionalProperties": False,
    }  # fmt: skip


def test_from_the_model_to_the_end(version, ask, office):
    status, found = ask("GET", "/models")
    assert (status, found) == (
        200,
        {
            "items": [{"slug": "antrag", "title": "Antrag", "version": 1, "url": "/intern/prozesse/antrag/"}],
            "count": 1,
        },
    )
    status, detail = ask("GET", "/models/antrag")
    assert (detail["processes"], detail["sha256"]) == (["p"], version.sha256)
    assert [(step["element"], step["name"], len(step["form"]["properties"])) for step in detail["steps"]] == [
        ("ask", "Fragen", 8)
    ]
    measure = make_measure()
    status, case = ask("POST", "/instances", {"model": "antrag", "title": "Licht", "subject": measure.urn})
    assert (status, case["state"], case["subject"], case["model"]) == (201, "running", measure.urn, "antrag")
    assert ask("GET", f"/instances?subject={measure.urn}&state=running")[1]["count"] == 1
    assert ask("GET", "/instances?state=done")[1]["count"] == 0
    assert ask("GET", "/items")[1]["count"] == 0
    (item,) = ask("GET", "/items?team=true")[1]["items"]
    assert (item["title"], item["case"], item["mine"]) == ("Fragen", case["id"], False)
    status, item = ask("POST", f"/items/{item['id']}/claim")
    assert (status, item["mine"], sorted(item["form"]["properties"])[0]) == (200, True, "cost")
    values = {
        "title": "Neu", "cost": 1200.5, "people": 3, "share": 0.125, "open": False, "day": "2026-03-02", "kind": "a",
        "tags": ["x", "y"],
    }  # fmt: skip
    status, done = ask("POST", f"/items/{item['id']}/complete", {"values": values})
    assert (status, done["state"]) == (200, "done")
    (choice,) = ask("GET", "/items?team=true")[1]["items"]
    status, told = ask("GET", f"/items/{choice['id']}")
    assert (told["kind"], told["ways"], told["many"]) == ("choice", [["way-a", "A"], ["way-b", "B"]], False)
    assert ask("POST", f"/items/{choice['id']}/complete", {"ways": ["nirgends"]})[0] == 422
    assert ask("POST", f"/items/{choice['id']}/complete", {"ways": ["way-a", "way-b"]})[0] == 422
    assert ask("POST", f"/items/{choice['id']}/complete", {"ways": ["way-b"]})[0] == 200
    row = Instance.objects.get()
    item = row.items.get(element="b", state=ItemState.OPEN)
    known = run_of(row).data_of(item.task)
    assert {name: known[name] for name in values} == values
    ask("POST", f"/items/{item.public_id}/complete", {})
    assert ask("GET", f"/instances/{row.public_id}")[1]["state"] == InstanceState.DONE
    row.refresh_from_db()
    assert (row.starter, history.broken(row)) == (office, None)


def test_errors_name_their_fields(version, ask):
    ask("POST", "/instances", {"model": "antrag", "title": "Licht"})
    (item,) = ask("GET", "/items?team=true")[1]["items"]
    values = {"title": "x" * 41, "cost": 1.234, "people": 2.5, "open": "vielleicht", "kind": "c", "tags": "x"}
    status, told = ask("POST", f"/items/{item['id']}/complete", {"values": values})
    assert (status, sorted({each["field"] for each in told["fields"]})) == (
        422, ["cost", "kind", "open", "people", "tags", "title"],
    )  # fmt: skip
    status, told = ask("POST", f"/items/{item['id']}/complete", {"values": {"title": "A", "open": True, "mehr": 1}})
    assert (status, told["fields"]) == (422, [{"field": "mehr", "message": "Das Formular hat dieses Feld nicht."}])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"model": "nichts", "title": "A"}, 404),
        ({"model": "antrag", "title": ""}, 422),
        ({"model": "antrag", "title": "A", "process": "nichts"}, 404),
        ({"model": "antrag", "title": "A", "subject": "measure:nichts"}, 404),
        ({"model": "antrag", "title": "A", "subject": "file:/etc/passwd"}, 404),
        ({"model": "antrag", "title": "A", "values": {"x": "\x00"}}, 422),
        ({"model": "antrag", "title": "A", "values": {"x": "y" * 200_000}}, 422),
        ({"model": "antrag", "title": "A", "more": 1}, 422),
    ],
)
def test_what_does_not_begin(version, ask, body, status):
    assert ask("POST", "/instances", body)[0] == status
    assert Instance.objects.count() == 0


def test_a_draft_of_a_measure_is_no_subject_for_everybody(version):
    hidden = make_measure(published=None)
    lead = make_account(Role.DISPATCHER)
    key = create_token(lead, "t", actor=lead)[1]
    body = {"model": "antrag", "title": "A", "subject": hidden.urn}
    answer = Client().post(
        "/api/process/instances", body, "application/json", headers={"authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 404
    assert Instance.objects.count() == 0


@pytest.fixture
def waiting():
    version = version_of(NEW)
    return [
        instances.start(version, title=f"Fall {number}", subject=f"measure:{number}", actor="test")
        for number in range(3)
    ]


def test_a_message_reaches_one_case(ask, waiting):
    status, told = ask("POST", "/messages", {"name": "back", "payload": {"why": "Nein"}})
    assert (status, told) == (200, {"instance": str(waiting[0].public_id), "begun": False})
    assert waiting[0].items.filter(element="close", state=ItemState.OPEN).count() == 1
    assert waiting[0].events.filter(kind="received").values_list("name", flat=True)[0] == "back"
    assert history.broken(Instance.objects.get(pk=waiting[0].pk)) is None
    assert ask("POST", "/messages", {"name": "back", "subject": "measure:2"})[1] == {
        "instance": str(waiting[2].public_id),
        "begun": False,
    }
    assert ask("POST", "/messages", {"name": "back", "instance": str(waiting[1].public_id)})[0] == 200
    assert ask("POST", "/messages", {"name": "back"})[0] == 404
    assert ask("POST", "/messages", {"name": "anders"})[0] == 404


def test_lists_ask_the_database_as_often_for_three_as_for_one(version, ask):
    counts = []
    for more in (1, 2):
        for number in range(more):
            instances.start(version, title=f"Fall {number}", actor="test")
        ask("GET", "/instances")
        with CaptureQueriesContext(connection) as found:
            for path in ("/instances", "/items?team=true", "/models"):
                ask("GET", path)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_due_tasks_stand_in_ones_calendar(version, office):
    case = instances.start(version, title="Licht", actor=office)
    item = case.items.get()
    assert "Fragen" not in calendar.feed(office).decode()
    items.claim(item, actor=office)
    (todo,) = Calendar.from_ical(calendar.feed(office)).walk("VTODO")
    item.refresh_from_db()
    assert (str(todo["summary"]), todo.decoded("due"), str(todo["uid"])) == (
        "Fragen (Licht)", item.due, f"{item.public_id}@allmende",
    )  # fmt: skip
