"""Changing the instance's settings."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.models import VersionConflict
from allmende.spine.ui.brand import check_colours

from ..facts import InstanceChanged, InstanceSetUp
from ..models import Instance
from . import queries

FIELDS = frozenset(
    {
        "town", "ags", "state", "name", "claim", "sign", "colours", "languages", "imprint", "privacy",
        "contact_email", "base_url", "behind_proxy", "rooms_off", "mail", "backup_target",
    }
)  # fmt: skip


def clean(values: dict[str, Any]) -> None:
    """Raise ValidationError, field by field, for what must not be saved."""
    errors: dict[str, list[str]] = {}
    ags = values.get("ags", "")
    if ags and not (ags.isdigit() and len(ags) == 8):
        errors["ags"] = [_("A municipality key has eight digits.")]
    problems = check_colours(values["colours"]) if values.get("colours") else []
    if problems:
        errors["colours"] = [str(problem) for problem in problems]
    if "languages" in values and not values["languages"]:
        errors["languages"] = [_("At least one language is needed.")]
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def change(values: dict[str, Any], *, actor: Any, version: int | None = None) -> Instance:
    """Save settings. Raises ValueError for unknown fields, ValidationError, VersionConflict."""
    unknown = set(values) - FIELDS
    if unknown:
        raise ValueError(f"unknown settings: {sorted(unknown)}")
    clean(values)
    row = Instance.objects.select_for_update().filter(pk=1).first() or Instance()
    if version is not None and row.version != version:
        raise VersionConflict(row)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed and row.pk:
        return row
    for name in changed:
        setattr(row, name, values[name])
    row.version += 1
    row.save()
    emit(InstanceChanged(fields=sorted(changed)), subject=row, actor=actor)
    transaction.on_commit(queries.forget)
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
