"""Accounts of programs: nobody signs in with them, they only carry tokens."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ..enums import TIME_LIMITED, Role
from ..models import Account
from .accounts import create_account
from .assignments import assign


@transaction.atomic
def service_account(email: str, role: Role, *, days: int) -> Account:
    """The account under `email` with `role` for the whole town, made or given the role where that is missing.

    It has no password, and its address leads nowhere. A role that is always limited in time is given for `days`.
    Raises ValidationError for a bad address.
    """
    account = Account.objects.filter(email__iexact=email).first()
    if account is None:
        account = create_account(email, name=f"{role.label} (API)", actor="terminal", how="terminal")
    today = timezone.localdate()
    last = today + timedelta(days=days) if role in TIME_LIMITED else None
    held = account.assignments.filter(role=role, scope="instance", valid_from__lte=today)
    if not held.exclude(valid_to__lt=last or today).exists():
        assign(account, role, valid_to=last, reason="API", actor="terminal")
    return account
