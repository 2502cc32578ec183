"""Reading an OpenStreetMap extract once: what goes on the map, and what goes into the tables. Pure, by pyosmium.

Nodes give points, open ways lines, closed ways and multipolygon relations areas (assembled by libosmium;
rings that do not close are reported by their absence and counted). Everything is lon/lat, EPSG:4326, as WKB
in hexadecimal, the form in which libosmium gives it and shapely reads it.
"""

import datetime
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import osmium

from allmende.spine.places.core import tags as meaning
from allmende.spine.places.core.found import BUILDING, ENTRANCE, OTHER, Found, FoundAddress, FoundArea, FoundThing
from allmende.spine.places.core.names import house_numbers
from allmende.spine.places.core.osmfile import Extract, FileRefused, date_of

_wkb = osmium.geom.WKBFactory()


class Sink(Protocol):
    """Where drawn features go."""

    def draw(self, layer: str, kind: str, zoom: int, wkb: str, properties: dict[str, Any]) -> None: ...


def read(extract: Extract, sink: Sink, step: Callable[[int], None] = lambda done: None) -> Found:
    """Read the whole extract; `step` is called with the number of objects every 20,000 of them.

    Raises FileRefused `damaged` (cut off, not well formed) or `nothing` (no object in it).
    """
    found = Found()
    newest: datetime.datetime | None = None
    done = 0
    try:
        file = osmium.io.File(str(extract.path), extract.form)
        header = osmium.io.Reader(file)
        header_time = header.header().get("osmosis_replication_timestamp") or header.header().get("timestamp")
        header.close()
        for thing in _objects(file):
            done += 1
            if done % 20_000 == 0:
                step(done)
            if not thing.is_area() and (newest is None or thing.timestamp > newest):
                newest = thing.timestamp
            try:
                _take(thing, found, sink)
            except (osmium.InvalidLocationError, RuntimeError):
                # A way of which the extract holds fewer than two points, or an outline that cannot be drawn.
                found.counts["incomplete"] += 1
    except (RuntimeError, osmium.InvalidLocationError) as error:
        name = extract.path.name
        raise FileRefused("damaged", f"{name} is damaged or cut off.", f"{name}: {error}") from error
    if done == 0:
        name = extract.path.name
        raise FileRefused("nothing", f"{name} holds no named or tagged object.", name)
    found.data_date = date_of(header_time, newest)
    found.counts["objects"] = done
    return found


def _objects(file: Any) -> Iterator[Any]:
    reader = osmium.FileProcessor(file).with_areas().with_filter(osmium.filter.EmptyTagFilter())
    yield from reader


def _take(thing: Any, found: Found, sink: Sink) -> None:
    tags = {tag.k: tag.v for tag in thing.tags}
    if thing.is_node():
        _take_node(thing, tags, found, sink)
    elif thing.is_way():
        _take_way(thing, tags, found, sink)
    elif thing.is_area():
        _take_area(thing, tags, found, sink)


def _take_node(node: Any, tags: dict[str, str], found: Found, sink: Sink) -> None:
    wkb = _wkb.create_point(node)
    ref = f"n{node.id}"
    if "addr:housenumber" in tags:
        _take_address(ref, tags, wkb, ENTRANCE if "entrance" in tags or "building" in tags else OTHER, found)
    if place := meaning.settlement(tags):
        kind, zoom = place
        found.areas.append(FoundArea(ref, kind, tags["name"], "", wkb))
        sink.draw("labels", kind, zoom, wkb, {"name": tags["name"], "rank": 0})
    elif mark := meaning.landmark(tags):
        found.landmarks.append(FoundThing(ref, mark[0], tags["name"], wkb, mark[1]))
    elif tags.get("natural") == "tree":
        sink.draw("trees", "tree", 15, wkb, {})


def _take_way(way: Any, tags: dict[str, str], found: Found, sink: Sink) -> None:
    drawn = meaning.line_layer(tags)
    closed = way.is_closed()
    # Areas come a second time, assembled; only open ways and streets that run in a ring are taken as lines.
    if drawn and not (closed and meaning.area_layer(tags)):
        wkb = _wkb.create_linestring(way)
        extra: dict[str, Any] = {}
        if name := tags.get("name"):
            extra["name"] = name
        if drawn.layer == "roads":
            if tags.get("tunnel", "no") != "no":
                extra["tunnel"] = 1
            if tags.get("bridge", "no") != "no":
                extra["bridge"] = 1
            if ref := tags.get("ref"):
                extra["ref"] = ref
            if name and tags["highway"] != "platform":
                found.ways_of_street.setdefault(name, []).append((f"w{way.id}", wkb, tags.get("postal_code", "")))
                found.counts["street_ways"] += 1
        sink.draw(drawn.layer, drawn.kind, drawn.zoom, wkb, extra)
    elif tags.get("boundary") == "administrative" and not closed and (level := tags.get("admin_level", "")).isdigit():
        sink.draw("boundaries", "administrative", 6, _wkb.create_linestring(way), {"level": int(level)})
    if not closed and "addr:housenumber" in tags and "addr:interpolation" not in tags:
        _take_address(f"w{way.id}", tags, _wkb.create_linestring(way), OTHER, found)


def _take_area(area: Any, tags: dict[str, str], found: Found, sink: Sink) -> None:
    ref = f"{'w' if area.from_way() else 'r'}{area.orig_id()}"
    drawn = meaning.area_layer(tags)
    limit = meaning.boundary(tags)
    mark = meaning.landmark(tags)
    numbered = "addr:housenumber" in tags
    if not (drawn or limit or mark or numbered):
        return
    wkb = _wkb.create_multipolygon(area)
    name = tags.get("name", "")
    if limit:
        kind, key, title = limit
        found.areas.append(FoundArea(ref, kind, title, key, wkb))
    if drawn:
        extra: dict[str, Any] = {}
        if drawn.layer == "buildings":
            levels = _levels(tags)
            extra = {"levels": levels} if levels else {}
            found.buildings.append(FoundThing(ref, drawn.kind, name, wkb, levels=levels))
        elif name:
            extra = {"name": name}
        sink.draw(drawn.layer, drawn.kind, drawn.zoom, wkb, extra)
    if numbered:
        _take_address(ref, tags, wkb, BUILDING if drawn and drawn.layer == "buildings" else OTHER, found)
    if mark:
        found.landmarks.append(FoundThing(ref, mark[0], tags["name"], wkb, mark[1]))


def _take_address(ref: str, tags: dict[str, str], wkb: str, rank: int, found: Found) -> None:
    street = (tags.get("addr:street") or tags.get("addr:place") or "").strip()
    numbers = house_numbers(tags["addr:housenumber"])
    if not numbers:
        found.counts["addresses_without_number"] += 1
    elif not street:
        found.counts["addresses_without_street"] += 1
    else:
        postcode = tags.get("addr:postcode", "").strip()
        city = tags.get("addr:city", "").strip()[:100]
        part = (tags.get("addr:suburb") or tags.get("addr:district") or "").strip()[:100]
        for number in numbers:
            found.addresses.append(
                FoundAddress(ref, street[:200], number, postcode if len(postcode) == 5 else "", city, part, wkb, rank)
            )


def _levels(tags: dict[str, str]) -> int | None:
    try:
        levels = round(float(tags.get("building:levels", "").replace(",", ".")))
    except (ValueError, OverflowError):
        return None
    return levels if 0 < levels < 200 else None
