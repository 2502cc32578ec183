"""Plain tasks without a process; and what is arranged about any task: until when, for which role."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine import subjects
from allmende.spine.facts import emit
from allmende.spine.people.access import can, require
from allmende.spine.people.models import Account

from ..enums import Happening, ItemKind, ItemState
from ..facts import ItemAdded
from ..models import Instance, WorkItem
from . import fields, items
from .people import WORKERS


def _check(row: WorkItem) -> None:
    """Raises ValidationError by field."""
    row.full_clean()
    if row.role and row.role not in WORKERS:
        raise ValidationError({"role": _("Choose a role.")})
    if not row.role and row.assignee is None:
        raise ValidationError({"role": _("Say which role or which person does it.")})
    if row.assignee is not None and not row.assignee.is_active:
        raise ValidationError({"assignee": _("This person no longer works here.")})
    if row.assignee is not None and row.role and not _holds(row.assignee, row):
        raise ValidationError({"assignee": _("This person does not hold this role.")})


def _holds(person: Account, row: WorkItem) -> bool:
    """By the role itself, not because the task is already theirs."""
    return can(person, "process.work", WorkItem(instance=row.instance, subject=row.subject, role=row.role))


@transaction.atomic
def add(
    *,
    title: str,
    subject: str = "",
    instance: Instance | None = None,
    due: dt.date | None = None,
    role: str = "",
    assignee: Account | None = None,
    actor: Any,
) -> WorkItem:
    """A plain task about something, without a process; in a case with `instance`. For a role, a person or both.

    Raises PermissionDenied, ValidationError by field.
    """
    about = instance.subject if instance is not None else subject
    row = WorkItem(
        kind=ItemKind.PLAIN, title=fields.clean(title).strip(), subject=about, instance=instance, due=due, role=role,
        assignee=assignee, claimed=timezone.now() if assignee else None,
    )  # fmt: skip
    require(actor, "process.add_item", row)
    if instance is not None:
        row.instance = Instance.objects.select_for_update().get(pk=instance.pk)
    elif subject and isinstance(actor, Account) and subjects.find(subject, actor) is None:
        raise ValidationError({"subject": _("This does not exist, or you may not see it.")})
    _check(row)
    row.save()
    emit(ItemAdded(title=row.title), subject=row.instance or row, actor=actor)
    return row


@transaction.atomic
def change(
    item: WorkItem, *, title: str, due: dt.date | None, role: str, assignee: Account | None, actor: Any
) -> WorkItem:
    """Change a plain task, by who may do it or manages its case. Raises PermissionDenied, ValidationError by field."""
    row = items.locked(item, actor, arranging=True)
    if row.kind != ItemKind.PLAIN:
        raise ValidationError(_("What this task is called stands in the model of the process."))
    if row.assignee != assignee:
        row.claimed = timezone.now() if assignee else None
    row.title, row.due, row.role, row.assignee = fields.clean(title).strip(), due, role, assignee
    _check(row)
    row.version += 1
    row.save()
    items.note(row, Happening.CHANGED, actor)
    return row


@transaction.atomic
def drop(item: WorkItem, *, actor: Any) -> WorkItem:
    """Close a plain task that is no longer needed. Raises PermissionDenied, ValidationError."""
    row = items.locked(item, actor, arranging=True)
    if row.kind != ItemKind.PLAIN:
        raise ValidationError(_("A task of a process ends with the process."))
    row.state, row.closed = ItemState.CANCELLED, timezone.now()
    row.version += 1
    row.save()
    items.note(row, Happening.CHANGED, actor)
    return row


@transaction.atomic
def arrange(item: WorkItem, *, due: dt.date | None, role: str, reason: str, actor: Any) -> WorkItem:
    """Another day, or another role where nobody holds the one of the lane; the reason stands in the history.

    Raises PermissionDenied for who does not manage the case, ValidationError by field.
    """
    require(actor, "process.manage_instance", item)
    row = items.locked(item, actor, arranging=True)
    why = fields.clean(reason).strip()
    if not why:
        raise ValidationError({"reason": _("Say why.")})
    if role not in WORKERS:
        raise ValidationError({"role": _("Choose a role.")})
    told: dict[str, Any] = {"why": why[:500]}
    if row.due != due:
        told |= {"due": [day.isoformat() if day else None for day in (row.due, due)]}
    if row.role != role:
        told |= {"role": [row.role, role]}
    if len(told) == 1:
        raise ValidationError(_("Nothing was changed."))
    row.due, row.role = due, role
    if row.assignee is not None and not _holds(row.assignee, row):
        row.assignee, row.claimed = None, None
    row.version += 1
    row.save()
    items.note(row, Happening.CHANGED, actor, **told)
    return row
