"""Importing a table of things: first a plan that says everything that is wrong, then all rows or none."""

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.geo import shape
from allmende.spine.people.access import require_actor
from allmende.spine.people.models import Account, Organisation

from .. import kinds
from ..core import codes, table
from ..core.table import Table
from ..enums import AssetState
from ..facts import AssetsImported, ImportUploaded
from ..models import Asset, ImportDraft

BATCH = 1_000
_FIELDS = ("number", "name", "place_name", "since", "note")
_LONGEST = {"number": 40, "name": 160, "place_name": 200}


@dataclass
class Problem:
    """What is wrong in one cell: the line of the file, the field, and the text for people."""

    line: int
    field: str
    text: str


@dataclass
class Plan:
    """What an import would do. With `problems` it does nothing."""

    kind: str
    create: list[Asset] = field(default_factory=list)
    change: list[Asset] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)


@transaction.atomic
def upload(account: Account, file_name: str, data: bytes) -> ImportDraft:
    """Keep a table until it is imported. Raises PermissionDenied, table.TableRefused."""
    require_actor(account, "assets.import_assets")
    table.read(data)
    # One upload a person: an older one that was never imported is of no use.
    ImportDraft.objects.filter(account=account).delete()
    draft = ImportDraft.objects.create(account=account, file_name=file_name[-200:], data=data)
    emit(ImportUploaded(bytes=len(data)), subject=f"import:{draft.public_id}", actor=account)
    return draft


def plan(found: Table, mapping: dict[str, int], kind: str) -> Plan:
    """Compare a table with what is recorded. `mapping`: field -> column index; `number` must be mapped.

    Raises ValidationError for an unknown kind or an impossible mapping.
    """
    _check_mapping(found, mapping, kind)
    result = Plan(kind)
    owners = {row.name.casefold(): row for row in Organisation.objects.all()}
    standing = {
        row.number: row
        for row in Asset.objects.filter(kind=kind, owner_room=kinds.get(kind).room).exclude(state=AssetState.REMOVED)
    }
    seen: dict[str, int] = {}
    for cells, line in zip(found.rows, found.lines, strict=True):
        values = {name: cells[index] for name, index in mapping.items()}
        row = _read_row(result, values, line, owners)
        if row is None:
            continue
        if row["number"] in seen:
            text = _("The number stands in line %(line)s already.") % {"line": seen[row["number"]]}
            result.problems.append(Problem(line, "number", text))
            continue
        seen[row["number"]] = line
        _sort_in(result, row, standing.get(row["number"]))
    return result


def _check_mapping(found: Table, mapping: dict[str, int], kind: str) -> None:
    if not kinds.known(kind):
        raise ValidationError({"kind": _("There is no such kind.")})
    if "number" not in mapping:
        raise ValidationError({"number": _("Say which column holds the number.")})
    if ("lon" in mapping) != ("lat" in mapping):
        raise ValidationError({"lat": _("Latitude and longitude belong together.")})
    if set(mapping) - set(table.FIELDS) or not all(0 <= index < len(found.columns) for index in mapping.values()):
        raise ValidationError(_("The columns do not fit the table."))


def _read_row(
    result: Plan, values: dict[str, str], line: int, owners: dict[str, Organisation]
) -> dict[str, Any] | None:
    """The row with its types, or None after noting what is wrong."""
    before = len(result.problems)

    def wrong(name: str, text: str) -> None:
        result.problems.append(Problem(line, name, text))

    row: dict[str, Any] = {name: " ".join(values[name].split()) for name in _FIELDS if name in values}
    if not row["number"]:
        wrong("number", _("The number is missing."))
    for name, longest in _LONGEST.items():
        if len(row.get(name, "")) > longest:
            wrong(name, _("The text is longer than %(longest)s signs.") % {"longest": longest})
    if "since" in values:
        row["since"] = _since(values["since"], wrong)
    if "owner" in values:
        row["owner"] = owners.get(values["owner"].casefold()) if values["owner"] else None
        if values["owner"] and row["owner"] is None:
            wrong("owner", _("There is no organisation named “%(name)s”.") % {"name": values["owner"][:80]})
    if "lon" in values:
        row["shape"] = _shape(values["lon"], values["lat"], wrong)
    return row if len(result.problems) == before else None


