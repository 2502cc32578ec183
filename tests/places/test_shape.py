"""What may be stored as a geometry, and that nothing is lost on the way."""

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from allmende.spine.geo import core, shape

lons, lats = st.floats(6.0, 15.0), st.floats(47.3, 55.0)
GEOD = Geod(ellps="GRS80")


@given(lons, lats)
def test_metres_and_back(lon: float, lat: float) -> None:
    back = core.to_lonlat(*core.to_metres(lon, lat))
    assert math.isclose(back.lon, lon, abs_tol=1e-9) and math.isclose(back.lat, lat, abs_tol=1e-9)


def test_a_known_position_in_metres() -> None:
    # The central meridian is 500 km east by definition; the arc to 49° N is 5,429,228.6 m (GRS 80), times 0.9996.
    at = core.to_metres(9.0, 49.0)
    assert at.east == pytest.approx(500_000, abs=1e-3)
    assert at.north == pytest.approx(5_429_228.602 * 0.9996, abs=0.7e6 * 1e-3)


@given(lons, lats, st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_distances_are_geodesic(lon: float, lat: float, dx: float, dy: float) -> None:
    expected = GEOD.inv(lon, lat, lon + dx, lat + dy)[2]
    assert core.distance_m(lon, lat, lon + dx, lat + dy) == pytest.approx(expected, abs=1e-6)
    (found,) = core.distances_m(lon, lat, [core.point_wkb(lon + dx, lat + dy)])
    assert found == pytest.approx(expected, abs=1e-3)


@given(lons, lats, st.floats(1, 20_000), st.floats(0, 360))
def test_the_search_box_covers_the_circle(lon: float, lat: float, metres: float, bearing: float) -> None:
    edge_lon, edge_lat, _ = GEOD.fwd(lon, lat, bearing, metres)
    box, at = core.search_box(lon, lat, metres), core.to_metres(edge_lon, edge_lat)
    assert box.west <= at.east <= box.east and box.south <= at.north <= box.north


@given(lons, lats)
def test_point_without_shapely_is_the_one_with(lon: float, lat: float) -> None:
    assert shape.of_point(lon, lat).wkb == shapely.to_wkb(shapely.Point(lon, lat), byte_order=1)
    assert core.lonlat_of_point_wkb(core.point_wkb(lon, lat)) == (lon, lat)
    assert core.kind_of_wkb(core.point_wkb(lon, lat)) == "point"


@given(st.lists(st.tuples(st.floats(7, 8), st.floats(49, 50)), min_size=3, max_size=9, unique=True))
def test_whatever_outline_is_drawn_is_stored_valid_or_refused(ring: list[tuple[float, float]]) -> None:
    try:
        found = shape.clean({"type": "Polygon", "coordinates": [ring]})
    except shape.GeometryError as error:
        assert error.code == "invalid"
        return
    geometry = shapely.from_wkb(found.wkb)
    assert geometry.is_valid and geometry.area > 0 and found.kind == "area"
    assert found.extent.west <= found.centre.east <= found.extent.east
    assert found.extent.south <= found.centre.north <= found.extent.north
    again = shape.read(core.geojson_of_wkb(found.wkb, decimals=12))
    assert again.equals_exact(geometry, 1e-11)


@pytest.mark.parametrize(
    ("given_geometry", "code"),
    [
        ("[", "not_geojson"),
        ("{}", "not_geojson"),
        ("null", "not_geojson"),
        ({"type": "Circle", "coordinates": [1, 2]}, "not_geojson"),
        ({"type": "Point", "coordinates": ["a", "b"]}, "not_geojson"),
        ({"type": "Feature", "geometry": None}, "not_geojson"),
        ({"type": "Polygon", "coordinates": [[[7.7, 49.4], [7.8, 49.5]]]}, "not_geojson"),
        ({"type": "Point", "coordinates": []}, "empty"),
        ({"type": "Point", "coordinates": [float("nan"), 49]}, "not_finite"),
        ({"type": "Point", "coordinates": [float("inf"), 49]}, "not_finite"),
        ({"type": "Point", "coordinates": [49.4, 7.7]}, "swapped"),
        ({"type": "Point", "coordinates": [139.7, 35.7]}, "out_of_range"),
        ({"type": "LineString", "coordinates": [[7.7, 49.4], [7.7, 49.4]]}, "invalid"),
        ({"type": "Polygon", "coordinates": [[[7.7, 49.4], [7.8, 49.5], [7.7, 49.4]]]}, "invalid"),
        (shapely.LineString([(7 + i / 60_000, 49.0) for i in range(50_001)]), "too_large"),
        (shapely.GeometryCollection([shapely.Point(7, 49)]), "kind"),
        (b"\x01\x02", "not_geojson"),
        ("x" * (shape.MAX_TEXT + 1), "too_large"),
    ],
)
def test_refused(given_geometry: object, code: str) -> None:
    with pytest.raises(shape.GeometryError) as refused:
        shape.clean(given_geometry)
    assert refused.value.code == code


def test_a_kind_that_does_not_fit() -> None:
    with pytest.raises(shape.GeometryError) as refused:
        shape.clean(shapely.Point(7, 49), kinds=("area",))
    assert refused.value.code == "kind"
    with pytest.raises(shape.GeometryError) as refused:
        shape.of_point(49.0, 7.0)
    assert refused.value.code == "swapped"


def test_heights_go_and_crossing_outlines_are_repaired() -> None:
    assert shape.clean(shapely.Point(7, 49, 300)).wkb == core.point_wkb(7, 49)
    bow_tie = {"type": "Polygon", "coordinates": [[[7.0, 49.0], [7.1, 49.1], [7.1, 49.0], [7.0, 49.1], [7.0, 49.0]]]}
    assert shapely.from_wkb(shape.clean(bow_tie).wkb).geom_type == "MultiPolygon"


def test_the_point_of_an_area_lies_in_it() -> None:
    horseshoe = shapely.Polygon(
        [(7, 49), (7, 49.3), (7.3, 49.3), (7.3, 49), (7.28, 49), (7.28, 49.28), (7.02, 49.28), (7.02, 49)]
    )
    found = shape.clean(horseshoe)
    assert horseshoe.intersects(shapely.Point(*core.to_lonlat(*found.centre)))
    line = shape.clean(shapely.LineString([(7, 49), (7, 49.2)]))
    assert core.to_lonlat(*line.centre).lat == pytest.approx(49.1, abs=1e-3)


def test_many_at_once_are_as_one_by_one() -> None:
    shapes = [
        shapely.Point(7.1, 49.2),
        shapely.LineString([(7, 49), (7.001, 49.001)]),
        shapely.Polygon([(7, 49), (7.01, 49), (7.01, 49.01), (7, 49.01)]),
        shapely.MultiPoint([(7, 49), (7.01, 49)]),
        shapely.Polygon(
            [(7, 49), (7, 49.3), (7.3, 49.3), (7.3, 49), (7.28, 49), (7.28, 49.28), (7.02, 49.28), (7.02, 49)]
        ),
    ]
    for one, many in zip([shape.clean(s) for s in shapes], shape.trusted(shapes), strict=True):
        assert (one.wkb, one.kind) == (many.wkb, many.kind)
        assert one.centre == pytest.approx(many.centre) and one.extent == pytest.approx(many.extent)


def test_area_and_length_on_the_ground() -> None:
    square = shapely.box(7.7, 49.4, 7.71, 49.41)
    assert core.area_m2(square) == pytest.approx(abs(GEOD.geometry_area_perimeter(square)[0]))
    with_hole = square.difference(shapely.box(7.702, 49.402, 7.704, 49.404))
    assert core.area_m2(with_hole) < core.area_m2(square)
    assert core.area_m2(shapely.Point(7, 49)) == 0
    assert core.length_m(shapely.LineString([(7.7, 49.4), (7.71, 49.4)])) == pytest.approx(
        GEOD.inv(7.7, 49.4, 7.71, 49.4)[2]
    )
