"""Pure geometry: no Django, and shapely and pyproj are imported only where they are used.

Two systems, always named: geographic longitude/latitude in degrees (EPSG:4326, order **lon, lat**) and metres
east/north in ETRS89 / UTM zone 32N (EPSG:25832, the official plane system of Rhineland-Palatinate). The plane
is for indexes; what is reported as a distance or an area is geodesic, on the ellipsoid (GRS 80, less than a
millimetre from WGS 84 here).
"""

import functools
import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:  # importing shapely costs 0.2 to 0.45 CPU-s, pyproj 0.1: a process that draws no map never pays
    import numpy as np
    import shapely
    from pyproj import Geod, Transformer

# Where EPSG:25832 is computed here: Europe. Also what lets us tell swapped coordinates from right ones.
MIN_LON, MAX_LON, MIN_LAT, MAX_LAT = -12.0, 33.0, 34.0, 72.0
CENTRAL_MERIDIAN, SCALE_ON_MERIDIAN = 9.0, 0.9996


class Metres(NamedTuple):
    """A position in EPSG:25832, metres."""

    east: float
    north: float


class LonLat(NamedTuple):
    """A position in EPSG:4326, degrees, longitude first."""

    lon: float
    lat: float


class Box(NamedTuple):
    """A rectangle in EPSG:25832, metres."""

    west: float
    south: float
    east: float
    north: float


@functools.cache
def _forward() -> "Transformer":
    from pyproj import Transformer

    return Transformer.from_crs(4326, 25832, always_xy=True)


@functools.cache
def _backward() -> "Transformer":
    from pyproj import Transformer

    return Transformer.from_crs(25832, 4326, always_xy=True)


@functools.cache
def _geod() -> "Geod":
    from pyproj import Geod

    return Geod(ellps="GRS80")


def to_metres(lon: float, lat: float) -> Metres:
    """Degrees to metres (EPSG:4326 → EPSG:25832)."""
    return Metres(*_forward().transform(lon, lat))


def to_lonlat(east: float, north: float) -> LonLat:
    """Metres to degrees (EPSG:25832 → EPSG:4326)."""
    return LonLat(*_backward().transform(east, north))


def array_to_metres(lonlat: "np.ndarray") -> "np.ndarray":
    """An (n, 2) array of lon, lat to an (n, 2) array of east, north."""
    import numpy as np

    return np.column_stack(_forward().transform(lonlat[:, 0], lonlat[:, 1]))


def shape_to_metres(geometry: "shapely.Geometry") -> "shapely.Geometry":
    """A geometry in lon/lat to the same in EPSG:25832."""
    import shapely

    return shapely.transform(geometry, array_to_metres)


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Geodesic distance in metres between two positions (Karney 2013, by PROJ)."""
    return float(_geod().inv(lon1, lat1, lon2, lat2)[2])


def length_m(geometry: "shapely.Geometry") -> float:
    """Geodesic length in metres of a line; of an area its outline."""
    return float(_geod().geometry_length(geometry))


def area_m2(geometry: "shapely.Geometry") -> float:
    """Geodesic area in square metres, holes left out; 0 for points and lines."""
    import shapely

    # The sign follows each ring's turning direction, so rings are put right first.
    return abs(float(_geod().geometry_area_perimeter(shapely.orient_polygons(geometry))[0]))


def distances_m(lon: float, lat: float, wkbs: list[bytes]) -> list[float]:
    """Geodesic distance in metres from one position to the nearest part of each geometry; 0 inside an area.

    Works in the azimuthal equidistant projection around the position, in which every distance from its centre
    is a geodesic one. Long edges are cut first, since one straight in lon/lat is bent there: what is left is
    under a centimetre.
    """
    if not wkbs:
        return []
    import numpy as np
    import shapely
    from pyproj import Proj

    around = Proj(proj="aeqd", lon_0=lon, lat_0=lat, ellps="GRS80")
    shapes = shapely.transform(
        shapely.segmentize(shapely.from_wkb(np.array(wkbs, dtype=object)), 0.004),
        lambda lonlat: np.column_stack(around(lonlat[:, 0], lonlat[:, 1])),
    )
    return [float(d) for d in shapely.distance(shapes, shapely.Point(0, 0))]


def plane_scale(lon: float, lat: float) -> float:
    """Metres in EPSG:25832 for a metre on the ground: 0.9996 on 9° E, 1.002 at the edges of Germany.

    Series of the transverse Mercator scale to the fourth order (Snyder 1987, eq. 8-11), without the
    eccentricity.
    """
    a = math.radians(lon - CENTRAL_MERIDIAN) * math.cos(math.radians(lat))
    t2 = math.tan(math.radians(lat)) ** 2
    return SCALE_ON_MERIDIAN * (1 + a * a / 2 + (5 - 4 * t2) * a**4 / 24)


def search_box(lon: float, lat: float, metres: float) -> Box:
    """A rectangle in EPSG:25832 that surely covers the circle of that radius on the ground."""
    # The scale grows away from 9° E, so it is taken at the far side of the circle, with a margin for the series.
    degrees = metres / (111_000 * math.cos(math.radians(lat)))
    far = lon + math.copysign(degrees, lon - CENTRAL_MERIDIAN)
    half = metres * plane_scale(far, lat) * 1.005 + 1.0
    east, north = to_metres(lon, lat)
    return Box(east - half, north - half, east + half, north + half)


def in_range(lon: float, lat: float) -> bool:
    """Whether a position is one that this platform computes with."""
    return MIN_LON <= lon <= MAX_LON and MIN_LAT <= lat <= MAX_LAT


_KINDS = {
    1: "point", 4: "point",
    2: "line", 5: "line",
    3: "area", 6: "area",
}  # fmt: skip


def kind_of_wkb(wkb: bytes) -> str:
    """`point`, `line` or `area`, read from the header of the WKB (OGC 06-103r4, table 7) without shapely."""
    order = "little" if wkb[0] == 1 else "big"
    return _KINDS[int.from_bytes(wkb[1:5], order) & 0xFF]  # type: ignore[arg-type]


def point_wkb(lon: float, lat: float) -> bytes:
    """The WKB of a point, little-endian, without shapely."""
    import struct

    return struct.pack("<BIdd", 1, 1, lon, lat)


def lonlat_of_point_wkb(wkb: bytes) -> LonLat | None:
    """The position of a single point's WKB, or None for any other geometry."""
    import struct

    if len(wkb) != 21:
        return None
    lon, lat = struct.unpack("<dd" if wkb[0] == 1 else ">dd", wkb[5:21])
    return LonLat(lon, lat)


def geojson_of_wkb(wkb: bytes, decimals: int = 6) -> dict[str, Any]:
    """GeoJSON geometry (RFC 7946) of a WKB, coordinates rounded (6 decimals are 0.1 m)."""
    position = lonlat_of_point_wkb(wkb)
    if position:
        return {"type": "Point", "coordinates": [round(position.lon, decimals), round(position.lat, decimals)]}
    import json

    import shapely

    geometry = json.loads(shapely.to_geojson(shapely.from_wkb(wkb)))
    geometry["coordinates"] = _rounded(geometry["coordinates"], decimals)
    return geometry


def _rounded(value: Any, decimals: int) -> Any:
    return [_rounded(v, decimals) for v in value] if isinstance(value, list) else round(value, decimals)
