"""Finding addresses as people type them."""

from pathlib import Path

import pytest

from allmende.spine.places.domain import importing, queries
from allmende.spine.places.domain.search import search_address
from allmende.spine.places.enums import HitKind
from allmende.spine.places.models import Place
from tests.places.conftest import silent
from tests.places.town import LAT, LON

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(town_file: Path) -> None:
    importing.import_osm(town_file, silent)


A, N, S, P = HitKind.ADDRESS, HitKind.NEAREST_NUMBER, HitKind.STREET, HitKind.PLACE


@pytest.mark.parametrize(
    ("typed", "label", "kind"),
    [
        ("Hauptstraße 3", "Hauptstraße 3, 12345 Musterstadt, Mitte", A),
        ("hauptstr 3", "Hauptstraße 3, 12345 Musterstadt, Mitte", A),
        ("Hauptstr. 3a", "Hauptstraße 3a, 12345 Musterstadt, Mitte", A),
        ("HAUPT STRASSE 3 A", "Hauptstraße 3a, 12345 Musterstadt, Mitte", A),
        ("Haubtstrase 12", "Hauptstraße 12, 12345 Musterstadt, Mitte", A),
        ("Hauptstraße 15", "Hauptstraße 14–16, 12345 Musterstadt, Mitte", A),
        ("Hauptstraße 22, 12345 Musterstadt", "Hauptstraße 22, 12345 Musterstadt, Mitte", A),
        ("12345 Hauptstraße 1", "Hauptstraße 1, 12345 Musterstadt, Mitte", A),
        ("Hauptstraße 1 Oberdorf", "Hauptstraße 1, Oberdorf", A),
        ("Oberdorf, Hauptstraße 1", "Hauptstraße 1, Oberdorf", A),
        ("Oberdorf Hauptstr 1", "Hauptstraße 1, Oberdorf", A),
        ("Hauptstraße 12 c", "Hauptstraße 12, 12345 Musterstadt, Mitte", N),
        ("Hauptstraße 5 Musterstadt", "Hauptstraße 3, 12345 Musterstadt, Mitte", N),
        ("Hauptstraße 999 Musterstadt", "Hauptstraße 22, 12345 Musterstadt, Mitte", N),
        ("Waldhof 7", "Waldhof 7, Musterstadt, Mitte", A),
        ("Müllerweg", "Müllerweg, Mitte", S),
        ("muellerweg", "Müllerweg, Mitte", S),
        ("Mullerweg", "Müllerweg, Mitte", S),
        ("Müller", "Müllerweg, Mitte", S),
        ("Müllerweg 5", "Müllerweg, Mitte", S),
        ("Ring und Söhne", "Ring & Söhne, Mitte", S),
        ("Rathaus", "Rathaus", P),
        ("inselse", "Inselsee", P),
    ],
)
def test_the_first_hit(town: None, typed: str, label: str, kind: HitKind) -> None:
    first = search_address(typed)[0]
    assert (first.label, first.kind) == (label, kind)
    assert abs(first.lon - LON) < 0.05 and abs(first.lat - LAT) < 0.05 and 0 < first.score <= 1


@pytest.mark.parametrize(
    "typed", ["", "   ", "3", "12345", "qqqqxyz", "%", "_", "'; DROP TABLE places_street; --", "\x00"]
)
def test_nothing_alike(town: None, typed: str) -> None:
    assert search_address(typed) == []


def test_both_streets_of_a_name_are_offered(town: None) -> None:
    assert [hit.label for hit in search_address("Hauptstraße 1")] == [
        "Hauptstraße 1, 12345 Musterstadt, Mitte",
        "Hauptstraße 1, Oberdorf",
    ]


def test_own_places_are_found_and_the_town_hall_goes_before_its_bus_stop(town: None) -> None:
    Place.objects.create(name="Lernwerkstatt", **{}).place_at(LON, LAT).save()
    assert [hit.label for hit in search_address("Lernwerkstatt")] == ["Lernwerkstatt"]
    hall = search_address("Rathaus")[0]
    assert (hall.lon, hall.lat) == pytest.approx((LON + 0.0005, LAT + 0.0005))


def test_reverse(town: None) -> None:
    near = queries.nearest_address(LON + 0.006, LAT + 0.005)
    assert near is not None and near.street.name == "Waldhof" and near.distance_m < 80
    assert queries.nearest_address(LON + 0.2, LAT) is None
    assert queries.describe(LON, LAT + 0.0021).label.endswith(", Mitte")
    assert queries.describe(LON + 0.5, LAT).label == "49.00000 N, 8.50000 O"
    assert queries.nearest_area(LON, LAT).name == "Mitte"
    assert queries.nearest_area(LON - 0.021, LAT + 0.021).name == "Oberdorf"
    assert queries.nearest_area(LON + 1, LAT) is None


def test_nothing_imported_yet() -> None:
    assert search_address("Hauptstraße 1") == [] and queries.nearest_area(8, 49) is None
    assert queries.active_import() is None


def test_lists_are_sorted_as_in_the_dictionary() -> None:
    for name in ("Zebra", "Ärger", "Apfel", "Öl", "Ofen", "Straße", "Strasse B"):
        Place.objects.create(name=name)
    assert [p.name for p in queries.places()] == ["Apfel", "Ärger", "Ofen", "Öl", "Straße", "Strasse B", "Zebra"]
