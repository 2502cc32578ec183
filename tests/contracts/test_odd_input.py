"""Characters and numbers that no database takes are the sender's mistake: never an error of ours (5xx)."""

import json

import pytest
from django.test import Client

from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

pytestmark = pytest.mark.django_db

QUERIES = [
    "/a/?q=", "/barrierefreiheit/?seite=", "/intern/datenschutz/zugriffe/?person=",
    "/intern/datenschutz/zugriffe/?subject=",
    "/intern/dinge/?q=", "/intern/konten/?q=", "/intern/organisationen/?q=", "/intern/protokoll/?actor=",
    "/intern/protokoll/?kind=", "/intern/protokoll/?subject=", "/intern/reichweite/?thing=", "/massnahmen/?q=",
    "/foerderung/?scheme=", "/foerderung/?year=", "/foerderung/?town=", "/intern/foerderung/?q=", "/portfolio/?until=",
    "/massnahmen/?topic=", "/map/features.json?kinds=", "/orte/adressen.json?q=", "/suche/?kind=", "/suche/?q=",
    "/api/assets/?kind=", "/api/assets/?q=", "/api/assets/?state=", "/api/search/?kind=", "/api/search/?q=",
]  # fmt: skip


@pytest.fixture
def staff() -> Client:
    client = Client(raise_request_exception=False)
    roles = (Role.ADMINISTRATOR, Role.PROGRAMME_OFFICE, Role.DATA_PROTECTION_OFFICER, Role.AUDITOR)
    client.force_login(make_account(*roles))
    return client


@pytest.mark.parametrize("query", QUERIES)
def test_a_character_that_no_text_has(staff: Client, query: str) -> None:
    assert staff.get(query + "a%00b").status_code in (200, 400, 422)


@pytest.mark.parametrize("path", ["/a/%00/", "/massnahmen/%00/", "/api/assets/%00", "/map/style.json?mode=%00"])
def test_in_an_address(staff: Client, path: str) -> None:
    assert staff.get(path).status_code in (200, 404)


def test_in_a_change_through_the_api(staff: Client) -> None:
    measure = make_measure()
    body = json.dumps({"version": measure.version, "title": "Licht\0"})
    answer = staff.patch(f"/api/programme/measures/{measure.public_id}", body, content_type="application/json")
    assert (answer.status_code, [one["field"] for one in answer.json()["fields"]]) == (422, ["title"])
    measure.refresh_from_db()
    assert measure.version == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/massnahmen/?page=99999999999999999999999", 200),
        ("/suche/?q=licht&page=99999999999999999999999", 200),
        ("/intern/konten/99999999999999999999999/", 404),
        ("/intern/rollen/99999999999999999999999/beenden/", 404),
        ("/konto/einstellungen/schluessel/99999999999999999999999/", 404),
        ("/api/programme/measures?offset=99999999999999999999999", 422),
        ("/api/programme/measures?limit=501", 422),
    ],
)
def test_a_number_beyond_every_row(staff: Client, path: str, status: int) -> None:
    assert staff.get(path).status_code == status
