"""From ways and tagged objects to streets with their addresses. Pure.

A street is all ways of one name (spellings are one, see `names.street_key`) that lie within JOIN metres of
each other, so that the Hauptstraße of two villages are two streets. An address belongs to the street of its
name that is nearest; where the map has no such way within REACH metres, its addresses themselves make the
street.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from allmende.spine.geo.core import shape_to_metres
from allmende.spine.places.core.found import Found, FoundAddress, FoundThing
from allmende.spine.places.core.names import HouseNumber, street_key

JOIN, REACH = 300.0, 1_000.0


@dataclass(slots=True)
class FoundStreet:
    """One street; `geometry` is a shapely (multi)line in lon/lat, or points where the map has no way."""

    ref: str
    name: str
    key: str
    geometry: Any
    postcode: str
    city: str = ""
    district: str = ""
    addresses: list["PlacedAddress"] = field(default_factory=list)


@dataclass(slots=True)
class PlacedAddress:
    """One house number of a street at a point (shapely, lon/lat)."""

    ref: str
    number: HouseNumber
    postcode: str
    city: str
    district: str
    point: Any


class PartsOfTown:
    """Looks up which of some named outlines holds a point."""

    def __init__(self, outlines: list[tuple[str, Any]]) -> None:
        self.names = [name for name, _ in outlines]
        self.tree = shapely.STRtree([geometry for _, geometry in outlines])

    def at(self, points: Any) -> list[str]:
        """The name of an outline (the first given, where several) for each point; empty where none holds it."""
        found = [""] * len(points)
        if self.names and len(points):
            for point, outline in sorted(
                zip(*self.tree.query(points, predicate="intersects"), strict=True), reverse=True
            ):
                found[point] = self.names[outline]
        return found


def streets(
    found: Found, districts: PartsOfTown, postcodes: PartsOfTown, step: Callable[[int], None] = lambda done: None
) -> list[FoundStreet]:
    """All streets of a reading, each with its addresses once."""
    by_key: dict[str, list[FoundStreet]] = {}
    spelled: dict[str, list[tuple[str, str, str, str]]] = {}
    for name, ways in found.ways_of_street.items():
        spelled.setdefault(street_key(name), []).extend((name, *way) for way in ways)
    for key, named in spelled.items():
        by_key[key] = _clusters_of_ways(key, named)
    _attach(found.addresses, by_key)
    result = [street for streets in by_key.values() for street in streets]
    step(len(result))
    _locate(result, districts, postcodes)
    return result


def landmarks(found: Found) -> list[FoundThing]:
    """Each landmark once: a station mapped as a point and as a building, or a stop with four platforms, is one."""
    by_name: dict[tuple[str, str], list[FoundThing]] = {}
    for thing in found.landmarks:
        by_name.setdefault((thing.kind, thing.name), []).append(thing)
    chosen = []
    for things in by_name.values():
        shapes = shapely.from_wkb(np.array([thing.wkb for thing in things], dtype=object))
        for group in _groups(shapely.centroid(shapes), JOIN):
            # The largest outline tells most of where it is.
            chosen.append(things[max(group, key=lambda i: (shapes[i].area, things[i].ref))])
    return chosen


def _groups(geometries: Any, join: float) -> list[list[int]]:
    """Indices of geometries (lon/lat) that are within `join` metres of one another, over chains."""
    if len(geometries) == 1:
        return [[0]]
    plane = shape_to_metres(geometries)
    parent = list(range(len(plane)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in zip(*shapely.STRtree(plane).query(plane, predicate="dwithin", distance=join), strict=True):
        parent[root(int(a))] = root(int(b))
    groups: dict[int, list[int]] = {}
    for i in range(len(plane)):
        groups.setdefault(root(i), []).append(i)
    return list(groups.values())


def _clusters_of_ways(key: str, ways: list[tuple[str, str, str, str]]) -> list[FoundStreet]:
    lines = shapely.from_wkb(np.array([wkb for _, _, wkb, _ in ways], dtype=object))
    result = []
    for group in _groups(lines, JOIN):
        members = [ways[i] for i in group]
        name = _most([m[0] for m in members])
        merged = shapely.line_merge(shapely.multilinestrings([lines[i] for i in group]))
        ref = min((m[1] for m in members), key=lambda r: (len(r), r))
        result.append(FoundStreet(ref, name, key, merged, _most([m[3] for m in members if len(m[3]) == 5])))
    return result


def _attach(addresses: list[FoundAddress], by_key: dict[str, list[FoundStreet]]) -> None:
    if not addresses:
        return
    shapes = shapely.from_wkb(np.array([a.wkb for a in addresses], dtype=object))
    points = shapely.centroid(shapes)
    outside = (shapely.get_dimensions(shapes) == 2) & ~shapely.intersects(shapes, points)
    points[outside] = shapely.point_on_surface(shapes[outside])
    plane = shape_to_metres(points)
    lines: dict[int, Any] = {}
    best: dict[tuple[Any, ...], tuple[int, str, PlacedAddress]] = {}
    homeless: dict[str, list[int]] = {}

    def offer(street: FoundStreet, i: int) -> None:
        a = addresses[i]
        placed = PlacedAddress(a.ref, a.number, a.postcode, a.city, a.part, points[i])
        known = best.get((id(street), a.number, a.postcode))
        if known is None or (a.rank, a.ref) < known[:2]:
            best[id(street), a.number, a.postcode] = (a.rank, a.ref, placed)

    for i, address in enumerate(addresses):
        key = street_key(address.street)
        nearest, distance = None, REACH
        for street in by_key.get(key, ()):
            if id(street) not in lines:
                lines[id(street)] = shape_to_metres(street.geometry)
            if (away := float(lines[id(street)].distance(plane[i]))) <= distance:
                nearest, distance = street, away
        if nearest is None:
            homeless.setdefault(key, []).append(i)
        else:
            offer(nearest, i)
    for key, members in homeless.items():
        for group in _groups(points[members], JOIN):
            chosen = [members[i] for i in group]
            name = _most([addresses[i].street for i in chosen])
            ref = "a" + min((addresses[i].ref for i in chosen), key=lambda r: (len(r), r))
            street = FoundStreet(ref, name, key, shapely.multipoints(points[chosen]), "")
            by_key.setdefault(key, []).append(street)
            for i in chosen:
                offer(street, i)
    streets = {id(street): street for group in by_key.values() for street in group}
    for (street_id, _, _), (_, _, placed) in best.items():
        streets[street_id].addresses.append(placed)


def _locate(streets: list[FoundStreet], districts: PartsOfTown, postcodes: PartsOfTown) -> None:
    every = [address for street in streets for address in street.addresses]
    for address, district in zip(every, districts.at(np.array([a.point for a in every], dtype=object)), strict=True):
        address.district = address.district or district
    middles = shapely.point_on_surface(np.array([s.geometry for s in streets], dtype=object)) if streets else []
    for street, district, postcode in zip(streets, districts.at(middles), postcodes.at(middles), strict=True):
        numbers = street.addresses
        street.addresses.sort(key=lambda a: (a.number.number, a.number.suffix, a.ref))
        street.postcode = _most([a.postcode for a in numbers if a.postcode]) or street.postcode or postcode
        street.city = _most([a.city for a in numbers if a.city])
        street.district = _most([a.district for a in numbers if a.district]) or district


def _most(values: list[str]) -> str:
    """The most frequent value; of equals the first in the alphabet, so that a repeated import agrees."""
    return min(Counter(values).items(), key=lambda item: (-item[1], item[0]))[0] if values else ""
