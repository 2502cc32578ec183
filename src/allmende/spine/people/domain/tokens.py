"""Keys for programs. Shown once, kept as SHA-256."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from allmende.spine.facts import emit

from ..access import require_actor
from ..enums import Role
from ..facts import TokenCreated, TokenRevoked
from ..models import Account, Token

PREFIX = "alm_"
LONGEST = timedelta(days=365)


@transaction.atomic
def create_token(
    account: Account, name: str, *, role: Role | None = None, days: int = 90, actor: Any = None
) -> tuple[Token, str]:
    """A new token and its key. `days` is its life, at most 365. Raises ValueError outside 1–365.

    A person makes tokens for themselves; for others who administers accounts. Raises PermissionDenied.
    """
    if getattr(actor, "pk", None) != account.pk:
        require_actor(actor, "people.change_account", account)
    if not 1 <= days <= LONGEST.days:
        raise ValueError("a token lives 1 to 365 days")
    key = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        account=account,
        name=name[:100],
        role=role or "",
        digest=Token.digest_of(key),
        expires=timezone.now() + timedelta(days=days),
    )
    emit(TokenCreated(role=token.role), subject=account, actor=actor)
    return token, key


@transaction.atomic
def revoke_token(token: Token, *, actor: Any = None) -> None:
    """The key stops working at once. Raises PermissionDenied."""
    if getattr(actor, "pk", None) != token.account_id:
        require_actor(actor, "people.change_account", token.account)
    emit(TokenRevoked(), subject=token.account, actor=actor)
    token.delete()


def account_of_key(key: str) -> Account | None:
    """The account a key stands for, narrowed to the token's role; None for an unknown, expired or disabled one."""
    if not key.startswith(PREFIX):
        return None
    token = Token.objects.select_related("account").filter(digest=Token.digest_of(key)).first()
    if token is None or token.expires <= timezone.now() or not token.account.is_active:
        return None
    today = timezone.localdate()
    if token.last_used != today:
        Token.objects.filter(pk=token.pk).update(last_used=today)
    account = token.account
    account.token_role = token.role
    account.via_token = True
    return account
