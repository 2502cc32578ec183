"""Figures of work and those who do it: what stays off until employer and staff council agreed on it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from allmende.spine.facts import emit
from allmende.spine.people.access import require
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account, Assignment

from ..facts import AgreementRecorded
from ..models import StaffAgreement

# A role that fewer people hold could single somebody out.
FEW = 3


def in_force(today: dt.date | None = None) -> StaffAgreement | None:
    """The agreement that holds today."""
    day = today or timezone.localdate()
    return StaffAgreement.objects.filter(Q(ends__isnull=True) | Q(ends__gte=day), day__lte=day).first()


@transaction.atomic
def record(values: Mapping[str, Any], *, actor: Account) -> StaffAgreement:
    """Record an agreement; from its day on, figures of small roles are shown. Raises PermissionDenied,
    ValidationError."""
    require(actor, "process.record_agreement")
    row = StaffAgreement(recorder=actor, **values)
    row.full_clean()
    row.save()
    emit(AgreementRecorded(title=row.title), subject=row, actor=actor)
    return row


def small_roles(today: dt.date | None = None) -> set[str]:
    """Roles of which no figures are shown: fewer than three people hold them. None where an agreement is in force."""
    if in_force(today) is not None:
        return set()
    day = today or timezone.localdate()
    held = (
        Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
        .filter(account__is_active=True)
        .values("role")
        .annotate(number=Count("account", distinct=True))
        .values_list("role", "number")
    )
    enough = {role for role, number in held if number >= FEW}
    return {str(role) for role in Role if role not in enough}
