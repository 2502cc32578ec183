"""Departments, companies, clubs and other towns that people act for."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit

from ..access import require_actor
from ..facts import OrganisationAdded, OrganisationChanged, OrganisationRemoved
from ..models import Assignment, Organisation


def _may(actor: Any, organisation: Organisation | None = None) -> None:
    require_actor(actor, "people.change_organisation" if organisation else "people.add_organisation", organisation)


@transaction.atomic
def add_organisation(name: str, kind: str, *, actor: Any) -> Organisation:
    """Raises ValidationError for an unknown kind or an empty name, PermissionDenied."""
    _may(actor)
    row = Organisation(name=name.strip(), kind=kind)
    row.full_clean()
    row.save()
    emit(OrganisationAdded(name=row.name), subject=row, actor=actor)
    return row


@transaction.atomic
def change_organisation(organisation: Organisation, *, name: str, kind: str, actor: Any) -> Organisation:
    """Raises ValidationError, PermissionDenied."""
    _may(actor, organisation)
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if (row.name, row.kind) != (name.strip(), kind):
        row.name, row.kind = name.strip(), kind
        row.full_clean()
        row.save()
        emit(OrganisationChanged(name=row.name), subject=row, actor=actor)
    return row


@transaction.atomic
def remove_organisation(organisation: Organisation, *, actor: Any) -> None:
    """Remove one that nobody holds a role for. Raises ValidationError where somebody does, PermissionDenied."""
    _may(actor, organisation)
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    held = Assignment.objects.filter(scope=row.urn).exclude(valid_to__lt=timezone.localdate())
    if held.exists():
        raise ValidationError(_("People still hold roles for this organisation: end these first."))
    emit(OrganisationRemoved(name=row.name), subject=row, actor=actor)
    row.delete()
