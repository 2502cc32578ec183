"""Areas: brought up to date by imports, entered and changed by staff. Their identity survives both."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from allmende.spine.facts import emit
from allmende.spine.geo import shape
from allmende.spine.people.access import require
from allmende.spine.places.facts import AreaChanged, AreaCreated, AreaRemoved
from allmende.spine.places.models import Area

_LARGEST_FIRST = ("state", "county", "association", "municipality", "district", "village", "quarter")


@dataclass(frozen=True, slots=True)
class Outline:
    """An area as an importer found it: `ref` is its name in the source, geometry anything `shape.clean` takes."""

    ref: str
    kind: str
    name: str
    key: str
    geometry: Any


def merge(found: list[Outline], *, source: str, credit: str, source_date: datetime.date | None) -> dict[str, int]:
    """Make the areas of `source` those that were found: changed, added, and no longer current where they are gone.

    Rows are never deleted, since rooms point at them. An area known by its outline wins over one of the same
    name and kind known by its middle only. Runs in the caller's transaction; a large town has a few hundred
    areas.
    """
    chosen: dict[tuple[str, str], tuple[Outline, shape.Shape]] = {}
    for outline in sorted(found, key=lambda o: o.ref):
        geometry = shape.clean(bytes.fromhex(outline.geometry) if _is_hex(outline.geometry) else outline.geometry)
        same = (outline.kind, outline.key or outline.name)
        if same not in chosen or (geometry.kind == "area" and chosen[same][1].kind != "area"):
            chosen[same] = outline, geometry
    stored = {area.ref: area for area in Area.objects.select_for_update().filter(ref__startswith=f"{source}:")}
    counts = {"added": 0, "changed": 0, "gone": 0}
    seen = set()
    for outline, geometry in chosen.values():
        ref = f"{source}:{outline.ref}"
        seen.add(ref)
        values = {
            "kind": outline.kind,
            "name": outline.name[:200],
            "key": outline.key[:12],
            "source": source,
            "credit": credit,
            "source_date": source_date,
            "current": True,
            "geom": geometry.wkb,
            "centre": geometry.centre,
            "extent": geometry.extent,
        }
        area = stored.get(ref)
        if area is None:
            Area.objects.create(ref=ref, **values)
            counts["added"] += 1
        elif any(_differs(getattr(area, name), value) for name, value in values.items()):
            for name, value in values.items():
                setattr(area, name, value)
            area.version += 1
            area.save()
            counts["changed"] += 1
    counts["gone"] = Area.objects.filter(
        pk__in=[a.pk for r, a in stored.items() if r not in seen], current=True
    ).update(current=False)
    _parents()
    return counts


def _is_hex(geometry: Any) -> bool:
    return isinstance(geometry, str) and not geometry.lstrip().startswith("{")


def _differs(old: Any, new: Any) -> bool:
    return (bytes(old) if isinstance(old, memoryview) else old) != new


def _parents() -> None:
    """Point every part at the smallest larger area that holds its middle."""
    import shapely

    rows = [a for a in Area.objects.filter(current=True, geom__isnull=False) if a.kind in _LARGEST_FIRST]
    outlines = {a.pk: g for a in rows if shapely.get_dimensions(g := shapely.from_wkb(bytes(a.geom or b""))) == 2}
    for area in rows:
        at = area.lonlat
        middle = shapely.Point(at.lon, at.lat) if at else shapely.Point()
        over = [
            other
            for other in rows
            if other.pk in outlines
            and _LARGEST_FIRST.index(other.kind) < _LARGEST_FIRST.index(area.kind)
            and outlines[other.pk].intersects(middle)
        ]
        parent = min(over, key=lambda other: outlines[other.pk].area, default=None)
        if area.parent_id != (parent.pk if parent else None):
            Area.objects.filter(pk=area.pk).update(parent=parent)


EDITABLE = ("kind", "name", "key", "source", "source_date")


def add_area(values: dict[str, Any], *, geometry: Any, actor: Any) -> Area:
    """A new area of the town's own. Raises PermissionDenied, GeometryError (outline or point), ValidationError."""
    require(actor, "places.add")
    with transaction.atomic():
        area = Area(**_known(values)).place_on(geometry, kinds=("area", "point"))
        area.full_clean()
        area.save()
        _parents()
        emit(AreaCreated(name=area.name), subject=area, actor=actor)
    return area


def change_area(area: Area, values: dict[str, Any], *, geometry: Any = None, version: int, actor: Any) -> Area:
    """Save what differs on top of `version`; without a geometry the old one stays.

    Raises PermissionDenied, VersionConflict, GeometryError, ValidationError, and ValueError for an imported
    area, which its source alone may change.
    """
    require(actor, "places.change", area)
    with transaction.atomic():
        row = _own(area, version)
        fields = [name for name, value in _known(values).items() if getattr(row, name) != value]
        for name in fields:
            setattr(row, name, values[name])
        if geometry is not None:
            before = bytes(row.geom or b"")
            row.place_on(geometry, kinds=("area", "point"))
            if bytes(row.geom or b"") != before:
                fields.append("geometry")
        if not fields:
            return row
        row.full_clean()
        row.version += 1
        row.save()
        _parents()
        emit(AreaChanged(name=row.name, fields=sorted(fields)), subject=row, actor=actor)
    return row


def remove_area(area: Area, *, version: int, actor: Any) -> None:
    """Take an area of the town's own out of use; what points at it keeps it. Raises as `change_area` does."""
    require(actor, "places.change", area)
    with transaction.atomic():
        row = _own(area, version)
        row.current = False
        row.version += 1
        row.save()
        emit(AreaRemoved(name=row.name), subject=row, actor=actor, url="")


def _own(area: Area, version: int) -> Area:
    row = Area.locked(area.pk, version)
    if row.ref:
        raise ValueError("an imported area is changed by its source")
    return row


def _known(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - set(EDITABLE):
        raise ValueError(f"not changeable: {sorted(unknown)}")
    return values
