"""Reading assets."""

from typing import Any

from django.db.models import Q, QuerySet

from allmende.spine.geo import queries as geo
from allmende.spine.people.access import visible_to

from .. import kinds
from ..core import codes
from ..enums import AssetState
from ..models import Asset


def standing() -> QuerySet[Asset]:
    """What was not removed."""
    return Asset.objects.exclude(state=AssetState.REMOVED)


def assets_for(person: Any) -> QuerySet[Asset]:
    """What `person` may see, in the order that people count, ready for a list."""
    return visible_to(person, Asset.objects.select_related("owner")).order_by("kind", "sort_key", "pk")


def filtered(rows: QuerySet[Asset], text: str = "", kind: str = "", state: str = "", room: str = "") -> QuerySet[Asset]:
    """Narrow a list. `text`: words of number, name, place, code or kind, all of which must occur."""
    for word in text.split()[:6]:
        of_kind = [one.name for one in kinds.kinds() if word.casefold() in f"{one.title} {one.plural}".casefold()]
        rows = rows.filter(
            Q(number__iexact=word)
            | Q(number__istartswith=word)
            | Q(name__icontains=word)
            | Q(place_name__icontains=word)
            | Q(code=codes.read(word) or "")
            | Q(kind__in=of_kind)
        )
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    if room:
        rows = rows.filter(owner_room=room)
    return rows


def by_code(person: Any, text: str) -> Asset | None:
    """The thing with this code, removed or not, if `person` may see it."""
    code = codes.read(text)
    if code is None:
        return None
    return visible_to(person, Asset.objects.select_related("owner")).filter(code=code).first()


def by_number(person: Any, kind: str, number: str) -> Asset | None:
    """The standing thing of that kind and number, if `person` may see it."""
    return visible_to(person, standing()).filter(kind=kind, number__iexact=number.strip()).first()


def nearest(
    person: Any, lon: float, lat: float, *, kind: str = "", limit: int = 5, skip: int | None = None
) -> list[Asset]:
    """Standing things that `person` may see, nearest first, each with `.distance_m`. `skip`: a key to leave out."""
    rows = visible_to(person, standing())
    if kind:
        rows = rows.filter(kind=kind)
    if skip is not None:
        rows = rows.exclude(pk=skip)
    return geo.nearest(rows, lon, lat, limit)
