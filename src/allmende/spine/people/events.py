"""What allauth changed about an account becomes a fact. allauth offers no hook for these but its signals."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from django.db import transaction

from allmende.spine.facts import emit

from .facts import AccountChanged
from .models import Account


def _changed(person: Account, field: str) -> None:
    with transaction.atomic():
        emit(AccountChanged(fields=[field]), subject=person, actor=person)


def _second_factor(sender: Any, user: Account, **kwargs: Any) -> None:
    _changed(user, "second_factor")


def _password(sender: Any, user: Account, **kwargs: Any) -> None:
    _changed(user, "password")


def _email(sender: Any, user: Account, from_email_address: Any = None, to_email_address: Any = None, **_: Any) -> None:
    # Confirming the first address is told as a change as well; it is none.
    if from_email_address is not None and from_email_address.email != to_email_address.email:
        _changed(user, "email")


def _connection(sender: Any, sociallogin: Any = None, socialaccount: Any = None, **kwargs: Any) -> None:
    account = sociallogin.account if sociallogin is not None else socialaccount
    _changed(account.user, "identity_provider")


def connect() -> None:
    for added in (mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset):
        added.connect(_second_factor, dispatch_uid=f"people.{id(added)}")
    for changed in (account.password_changed, account.password_set, account.password_reset):
        changed.connect(_password, dispatch_uid=f"people.{id(changed)}")
    account.email_changed.connect(_email, dispatch_uid="people.email")
    social.social_account_added.connect(_connection, dispatch_uid="people.connected")
    social.social_account_removed.connect(_connection, dispatch_uid="people.disconnected")
