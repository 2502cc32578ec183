"""From anything people or files give us to a geometry that may be stored. Pure: no Django."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allmende.spine.geo.core import MAX_LAT, MAX_LON, MIN_LAT, MIN_LON, Box, Metres, in_range

if TYPE_CHECKING:
    import shapely

MAX_POINTS = 50_000  # a district of a large town drawn to the metre has about 5,000
SEGMENT = 0.01  # degrees: longer edges are cut before they are projected
MAX_TEXT = 4_000_000  # bytes of GeoJSON text


class GeometryError(ValueError):
    """The geometry cannot be stored. `code` is for translation, the text says it in English."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Shape:
    """A checked geometry: WKB in lon/lat, a point on it and its rectangle in EPSG:25832 metres."""

    wkb: bytes
    kind: str
    centre: Metres
    extent: Box


def read(value: Any) -> "shapely.Geometry":
    """A shapely geometry from GeoJSON (text, geometry, feature), WKB bytes or a shapely geometry. No checks yet."""
    import shapely

    if isinstance(value, shapely.Geometry):
        return value
    try:
        if isinstance(value, bytes | memoryview):
            return shapely.from_wkb(bytes(value))
        if isinstance(value, str):
            if len(value) > MAX_TEXT:
                raise GeometryError("too_large", f"The geometry is longer than {MAX_TEXT // 1_000_000} MB.")
            value = json.loads(value)
        if not isinstance(value, Mapping):
            raise GeometryError("not_geojson", "This is not a GeoJSON geometry.")
        if value.get("type") == "Feature":
            value = value.get("geometry") or {}
        if not isinstance(value.get("type"), str) or not isinstance(value.get("coordinates"), list | tuple):
            raise GeometryError("not_geojson", "This is not a GeoJSON geometry.")
        return shapely.geometry.shape(value)
    except GeometryError:
        raise
    except (
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        KeyError,
        RecursionError,
        shapely.errors.ShapelyError,
    ) as error:
        raise GeometryError("not_geojson", "This is not a GeoJSON geometry.") from error


def clean(value: Any, *, kinds: tuple[str, ...] = ("point", "line", "area"), max_points: int = MAX_POINTS) -> Shape:
    """Check and, where it does not change what is meant, repair a geometry.

    Heights are dropped, open rings closed, areas whose outline crosses itself made valid. Raises
    GeometryError with code `not_geojson`, `empty`, `too_large`, `not_finite`, `swapped`, `out_of_range`,
    `kind` or `invalid`.
    """
    import numpy as np
    import shapely

    geometry = read(value)
    if geometry is None or geometry.is_empty:
        raise GeometryError("empty", "The geometry is empty.")
    if geometry.geom_type == "GeometryCollection":
        raise GeometryError("kind", "A mixed collection of geometries cannot be stored.")
    geometry = _without_ring_type(shapely.force_2d(geometry))
    lonlat = shapely.get_coordinates(geometry)
    if len(lonlat) > max_points:
        raise GeometryError("too_large", f"The geometry has {len(lonlat)} points; at most {max_points} are allowed.")
    if not np.isfinite(lonlat).all():
        raise GeometryError("not_finite", "A coordinate is not a number.")
    _check_range(lonlat)
    geometry = _repaired(geometry)
    wkb = shapely.to_wkb(geometry, byte_order=1)
    kind = kind_of(geometry)
    if kind not in kinds:
        raise GeometryError("kind", f"A {' or '.join(kinds)} is needed here, this is a {kind}.")
    return _shape(wkb, kind, geometry)


def of_point(lon: float, lat: float) -> Shape:
    """The shape of one position, without shapely. Raises GeometryError as `clean` does."""
    import math

    from allmende.spine.geo.core import point_wkb, to_metres

    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise GeometryError("not_finite", "A coordinate is not a number.")
    if not in_range(lon, lat):
        _refuse_range(in_range(lat, lon))
    at = to_metres(lon, lat)
    return Shape(point_wkb(lon, lat), "point", at, Box(*at, *at))


