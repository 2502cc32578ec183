"""Instances as former versions of the engine kept them are read by this one, and go on to their end."""

import json
import random
from datetime import datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from allmende.process.core.bpmn import parser
from allmende.process.core.engine import rows
from allmende.process.core.engine.clock import SetClock
from allmende.process.core.engine.rows import SCHEMA, Row
from allmende.process.core.engine.run import Run
from allmende.process.domain import instances, items
from allmende.process.enums import ItemState
from allmende.process.models import Instance
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .moving import OLD, START, Kept, standing, state, walk
from .test_migration import version_of

FILES = sorted((Path(__file__).parent / "states").glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_kept_state_is_read_and_goes_on(path):
    told = json.loads(path.read_text())
    clock = SetClock(datetime.fromisoformat(told["now"]))
    specs = parser.specs(told["xml"].encode())[told["process"]]
    run = Run.resume(specs, told["head"], [Row(*row) for row in told["rows"]], clock)
    assert sorted([each.element, each.kind, each.item] for each in run.waiting()) == told["waits"]
    assert sorted([each.element, each.due.isoformat()] for each in run.alarms()) == told["alarms"]
    if "listens" in told:
        assert sorted([each.element, each.kind, each.name] for each in run.listening()) == told["listens"]
    walk(run, clock, 200, random.Random(1))
    assert run.ended


def test_there_are_states_of_this_schema():
    """A new schema begins with new states: `moving.state`."""
    assert [path.stem for path in FILES if path.stem.startswith(f"schema-{SCHEMA}-")]
    assert state(1)["waits"] == json.loads(FILES[0].read_text())["waits"]


@pytest.fixture
def later(monkeypatch):
    """An engine whose rows are of schema 2, with a mark in each task of how often it was mended: the calls so far."""
    calls = []

    def upgrade(head, docs):
        calls.append(len(docs))
        head["since"] = 2
        for doc in docs.values():
            if "n" in doc:
                doc["i"] = {**doc.get("i", {}), "mended": doc.get("i", {}).get("mended", 0) + 1}

    monkeypatch.setattr(rows, "SCHEMA", 2)
    monkeypatch.setitem(rows.UPGRADES, 1, upgrade)
    return calls


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_step_of_an_upgrade_is_applied_once(path, later):
    told = json.loads(path.read_text())
    clock = SetClock(datetime.fromisoformat(told["now"]))
    specs = parser.specs(told["xml"].encode())[told["process"]]
    before = {row[0]: row[2] for row in told["rows"]}
    run = Run.resume(specs, told["head"], [Row(*row) for row in told["rows"]], clock)
    kept = Kept(run, told["head"], [Row(*row) for row in told["rows"]])
    assert later == [len(before)]
    # The first step writes head and rows in the new form, whatever it was about.
    assert json.loads(kept.head)["schema"] == 2
    assert list(kept.rows) == list(before)
    for key, row in kept.rows.items():
        assert json.loads(row.doc).get("i", {}).get("mended", 0) == (0 if key.startswith("sub:") else 1)
    again = Run.resume(specs, kept.head, kept.ordered(), clock)
    assert later == [len(before)]
    assert again.delta() == rows.Delta(None, [], [])
    assert standing(again) == standing(run)
    walk(again, clock, 200, random.Random(1))
    assert again.ended


def test_an_unknown_later_schema_is_refused_with_words():
    told = json.loads(FILES[0].read_text())
    specs = parser.specs(told["xml"].encode())[told["process"]]
    head = json.dumps(json.loads(told["head"]) | {"schema": SCHEMA + 1})
    with pytest.raises(rows.Unreadable, match=f"schema {SCHEMA + 1}: written by a later engine") as refused:
        Run.resume(specs, head, [Row(*row) for row in told["rows"]], SetClock(START))
    assert refused.value.newer


@pytest.mark.parametrize("head", ["", "[]", "{}", '{"schema": "1"}', '{"schema": 0}', '{"schema": null}'])
def test_what_is_no_state_is_refused(head):
    specs = parser.specs(json.loads(FILES[0].read_text())["xml"].encode())["p"]
    with pytest.raises(rows.Unreadable):
        Run.resume(specs, head, [], SetClock(START))


@pytest.mark.django_db
def test_a_case_of_a_later_engine_says_so_and_stays_as_it_is(client):
    version = version_of(OLD)
    case = instances.start(version, title="Fall", actor="test")
    item = case.items.get()
    head = json.dumps(json.loads(case.head) | {"schema": SCHEMA + 1})
    Instance.objects.filter(pk=case.pk).update(head=head)
    office = make_account(Role.PROGRAMME_OFFICE)
    with pytest.raises(ValidationError, match="neuere Fassung von Allmende"):
        items.complete(item, {}, actor=office)
    item.refresh_from_db()
    assert item.state == ItemState.OPEN
    client.force_login(office)
    assert client.get(case.get_absolute_url()).status_code == 200


@pytest.mark.django_db
def test_a_case_in_the_database_is_upgraded_by_its_next_step(later, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(rows, "SCHEMA", 1)
        case = instances.start(version_of(OLD), title="Fall", actor="test")
    items.complete(case.items.get(), {}, actor=make_account(Role.PROGRAMME_OFFICE))
    case = Instance.objects.get(pk=case.pk)
    assert json.loads(case.head)["schema"] == 2
    assert len(later) == 1
    instances.cancel(case, reason="Genug", actor="test")
    assert len(later) == 1
