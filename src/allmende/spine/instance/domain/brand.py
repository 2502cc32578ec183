"""Who besides the town may use its brand, for what and until when."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import can, is_staff, require, roles_of
from allmende.spine.people.models import Account, Organisation

from ..enums import EXPIRING_DAYS
from ..facts import BrandPermissionExtended, BrandPermissionGranted, BrandPermissionRevoked
from ..models import BrandPermission

LONGEST_DAYS = 5 * 366


def _check_term(start: date, end: date) -> None:
    if end < start:
        raise ValidationError({"valid_to": _("The last day lies before the first.")})
    if (end - start).days > LONGEST_DAYS:
        raise ValidationError({"valid_to": _("A permission lasts at most five years; it can be extended.")})


@transaction.atomic
def grant(
    organisation: Organisation,
    *,
    purpose: str,
    contact_role: str,
    valid_from: date,
    valid_to: date,
    actor: Any,
) -> BrandPermission:
    """Allow a partner to use the brand for a term. Raises PermissionDenied, ValidationError."""
    require(actor, "instance.grant_brand")
    _check_term(valid_from, valid_to)
    row = BrandPermission(
        organisation=organisation,
        purpose=purpose.strip(),
        contact_role=contact_role.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by=actor if isinstance(actor, Account) else None,
    )
    row.full_clean()
    row.save()
    emit(
        BrandPermissionGranted(valid_from=valid_from.isoformat(), valid_to=valid_to.isoformat()),
        subject=row,
        actor=actor,
    )
    return row


@transaction.atomic
def extend(permission: BrandPermission, valid_to: date, *, version: int, actor: Any) -> BrandPermission:
    """Set a later last day. Raises PermissionDenied, VersionConflict, ValidationError (revoked, or not later)."""
    require(actor, "instance.grant_brand")
    row = BrandPermission.locked(permission.pk, version)
    if row.revoked is not None:
        raise ValidationError(_("A revoked permission is not extended: grant a new one."))
    if valid_to <= row.valid_to:
        raise ValidationError({"valid_to": _("The new last day must be later than the old one.")})
    _check_term(max(row.valid_from, timezone.localdate()), valid_to)
    row.valid_to = valid_to
    row.version += 1
    row.save()
    emit(BrandPermissionExtended(valid_to=valid_to.isoformat()), subject=row, actor=actor)
    return row


@transaction.atomic
def revoke(permission: BrandPermission, reason: str, *, actor: Any) -> BrandPermission:
    """End a permission now; it stays on record. Raises PermissionDenied, ValidationError without a reason."""
    require(actor, "instance.grant_brand")
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why: the partner has a right to know.")})
    row = BrandPermission.locked(permission.pk)
    if row.revoked is None:
        row.revoked, row.revoke_reason = timezone.now(), reason[:300]
        row.version += 1
        row.save()
        emit(BrandPermissionRevoked(), subject=row, actor=actor)
    return row


def permissions() -> QuerySet[BrandPermission]:
    """All permissions, the ones that end first on top."""
    return BrandPermission.objects.select_related("organisation", "granted_by").order_by("valid_to", "pk")


def valid_on(day: date) -> QuerySet[BrandPermission]:
    return permissions().filter(revoked__isnull=True, valid_from__lte=day, valid_to__gte=day)


def expiring(day: date) -> QuerySet[BrandPermission]:
    """Valid ones that end within EXPIRING_DAYS."""
    return valid_on(day).filter(valid_to__lt=day + timedelta(days=EXPIRING_DAYS))


def may_use(person: Any) -> bool:
    """Staff always; others while an organisation they act for has a valid permission."""
    if not can(person, "instance.use_brand"):
        return False
    if is_staff(person):
        return True
    ids = [scope.partition(":")[2] for _role, scope in roles_of(person) if scope.startswith("organisation:")]
    return valid_on(timezone.localdate()).filter(organisation__public_id__in=ids).exists()
