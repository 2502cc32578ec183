"""Who may read the file of a notice: staff who see the grant, and everybody where it was released."""

import uuid
from typing import Any

from allmende.spine.files import rights
from allmende.spine.people.access import can

from .models import Grant


def _grant(file: Any) -> Grant | None:
    try:
        public_id = uuid.UUID(file.subject.partition(":")[2])
    except ValueError:
        return None
    return Grant.objects.filter(public_id=public_id).first()


def can_view(person: Any, file: Any) -> bool:
    """A published grant does not open its file: a notice may name a clerk."""
    grant = _grant(file)
    if grant is None:
        return False
    released = grant.published is not None and grant.document_public and grant.document_id == file.pk
    return released or can(person, "funding.list_grants", grant)


def can_change(person: Any, file: Any) -> bool:
    grant = _grant(file)
    return grant is not None and can(person, "funding.change_grant", grant)


def register() -> None:
    rights.register("grant", can_view, can_change)
