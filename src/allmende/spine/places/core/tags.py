"""What an OpenStreetMap object is for us, by its tags (meanings: the OpenStreetMap wiki, "Map features"). Pure."""

from collections.abc import Mapping
from typing import NamedTuple

Tags = Mapping[str, str]


class Drawn(NamedTuple):
    """A tile layer, the class within it, and the smallest zoom level at which it is worth its bytes."""

    layer: str
    kind: str
    zoom: int


_ROADS = {
    "motorway": ("motorway", 6),
    "trunk": ("trunk", 7),
    "primary": ("primary", 8),
    "secondary": ("secondary", 9),
    "tertiary": ("tertiary", 11),
    "unclassified": ("minor", 12),
    "residential": ("minor", 12),
    "road": ("minor", 12),
    "living_street": ("minor", 12),
    "pedestrian": ("pedestrian", 13),
    "service": ("service", 13),
    "cycleway": ("path", 13),
    "footway": ("path", 14),
    "path": ("path", 14),
    "bridleway": ("path", 14),
    "track": ("track", 13),
    "steps": ("steps", 14),
    "platform": ("path", 15),
}
_RAIL = {
    "rail": ("rail", 9),
    "light_rail": ("rail", 11),
    "tram": ("tram", 13),
    "narrow_gauge": ("rail", 12),
    "subway": ("rail", 12),
    "funicular": ("rail", 13),
}
_GREEN = {
    "natural": {"wood": "wood", "scrub": "scrub", "heath": "scrub", "grassland": "grass", "wetland": "scrub"},
    "landuse": {
        "forest": "wood",
        "grass": "grass",
        "meadow": "grass",
        "village_green": "park",
        "recreation_ground": "park",
        "allotments": "garden",
        "cemetery": "cemetery",
        "farmland": "farmland",
        "farm": "farmland",
        "orchard": "garden",
        "vineyard": "garden",
        "plant_nursery": "garden",
        "greenfield": "grass",
    },
    "leisure": {
        "park": "park",
        "garden": "garden",
        "common": "park",
        "playground": "playground",
        "pitch": "pitch",
        "golf_course": "grass",
        "dog_park": "park",
        "nature_reserve": "reserve",
        "stadium": "pitch",
        "sports_centre": "pitch",
        "track": "pitch",
    },
    "amenity": {"grave_yard": "cemetery"},
}
_USE = {
    "landuse": {
        "residential": "residential",
        "commercial": "commercial",
        "retail": "commercial",
        "industrial": "industrial",
        "railway": "railway",
        "military": "military",
        "construction": "construction",
        "brownfield": "construction",
        "quarry": "industrial",
        "garages": "residential",
    },
    "amenity": {
        "school": "education",
        "university": "education",
        "college": "education",
        "kindergarten": "education",
        "hospital": "health",
        "parking": "parking",
        "marketplace": "square",
    },
    "highway": {"pedestrian": "square", "footway": "square", "platform": "square"},
    "place": {"square": "square"},
}
_WATER = {
    "natural": {"water": "water"},
    "waterway": {"riverbank": "water", "dock": "water"},
    "landuse": {"reservoir": "water", "basin": "water"},
    "leisure": {"swimming_pool": "pool"},
    "amenity": {"fountain": "water"},
}
_STREAMS = {"river": 8, "canal": 9, "stream": 12, "drain": 14, "ditch": 15}

