"""What reading a map source finds: plain data, without osmium and shapely. Geometry is WKB (hexadecimal), lon/lat."""

import datetime
from collections import Counter
from dataclasses import dataclass, field

from allmende.spine.places.core.names import HouseNumber

# Where several objects carry one address, the building stands for it, then its entrance, then a shop in it.
BUILDING, ENTRANCE, OTHER = 0, 1, 2


@dataclass(slots=True)
class FoundAddress:
    """An address as tagged, at the object's WKB; `rank` tells which of several objects is the best."""

    ref: str
    street: str
    number: HouseNumber
    postcode: str
    city: str
    part: str
    wkb: str
    rank: int


@dataclass(slots=True)
class FoundArea:
    """A boundary (area) or a settlement known by its middle only (point)."""

    ref: str
    kind: str
    name: str
    key: str
    wkb: str


@dataclass(slots=True)
class FoundThing:
    """A landmark or a building."""

    ref: str
    kind: str
    name: str
    wkb: str
    rank: int = 0
    levels: int | None = None


@dataclass(slots=True)
class Found:
    """What one reading found, besides what was handed to the sink."""

    ways_of_street: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)  # name → (ref, wkb, postcode)
    addresses: list[FoundAddress] = field(default_factory=list)
    areas: list[FoundArea] = field(default_factory=list)
    landmarks: list[FoundThing] = field(default_factory=list)
    buildings: list[FoundThing] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    data_date: datetime.date | None = None
