import threading
import time
import uuid
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator
from pydantic import Field

from allmende.programme.models import Measure
from allmende.spine import actions
from allmende.spine.actions.enums import RunState
from allmende.spine.actions.models import Run
from allmende.spine.actions.registry import ACTIONS, Params, action
from allmende.spine.facts.models import FactRow
from allmende.spine.people.enums import Role
from allmende.spine.people.rights import RIGHTS
from tests.factories import make_account, make_measure, submitted_measure

PUBLISH = "programme.publish_measure"
ROOT = Path(__file__).resolve().parents[2]


class Text(Params):
    text: str = Field(description="Any text")


@pytest.fixture
def register():
    """Actions of this test only."""
    before = dict(ACTIONS)
    yield lambda name, run, **more: action(name, title=name, right=PUBLISH, **{"params": Text, **more})(run)
    ACTIONS.clear()
    ACTIONS.update(before)


@pytest.fixture
def office(transactional_db):
    return make_account(Role.PROGRAMME_OFFICE)


def test_every_action_is_typed_described_and_documented():
    page = (ROOT / "docs/reference/actions.md").read_text()
    assert len(ACTIONS) >= 2
    for name, one in ACTIONS.items():
        told = one.schema()
        Draft202012Validator.check_schema(told["params"])
        Draft202012Validator.check_schema(told["result"])
        assert told["params"]["additionalProperties"] is False, name
        assert [f for f, v in told["params"]["properties"].items() if not v.get("description")] == [], name
        assert told["description"], name
        assert one.right in RIGHTS, name
        assert f"| `{name}` |" in page, name


def test_an_action_does_it_and_is_recorded(office):
    measure = submitted_measure()
    result = actions.run(PUBLISH, {"measure": str(measure.public_id)}, actor=office, key="process:1/step:1")
    measure.refresh_from_db()
    assert result == {
        "measure": str(measure.public_id),
        "published": measure.published.isoformat().replace("+00:00", "Z"),
        "version": 2,
    }
    run = Run.objects.get()
    assert (run.key, run.name, run.state, run.result, run.actor, run.tries) == (
        "process:1/step:1", PUBLISH, RunState.DONE, result, office, 1,
    )  # fmt: skip


def test_the_same_key_again_gives_the_same_result_and_does_nothing(office, register):
    done = []
    register("test.count", lambda params, actor: done.append(params.text))
    assert actions.run("test.count", {"text": "a"}, actor=office, key="k") is None
    assert actions.run("test.count", {"text": "a"}, actor=office, key="k") is None
    assert done == ["a"]
    actions.run("test.count", {"text": "a"}, actor=office, key="another")
    assert done == ["a", "a"]


def test_a_key_stands_for_one_thing(office, register):
    register("test.count", lambda params, actor: None)
    actions.run("test.count", {"text": "a"}, actor=office, key="k")
    with pytest.raises(actions.KeyTaken):
        actions.run("test.count", {"text": "b"}, actor=office, key="k")
    assert Run.objects.get().params == {"text": "a"}


