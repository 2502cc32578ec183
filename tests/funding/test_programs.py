"""Grants for programs: CSV, 360Giving, the API."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from allmende.funding.domain import grants
from allmende.funding.models import Grant
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .makers import make_grant
from .reading import body_of

pytestmark = pytest.mark.django_db


def test_csv_has_every_public_grant(client: Client) -> None:
    row = make_grant(title="Eins; zwei", amount_cents=1, qualifier="up_to", quota=9000)
    make_grant(False)
    body = body_of(client.get("/foerderung.csv"))
    (found,) = csv.DictReader(io.StringIO(body.removeprefix("\ufeff")), delimiter=";")
    asked = (
        "id",
        "title",
        "amount_cents",
        "currency",
        "qualifier",
        "quota_basis_points",
        "notice_date",
        "url",
    )
    assert [found[name] for name in asked] == [
        str(row.public_id), "Eins; zwei", "1", "EUR", "up_to", "9000", "2022-05-02",
        f"http://testserver{row.get_absolute_url()}",
    ]  # fmt: skip


def test_json_follows_360giving(client: Client) -> None:
    row = make_grant(title="Eins", ags="07318000", recipient="Speyer", amount_cents=160_000_050, qualifier="more")
    apart = make_grant(title="Zwei", notice_date=None)
    package = json.loads(client.get("/foerderung.json").content)
    (one,) = package["grants"]
    assert one | {"dateModified": ""} == {
        "id": f"360G-allmende-{row.public_id}", "title": "Eins",
        "description": "Digitale Stadt – Eins. mehr als 1.600.000,50\xa0€.",
        "currency": "EUR", "amountAwarded": 1_600_000.5, "awardDate": "2022-05-02",
        "url": f"http://testserver{row.get_absolute_url()}",
        "plannedDates": [{"startDate": "2022-01-01", "endDate": "2023-12-31"}],
        "recipientOrganization": [{"id": "XI-AGS-07318000", "name": "Speyer"}],
        "fundingOrganization": [{"id": "360G-allmende-org-ministerium", "name": "Ministerium"}],
        "grantProgramme": [{"title": "Digitale Stadt"}], "dateModified": "", "dataSource": row.source_url,
    }  # fmt: skip
    (other,) = package["grantsWithoutAwardDate"]
    assert (other["id"], "awardDate" in other) == (f"360G-allmende-{apart.public_id}", False)


def test_the_export_is_valid_under_the_published_schema(client: Client, data_folder: Path) -> None:
    import jsonschema
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    folder = data_folder / "programme" / "360giving"
    whole = json.loads((folder / "360-giving-package-schema.json").read_text())
    single = json.loads((folder / "360-giving-schema.json").read_text())
    make_grant(quota=9000, note="Anmerkung.", document_url="https://q.example/bescheid.pdf")
    row = make_grant(starts=date(2020, 1, 1), ends=None, scheme_url="https://q.example", amount_cents=1)
    grants.share_out(row, [(make_measure(), 1)], version=row.version, actor="test")
    make_grant(notice_date=None)
    package = json.loads(client.get("/foerderung.json").content)
    resource = DRAFT202012.create_resource(single)
    registry: Any = Registry().with_resources(
        [(single["$id"], resource), (whole["properties"]["grants"]["items"]["$ref"], resource)]
    )
    validator = jsonschema.Draft202012Validator(
        whole, registry=registry, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    assert [error.message for error in validator.iter_errors(package)] == []
    # The check itself bites.
    broken = package | {"grants": [{"id": "360G-x"}]}
    assert list(validator.iter_errors(broken)) != []


def _call(method: str, path: str, key: str, body: dict[str, Any]) -> Any:
    headers = {"authorization": f"Bearer {key}"}
    return Client().generic(method, path, json.dumps(body), content_type="application/json", headers=headers)


BODY = {"title": "Per Programm", "scheme": "S", "authority": "B", "amount_cents": 5, "recipient": "Hier",
        "source_title": "Q", "source_url": "https://q.example", "notice_date": "2020-05-01"}  # fmt: skip


def test_programs_record_and_change_with_a_token() -> None:
    treasurer = make_account(Role.TREASURER)
    key = create_token(treasurer, "Kasse", role=Role.TREASURER, actor=treasurer)[1]
    made = _call("POST", "/api/funding/grants", key, BODY)
    assert made.status_code == 201, made.content
    found = made.json()
    assert [found[name] for name in ("title", "amount_cents", "notice_date", "published", "version", "shares")] == [
        "Per Programm", 5, "2020-05-01", False, 1, [],
    ]  # fmt: skip
    path = f"/api/funding/grants/{found['id']}"
    assert _call("PATCH", path, key, {"version": 1, "amount_cents": 7}).json()["amount_cents"] == 7
    assert Grant.objects.get().notice_date == date(2020, 5, 1)
    assert _call("PATCH", path, key, {"version": 2, "notice_date": None}).json()["notice_date"] is None
    assert _call("PATCH", path, key, {"version": 1, "amount_cents": 8}).status_code == 409
    wrong = _call("PATCH", path, key, {"version": 3, "starts": "2021-01-02", "ends": "2021-01-01"})
    assert (wrong.status_code, wrong.json()["fields"]) == (
        422, [{"field": "ends", "message": "Das Ende liegt vor dem Anfang."}],
    )  # fmt: skip
    for odd in ({"published": "2020-01-01"}, {"amount_cents": 0}, {"title": ""}, {"ags": "7312"}, {"quota": 10_001}):
        assert _call("PATCH", path, key, {"version": 3} | odd).status_code == 422
    assert _call("POST", "/api/funding/grants", key, BODY | {"phase": 10**30}).status_code == 422
    assert Grant.objects.get().version == 3


def test_programs_without_the_right_are_refused(client: Client) -> None:
    row = make_grant()
    funder = make_account(Role.FUNDER)
    key = create_token(funder, "Land", role=Role.FUNDER, actor=funder)[1]
    hidden = make_grant(False)
    seen = client.get("/api/funding/grants", headers={"authorization": f"Bearer {key}"}).json()
    assert {each["id"] for each in seen["items"]} == {str(row.public_id), str(hidden.public_id)}
    assert _call("POST", "/api/funding/grants", key, BODY).status_code == 403
    assert _call("PATCH", f"/api/funding/grants/{row.public_id}", key, {"version": 2}).status_code == 403
    assert client.post("/api/funding/grants", BODY, content_type="application/json").status_code == 401
