"""Files that people add to the form of a task: private, stored at once, so that none is chosen twice where something
else in the form has to be corrected. The draft holds a file's URN until the task is done."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine.files import rights
from allmende.spine.files.domain import uploads
from allmende.spine.files.models import StoredFile
from allmende.spine.people.access import can, visible_to

from ..models import WorkItem
from . import fields, forms, items


def _uuid(urn: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(urn.partition(":")[2])
    except ValueError:
        return None


def file_of(urn: str) -> StoredFile | None:
    """The file that a value of a form names."""
    key = _uuid(urn) if urn.startswith("file:") else None
    return StoredFile.objects.filter(public_id=key).first() if key else None


@transaction.atomic
def attach(item: WorkItem, name: str, upload: Any, *, actor: Any) -> WorkItem:
    """Store an upload for a field of an item's form, in place of the one before. Raises PermissionDenied,
    ValidationError at the field, or where the item is no longer open or another person has it."""
    row = items.locked(item, actor)
    items.check_free(row, actor)
    field = forms.build(row, person=actor).fields.get(name)
    if not isinstance(field, fields.Upload):
        raise ValidationError(_("This form takes no file there."))
    try:
        file = uploads.store(upload, subject=row, actor=actor, kinds=field.kinds, max_bytes=field.max_bytes)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error
    _forget(row, name)
    row.draft = row.draft | {name: file.urn}
    row.version += 1
    row.save()
    return row


@transaction.atomic
def detach(item: WorkItem, name: str, *, actor: Any) -> WorkItem:
    """Take a file out of the form. Raises PermissionDenied, ValidationError."""
    row = items.locked(item, actor)
    items.check_free(row, actor)
    _forget(row, name)
    row.draft = {key: value for key, value in row.draft.items() if key != name}
    row.version += 1
    row.save()
    return row


def attach_all(item: WorkItem, sent: Mapping[str, Any], *, actor: Any) -> dict[str, list[str]]:
    """Store what was chosen in the fields of a form; what is wrong, by field. Raises PermissionDenied, ValidationError
    as `attach` does for the item as a whole."""
    wrong: dict[str, list[str]] = {}
    form = forms.build(item, person=actor)
    for name in sent:
        if isinstance(form.fields.get(name), fields.Upload):
            try:
                attach(item, name, sent[name], actor=actor)
            except ValidationError as error:
                if not hasattr(error, "error_dict"):
                    raise
                wrong |= error.message_dict
    return wrong


def _forget(row: WorkItem, name: str) -> None:
    """Remove the file that a draft holds. Only a file of this very task: a draft is no way to others' files."""
    file = file_of(str(row.draft.get(name, "")))
    if file is not None and file.subject == row.urn:
        uploads.delete(file, actor=None)


def _item(file: Any) -> WorkItem | None:
    key = _uuid(file.subject)
    return WorkItem.objects.select_related("instance").filter(public_id=key).first() if key else None


def can_view(person: Any, file: Any) -> bool:
    """Who may do the task, see its case, or do another task of the case."""
    item = _item(file)
    if item is None:
        return False
    if can(person, "process.work", item) or can(person, "process.view_instance", item):
        return True
    return item.instance is not None and visible_to(person, WorkItem.objects.filter(instance=item.instance)).exists()


def can_change(person: Any, file: Any) -> bool:
    """Nobody besides who added it: what a task was done with stays."""
    return False


def register() -> None:
    rights.register("item", can_view, can_change)
