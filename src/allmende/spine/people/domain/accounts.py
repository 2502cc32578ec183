"""Making and changing accounts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from allmende.spine.facts import emit

from ..facts import AccountChanged, AccountCreated
from ..models import Account

EDITABLE = ("name", "phone", "language", "theme")


@transaction.atomic
def create_account(
    email: str,
    *,
    name: str = "",
    password: str | None = None,
    actor: Any = None,
    how: str = "administration",
    demo: bool = False,
) -> Account:
    """A new account. Without a password it can only be entered through a reset link or an identity provider.

    Raises ValidationError for a bad or taken address.
    """
    email = email.strip().lower()
    validate_email(email)
    if Account.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": "taken"}, code="taken")
    account = Account(email=email, name=name, demo=demo)
    account.set_password(password)
    account.save()
    emit(AccountCreated(how=how), subject=account, actor=actor)
    return account


@transaction.atomic
def change_account(account: Account, *, actor: Any, **values: Any) -> Account:
    """Change what the person may change about themselves. Raises ValueError for other fields."""
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    row = Account.objects.select_for_update().get(pk=account.pk)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
        emit(AccountChanged(fields=changed), subject=row, actor=actor)
    return row