# Named things that people look for: (tag, value) → (class, rank: 1 is drawn first).
_LANDMARKS = {
    ("amenity", "townhall"): ("townhall", 1),
    ("railway", "station"): ("station", 1),
    ("railway", "halt"): ("station", 2),
    ("amenity", "hospital"): ("hospital", 1),
    ("amenity", "university"): ("university", 1),
    ("amenity", "college"): ("university", 2),
    ("leisure", "stadium"): ("stadium", 1),
    ("amenity", "fire_station"): ("fire_station", 2),
    ("amenity", "police"): ("police", 2),
    ("amenity", "theatre"): ("theatre", 2),
    ("amenity", "library"): ("library", 2),
    ("tourism", "museum"): ("museum", 2),
    ("amenity", "school"): ("school", 2),
    ("amenity", "kindergarten"): ("kindergarten", 3),
    ("amenity", "place_of_worship"): ("church", 3),
    ("historic", "castle"): ("castle", 2),
    ("historic", "ruins"): ("castle", 3),
    ("historic", "monument"): ("monument", 3),
    ("historic", "memorial"): ("monument", 3),
    ("amenity", "community_centre"): ("community_centre", 3),
    ("amenity", "social_facility"): ("social_facility", 3),
    ("amenity", "retirement_home"): ("social_facility", 3),
    ("amenity", "public_building"): ("public_building", 2),
    ("amenity", "courthouse"): ("public_building", 2),
    ("office", "government"): ("public_building", 3),
    ("amenity", "cinema"): ("cinema", 3),
    ("amenity", "marketplace"): ("square", 2),
    ("place", "square"): ("square", 1),
    ("leisure", "park"): ("park", 2),
    ("leisure", "garden"): ("park", 3),
    ("landuse", "cemetery"): ("cemetery", 3),
    ("leisure", "playground"): ("playground", 4),
    ("leisure", "sports_centre"): ("sports_centre", 3),
    ("leisure", "swimming_pool"): ("pool", 3),
    ("amenity", "pharmacy"): ("pharmacy", 4),
    ("amenity", "post_office"): ("post_office", 4),
    ("highway", "bus_stop"): ("stop", 4),
    ("natural", "peak"): ("peak", 3),
    ("tourism", "information"): ("information", 4),
    ("tourism", "attraction"): ("monument", 3),
    ("tourism", "viewpoint"): ("viewpoint", 4),
    ("natural", "water"): ("water", 3),
    ("amenity", "fountain"): ("fountain", 4),
}
# place=* → (kind of area, zoom of its label)
_SETTLEMENTS = {
    "city": ("municipality", 6),
    "town": ("municipality", 7),
    "village": ("village", 10),
    "suburb": ("district", 11),
    "borough": ("district", 11),
    "quarter": ("quarter", 12),
    "neighbourhood": ("quarter", 13),
    "hamlet": ("village", 12),
}


def _one_of(tags: Tags, table: Mapping[str, Mapping[str, str]]) -> str | None:
    for key, values in table.items():
        if (value := tags.get(key)) and value in values:
            return values[value]
    return None


def area_layer(tags: Tags) -> Drawn | None:
    """Where a closed outline is drawn as a surface."""
    if tags.get("building", "no") != "no":
        return Drawn("buildings", tags["building"] if tags["building"] != "yes" else "building", 13)
    if kind := _one_of(tags, _WATER):
        return Drawn("water", kind, 9)
    if kind := _one_of(tags, _GREEN):
        return Drawn("green", kind, 9 if kind in ("wood", "farmland") else 11)
    if kind := _one_of(tags, _USE):
        # A footway is a surface only where it says so; else its closed line is a loop to walk.
        if kind == "square" and "highway" in tags and tags.get("area") != "yes":
            return None
        return Drawn("landuse", kind, 13 if kind in ("square", "parking") else 10)
    return None


def line_layer(tags: Tags) -> Drawn | None:
    """Where a way is drawn as a line."""
    found = _ROADS.get(tags.get("highway", "").removesuffix("_link"))
    if found and tags.get("area") != "yes":
        return Drawn("roads", *found)
    if (railway := tags.get("railway")) in _RAIL:
        kind, zoom = _RAIL[railway]
        return Drawn("rail", kind, 12 if tags.get("service") else zoom)
    if (waterway := tags.get("waterway")) in _STREAMS:
        return Drawn("waterway", waterway, _STREAMS[waterway])
    return None


def landmark(tags: Tags) -> tuple[str, int] | None:
    """Class and rank of a named thing that people look for, or None."""
    if not tags.get("name"):
        return None
    for key in (
        "railway",
        "amenity",
        "place",
        "tourism",
        "historic",
        "leisure",
        "office",
        "landuse",
        "highway",
        "natural",
    ):
        if (value := tags.get(key)) and (found := _LANDMARKS.get((key, value))):
            return found
    return None


def settlement(tags: Tags) -> tuple[str, int] | None:
    """Kind of area and zoom of its label for a `place` node, or None."""
    return _SETTLEMENTS.get(tags.get("place", "")) if tags.get("name") else None


def boundary(tags: Tags) -> tuple[str, str, str] | None:
    """(kind of area, official key, name) of a boundary, or None.

    Kinds by `admin_level` as used in Germany: 4 state, 5 administrative region, 6 district (or a town that is
    one), 7 Verbandsgemeinde, 8 municipality, 9 and 10 parts of it.
    """
    if tags.get("boundary") == "postal_code" and (code := tags.get("postal_code")):
        return "postcode", code, code
    if tags.get("boundary") != "administrative" or not tags.get("name"):
        return None
    kinds = {"4": "state", "6": "county", "7": "association", "8": "municipality", "9": "district", "10": "quarter"}
    if not (kind := kinds.get(tags.get("admin_level", ""))):
        return None
    key = tags.get("de:amtlicher_gemeindeschluessel") or tags.get("de:regionalschluessel") or ""
    if kind == "county" and len(key) == 8 and key[5:] == "000":
        kind = "municipality"  # kreisfreie Stadt: 07312000 is town and district in one
    return kind, key, tags["name"]
