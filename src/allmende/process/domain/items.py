"""Work items: taken on, handed on, worked at, done. Plain ones and what the office arranges: `arranging.py`."""

import json
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

from ..enums import Happening, ItemState
from ..facts import ItemDone
from ..models import Instance, ItemComment, WorkItem
from . import fields, forms, history, steps
from .substitutes import stands_in

# Of everything that is entered into one form, as JSON.
LONGEST_DRAFT = 200_000


class FormChanged(Exception):
    """The form asks for something else than when it was opened: a new version of the process came meanwhile."""


def may_open(person: Any, item: WorkItem) -> bool:
    """Whether somebody may do an item, or arranges who does it."""
    return can(person, "process.work", item) or can(person, "process.manage_instance", item)


def locked(item: WorkItem, actor: Any, *, arranging: bool = False) -> WorkItem:
    """The item, locked after its instance so that two steps never wait for each other. `arranging`: for who manages
    the case besides who may do it. Raises PermissionDenied, ValidationError where it is no longer open."""
    if item.instance_id is not None:
        Instance.objects.select_for_update().get(pk=item.instance_id)
    row = (
        WorkItem.objects.select_for_update(of=("self",))
        .select_related("instance__version_of", "doer", "assignee")
        .get(pk=item.pk)
    )
    if not (arranging and can(actor, "process.manage_instance", row)):
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


def note(row: WorkItem, kind: Happening, actor: Any, **payload: Any) -> None:
    """An entry in the history of a locked item's case, if it has one."""
    if row.instance is None:
        return
    history.write(row.instance, kind, element=row.element, name=row.title, payload=payload, actor=actor)
    row.instance.save(update_fields=["events_written", "last_hash"])


def _stood_in(row: WorkItem, actor: Any) -> dict[str, str]:
    """For the history: under which substitution somebody acts on another person's item. Names nobody."""
    found = stands_in(actor).get(row.assignee_id or 0)
    return {"for": str(found.public_id)} if found else {}


def check_free(row: WorkItem, actor: Any) -> None:
    """Raises ValidationError where an item is another person's for whom the actor does not stand in."""
    if row.assignee_id not in (None, actor.pk) and row.assignee_id not in stands_in(actor):
        raise ValidationError(_("%(who)s already works on this.") % {"who": row.assignee})


@transaction.atomic
def claim(item: WorkItem, *, actor: Account) -> WorkItem:
    """Take an item on. Raises PermissionDenied, ValidationError where somebody else has it."""
    row = locked(item, actor)
    if row.assignee_id == actor.pk:
        return row
    check_free(row, actor)
    told = _stood_in(row, actor)
    row.assignee, row.claimed = actor, timezone.now()
    row.version += 1
    row.save()
    note(row, Happening.CLAIMED, actor, **told)
    return row


@transaction.atomic
def put_back(item: WorkItem, *, actor: Account) -> WorkItem:
    """Give an item back to everybody of its role, with what was entered. Raises PermissionDenied, ValidationError;
    also for a plain task that is meant for one person."""
    row = locked(item, actor, arranging=True)
    if row.assignee_id is None:
        return row
    if not row.role:
        raise ValidationError(_("This task is meant for one person: hand it on to somebody else."))
    row.assignee, row.claimed = None, None
    row.version += 1
    row.save()
    note(row, Happening.RELEASED, actor)
    return row


@transaction.atomic
def hand_on(item: WorkItem, to: Account, *, actor: Account) -> WorkItem:
    """Give an item to somebody else who may do it. Raises PermissionDenied, ValidationError."""
    row = locked(item, actor, arranging=True)
    if not to.is_active:
        raise ValidationError({"to": _("This person no longer works here.")})
    if not can(to, "process.work", row):
        raise ValidationError({"to": _("This person may not do this task.")})
    row.assignee, row.claimed = to, timezone.now()
    row.version += 1
    row.save()
    note(row, Happening.GIVEN, actor)
    return row


@transaction.atomic
def save_draft(item: WorkItem, values: Mapping[str, Any], *, version: int, actor: Account) -> WorkItem:
    """Keep what was entered so far, without checking it. Names that the form does not have are left out; its files are
    those that were stored (`attachments.py`).

    Raises PermissionDenied, ValidationError, VersionConflict where somebody saved meanwhile.
    """
    row = locked(item, actor)
    check_free(row, actor)
    if row.version != version:
        raise VersionConflict(row)
    form = forms.build(row, person=actor)
    row.draft = {
        name: source[name]
        for name, each in form.fields.items()
        if name in (source := row.draft if isinstance(each, fields.Upload) else values)
    }
    if len(json.dumps(row.draft)) > LONGEST_DRAFT:
        raise ValidationError(_("This is too much text for one form. Add it as a file, or shorten it."))
    row.assignee, row.claimed = row.assignee or actor, row.claimed or timezone.now()
    row.version += 1
    row.save()
    return row


@transaction.atomic
def complete(item: WorkItem, data: Mapping[str, Any], *, stamp: str = "", actor: Account) -> WorkItem:
    """Do an item: check `data` by its form, enter them, and let the process go on. `stamp`: of the form that was
    filled (`forms.stamp`), where there was one.

    Raises PermissionDenied; ValidationError by field, or where it is done already or another person has it;
    FormChanged.
    """
    row = locked(item, actor)
    check_free(row, actor)
    _other_eyes(row, actor)
    if stamp and stamp != forms.stamp(row):
        raise FormChanged
    entered = forms.checked(row, data, person=actor)
    stood = _stood_in(row, actor)
    told = {"values": sorted(entered.values), "ways": entered.ways} | stood
    row.assignee, row.doer = actor, actor
    row.state, row.closed, row.draft, row.trouble = ItemState.DONE, timezone.now(), {}, ""
    row.version += 1
    row.save()
    if row.instance is not None and row.task is not None:
        with steps.step(row.instance, actor=actor) as (instance, run):
            history.write(instance, Happening.COMPLETED, element=row.element, name=row.title, payload=told, actor=actor)
            run.answer(row.task, entered.values, entered.ways)
    else:
        note(row, Happening.COMPLETED, actor, **stood)
    emit(ItemDone(title=row.title, element=row.element), subject=row.instance or row, actor=actor)
    return row


def needs_other_eyes(item: WorkItem, person: Account) -> bool:
    """Whether a step asks for a second person, and this one did the first."""
    first = forms.step_of(item).four_eyes
    if not first or item.instance is None:
        return False
    return item.instance.items.filter(element=first, doer=person, state=ItemState.DONE).exists()


def _other_eyes(row: WorkItem, actor: Account) -> None:
    if needs_other_eyes(row, actor):
        raise ValidationError(_("You did the step before this one: a second person has to do this."))


@transaction.atomic
def comment(item: WorkItem, text: str, *, actor: Account) -> ItemComment:
    """A remark, also on an item that is done. Raises PermissionDenied, ValidationError."""
    if not may_open(actor, item):
        raise PermissionDenied("process.work")
    row = ItemComment(item=item, author=actor, text=fields.clean(text).strip())
    row.full_clean()
    row.save()
    return row