def test_two_at_once_under_one_key_do_it_once(office):
    measure = submitted_measure()
    gate, results = threading.Barrier(4), []

    def one():
        try:
            gate.wait()
            results.append(actions.run(PUBLISH, {"measure": str(measure.public_id)}, actor=office, key="same"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert [results[0]] * 4 == results
    assert FactRow.objects.filter(kind="programme.measure.published", subject=measure.urn).count() == 1


@pytest.mark.parametrize(
    ("params", "wrong"),
    [
        ({}, ["measure"]),
        ({"measure": "no id"}, ["measure"]),
        ({"measure": str(uuid.uuid4()), "more": 1}, ["more"]),
    ],
)
def test_bad_params_are_named(office, params, wrong):
    with pytest.raises(actions.BadParams) as caught:
        actions.run(PUBLISH, params, actor=office, key="k")
    assert [problem["param"] for problem in caught.value.problems] == wrong
    assert Run.objects.count() == 0


@pytest.mark.parametrize("who", ["visitor", "resident", "lead of another"])
def test_without_the_right_nothing_happens(transactional_db, who):
    measure, other = make_measure(published=None), make_measure()
    person = {
        "visitor": lambda: None,
        "resident": lambda: make_account(Role.RESIDENT),
        # Has the right somewhere, but not for this object: the verb itself refuses.
        "lead of another": lambda: make_account(Role.PROGRAMME_OFFICE, scope=other.urn),
    }[who]()
    with pytest.raises(actions.NotAllowed):
        actions.run(PUBLISH, {"measure": str(measure.public_id)}, actor=person, key="k")
    assert Measure.objects.get(pk=measure.pk).published is None
    assert Run.objects.filter(state=RunState.DONE).count() == 0


def test_an_unknown_action_and_a_bad_key(office):
    with pytest.raises(actions.UnknownAction):
        actions.run("programme.explode", {}, actor=office, key="k")
    with pytest.raises(ValueError, match="1 to 200"):
        actions.run(PUBLISH, {}, actor=office, key="")


def test_a_failure_is_undone_recorded_and_may_be_repeated(office, register):
    measure, broken = make_measure(published=None), [True]

    def half(params, actor):
        Measure.objects.filter(pk=measure.pk).update(published=timezone.now())
        if broken.pop():
            broken.append(False)
            raise ValidationError("The council has not decided.")

    register("test.half", half)
    with pytest.raises(actions.Failed) as caught:
        actions.run("test.half", {"text": "x"}, actor=office, key="k")
    assert caught.value.told() == {"code": "failed", "text": "The council has not decided."}
    assert Measure.objects.get(pk=measure.pk).published is None
    run = Run.objects.get()
    assert (run.state, run.error, run.tries) == (RunState.FAILED, caught.value.told(), 1)
    assert actions.run("test.half", {"text": "x"}, actor=office, key="k") is None
    run.refresh_from_db()
    assert (run.state, run.error, run.tries) == (RunState.DONE, None, 2)
    assert Measure.objects.get(pk=measure.pk).published is not None


def test_what_does_not_exist_fails(office):
    with pytest.raises(actions.Failed):
        actions.run(PUBLISH, {"measure": str(uuid.uuid4())}, actor=office, key="k")


@pytest.mark.parametrize("where", ["database", "python"])
def test_too_slow_is_undone(office, register, where):
    measure = make_measure(published=None)

    def slow(params, actor):
        Measure.objects.filter(pk=measure.pk).update(published=timezone.now())
        if where == "database":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(5)")
        else:
            end = time.monotonic() + 0.25
            while time.monotonic() < end:
                pass

    register("test.slow", slow, timeout=0.2)
    with pytest.raises(actions.TimedOut):
        actions.run("test.slow", {"text": "x"}, actor=office, key="k")
    assert Measure.objects.get(pk=measure.pk).published is None
    assert Run.objects.get().error["code"] == "timed_out"
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_names_are_checked_and_unique(register):
    with pytest.raises(ValueError, match="misnamed"):
        register("Publish", lambda params, actor: None)
    with pytest.raises(ValueError, match="twice"):
        register(PUBLISH, lambda params, actor: None)


@pytest.mark.django_db
def test_the_list_is_for_staff_and_carries_schemas():
    client = Client()
    assert client.get("/api/actions/").status_code == 401
    client.force_login(make_account(Role.RESIDENT))
    assert client.get("/api/actions/").status_code == 403
    client.force_login(make_account(Role.PROGRAMME_OFFICE))
    told = client.get("/api/actions/").json()
    assert [one["name"] for one in told] == sorted(ACTIONS)
    one = client.get(f"/api/actions/{PUBLISH}").json()
    assert one == next(entry for entry in told if entry["name"] == PUBLISH)
    assert one["params"]["properties"]["measure"]["format"] == "uuid"
    assert client.get("/api/actions/programme.explode").status_code == 404
