"""The API as programs meet it: who may call which operation, and a document that says what truly comes."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
from allmende.funding.models import Grant
from allmende.programme.models import Indicator, Measure
from allmende.spine.assets.domain.assets import create_asset
from allmende.spine.assets.models import Asset
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account
from tests.factories import make_account, make_measure

from .access_objects import POINT
from .api_objects import PROCESS, TARGET, VALUES, begun, case, indicator, process, target, task

pytestmark = pytest.mark.django_db


GRANT: dict[str, Any] = {
    "title": "Zuwendung", "scheme": "Digitale Stadt", "authority": "Ministerium", "amount_cents": 100,
    "recipient": "Stadt", "source_title": "Quelle", "source_url": "https://quelle.example",
}  # fmt: skip


@dataclass
class Town:
    callers: dict[str, Account | None]
    keys: dict[str, str]
    published: Measure
    own_draft: Measure
    foreign_draft: Measure
    lamp: Asset
    cabinet: Asset
    grant: Grant
    hidden_grant: Grant


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


Call = Callable[[Town], tuple[str, dict[str, Any] | None]]
EVERYBODY = dict.fromkeys(("nobody", "resident", "lead", "office", "auditor", "narrowed"), 200)
ACTIONS = {"nobody": 401, "resident": 403, "lead": 403, "office": 200, "auditor": 200, "narrowed": 403}
CHANGE: dict[str, Any] = {"version": 1, "summary": "Neu."}

KEEPER = {"nobody": 401, "resident": 403, "lead": 403, "office": 200, "auditor": 403, "narrowed": 403}
DRAFT = {"nobody": 401, "resident": 403, "lead": 200, "office": 200, "auditor": 403, "narrowed": 403}
NO_DRAFT = {"nobody": 401, "resident": 403, "lead": 403, "office": 404, "auditor": 403, "narrowed": 403}


# Not public: for who records values.
HIDDEN = {"nobody": 404, "resident": 404, "lead": 404, "office": 200, "auditor": 404, "narrowed": 404}


STAFF = {"nobody": 401, "resident": 403, "lead": 200, "office": 200, "auditor": 200, "narrowed": 403}

# Operation → what is tried on it: address and body, and who gets which status.
OPERATIONS: dict[tuple[str, str], list[tuple[str, Call, dict[str, int]]]] = {
    ("get", "/api/programme/measures"): [("all", lambda t: ("/api/programme/measures", None), EVERYBODY)],
    ("get", "/api/programme/measures/{public_id}"): [
        ("published", lambda t: (f"/api/programme/measures/{t.published.public_id}", None), EVERYBODY),
        (
            "own draft",
            lambda t: (f"/api/programme/measures/{t.own_draft.public_id}", None),
            {"nobody": 404, "resident": 404, "lead": 200, "office": 200, "auditor": 200, "narrowed": 404},
        ),
        (
            "foreign draft",
            lambda t: (f"/api/programme/measures/{t.foreign_draft.public_id}", None),
            {"nobody": 404, "resident": 404, "lead": 404, "office": 200, "auditor": 200, "narrowed": 404},
        ),
    ],
    ("patch", "/api/programme/measures/{public_id}"): [
        (
            "published",
            lambda t: (f"/api/programme/measures/{t.published.public_id}", CHANGE),
            {"nobody": 401, "resident": 403, "lead": 403, "office": 200, "auditor": 403, "narrowed": 403},
        ),
        (
            "own draft",
            lambda t: (f"/api/programme/measures/{t.own_draft.public_id}", CHANGE),
            # The lead's change makes it version 2.
            {"nobody": 401, "resident": 403, "lead": 200, "office": 409, "auditor": 403, "narrowed": 403},
        ),
        (
            "foreign draft",
            lambda t: (f"/api/programme/measures/{t.foreign_draft.public_id}", CHANGE),
            {"nobody": 401, "resident": 403, "lead": 404, "office": 200, "auditor": 403, "narrowed": 403},
        ),
    ],
    ("get", "/api/programme/measures/{public_id}/draft"): [
        ("own draft", lambda t: (begun(t.own_draft), None), DRAFT),
        ("none open", lambda t: (f"/api/programme/measures/{t.published.public_id}/draft", None), NO_DRAFT),
    ],
    ("patch", "/api/programme/measures/{public_id}/draft"): [
        (
            "own draft",
            lambda t: (begun(t.own_draft), {"version": 2, "changes": {"reason": "Darum."}}),
            # The lead's change makes it version 3.
            DRAFT | {"office": 409},
        ),
    ],
    ("post", "/api/programme/measures/{public_id}/draft/submit"): [
        ("own draft", lambda t: (begun(t.own_draft) + "/submit", {"version": 2}), DRAFT | {"office": 409}),
    ],
    ("get", "/api/programme/indicators"): [("all", lambda t: ("/api/programme/indicators", None), EVERYBODY)],
    ("get", "/api/programme/indicators/{slug}"): [
        ("public", lambda t: (indicator("offen", True), None), EVERYBODY),
        ("hidden", lambda t: (indicator("verborgen", False), None), HIDDEN),
    ],
    ("get", "/api/programme/indicators/{slug}/values"): [
        ("public", lambda t: (indicator("offen", True) + "/values?area=07312", None), EVERYBODY),
        ("hidden", lambda t: (indicator("verborgen", False) + "/values?area=07312", None), HIDDEN),
    ],
    ("post", "/api/programme/indicators/{slug}/values"): [
        ("public", lambda t: (indicator("offen", True) + "/values", VALUES), KEEPER),
        ("unknown", lambda t: ("/api/programme/indicators/keine/values", VALUES), KEEPER | {"office": 404}),
    ],
    ("get", "/api/programme/indicators/{slug}/comparison"): [
        ("public", lambda t: (indicator("offen", True) + "/comparison?beside=07335", None), EVERYBODY),
        ("hidden", lambda t: (indicator("verborgen", False) + "/comparison?beside=07335", None), HIDDEN),
    ],
    ("get", "/api/programme/indicators/{slug}/targets"): [
        ("public", lambda t: (indicator("offen", True) + "/targets", None), EVERYBODY),
        ("hidden", lambda t: (indicator("verborgen", False) + "/targets", None), HIDDEN),
    ],
    ("post", "/api/programme/indicators/{slug}/targets"): [
        ("new", lambda t: (indicator("offen", True) + "/targets", TARGET), KEEPER | {"office": 201}),
        ("older", lambda t: (indicator("offen", True) + "/targets", TARGET | {"version": 1}), KEEPER | {"office": 409}),
        ("unknown", lambda t: ("/api/programme/indicators/keine/targets", TARGET), KEEPER | {"office": 404}),
    ],
    ("patch", "/api/programme/targets/{public_id}"): [
        ("programme's", lambda t: (target(None), {"version": 4, "note": "Neu."}), KEEPER),
        ("measure's", lambda t: (target(t.published), {"version": 4, "note": "Neu."}), KEEPER | {"office": 404}),
    ],
    ("delete", "/api/programme/targets/{public_id}"): [
        ("older", lambda t: (target(None) + "?version=1", None), KEEPER | {"office": 409}),
        ("programme's", lambda t: (target(None) + "?version=4", None), KEEPER | {"office": 204}),
    ],
    ("get", "/api/funding/grants"): [("all", lambda t: ("/api/funding/grants", None), EVERYBODY)],
    ("post", "/api/funding/grants"): [("new", lambda t: ("/api/funding/grants", GRANT), KEEPER | {"office": 201})],
    ("get", "/api/funding/grants/{public_id}"): [
        ("public", lambda t: (f"/api/funding/grants/{t.grant.public_id}", None), EVERYBODY),
        (
            "hidden",
            lambda t: (f"/api/funding/grants/{t.hidden_grant.public_id}", None),
            {"nobody": 404, "resident": 404, "lead": 404, "office": 200, "auditor": 200, "narrowed": 404},
        ),
    ],
    ("patch", "/api/funding/grants/{public_id}"): [
        ("public", lambda t: (f"/api/funding/grants/{t.grant.public_id}", {"version": 2, "note": "Neu."}), KEEPER),
        ("hidden", lambda t: (f"/api/funding/grants/{t.hidden_grant.public_id}", {"version": 1, "note": "N"}), KEEPER),
    ],
    ("get", "/api/process/models"): [("all", lambda t: ("/api/process/models", None), STAFF)],
    ("get", "/api/process/models/{slug}"): [
        ("released", lambda t: (process(), None), STAFF),
        (
            "unknown",
            lambda t: ("/api/process/models/nichts", None),
            STAFF | dict.fromkeys(("lead", "office", "auditor"), 404),
        ),
    ],
    ("get", "/api/process/models/{slug}/log.xes"): [
        ("released", lambda t: (process() + "/log.xes", None), STAFF | {"lead": 403}),
    ],
    ("get", "/api/process/instances"): [("all", lambda t: ("/api/process/instances", None), STAFF)],
    ("post", "/api/process/instances"): [
        (
            "new",
            lambda t: (process().partition("models")[0] + "instances", {"model": PROCESS, "title": "Neu"}),
            # Who leads one measure begins cases for it on its page, not for the town.
            STAFF | {"lead": 403, "office": 201, "auditor": 201},
        ),
    ],
    ("get", "/api/process/instances/{public_id}"): [
        (
            "own",
            lambda t: (f"/api/process/instances/{case(t.own_draft).public_id}", None),
            STAFF,
        ),
        (
            "foreign",
            lambda t: (f"/api/process/instances/{case(t.foreign_draft).public_id}", None),
            STAFF | {"lead": 404},
        ),
    ],
    ("get", "/api/process/items"): [("mine", lambda t: ("/api/process/items", None), STAFF)],
    ("get", "/api/process/items/{public_id}"): [
        ("own", lambda t: (task(t.own_draft), None), STAFF | {"office": 403, "auditor": 404}),
        ("foreign", lambda t: (task(t.foreign_draft), None), STAFF | {"lead": 404, "office": 403, "auditor": 404}),
    ],
    ("post", "/api/process/items/{public_id}/claim"): [
        ("own", lambda t: (task(t.own_draft, "/claim"), None), STAFF | {"office": 403, "auditor": 404}),
    ],
    ("post", "/api/process/items/{public_id}/complete"): [
        (
            "own",
            lambda t: (task(t.own_draft, "/complete"), {"values": {}}),
            STAFF
            | {
                "lead": 422,
                "office": 403,
                "auditor": 404,
            },
        ),
    ],
    ("post", "/api/process/messages"): [
        ("nobody waits", lambda t: ("/api/process/messages", {"name": "nichts"}), KEEPER | {"office": 404}),
    ],
    ("get", "/api/assets/"): [("all", lambda t: ("/api/assets/", None), EVERYBODY)],
    ("get", "/api/assets/nearest"): [("near", lambda t: ("/api/assets/nearest?lon=7.7&lat=49.4", None), EVERYBODY)],
    ("get", "/api/assets/{code}"): [
        ("public", lambda t: (f"/api/assets/{t.lamp.code}", None), EVERYBODY),
        (
            "hidden",
            lambda t: (f"/api/assets/{t.cabinet.code}", None),
            {"nobody": 404, "resident": 404, "lead": 404, "office": 200, "auditor": 200, "narrowed": 404},
        ),
    ],
    ("get", "/api/search/"): [("all", lambda t: ("/api/search/?q=Licht", None), EVERYBODY)],
    ("get", "/api/actions/"): [("all", lambda t: ("/api/actions/", None), ACTIONS)],
    ("get", "/api/actions/{name}"): [
        ("unknown", lambda t: ("/api/actions/nothing", None), ACTIONS | {"office": 404, "auditor": 404})
    ],
}


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
