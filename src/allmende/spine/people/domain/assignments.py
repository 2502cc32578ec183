"""Giving and ending roles."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit

from ..enums import INSTANCE, TIME_LIMITED, Role
from ..facts import RoleAssigned, RoleEnded
from ..models import Account, Assignment


@transaction.atomic
def assign(
    account: Account,
    role: Role,
    *,
    scope: str = INSTANCE,
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
    actor: Any = None,
) -> Assignment:
    """Give `account` a role in `scope` from a day until a day (inclusive).

    Raises ValidationError where a time-limited role has no end or the dates are reversed, PermissionDenied where somebody gives
    themselves a role.
    """
    role = Role(role)
    if actor is not None and getattr(actor, "pk", None) == account.pk:
        raise PermissionDenied(_("Nobody gives a role to themselves."))
    start = valid_from or timezone.localdate()
    if role in TIME_LIMITED and valid_to is None:
        raise ValidationError({"valid_to": _("This role is always limited in time: name the last day.")})
    if valid_to is not None and valid_to < start:
        raise ValidationError({"valid_to": _("The last day lies before the first.")})
    row = Assignment.objects.create(
        account=account,
        role=role,
        scope=scope or INSTANCE,
        valid_from=start,
        valid_to=valid_to,
        reason=reason,
        granted_by=actor if isinstance(actor, Account) else None,
    )
    emit(
        RoleAssigned(
            role=role.value,
            scope=row.scope,
            valid_from=start.isoformat(),
            valid_to=valid_to.isoformat() if valid_to else None,
        ),
        subject=account,
        actor=actor,
    )
    return row


@transaction.atomic
def end(assignment: Assignment, *, actor: Any = None) -> None:
    """End a role today. One that has not begun is taken back whole.

    Raises ValidationError where the town would be left without an administrator.
    """
    row = Assignment.objects.select_for_update().get(pk=assignment.pk)
    today = timezone.localdate()
    if row.role == Role.ADMINISTRATOR and row.scope == INSTANCE:
        others = (
            Assignment.objects.select_for_update()
            .filter(role=Role.ADMINISTRATOR, scope=INSTANCE, valid_from__lte=today, account__is_active=True)
            .exclude(pk=row.pk)
            .exclude(valid_to__lt=today)
        )
        if not others.exists():
            raise ValidationError(_("This is the last administrator: name another one first."))
    emit(RoleEnded(role=row.role, scope=row.scope), subject=row.account, actor=actor)
    if row.valid_from >= today:
        row.delete()
    else:
        # The last day is inclusive: a role ended today held until yesterday.
        row.valid_to = today - timedelta(days=1)
        row.save(update_fields=["valid_to"])
