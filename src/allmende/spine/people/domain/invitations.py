"""Inviting somebody: an account made by the administration, and a mail with the link that sets its password."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction

from allmende.spine.facts import emit

from ..access import require_actor
from ..facts import Invited
from ..models import Account
from .accounts import create_account


def _send(account: Account) -> None:
    adapter = get_adapter()
    key = f"{user_pk_to_url_str(account)}-{default_token_generator.make_token(account)}"
    url = adapter.get_reset_password_from_key_url(key)
    adapter.send_mail("people/mail/invitation", account.email, {"user": account, "password_reset_url": url})


@transaction.atomic
def invite(email: str, *, name: str = "", language: str = "", actor: Any) -> Account:
    """A new account without a password, and, once it is saved, the mail that opens it.

    Raises ValidationError for a bad or taken address, PermissionDenied. The mail needs a request (for its address).
    """
    account = create_account(email, name=name, actor=actor)
    if language:
        Account.objects.filter(pk=account.pk).update(language=language)
        account.language = language
    emit(Invited(), subject=account, actor=actor)
    transaction.on_commit(lambda: _send(account))
    return account


@transaction.atomic
def invite_again(account: Account, *, actor: Any) -> None:
    """The same mail once more; links sent before stay good until one is used. Raises PermissionDenied."""
    require_actor(actor, "people.change_account", account)
    emit(Invited(), subject=account, actor=actor)
    transaction.on_commit(lambda: _send(account))
