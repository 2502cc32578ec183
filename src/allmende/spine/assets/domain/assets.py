"""Recording, changing and retiring things."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require_actor

from .. import kinds
from ..core import codes
from ..enums import AssetState
from ..facts import AssetChanged, AssetCreated, AssetStateChanged
from ..models import Asset

EDITABLE = frozenset({"number", "name", "place_name", "owner", "since", "note"})


def free_code() -> str:
    """A code that no thing has or had."""
    while True:
        code = codes.draw()
        if not Asset.objects.filter(code=code).exists():
            return code


def _take_number(asset: Asset) -> None:
    """Refuse a number that another standing thing of the kind has; two at once wait for each other here."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"asset:{asset.kind}:{asset.number}"])
    others = Asset.objects.filter(owner_room=asset.owner_room, kind=asset.kind, number=asset.number)
    if others.exclude(state=AssetState.REMOVED).exclude(pk=asset.pk).exists():
        raise ValidationError({"number": _("This number is taken: %(thing)s.") % {"thing": asset}}, code="taken")


def _check(values: dict[str, Any]) -> dict[str, Any]:
    unknown = set(values) - EDITABLE
    if unknown:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    if "number" in values:
        values = values | {"number": " ".join(values["number"].split())}
    return values


@transaction.atomic
def create_asset(kind: str, values: dict[str, Any], *, actor: Any, geometry: Any = None) -> Asset:
    """Record a thing. `geometry`: shapely, GeoJSON or WKB in lon/lat, or None.

    Raises PermissionDenied, ValidationError (unknown kind, number taken), ValueError for unknown fields,
    shape.GeometryError.
    """
    if not kinds.known(kind):
        raise ValidationError({"kind": _("There is no such kind.")})
    found = kinds.get(kind)
    asset = Asset(kind=kind, owner_room=found.room, public=found.public, code=free_code(), **_check(values))
    if geometry is not None:
        asset.place_on(geometry)
    # Whoever keeps only what one organisation owns records things for that organisation.
    require_actor(actor, "assets.add_asset", asset)
    _take_number(asset)
    asset.full_clean(exclude=["code", "sort_key"])
    asset.save()
    emit(AssetCreated(thing=kind, number=asset.number), subject=asset, actor=actor, public=asset.public)
    return asset


@transaction.atomic
def change_asset(asset: Asset, values: dict[str, Any], *, version: int, actor: Any, geometry: Any = None) -> Asset:
    """Save changed fields on top of `version`; `geometry` None leaves the place as it is.

    Raises PermissionDenied, VersionConflict, ValidationError, ValueError, shape.GeometryError. No difference, no fact.
    """
    require_actor(actor, "assets.change_asset", asset)
    values = _check(values)
    row = Asset.locked(asset.pk, version)
    require_actor(actor, "assets.change_asset", row)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if geometry is not None:
        before = bytes(row.geom) if row.geom is not None else None
        row.place_on(geometry)
        if row.geom is None or bytes(row.geom) != before:
            changed.append("geometry")
    if not changed:
        return row
    for name in changed:
        if name != "geometry":
            setattr(row, name, values[name])
    # Nobody gives away, or takes, what lies outside their scope.
    require_actor(actor, "assets.change_asset", row)
    if "number" in changed and row.state != AssetState.REMOVED:
        _take_number(row)
    row.full_clean(exclude=["code", "sort_key"])
    row.version += 1
    row.save()
    emit(
        AssetChanged(thing=row.kind, number=row.number, fields=changed, version=row.version),
        subject=row,
        actor=actor,
        public=row.public and bool(set(changed) - {"note"}),
    )
    return row


@transaction.atomic
def set_state(asset: Asset, state: AssetState, *, actor: Any) -> Asset:
    """Put into service, out of service, or retire (`REMOVED`). The state it has already changes nothing.

    Raises PermissionDenied, ValidationError where its number was given to another thing meanwhile.
    """
    require_actor(actor, "assets.change_asset", asset)
    row = Asset.locked(asset.pk)
    if row.state == state:
        return row
    if row.state == AssetState.REMOVED:
        _take_number(row)
    row.state = AssetState(state)
    row.version += 1
    row.save()
    emit(
        AssetStateChanged(thing=row.kind, number=row.number, state=row.state),
        subject=row,
        actor=actor,
        public=row.public,
    )
    return row


def retire_asset(asset: Asset, *, actor: Any) -> Asset:
    """Take a thing off the town's list. Its page and its facts stay; its number is free."""
    return set_state(asset, AssetState.REMOVED, actor=actor)
