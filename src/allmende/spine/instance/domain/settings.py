"""Changing the instance's settings."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from allmende.spine.address import save_address
from allmende.spine.facts import emit
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import require

from ..facts import InstanceChanged, InstanceSetUp
from ..models import Instance
from . import checks, queries

BRAND = frozenset({"name", "claim", "sign", "colours"})
FIELDS = BRAND | {
    "town", "ags", "state", "languages", "imprint", "privacy", "contact_email", "base_url", "behind_proxy",
    "rooms_off", "mail", "backup_target",
}  # fmt: skip


def fingerprint(row: Instance, names: Iterable[str]) -> str:
    """Stands for the present values of these fields.

    A form carries it along: two people who change different pages of the settings do not disturb each other, two on
    the same page notice.
    """
    values = [[name, getattr(row, name)] for name in sorted(names)]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:24]


def _require(actor: Any, names: set[str]) -> None:
    """People need the right; set-up, demo and command line (None or a name) come from whoever owns the server."""
    if actor is None or isinstance(actor, str):
        return
    require(actor, "instance.change_brand" if names <= BRAND else "instance.change_settings")


def clean(values: dict[str, Any]) -> None:
    """Raise ValidationError, field by field, for what must not be saved."""
    errors = checks.everything(values)
    if errors:
        raise ValidationError(errors)  # type: ignore[arg-type]


@transaction.atomic
def change(values: dict[str, Any], *, actor: Any, version: int | None = None, seen: str | None = None) -> Instance:
    """Save settings.

    `version` is the row's version, `seen` the fingerprint of just the fields in `values`, both as the form showed them.
    Raises PermissionDenied, ValueError for unknown fields, ValidationError, VersionConflict.
    """
    unknown = set(values) - FIELDS
    if unknown:
        raise ValueError(f"unknown settings: {sorted(unknown)}")
    _require(actor, set(values))
    row = Instance.objects.select_for_update().filter(pk=1).first() or Instance()
    stale = version is not None and row.version != version
    if stale or (seen is not None and fingerprint(row, values) != seen):
        raise VersionConflict(row)
    if "ags" in values or "state" in values:
        # Key and state are judged together, whichever of the two changes.
        clean({"ags": row.ags, "state": row.state} | values)
    else:
        clean(values)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed and row.pk:
        return row
    for name in changed:
        setattr(row, name, values[name])
    # Length and choice limits of the columns; a row being filled may still lack what `finish_setup` asks for.
    row.clean_fields(exclude=[f.name for f in Instance._meta.fields if f.name not in changed])
    row.version += 1
    row.save()
    emit(InstanceChanged(fields=sorted(changed)), subject=row, actor=actor)
    transaction.on_commit(queries.forget)
    if {"base_url", "behind_proxy"} & set(changed):
        base_url, proxy = row.base_url, row.behind_proxy
        transaction.on_commit(lambda: save_address(settings.DATA, base_url=base_url, behind_proxy=proxy))
    return row


@transaction.atomic
def finish_setup(*, actor: Any = None, demo: bool = False) -> Instance:
    """Mark the town as set up: from now on the site is served."""
    row = Instance.objects.select_for_update().filter(pk=1).first() or Instance()
    row.set_up = timezone.now()
    row.demo = demo
    row.save()
    emit(InstanceSetUp(name=row.name), subject=row, actor=actor)
    transaction.on_commit(queries.forget)
    return row
