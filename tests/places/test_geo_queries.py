"""Nearest, radius, containing, intersecting: against brute force."""

import datetime
import random

import pytest
import shapely
from django.db import connection
from pyproj import Geod

from allmende.spine.geo import core, queries, shape
from allmende.spine.ids import uuid7
from allmende.spine.places.models import Area, Place

pytestmark = pytest.mark.django_db
GEOD = Geod(ellps="GRS80")
COUNT = 10_000
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def scattered() -> dict[str, tuple[float, float]]:
    """10,000 places over 0.6 by 0.4 degrees, names to positions."""
    rng = random.Random(7)
    positions = {f"p{i}": (7.5 + rng.random() * 0.6, 49.2 + rng.random() * 0.4) for i in range(COUNT)}
    sql = """COPY places_place (public_id, origin, created, changed, version, kind, name, summary, address, source,
             geom, centre, extent) FROM STDIN"""
    with connection.cursor() as cursor:
        with cursor.copy(sql) as copy:
            for name, (lon, lat) in positions.items():
                at = shape.of_point(lon, lat)
                point = f"({at.centre.east!r},{at.centre.north!r})"
                row = (uuid7(), "", NOW, NOW, 1, "other", name, "", "", "", at.wkb, point, f"{point},{point}")
                copy.write_row(row)
        cursor.execute("ANALYZE places_place")
    return positions


def by_distance(positions: dict[str, tuple[float, float]], lon: float, lat: float) -> list[tuple[float, str]]:
    return sorted((GEOD.inv(lon, lat, *at)[2], name) for name, at in positions.items())


def test_nearest_and_radius_are_those_of_brute_force(scattered: dict[str, tuple[float, float]]) -> None:
    rng = random.Random(8)
    for _ in range(12):
        lon, lat = 7.4 + rng.random() * 0.8, 49.1 + rng.random() * 0.6
        expected = by_distance(scattered, lon, lat)
        found = queries.nearest(Place.objects.all(), lon, lat, 10)
        assert [place.name for place in found] == [name for _, name in expected[:10]]
        assert [place.distance_m for place in found] == pytest.approx([d for d, _ in expected[:10]], abs=1e-3)
        metres = rng.choice((50, 700, 5_000))
        inside = queries.within_radius(Place.objects.all(), lon, lat, metres)
        assert [place.name for place in inside] == [name for d, name in expected if d <= metres]


def test_nearest_uses_the_index(scattered: dict[str, tuple[float, float]]) -> None:
    rows = Place.objects.annotate(away=queries.DistanceTo("extent", core.to_metres(7.8, 49.4))).order_by("away")[:10]
    assert "places_place_box" in rows.explain()


def test_nearest_of_lines_is_by_their_course() -> None:
    # The rectangle of the diagonal holds the position; the short line is nearer all the same.
    Place.objects.create(name="diagonal", **stored(shapely.LineString([(7.7, 49.4), (7.8, 49.5)])))
    Place.objects.create(name="short", **stored(shapely.LineString([(7.781, 49.42), (7.782, 49.42)])))
    found = queries.nearest(Place.objects.all(), 7.78, 49.42, 2)
    assert [place.name for place in found] == ["short", "diagonal"]
    assert [p.name for p in queries.within_radius(Place.objects.all(), 7.78, 49.42, 200)] == ["short"]


def test_nothing_there() -> None:
    Place.objects.create(name="nowhere")
    assert queries.nearest(Place.objects.all(), 7.7, 49.4) == []
    assert queries.within_radius(Place.objects.all(), 7.7, 49.4, 1_000) == []
    assert queries.containing(Area.objects.all(), 7.7, 49.4) == []


def stored(geometry: object) -> dict[str, object]:
    found = shape.clean(geometry)
    return {"geom": found.wkb, "centre": found.centre, "extent": found.extent}


def test_containing_knows_holes_and_borders() -> None:
    town = shapely.box(7.70, 49.40, 7.80, 49.50).difference(shapely.box(7.73, 49.43, 7.75, 49.45))
    Area.objects.create(kind="municipality", name="town", **stored(town))
    Area.objects.create(kind="district", name="west", **stored(shapely.box(7.70, 49.40, 7.72, 49.50)))
    Area.objects.create(kind="district", name="east", **stored(shapely.box(7.72, 49.40, 7.73, 49.50)))
    Area.objects.create(kind="district", name="middle only", **stored(shapely.Point(7.71, 49.41)))

    def names(lon: float, lat: float) -> list[str]:
        return [area.name for area in queries.containing(Area.objects.all(), lon, lat)]

    assert names(7.71, 49.45) == ["west", "town"]
    assert names(7.74, 49.44) == []  # the hole
    assert names(7.74, 49.45) == ["town"]  # the border of the hole
    assert names(7.72, 49.45) == ["east", "west", "town"]  # both sides of a border, smallest first
    assert names(7.70, 49.50) == ["west", "town"]  # a corner
    assert names(7.699999, 49.45) == []


def test_intersecting() -> None:
    Place.objects.create(name="crosses", **stored(shapely.LineString([(7.69, 49.45), (7.71, 49.45)])))
    Place.objects.create(name="box only", **stored(shapely.LineString([(7.69, 49.39), (7.699, 49.55)])))
    Place.objects.create(name="touches", **stored(shapely.Point(7.70, 49.41)))
    found = queries.intersecting(Place.objects.all(), shapely.box(7.70, 49.40, 7.80, 49.50))
    assert [place.name for place in found] == ["crosses", "touches"]


def test_the_three_fields_go_together() -> None:
    place = Place(name="x").place_at(7.7, 49.4)
    place.save()
    place.refresh_from_db()
    assert place.lonlat == pytest.approx((7.7, 49.4)) and place.geom_kind == "point"
    assert place.geojson == {"type": "Point", "coordinates": [7.7, 49.4]}
    assert place.centre == pytest.approx(core.to_metres(7.7, 49.4)) and place.extent == (*place.centre, *place.centre)
    place.unplace().save()
    place.refresh_from_db()
    assert (place.geom, place.centre, place.extent, place.lonlat, place.geojson) == (None,) * 5
