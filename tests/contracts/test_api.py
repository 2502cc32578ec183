"""The API as programs meet it: who may call which operation, and a document that says what truly comes."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from allmende.funding.domain.grants import publish_grant, record_grant
from allmende.programme.models import Indicator
from allmende.spine.assets.domain.assets import create_asset
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account
from tests.factories import make_account, make_measure

from .access_objects import POINT
from .api_objects import target
from .api_operations import CHANGE, GRANT, OPERATIONS, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    own = make_measure(title="Eigener Entwurf", published=None)
    callers: dict[str, Account | None] = {
        "nobody": None,
        "resident": make_account(Role.RESIDENT),
        "lead": make_account(Role.PROJECT_LEAD, scope=own.urn),
        "office": make_account(Role.PROGRAMME_OFFICE),
        "auditor": make_account(Role.AUDITOR),
        # Administers the town, but this key is for reading as a resident only.
        "narrowed": make_account(Role.ADMINISTRATOR, Role.RESIDENT),
    }
    roles = {"narrowed": Role.RESIDENT}
    return Town(
        callers,
        {name: create_token(who, "t", role=roles.get(name), actor=who)[1] for name, who in callers.items() if who},
        make_measure(title="Öffentlich"),
        own,
        make_measure(title="Fremder Entwurf", published=None),
        create_asset("luminaire", {"number": "11"}, actor="test", geometry=POINT),
        create_asset("cabinet", {"number": "S1"}, actor="test", geometry=POINT),
        publish_grant(record_grant(GRANT, actor="test"), actor="test"),
        record_grant(GRANT, actor="test"),
    )


def document() -> dict[str, Any]:
    found: dict[str, Any] = Client().get("/api/openapi.json").json()
    return found


def call(town: Town, who: str, method: str, address: str, body: dict[str, Any] | None) -> Any:
    headers = {"authorization": f"Bearer {town.keys[who]}"} if who in town.keys else {}
    data = json.dumps(body) if body else ""
    return Client(enforce_csrf_checks=True).generic(method, address, data, "application/json", headers=headers)


def test_every_operation_is_tried() -> None:
    found = {(method, path) for path, methods in document()["paths"].items() for method in methods}
    assert found == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_who_may_call_it_with_a_token(town: Town, operation: tuple[str, str]) -> None:
    for label, make, expected in OPERATIONS[operation]:
        address, body = make(town)
        found = {who: call(town, who, operation[0].upper(), address, body).status_code for who in expected}
        assert found == expected, label


def test_lists_hold_no_draft_and_nothing_hidden_from_others(town: Town) -> None:
    def ids(who: str, address: str) -> set[str]:
        return {row["id"] for row in call(town, who, "GET", address, None).json()["items"]}

    published, own, foreign = (str(m.public_id) for m in (town.published, town.own_draft, town.foreign_draft))
    lamp, cabinet = str(town.lamp.public_id), str(town.cabinet.public_id)
    for who, seen in {"nobody": set(), "resident": set(), "lead": {own}, "office": {own, foreign}}.items():
        assert ids(who, "/api/programme/measures") == {published} | seen
    for who, seen in {"nobody": set(), "resident": set(), "lead": set(), "auditor": {cabinet}}.items():
        assert ids(who, "/api/assets/") == {lamp} | seen


def test_a_session_needs_the_csrf_token_for_changes(town: Town) -> None:
    """The page of somebody else could send the request along with the cookie."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.callers["office"])
    address = f"/api/programme/measures/{town.published.public_id}"
    answer = client.patch(address, json.dumps(CHANGE), content_type="application/json")
    assert (answer.status_code, answer.json()) == (403, {"error": "CSRF token missing or wrong"})
    town.published.refresh_from_db()
    assert town.published.summary == "Ein Satz."
    client.get("/konto/einstellungen/")
    token = client.cookies["allmende_csrf"].value
    answer = client.patch(address, json.dumps(CHANGE), content_type="application/json", headers={"x-csrftoken": token})
    assert (answer.status_code, answer.json()["document"]["summary"]) == (200, "Neu.")


def test_what_the_domain_refuses_is_said_by_field(town: Town) -> None:
    address = f"/api/programme/measures/{town.published.public_id}"
    answer = call(town, "office", "PATCH", address, {"version": 1, "title": "x" * 400})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["fields"]] == ["title"]
    answer = call(town, "office", "PATCH", address, {"version": "eins", "unbekannt": 1})
    assert sorted(one["field"] for one in answer.json()["fields"]) == ["body.body.unbekannt", "body.body.version"]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests of a real WSGI caller in the transaction of the test: none closes the connection behind it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


# Enough to meet empty, long, odd and missing values of every parameter; the same ones each time.
LIMITS = hypothesis_settings(
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize(("who", "examples"), [("nobody", 6), ("office", 24)])
@pytest.mark.usefixtures("one_connection")
def test_answers_are_as_the_document_says(town: Town, who: str, examples: int) -> None:
    """No 5xx, only documented statuses, types and shapes, whatever is asked."""
    api = schemathesis.openapi.from_wsgi("/api/openapi.json", WSGIHandler())
    api.validate()
    headers = {"Authorization": f"Bearer {town.keys[who]}"} if who in town.keys else {}
    known = {"public_id": str(town.published.public_id), "code": town.lamp.code, "slug": "offen"}
    aim = target(None).rpartition("/")[2]
    tried: Counter[str] = Counter()

    def ask(case: schemathesis.Case) -> None:
        tried[case.operation.label] += 1
        if isinstance(case.body, dict) and isinstance(case.body.get("version"), int):
            # Else everything would end at the version conflict.
            row = Indicator.objects.get(slug="offen") if "targets" in case.operation.path else town.published
            row.refresh_from_db()
            case.body["version"] = row.version
        # Its own idea of a wrong token is no key of ours: the middleware answers, before the operation.
        excluded = [ignored_auth]
        checked = ("/api/funding/", "/api/process/", "/api/programme/ind", "/api/programme/tar")
        if case.operation.path.startswith(checked) and case.operation.method != "get":
            # That dates are in order, numbers new and periods past is beyond what the document can ask for.
            excluded.append(positive_data_acceptance)
        case.call_and_validate(headers=headers, excluded_checks=excluded)

    for found in api.get_all_operations():
        operation = found.ok()
        path = {name: value for name, value in known.items() if f"{{{name}}}" in operation.path}
        if operation.path.startswith("/api/programme/targets"):
            path = {"public_id": aim}
        asked = operation.as_strategy() | operation.as_strategy(GenerationMode.NEGATIVE)
        if path:
            asked |= operation.as_strategy(path_parameters=path)
        seed(20)(hypothesis_settings(LIMITS, max_examples=examples)(given(case=asked)(ask)))()
    assert {label for label, number in tried.items() if number < examples} == {"GET /api/actions/"}  # takes nothing
    assert len(tried) == len(OPERATIONS)