def _since(text: str, wrong: Any) -> date | None:
    try:
        return table.parse_date(text)
    except ValueError:
        wrong("since", _("“%(text)s” is not a date. Write 12.08.2019 or 2019-08-12.") % {"text": text[:40]})
        return None


def _shape(lon_text: str, lat_text: str, wrong: Any) -> shape.Shape | None:
    try:
        lon, lat = table.parse_degree(lon_text), table.parse_degree(lat_text)
    except ValueError:
        wrong("lat", _("These are not coordinates in degrees, like 49.4361 and 7.7689."))
        return None
    if lon is None and lat is None:
        return None
    if lon is None or lat is None:
        wrong("lat", _("Latitude and longitude belong together."))
        return None
    try:
        return shape.of_point(lon, lat)
    except shape.GeometryError as error:
        texts = {
            "swapped": _("Latitude and longitude are swapped."),
            "out_of_range": _("This place is outside Europe."),
        }
        wrong("lat", texts.get(error.code, _("These are not coordinates in degrees, like 49.4361 and 7.7689.")))
        return None


def _sort_in(result: Plan, row: dict[str, Any], known: Asset | None) -> None:
    place = row.pop("shape", None)
    if known is None:
        found = kinds.get(result.kind)
        asset = Asset(kind=result.kind, owner_room=found.room, public=found.public, **row)
        asset.sort_key = codes.sort_key(asset.number)
        if place is not None:
            asset._take(place)
        result.create.append(asset)
        return
    differs = any(getattr(known, name) != value for name, value in row.items())
    for name, value in row.items():
        setattr(known, name, value)
    if place is not None and not (known.lonlat and _same_place(known, place)):
        known._take(place)
        differs = True
    if differs:
        result.change.append(known)
    else:
        result.same += 1


def _same_place(known: Asset, place: shape.Shape) -> bool:
    return known.geom_kind == "point" and known.centre is not None and math.dist(known.centre, place.centre) < 0.01


@transaction.atomic
def import_table(found: Table, mapping: dict[str, int], kind: str, *, actor: Any) -> Plan:
    """Save all rows of a table, or none. What it does not name stays. One fact for the whole.

    Raises PermissionDenied, ValidationError (see `plan`). A plan with problems is returned unsaved.
    """
    require_actor(actor, "assets.import_assets")
    _check_mapping(found, mapping, kind)
    with transaction.get_connection().cursor() as cursor:
        # One import of a kind at a time; who records a single thing of that kind at once meets the unique number.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"asset-import:{kind}"])
    made = plan(found, mapping, kind)
    if made.problems or not (made.create or made.change):
        return made
    _give_codes(made.create)
    Asset.objects.bulk_create(made.create, batch_size=BATCH)
    now = timezone.now()
    for asset in made.change:
        asset.version += 1
        asset.changed = now
        asset.sort_key = codes.sort_key(asset.number)
    names = [name for name in mapping if name not in ("lon", "lat", "number")]
    if "lon" in mapping:
        names += ["geom", "centre", "extent"]
    Asset.objects.bulk_update(made.change, [*names, "version", "changed"], batch_size=BATCH)
    fact = AssetsImported(thing=kind, created=len(made.create), changed=len(made.change))
    emit(fact, subject=f"asset-kind:{kind}", actor=actor, public=kinds.get(kind).public)
    return made


def _give_codes(assets: list[Asset]) -> None:
    """Free and different codes for all. Two of 34 billion rarely meet, but then on a label in the street."""
    while True:
        drawn = {codes.draw() for _ in assets}
        if len(drawn) == len(assets) and not Asset.objects.filter(code__in=drawn).exists():
            break
    for asset, code in zip(assets, drawn, strict=True):
        asset.code = code


def drop_old_drafts(older_than: timedelta = timedelta(days=2)) -> int:
    """Forget uploads that were never imported."""
    return ImportDraft.objects.filter(created__lt=timezone.now() - older_than).delete()[0]
