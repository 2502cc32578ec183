"""Every address that answers programs in JSON has a schema in docs/reference/schemas, and answers by it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from allmende.funding.domain.grants import publish_grant, record_grant
from allmende.programme.enums import Maturity
from allmende.spine.assets.domain.assets import create_asset
from allmende.spine.people.enums import Role
from allmende.spine.places.domain.areas import add_area
from allmende.spine.places.domain.drawn import load_drawn
from allmende.spine.places.domain.places import add_place
from allmende.spine.places.enums import HitKind
from tests.factories import change_measure, make_account, make_measure

from .access_objects import POINT, SQUARE
from .site_map import routes

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "docs" / "reference" / "schemas"

# Route → schema, and what is asked so that the answer holds something.
DOORS: dict[str, tuple[str, str]] = {
    "programme:measures_json": ("measures", ""),
    "funding:grants_json": ("grants", ""),
    "portal:json_feed": ("feed", ""),
    "portal:live_ticket": ("live-ticket", ""),
    "places:features": ("features", ""),
    "places:drawn": ("drawn-map", ""),
    "places:style": ("map-style", "?mode=dark"),
    "places:addresses": ("addresses", "?q=Rathaus+der+Proben"),
    "privacy:record_json": ("record", ""),
}
# Answers in JSON whose shape others set: Django's and allauth's own programs in the browser read them.
THEIRS = {"mfa_login_webauthn"}

pytestmark = pytest.mark.django_db


def schema(name: str) -> jsonschema.Draft202012Validator:
    text = json.loads((SCHEMAS / f"{name}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(text)
    return jsonschema.Draft202012Validator(text, format_checker=jsonschema.FormatChecker())


@pytest.fixture
def officer(client: Client, settings: LazySettings, tmp_path: Path) -> Client:
    settings.DATA = tmp_path
    client.force_login(make_account(Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR, name="Dana Schutz"))
    return client


def fill(number: int) -> None:
    """`number` of everything that the doors tell of."""
    office = make_account(Role.PROGRAMME_OFFICE)
    load_drawn(ROOT / "demo" / "kaiserslautern" / "map.geojson")
    for count in range(number):
        measure = make_measure(title=f"Maßnahme „{count}“ <b>", place_name="")
        change_measure(measure, {"summary": "Neu."}, version=measure.version, actor=office)
        add_place({"kind": "office", "name": f"Rathaus der Proben {count}"}, geometry=POINT, actor=office)
        add_area({"kind": "district", "name": f"Ortsteil {count}"}, geometry=SQUARE, actor=office)
        create_asset("bench", {"number": str(count)}, actor=office, geometry=POINT)
        for noticed in (None, "2022-05-02"):
            values = {
                "title": f"Zuwendung „{count}“ <b>", "scheme": "Digitale Stadt", "authority": "Ministerium",
                "amount_cents": 101, "recipient": "Stadt", "source_title": "Quelle", "notice_date": noticed,
                "source_url": "https://quelle.example", "starts": "2022-01-01", "ends": noticed and "2023-12-31",
            }  # fmt: skip
            publish_grant(record_grant(values, actor=office), actor=office)


def body(answer: Any) -> Any:
    assert answer.status_code == 200
    return json.loads(b"".join(answer.streaming_content) if answer.streaming else answer.content)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_every_answer_keeps_to_its_schema(officer: Client, number: int) -> None:
    fill(number)
    found = {}
    for route, (name, query) in DOORS.items():
        found[route] = body(officer.get(reverse(route) + query))
        schema(name).validate(found[route])
    assert len(found["programme:measures_json"]["measures"]) == number
    assert len(found["funding:grants_json"]["grants"]) == number
    assert len(found["funding:grants_json"]["grantsWithoutAwardDate"]) == number
    layers = [one["properties"]["layer"] for one in found["places:features"]["features"]]
    assert (layers.count("assets"), layers.count("places")) == (number, number)
    assert sum("Rathaus der Proben" in item["title"] for item in found["portal:json_feed"]["items"]) == number
    assert sum("Rathaus der Proben" in hit["label"] for hit in found["places:addresses"]["hits"]) == number


def test_every_door_in_json_has_a_schema(officer: Client) -> None:
    fill(1)
    found = set()
    for route in routes():
        if route.parameters or route.name.startswith("api:"):
            continue
        answer = officer.get(reverse(route.name))
        if answer.streaming:
            b"".join(answer.streaming_content)
        if "json" in answer.headers.get("Content-Type", ""):
            found.add(route.name)
    assert found - THEIRS == set(DOORS)
    assert {path.stem for path in SCHEMAS.glob("*.json")} == {name for name, _ in DOORS.values()} | {"error"}


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/gibt-es-nicht/", {"accept": "application/json"}, 404),
        ("/intern/", {"accept": "application/json"}, 401),
        ("/api/programme/measures", {"authorization": "Bearer alm_unknown"}, 401),
        ("/api/nothing", {}, 404),
    ],
)
def test_errors_for_programs(client: Client, address: str, headers: dict[str, str], status: int) -> None:
    answer = client.get(address, headers=headers)
    assert answer.status_code == status
    schema("error").validate(answer.json())


def test_forbidden_for_programs(client: Client) -> None:
    client.force_login(make_account(Role.RESIDENT))
    answer = client.get("/intern/protokoll/", headers={"accept": "application/json"})
    assert answer.status_code == 403
    schema("error").validate(answer.json())


def test_words_of_the_schemas_are_those_of_the_code() -> None:
    stages = schema("measures").schema["properties"]["measures"]["items"]["properties"]["stage"]["enum"]
    assert stages == Maturity.values
    assert schema("addresses").schema["properties"]["hits"]["items"]["properties"]["kind"]["enum"] == HitKind.values
