"""Questions about places. Positions are lon, lat in degrees."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Func, QuerySet, TextField
from django.utils.translation import gettext as _

from allmende.spine.geo import queries as geo
from allmende.spine.places.enums import ImportState
from allmende.spine.places.models import Address, Area, Building, Import, Landmark, Place, Street

# Which kinds of area answer "where is this?", the most telling first.
_TELLING = ("quarter", "village", "district", "municipality")


class Din5007(Func):
    """The dictionary sort key of a text (DIN 5007-1), right under every locale; the function is the facts app's."""

    function = "din5007"
    arity = 1
    output_field = TextField()


def active_import() -> Import | None:
    """The import whose streets, addresses and base map are in use, or None before the first."""
    return Import.objects.filter(state=ImportState.ACTIVE).first()


def imports(limit: int = 20) -> QuerySet[Import]:
    """The last runs, newest first."""
    return Import.objects.order_by("-id")[:limit]


def places() -> QuerySet[Place]:
    """The town's own places, by name."""
    return Place.objects.order_by(Din5007("name"), "pk")


def areas(kinds: Iterable[str] | None = None) -> QuerySet[Area]:
    """The areas of today (of these kinds), by name."""
    rows = Area.objects.filter(current=True)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return rows.order_by(Din5007("name"), "pk")


def streets() -> QuerySet[Street]:
    """The streets of today, by name."""
    return Street.objects.filter(generation__state=ImportState.ACTIVE).order_by(Din5007("name"), "pk")


def addresses() -> QuerySet[Address]:
    """The addresses of today in the order of their numbers, with their street."""
    rows = Address.objects.filter(generation__state=ImportState.ACTIVE).select_related("street")
    return rows.order_by("street_id", "number", "suffix", "pk")


def buildings() -> QuerySet[Building]:
    """The buildings of today."""
    return Building.objects.filter(generation__state=ImportState.ACTIVE)


def landmarks(max_rank: int = 4) -> QuerySet[Landmark]:
    """The landmarks of today up to a rank (1: station, town hall; 4: bus stop), by name."""
    rows = Landmark.objects.filter(generation__state=ImportState.ACTIVE, rank__lte=max_rank)
    return rows.order_by(Din5007("name"), "pk")


@dataclass(frozen=True, slots=True)
class Near:
    """Where a position is, in words: `label` always says something; the rest where it is known."""

    label: str
    address: str
    distance_m: float | None
    area: Area | None


def nearest_address(lon: float, lat: float, max_metres: float = 250.0) -> Address | None:
    """The nearest address within `max_metres`, with `.distance_m`, or None."""
    found = geo.nearest(addresses(), lon, lat)
    return found[0] if found and found[0].distance_m <= max_metres else None


def nearest_street(lon: float, lat: float, max_metres: float = 250.0) -> Street | None:
    """The street whose line is nearest, within `max_metres`, with `.distance_m`, or None."""
    found = geo.nearest(streets(), lon, lat)
    return found[0] if found and found[0].distance_m <= max_metres else None


def areas_at(lon: float, lat: float) -> list[Area]:
    """Every area that holds the position, smallest first."""
    return geo.containing(areas(), lon, lat)


def nearest_area(lon: float, lat: float) -> Area | None:
    """The part of the town a position belongs to: the smallest that holds it, else the nearest within five kilometres.

    Areas of which only the middle is known never hold anything, so a district known by its outline comes
    first.
    """
    holding = [area for area in areas_at(lon, lat) if area.kind in _TELLING]
    for kind in _TELLING:
        for area in holding:
            if area.kind == kind:
                return area
    near = geo.nearest(areas(kinds=_TELLING), lon, lat)
    return near[0] if near and near[0].distance_m <= 5_000 else None


def describe(lon: float, lat: float) -> Near:
    """A position in words: the address or street near it and its district; the coordinates where nothing is near."""
    area = nearest_area(lon, lat)
    address = nearest_address(lon, lat)
    if address:
        text, distance = f"{address.street.name} {address.house_number}", address.distance_m
    elif street := nearest_street(lon, lat):
        text, distance = street.name, street.distance_m
    else:
        text, distance = "", None
    label = ", ".join(part for part in (text, area.name if area else "") if part)
    return Near(label or _("%(lat).5f N, %(lon).5f E") % {"lat": lat, "lon": lon}, text, distance, area)


def surface_km2(area: Area) -> float | None:
    """Surface of an area in square kilometres, geodesic; None where only its middle is known."""
    if area.geom is None or area.geom_kind != "area":
        return None
    import shapely

    from allmende.spine.geo.core import area_m2

    return area_m2(shapely.from_wkb(bytes(area.geom))) / 1e6


def names_of_towns() -> set[str]:
    """Folded names of areas and of the cities in addresses: what a search may carry besides street and number."""
    from allmende.spine.places.core.names import fold

    names = set(areas().order_by().exclude(kind="postcode").values_list("name", flat=True))
    names |= set(streets().order_by().exclude(city="").values_list("city", flat=True).distinct())
    return {fold(name) for name in names}
