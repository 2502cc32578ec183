"""Work items: taken on, handed on, worked at, done; and plain ones without a process."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import can, require
from allmende.spine.people.models import Account

from ..enums import Happening, ItemKind, ItemState
from ..facts import ItemDone
from ..models import Instance, ItemComment, WorkItem
from . import forms, history, steps


def _locked(item: WorkItem, actor: Any) -> WorkItem:
    """The item, locked after its instance so that two steps never wait for each other. Raises PermissionDenied,
    ValidationError where it is no longer open."""
    if item.instance_id is not None:
        Instance.objects.select_for_update().get(pk=item.instance_id)
    row = (
        WorkItem.objects.select_for_update(of=("self",)).select_related("instance__version_of", "doer").get(pk=item.pk)
    )
    require(actor, "process.work", row)
    if row.state == ItemState.DONE:
        when = timezone.localtime(row.closed)
        who = str(row.doer) if row.doer else _("somebody")
        raise ValidationError(
            _("%(who)s already did this on %(day)s at %(time)s.")
            % {"who": who, "day": f"{when:%d.%m.%Y}", "time": f"{when:%H:%M}"},
            code="done",
        )
    if row.state == ItemState.CANCELLED:
        raise ValidationError(_("This is no longer needed: the process has gone another way."), code="cancelled")
    return row


def _note(row: WorkItem, kind: Happening, actor: Any, **payload: Any) -> None:
    if row.instance is None:
        return
    history.write(row.instance, kind, element=row.element, name=row.title, payload=payload, actor=actor)
    row.instance.save(update_fields=["events_written", "last_hash"])


@transaction.atomic
def claim(item: WorkItem, *, actor: Account) -> WorkItem:
    """Take an item on. Raises PermissionDenied, ValidationError where somebody else has it."""
    row = _locked(item, actor)
    if row.assignee_id == actor.pk:
        return row
    if row.assignee_id is not None:
        raise ValidationError(_("%(who)s already works on this.") % {"who": row.assignee})
    row.assignee, row.claimed = actor, timezone.now()
    row.version += 1
    row.save()
    _note(row, Happening.CLAIMED, actor)
    return row


@transaction.atomic
def put_back(item: WorkItem, *, actor: Account) -> WorkItem:
    """Give an item back to everybody of its role, with what was entered. Raises PermissionDenied, ValidationError."""
    row = _locked(item, actor)
    row.assignee, row.claimed = None, None
    row.version += 1
    row.save()
    _note(row, Happening.RELEASED, actor)
    return row


@transaction.atomic
def hand_on(item: WorkItem, to: Account, *, actor: Account) -> WorkItem:
    """Give an item to somebody else who may do it. Raises PermissionDenied, ValidationError."""
    row = _locked(item, actor)
    if not to.is_active:
        raise ValidationError({"to": _("This person no longer works here.")})
    if not can(to, "process.work", row):
        raise ValidationError({"to": _("This person may not do this task.")})
    row.assignee, row.claimed = to, timezone.now()
    row.version += 1
    row.save()
    _note(row, Happening.GIVEN, actor)
    return row


@transaction.atomic
def save_draft(item: WorkItem, values: Mapping[str, Any], *, version: int, actor: Account) -> WorkItem:
    """Keep what was entered so far, without checking it. Raises PermissionDenied, ValidationError, VersionConflict."""
    row = _locked(item, actor)
    if row.version != version:
        raise VersionConflict(row)
    row.draft = dict(values)
    row.assignee, row.claimed = row.assignee or actor, row.claimed or timezone.now()
    row.version += 1
    row.save()
    return row


@transaction.atomic
def complete(item: WorkItem, data: Mapping[str, Any], *, actor: Account) -> WorkItem:
    """Do an item: check `data` by its form, enter them, and let the process go on.

    Raises PermissionDenied; ValidationError by field, or where it is done already or another person has it.
    """
    row = _locked(item, actor)
    if row.assignee_id not in (None, actor.pk):
        raise ValidationError(_("%(who)s already works on this.") % {"who": row.assignee})
    _other_eyes(row, actor)
    entered = forms.checked(row, data)
    row.assignee, row.doer = actor, actor
    row.state, row.closed, row.draft, row.trouble = ItemState.DONE, timezone.now(), {}, ""
    row.version += 1
    row.save()
    about = row.instance or row
    if row.instance is not None:
        assert row.task is not None
        with steps.step(row.instance, actor=actor) as (instance, run):
            told = {"values": sorted(entered.values), "ways": entered.ways}
            history.write(instance, Happening.COMPLETED, element=row.element, name=row.title, payload=told, actor=actor)
            run.answer(row.task, entered.values, entered.ways)
    emit(ItemDone(title=row.title, element=row.element), subject=about, actor=actor)
    return row


def _other_eyes(row: WorkItem, actor: Account) -> None:
    """A step that asks for a second person is not done by who did the first."""
    if row.instance is None:
        return
    first = forms.step_of(row).four_eyes
    if first and row.instance.items.filter(element=first, doer=actor, state=ItemState.DONE).exists():
        raise ValidationError(_("You did the step before this one: a second person has to do this."))


@transaction.atomic
def comment(item: WorkItem, text: str, *, actor: Account) -> ItemComment:
    """A remark, also on an item that is done. Raises PermissionDenied, ValidationError."""
    require(actor, "process.work", item)
    row = ItemComment(item=item, author=actor, text=text.strip())
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def add(
    *, title: str, subject: str, due: dt.date | None, role: str = "", assignee: Account | None, actor: Any
) -> WorkItem:
    """A plain task about something, without a process. Raises PermissionDenied, ValidationError."""
    if not can(actor, "process.add_item"):
        raise PermissionDenied("process.add_item")
    row = WorkItem(kind=ItemKind.PLAIN, title=title.strip(), subject=subject, due=due, role=role, assignee=assignee)
    row.full_clean()
    if assignee is not None and not assignee.is_active:
        raise ValidationError({"assignee": _("This person no longer works here.")})
    row.save()
    return row