def kind_of(geometry: "shapely.Geometry") -> str:
    """`point`, `line` or `area`."""
    import shapely

    return ("point", "line", "area")[int(shapely.get_dimensions(geometry))]


def _check_range(lonlat: Any) -> None:
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    if ((lon >= MIN_LON) & (lon <= MAX_LON) & (lat >= MIN_LAT) & (lat <= MAX_LAT)).all():
        return
    _refuse_range(bool(((lat >= MIN_LON) & (lat <= MAX_LON) & (lon >= MIN_LAT) & (lon <= MAX_LAT)).all()))


def _refuse_range(swapped: bool) -> None:
    if swapped:
        raise GeometryError("swapped", "Latitude and longitude are swapped: longitude comes first.")
    raise GeometryError("out_of_range", "The coordinates are outside Europe.")


def _without_ring_type(geometry: "shapely.Geometry") -> "shapely.Geometry":
    import shapely

    return shapely.LineString(geometry.coords) if geometry.geom_type == "LinearRing" else geometry


def _repaired(geometry: "shapely.Geometry") -> "shapely.Geometry":
    import shapely

    dimension = int(shapely.get_dimensions(geometry))
    if dimension == 0:
        return geometry
    if dimension == 1:
        if geometry.length == 0:
            raise GeometryError("invalid", "The line has no length.")
        return geometry
    if not shapely.is_valid(geometry):
        parts = shapely.get_parts(shapely.make_valid(geometry))
        parts = shapely.get_parts(parts)  # areas inside a collection
        areas = [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
        geometry = areas[0] if len(areas) == 1 else shapely.union_all(areas) if areas else shapely.Polygon()
    if geometry.is_empty or geometry.area == 0:
        raise GeometryError("invalid", "The area has no surface.")
    return geometry


def _shape(wkb: bytes, kind: str, geometry: "shapely.Geometry") -> Shape:
    return Shape(wkb, kind, *_plane(geometry, kind))


def _plane(geometry: "shapely.Geometry", kind: str) -> tuple[Metres, Box]:
    import shapely

    from allmende.spine.geo.core import shape_to_metres

    # Edges straight in lon/lat bend in the plane; cut like this, their rectangle is right to two centimetres.
    plane = shape_to_metres(shapely.segmentize(geometry, SEGMENT) if kind != "point" else geometry)
    if kind == "line":
        longest = max(shapely.get_parts(plane), key=lambda part: part.length)
        point = longest.interpolate(0.5, normalized=True)
    else:
        point = plane.centroid
        if kind == "area" and not plane.covers(point):
            point = plane.point_on_surface()
    return Metres(point.x, point.y), Box(*(float(v) for v in plane.bounds))


def trusted(geometries: Any) -> list[Shape]:
    """Shapes of many valid small geometries at once (an importer's batch; a shapely array, lon/lat, all in range).

    Twenty times faster than `clean` one by one, which remains the door for whatever people give us. The point
    of an area is its centroid or, where that lies outside, one on its surface.
    """
    import numpy as np
    import shapely

    from allmende.spine.geo.core import shape_to_metres

    if len(geometries) == 0:
        return []
    geometries = shapely.force_2d(np.asarray(geometries, dtype=object))
    plane = shape_to_metres(shapely.segmentize(geometries, SEGMENT))
    dimensions = shapely.get_dimensions(geometries)
    points = shapely.centroid(plane)
    outside = (dimensions == 2) & ~shapely.covers(plane, points)
    points[outside] = shapely.point_on_surface(plane[outside])
    for i in np.flatnonzero(dimensions == 1):
        points[i] = max(shapely.get_parts(plane[i]), key=lambda part: part.length).interpolate(0.5, normalized=True)
    xs, ys, bounds = shapely.get_x(points), shapely.get_y(points), shapely.bounds(plane)
    wkbs = shapely.to_wkb(geometries, byte_order=1)
    return [
        Shape(
            bytes(wkb), ("point", "line", "area")[dimension], Metres(float(x), float(y)), Box(*(float(v) for v in box))
        )
        for wkb, dimension, x, y, box in zip(wkbs, dimensions, xs, ys, bounds, strict=True)
    ]
