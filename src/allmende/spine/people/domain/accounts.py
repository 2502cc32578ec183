"""Making and changing accounts."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from allmende.spine.facts import emit

from ..access import require_actor
from ..enums import Role
from ..facts import (
    AccountChanged,
    AccountCreated,
    AccountDisabled,
    AccountEnabled,
    SignedOutEverywhere,
)
from ..models import Account
from .assignments import assign, guard_administrators

EDITABLE = ("name", "phone", "language", "theme")


def _may(actor: Any, account: Account | None = None) -> None:
    require_actor(actor, "people.change_account" if account else "people.add_account", account)


@transaction.atomic
def create_account(
    email: str,
    *,
    name: str = "",
    password: str | None = None,
    actor: Any = None,
    how: str = "administration",
    demo: bool = False,
    verified: bool = True,
) -> Account:
    """A new account. Without a password it can only be entered through a reset link or an identity provider.

    `verified`: the caller vouches for the address; else the first sign-in asks for a code sent there.
    Raises ValidationError for a bad or taken address, PermissionDenied.
    """
    _may(actor)
    email = email.strip().lower()
    validate_email(email)
    if Account.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": _("There is already an account with this address.")}, code="taken")
    account = Account(email=email, name=name.strip(), demo=demo)
    account.set_password(password)
    account.save()
    EmailAddress.objects.create(user=account, email=email, primary=True, verified=verified)
    emit(AccountCreated(how=how), subject=account, actor=actor)
    return account


@transaction.atomic
def signed_up(account: Account, *, how: str = "signup", resident: bool = True) -> Account:
    """Record an account that came by itself (sign-up form, identity provider), as a resident."""
    account.email = account.email.lower()
    account.save()
    emit(AccountCreated(how=how), subject=account, actor=account)
    if resident:
        assign(account, Role.RESIDENT, reason=how)
    return account


@transaction.atomic
def change_account(account: Account, *, actor: Any, **values: Any) -> Account:
    """Change what the person may change about themselves, by themselves or by who administers accounts.

    Raises ValueError for other fields, PermissionDenied.
    """
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    if getattr(actor, "pk", None) != account.pk:
        _may(actor, account)
    row = Account.objects.select_for_update().get(pk=account.pk)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
        emit(AccountChanged(fields=changed), subject=row, actor=actor)
    return row


@transaction.atomic
def set_password(account: Account, password: str, *, actor: Any = None) -> Account:
    """A new password, checked by the rules; every session of the account ends.

    Raises ValidationError, PermissionDenied.
    """
    _may(actor, account)
    row = Account.objects.select_for_update().get(pk=account.pk)
    validate_password(password, row)
    row.set_password(password)
    row.save(update_fields=["password"])
    emit(AccountChanged(fields=["password"]), subject=row, actor=actor)
    return row


@transaction.atomic
def disable_account(account: Account, *, actor: Any = None) -> Account:
    """Shut an account out at once: its sessions and tokens stop working, its data and roles stay.

    Raises ValidationError where the town would be left without an administrator or for one's own account,
    PermissionDenied.
    """
    _may(actor, account)
    if getattr(actor, "pk", None) == account.pk:
        raise ValidationError(_("You cannot disable your own account."))
    guard_administrators(without_account=account)
    row = Account.objects.select_for_update().get(pk=account.pk)
    if row.is_active:
        row.is_active = False
        row.session_epoch += 1
        row.save(update_fields=["is_active", "session_epoch"])
        emit(AccountDisabled(), subject=row, actor=actor)
    return row


@transaction.atomic
def enable_account(account: Account, *, actor: Any = None) -> Account:
    """Let a disabled account in again. Raises PermissionDenied."""
    _may(actor, account)
    row = Account.objects.select_for_update().get(pk=account.pk)
    if not row.is_active:
        row.is_active = True
        row.save(update_fields=["is_active"])
        emit(AccountEnabled(), subject=row, actor=actor)
    return row


@transaction.atomic
def sign_out_everywhere(account: Account, *, actor: Any) -> Account:
    """End every session of the account. The caller renews the one it wants to keep (`update_session_auth_hash`).

    Raises PermissionDenied.
    """
    if getattr(actor, "pk", None) != account.pk:
        _may(actor, account)
    Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)
    emit(SignedOutEverywhere(), subject=account, actor=actor)
    account.refresh_from_db(fields=["session_epoch"])
    return account
