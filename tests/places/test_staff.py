"""Staff add, change and remove places and areas; two editors notice each other; imported areas stay their source's."""

from pathlib import Path

import pytest
from django.test import Client

from allmende.spine.facts.models import FactRow
from allmende.spine.people.enums import Role
from allmende.spine.places.domain import importing, places
from allmende.spine.places.models import Area, Place
from tests.factories import make_account
from tests.places.conftest import silent

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Lernwerkstatt",
    "kind": "meeting",
    "summary": "Ein Raum",
    "version": "0",
    "lat": "49,4361",
    "lon": "7,7689",
}


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(make_account(Role.PROGRAMME_OFFICE))
    return client


def told(kind: str) -> list[dict[str, object]]:
    return [row.payload for row in FactRow.objects.filter(kind=kind).order_by("id")]


def test_add_change_remove(office: Client) -> None:
    assert office.post("/intern/orte/neu/", NEW).status_code == 302
    place = Place.objects.get()
    assert place.lonlat == pytest.approx((7.7689, 49.4361)) and told("places.place.created") == [
        {"name": "Lernwerkstatt"}
    ]
    url = f"/intern/orte/{place.public_id}/"
    page = office.get(url)
    assert page.status_code == 200 and "Lernwerkstatt" in page.content.decode()
    change = NEW | {"name": "Werkstatt", "version": "1", "lat": "49,5"}
    assert office.post(url, change).status_code == 302
    place.refresh_from_db()
    assert (place.name, place.version) == ("Werkstatt", 2) and place.lonlat.lat == pytest.approx(49.5)
    assert told("places.place.changed") == [{"name": "Werkstatt", "fields": ["geometry", "name"]}]
    # The same once more changes nothing and tells nothing.
    assert office.post(url, change | {"version": "2"}).status_code == 302
    place.refresh_from_db()
    assert place.version == 2 and len(told("places.place.changed")) == 1
    assert office.get(f"{url}entfernen/").status_code == 200
    assert office.post(f"{url}entfernen/", {"version": "1"}).status_code == 302 and Place.objects.exists()
    assert office.post(f"{url}entfernen/", {"version": "2"}).status_code == 302 and not Place.objects.exists()
    assert told("places.place.removed") == [{"name": "Werkstatt"}]


def test_two_editors(office: Client) -> None:
    place = places.add_place(
        {"name": "Alt", "kind": "site"},
        geometry={"type": "Point", "coordinates": [7.7, 49.4]},
        actor=make_account(Role.EDITOR),
    )
    url = f"/intern/orte/{place.public_id}/"
    assert office.post(url, NEW | {"name": "Meins", "version": "1"}).status_code == 302
    late = office.post(url, NEW | {"name": "Deins", "version": "1"})
    assert late.status_code == 409
    page = late.content.decode()
    assert "Deins" in page and "Meins" in page and 'name="version" value="2"' in page
    place.refresh_from_db()
    assert place.name == "Meins"
    assert office.post(url, NEW | {"name": "Deins", "version": "2"}).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"lat": "7,7", "lon": "49,4"}, "lat"),
        ({"lat": "95", "lon": "7"}, "lat"),
        ({"lat": "", "lon": "7"}, "lat"),
        ({"lat": "x", "lon": "7"}, "lat"),
        ({"lat": "", "lon": ""}, "where"),
        ({"lat": "", "lon": "", "where": "Gibtesnichtweg 7"}, "where"),
        ({"geojson": "{"}, "geojson"),
        ({"geojson": '{"type": "LineString", "coordinates": [[7.7, 49.4]]}'}, "geojson"),
        ({"kind": "castle"}, "kind"),
    ],
)
def test_wrong_input_is_said_at_the_field_and_nothing_is_lost(
    office: Client, wrong: dict[str, str], field: str
) -> None:
    answer = office.post("/intern/orte/neu/", NEW | wrong)
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert "Ein Raum" in answer.content.decode() and not Place.objects.exists()


