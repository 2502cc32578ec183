"""Giving and ending roles.

Locking: whoever takes an administrator away first locks all assignments of administrators, in the order of their
keys, and counts afterwards with a fresh statement. Two who do so at once therefore queue, and the second sees what
the first did.
"""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit

from .. import scopes
from ..access import require_actor
from ..enums import INSTANCE, TIME_LIMITED, Role
from ..facts import RoleAssigned, RoleEnded, RoleRenewed
from ..models import Account, Assignment


def _forget_roles(account: Account) -> None:
    """The roles kept on a person object are read afresh."""
    account.__dict__.pop("_roles_today", None)


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
    source: str = "",
) -> Assignment:
    """Give `account` a role in `scope` from a day until a day (inclusive).

    Raises ValidationError where a time-limited role has no end, the dates are reversed or the scope does not exist;
    PermissionDenied where somebody gives themselves a role or gives one where they do not administer.
    """
    role = Role(role)
    scope = scope or INSTANCE
    if actor is not None and getattr(actor, "pk", None) == account.pk:
        raise PermissionDenied(_("Nobody gives a role to themselves."))
    start = valid_from or timezone.localdate()
    row = Assignment(
        account=account,
        role=role,
        scope=scope,
        valid_from=start,
        valid_to=valid_to,
        reason=reason[:200],
        granted_by=actor if isinstance(actor, Account) else None,
        source=source,
    )
    require_actor(actor, "people.assign_role", row)
    if isinstance(actor, Account) and not scopes.exists(scope):
        raise ValidationError({"scope": _("There is nothing with this identifier.")})
    if role in TIME_LIMITED and valid_to is None:
        raise ValidationError({"valid_to": _("This role is always limited in time: name the last day.")})
    if valid_to is not None and valid_to < start:
        raise ValidationError({"valid_to": _("The last day lies before the first.")})
    row.save()
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
    _forget_roles(account)
    return row


def _administrators(today: date) -> QuerySet[Assignment]:
    return Assignment.objects.filter(
        role=Role.ADMINISTRATOR, scope=INSTANCE, valid_from__lte=today, account__is_active=True
    ).exclude(valid_to__lt=today)


def guard_administrators(
    *, without_account: Account | None = None, without_assignment: Assignment | None = None
) -> None:
    """Raise ValidationError if, without this account or assignment, nobody would administer the town.

    Call it inside the transaction that takes the account or assignment away, before any other lock.
    """
    locked = Assignment.objects.filter(role=Role.ADMINISTRATOR, scope=INSTANCE).order_by("pk")
    list(locked.select_for_update().values_list("pk", flat=True))
    today = timezone.localdate()
    now = _administrators(today)
    left = now
    if without_account is not None:
        left = left.exclude(account=without_account)
    if without_assignment is not None:
        left = left.exclude(pk=without_assignment.pk)
    if now.exists() and not left.exists():
        raise ValidationError(_("This is the last administrator: name another one first."))


@transaction.atomic
def end(assignment: Assignment, *, actor: Any = None) -> None:
    """End a role at once. One that has not begun is taken back whole, one that is over stays as it is.

    Raises ValidationError where the town would be left without an administrator, PermissionDenied.
    """
    require_actor(actor, "people.assign_role", assignment)
    if assignment.role == Role.ADMINISTRATOR and assignment.scope == INSTANCE:
        guard_administrators(without_assignment=assignment)
    row = Assignment.objects.select_for_update().filter(pk=assignment.pk).first()
    today = timezone.localdate()
    if row is None or (row.valid_to is not None and row.valid_to < today):
        return
    emit(RoleEnded(role=row.role, scope=row.scope), subject=row.account, actor=actor)
    if row.valid_from >= today:
        row.delete()
    else:
        # The last day is inclusive: a role ended today held until yesterday.
        row.valid_to = today - timedelta(days=1)
        row.save(update_fields=["valid_to"])


@transaction.atomic
def follow_directory(account: Account, wanted: set[tuple[Role, str]], *, source: str, days: int) -> None:
    """Let the roles that the directory `source` gave follow what it says now: new ones begin, others end.

    They hold until `days` after today, so that they run out where somebody no longer signs in through the directory.
    Roles given by people are not touched.
    """
    Account.objects.select_for_update().get(pk=account.pk)
    today = timezone.localdate()
    until = today + timedelta(days=days)
    held = Assignment.objects.filter(account=account, source=source).exclude(valid_to__lt=today)
    known: set[tuple[Role, str]] = set()
    for row in held:
        pair = (Role(row.role), row.scope)
        if pair not in wanted:
            end(row, actor=source)
            continue
        known.add(pair)
        if row.valid_to != until:
            row.valid_to = until
            row.save(update_fields=["valid_to"])
            emit(RoleRenewed(role=row.role, scope=row.scope, valid_to=until.isoformat()), subject=account, actor=source)
    for role, scope in sorted(wanted - known):
        assign(account, role, scope=scope, valid_to=until, reason=source, actor=source, source=source)
    _forget_roles(account)
