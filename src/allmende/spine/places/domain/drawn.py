"""A map drawn by hand as one GeoJSON file: the demo town's, until a real extract takes its place.

Every feature has `layer` and `kind` as in the base map's tiles; `layer` "area" makes areas. The same
generation as an import: streets and landmarks can be searched, and `import_osm` replaces it.
"""

import datetime
import hashlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allmende.spine.imports import ImportRefused
from allmende.spine.places.core.found import FoundThing
from allmende.spine.places.core.gather import FoundStreet
from allmende.spine.places.core.names import fold, street_key
from allmende.spine.places.domain import importing, staging
from allmende.spine.places.domain.areas import Outline
from allmende.spine.places.models import Import


def load_drawn(path: Path, *, actor: object = "demo") -> Import:
    """Put a drawn map in the place of the town's map. Raises ImportRefused.

    Safe inside a transaction of the caller's.
    """
    import shapely

    try:
        text = path.read_bytes()
        drawn = json.loads(text)
        rows = [(f["properties"], shapely.geometry.shape(f["geometry"])) for f in drawn["features"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ImportRefused("not_geojson", f"{path.name}: {error}") from error
    date = datetime.date.fromisoformat(drawn["date"]) if drawn.get("date") else None
    with importing.one_run("drawn", path.name, hashlib.sha256(text).hexdigest(), drawn.get("credit", ""), date) as (
        run,
        work,
    ):
        streets, landmarks = list(_streets(rows)), list(_landmarks(rows))
        staging.add_streets(run, streets)
        staging.add_landmarks(run, landmarks)
        run.map_file = f"{run.public_id}.geojson"
        run.counts = {"streets": len(streets), "landmarks": len(landmarks)}
        areas = [
            Outline(fold(p["kind"] + " " + p["name"]), p["kind"], p["name"], p.get("key", ""), geometry)
            for p, geometry in rows
            if p["layer"] == "area"
        ]
        out = work / "drawn.geojson"
        drawn["features"] = [
            f if f["properties"]["layer"] == "buildings" else {**f, "geometry": rounded(f["geometry"])}
            for f in drawn["features"]
            if f["properties"]["layer"] != "area"
        ]
        out.write_text(json.dumps(drawn, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        importing.swap(run, areas, out, lambda text, part=None: None, actor)
    return run


def _streets(rows: list[tuple[dict[str, Any], Any]]) -> Iterator[FoundStreet]:
    import shapely

    ways: dict[str, list[Any]] = {}
    for properties, geometry in rows:
        if properties["layer"] == "roads" and properties.get("name"):
            ways.setdefault(properties["name"], []).append(geometry)
    for number, (name, lines) in enumerate(ways.items(), 1):
        yield FoundStreet(f"d{number}", name, street_key(name), shapely.line_merge(shapely.multilinestrings(lines)), "")


def _landmarks(rows: list[tuple[dict[str, Any], Any]]) -> Iterator[FoundThing]:
    import shapely

    for number, (properties, geometry) in enumerate(rows, 1):
        rank = properties.get("rank", 5)
        if properties["layer"] == "labels" and properties["kind"] not in (
            "municipality",
            "village",
            "district",
            "quarter",
        ):
            yield FoundThing(
                f"d{number}", properties["kind"], properties["name"], shapely.to_wkb(geometry, hex=True), rank
            )


def rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    """The same geometry with its corners cut in a curve, for the eye; ends of lines stay where they are."""
    if geometry["type"] == "LineString":
        return {"type": "LineString", "coordinates": _cut(_cut(geometry["coordinates"], 0.0009), 0.0003)}
    if geometry["type"] == "Polygon":
        rings = [_cut(_cut(ring, 0.003, closed=True), 0.001, closed=True) for ring in geometry["coordinates"]]
        return {"type": "Polygon", "coordinates": rings}
    return geometry


def _cut(points: list[list[float]], at_most: float, closed: bool = False) -> list[list[float]]:
    """Chaikin's corner cutting (1974), no farther than `at_most` degrees from a corner: crossings must still meet."""
    if closed:
        points = [points[-2], *points]
    result = []
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        for other in (before, after):
            length = math.dist(at, other)
            share = min(0.25, at_most / length) if length else 0.0
            result.append([round(a + (o - a) * share, 6) for a, o in zip(at, other, strict=True)])
    return [*result, result[0]] if closed else [points[0], *result, points[-1]]