def test_by_address(office: Client, town_file: Path) -> None:
    importing.import_osm(town_file, silent)
    answer = office.post("/intern/orte/neu/", NEW | {"lat": "", "lon": "", "where": "hauptstr. 3a"})
    assert answer.status_code == 302
    place = Place.objects.get()
    assert place.lonlat.lat == pytest.approx(49.0002, abs=1e-3)
    # Later moved by another address alone, the coordinates left as the form showed them.
    form = office.get(f"/intern/orte/{place.public_id}/").context["form"]
    data = NEW | {
        "lat": str(form["lat"].value()),
        "lon": str(form["lon"].value()),
        "where": "Waldhof 7",
        "version": "1",
    }
    assert office.post(f"/intern/orte/{place.public_id}/", data).status_code == 302
    place.refresh_from_db()
    assert place.lonlat.lat == pytest.approx(49.005, abs=1e-3)


def test_html_in_names_stays_text(office: Client) -> None:
    office.post("/intern/orte/neu/", NEW | {"name": "<script>alert(1)</script>"})
    place = Place.objects.get()
    for url in ("/intern/orte/", place.get_absolute_url(), f"/intern/orte/{place.public_id}/"):
        assert "<script>alert" not in office.get(url).content.decode()


def test_areas(office: Client, town_file: Path) -> None:
    importing.import_osm(town_file, silent)
    ring = "[[8.0,49.0],[8.002,49.0],[8.002,49.002],[8.0,49.002],[8.0,49.0]]"
    new = {
        "name": "Campus",
        "kind": "quarter",
        "version": "0",
        "geojson": f'{{"type":"Polygon","coordinates":[{ring}]}}',
    }
    assert office.post("/intern/orte/gebiete/neu/", new).status_code == 302
    area = Area.objects.get(name="Campus")
    assert area.parent is not None and area.parent.name == "Mitte"
    assert "0,0" in office.get(area.get_absolute_url()).content.decode()
    line = new | {"geojson": '{"type":"LineString","coordinates":[[8,49],[8.1,49]]}'}
    assert office.post("/intern/orte/gebiete/neu/", line).status_code == 422
    imported = Area.objects.get(name="Mitte")
    assert office.get(f"/intern/orte/gebiete/{imported.public_id}/").status_code == 404
    assert office.post(f"/intern/orte/gebiete/{area.public_id}/entfernen/", {"version": "1"}).status_code == 302
    assert office.get(area.get_absolute_url()).status_code == 404
    assert office.get("/intern/orte/gebiete/").status_code == office.get("/intern/orte/importe/").status_code == 200


@pytest.mark.parametrize("role", [None, Role.RESIDENT, Role.DISPATCHER])
def test_others_are_kept_out(client: Client, role: Role | None) -> None:
    account = make_account(role) if role else None
    if account:
        client.force_login(account)
    place = Place(name="Ort").place_at(7.7, 49.4)
    place.save()
    for url in ("/intern/orte/", "/intern/orte/neu/", f"/intern/orte/{place.public_id}/", "/intern/orte/importe/"):
        assert client.get(url).status_code in (302, 403)
    assert client.post(f"/intern/orte/{place.public_id}/entfernen/", {"version": "1"}).status_code in (302, 403)
    assert Place.objects.count() == 1 and client.get(place.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_as_often_for_one_as_for_three(
    office: Client, count: int, django_assert_max_num_queries: object
) -> None:
    for number in range(count):
        Place(name=f"Ort {number}").place_at(7.7, 49.4).save()
        Area(name=f"Gebiet {number}", kind="quarter").place_at(7.7, 49.4).save()
    with django_assert_max_num_queries(8):
        office.get("/intern/orte/")
    with django_assert_max_num_queries(8):
        office.get("/intern/orte/gebiete/")


def test_address_search_answers_json(client: Client, town_file: Path) -> None:
    importing.import_osm(town_file, silent)
    hits = client.get("/orte/adressen.json", {"q": "Hauptstr 3"}).json()["hits"]
    assert hits[0]["label"] == "Hauptstraße 3, 12345 Musterstadt, Mitte" and hits[0]["kind"] == "address"
    assert client.get("/orte/adressen.json").json() == {"hits": []}
