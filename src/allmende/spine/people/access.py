"""Who may do what. One `can()`, one `visible_to()`, one decorator for views; default deny."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from .enums import INSTANCE, STAFF, Role
from .rights import RIGHTS, Right

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed_in"


def access(right: str) -> Callable[[View], View]:
    """Say who may call a view: "public", "signed_in", or a right held in at least one scope.

    A view that works on one object calls `require(person, right, obj)` besides.
    """

    def mark(view: View) -> View:
        view.access_rule = right  # type: ignore[attr-defined]
        return view

    return mark


def roles_of(person: Any) -> set[tuple[Role, str]]:
    """The (role, scope) pairs that hold today. Read once per request and kept on the person object."""
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return set()
    kept: set[tuple[Role, str]] | None = getattr(person, "_roles_today", None)
    if kept is None:
        today = timezone.localdate()
        rows = person.assignments.filter(valid_from__lte=today).exclude(valid_to__lt=today)
        kept = _with_second_factor(person, rows)
        only = getattr(person, "token_role", "")
        if only:
            kept = {pair for pair in kept if pair[0] == only}
        person._roles_today = kept
    return kept


def _with_second_factor(person: Any, rows: QuerySet[Any]) -> set[tuple[Role, str]]:
    """The pairs of `rows`. Where staff need a second factor, somebody who has none holds no staff role.

    Then `second_factor_missing` is set on the person, so that they are shown the way instead of a closed door.
    Tokens, demo accounts (loopback only) and sign-ins at an identity provider that asks itself need none.
    """
    if not settings.STAFF_MFA or person.demo or person.via_token:
        return {(Role(role), scope) for role, scope in rows.values_list("role", "scope")}
    from allauth.mfa.models import Authenticator  # allauth's models load after ours

    factors = Authenticator.objects.filter(
        user_id=OuterRef("account_id"), type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )
    found = list(rows.annotate(factor=Exists(factors)).values_list("role", "scope", "factor"))
    pairs = {(Role(role), scope) for role, scope, _ in found}
    elsewhere = person.second_factor_elsewhere
    if elsewhere or any(factor for _, _, factor in found):
        return pairs
    kept = {pair for pair in pairs if pair[0] not in STAFF}
    person.second_factor_missing = kept != pairs
    return kept


def has_role(person: Any, *roles: Role) -> bool:
    """Whether the person holds one of `roles` in any scope."""
    return any(role in roles for role, _ in roles_of(person))


def is_staff(person: Any) -> bool:
    return has_role(person, *STAFF)


def _right(name: str) -> Right:
    try:
        return RIGHTS[name]
    except KeyError:
        raise LookupError(f"no right named {name}: declare it in rules.py") from None


def can(person: Any, right: str, obj: Any = None) -> bool:
    """Whether `person` may do `right` (to `obj`). Without an object: in at least one scope.

    Raises LookupError for an undeclared right, so that a typo never opens or closes a door.
    """
    if right == PUBLIC:
        return True
    if right == SIGNED_IN:
        return bool(getattr(person, "is_authenticated", False) and person.is_active)
    declared = _right(right)
    if obj is None:
        return declared.public is not None or any(declared.given_by(*pair) for pair in roles_of(person))
    if declared.public is not None and declared.public(obj):
        return True
    if declared.own is not None and can(person, SIGNED_IN) and declared.own(person, obj):
        return True
    pairs = roles_of(person)
    if not pairs:
        return False
    scopes = declared.scopes(obj) | {INSTANCE}
    if not any(declared.given_by(role, scope) and scope in scopes for role, scope in pairs):
        return False
    return declared.allow is None or declared.allow(person, obj)


def require(person: Any, right: str, obj: Any = None) -> None:
    """Raise PermissionDenied unless `can(person, right, obj)`."""
    if not can(person, right, obj):
        raise PermissionDenied(right)


def require_actor(actor: Any, right: str, obj: Any = None) -> None:
    """`require()` for verbs that the system may do too: None (the system) and a word ("import") act for the operator.

    Without an object the right must be held for the whole town. Raises PermissionDenied.
    """
    if actor is None or isinstance(actor, str):
        return
    if obj is not None:
        require(actor, right, obj)
    elif INSTANCE not in scopes_for(actor, right):
        raise PermissionDenied(right)


VISIBLE: dict[type, Callable[[Any, QuerySet[Any]], QuerySet[Any]]] = {}


def visibility(model: type) -> Callable[[Any], Any]:
    """Declare, in a room's rules.py, which rows of `model` a person may see: `fn(person, queryset) -> queryset`."""

    def register(fn: Any) -> Any:
        VISIBLE[model] = fn
        return fn

    return register


def visible_to(person: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Only the rows that `person` may see. A model that declares nothing shows nothing."""
    narrow = VISIBLE.get(rows.model)
    return narrow(person, rows) if narrow else rows.none()


def scopes_for(person: Any, right: str) -> set[str]:
    """The scopes in which the person holds `right`; contains "instance" where it is everywhere."""
    declared = _right(right)
    return {scope for role, scope in roles_of(person) if declared.given_by(role, scope)}


@functools.lru_cache(maxsize=1)
def foreign_rules() -> dict[str, str]:
    """Rules for views of libraries, by route name; set in `config/urls.py`."""
    return {}
