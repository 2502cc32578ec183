"""Places that the town itself enters: added, changed and removed by staff."""

from typing import Any

from django.db import transaction

from allmende.spine.facts import emit
from allmende.spine.people.access import require
from allmende.spine.places.facts import PlaceChanged, PlaceCreated, PlaceRemoved
from allmende.spine.places.models import Place

EDITABLE = ("kind", "name", "summary", "address", "source", "source_date")


def add_place(values: dict[str, Any], *, geometry: Any, actor: Any) -> Place:
    """A new place. `geometry`: GeoJSON, WKB or shapely, lon/lat.

    Raises PermissionDenied, GeometryError, ValidationError.
    """
    require(actor, "places.add")
    with transaction.atomic():
        place = Place(**_known(values)).place_on(geometry)
        place.full_clean()
        place.save()
        emit(PlaceCreated(name=place.name), subject=place, actor=actor)
    return place


def change_place(place: Place, values: dict[str, Any], *, geometry: Any = None, version: int, actor: Any) -> Place:
    """Save what differs on top of `version`; without a geometry the old one stays.

    Raises PermissionDenied, VersionConflict, GeometryError, ValidationError. Where nothing differs, nothing
    happens.
    """
    require(actor, "places.change", place)
    with transaction.atomic():
        row = Place.locked(place.pk, version)
        fields = [name for name, value in _known(values).items() if getattr(row, name) != value]
        for name in fields:
            setattr(row, name, values[name])
        if geometry is not None:
            before = bytes(row.geom or b"")
            row.place_on(geometry)
            if bytes(row.geom or b"") != before:
                fields.append("geometry")
        if not fields:
            return row
        row.full_clean()
        row.version += 1
        row.save()
        emit(PlaceChanged(name=row.name, fields=sorted(fields)), subject=row, actor=actor)
    return row


def remove_place(place: Place, *, version: int, actor: Any) -> None:
    """Delete a place. Raises PermissionDenied, VersionConflict."""
    require(actor, "places.change", place)
    with transaction.atomic():
        row = Place.locked(place.pk, version)
        emit(PlaceRemoved(name=row.name), subject=row, actor=actor, url="")
        row.delete()


def _known(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - set(EDITABLE):
        raise ValueError(f"not changeable: {sorted(unknown)}")
    return values
