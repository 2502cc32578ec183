"""People who come from the town's directory (LDAP) or identity provider (OIDC): their account and their roles.

An account is found by the lasting id of its directory entry. An address alone never opens an existing account,
unless the town says that it trusts its directory's addresses (`ALLMENDE_DIRECTORY_LINK`).
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from ..enums import INSTANCE, Role
from ..models import Account, DirectoryIdentity
from .accounts import create_account
from .assignments import follow_directory

log = logging.getLogger("allmende.people")


@dataclass(frozen=True)
class Entry:
    """What a directory says about a person who has just proven who they are."""

    uid: str
    email: str
    name: str
    groups: frozenset[str]


Mapping = dict[str, set[tuple[Role, str]]]


def parse_mapping(text: str) -> Mapping:
    """Read `GROUP => ROLE[@SCOPE]; …` (or one a line). Group names are compared without case.

    Raises ValueError for an unknown role or a line without an arrow: a slip must not silently give nobody a role.
    """
    mapping: Mapping = {}
    for line in re.split(r"[;\n]", text):
        if not line.strip():
            continue
        group, arrow, target = line.partition("=>")
        role, _, scope = target.strip().partition("@")
        if not arrow or not group.strip():
            raise ValueError(f"not GROUP => ROLE: {line.strip()}")
        mapping.setdefault(group.strip().casefold(), set()).add((Role(role.strip()), scope.strip() or INSTANCE))
    return mapping


def roles_for(groups: Iterable[str], mapping: Mapping) -> set[tuple[Role, str]]:
    """The roles of the groups; a group is named in whole, or, for an LDAP name, by its first part's value."""
    found: set[tuple[Role, str]] = set()
    for group in groups:
        names = {group.casefold()}
        if match := re.match(r"^[a-z]+=([^,]+),", group, re.IGNORECASE):
            names.add(match[1].casefold())
        for name in names:
            found |= mapping.get(name, set())
    return found


@transaction.atomic
def account_of_entry(entry: Entry) -> Account | None:
    """The account of an LDAP entry, made at its first sign-in, its roles brought up to date.

    None where the account is disabled or a demo account, or where the address belongs to an account that was not
    made from the directory.
    """
    known = DirectoryIdentity.objects.select_related("account").filter(uid=entry.uid).first()
    if known is not None:
        account = known.account
    else:
        found = _first_sign_in(entry)
        if found is None:
            return None
        account = found
    if not account.is_active or account.demo:
        return None
    update_roles(account, entry.groups, source="ldap")
    return account


def _first_sign_in(entry: Entry) -> Account | None:
    account = Account.objects.filter(email__iexact=entry.email).first()
    if account is None:
        try:
            account = create_account(entry.email, name=entry.name, actor="ldap", how="ldap")
        except ValidationError:
            log.warning("directory entry without a usable address refused")
            return None
    elif not settings.DIRECTORY_LINK or not _verified(account, entry.email):
        log.warning("directory entry refused: its address belongs to another account", extra={"account": account.pk})
        return None
    DirectoryIdentity.objects.create(account=account, uid=entry.uid)
    return account


def _verified(account: Account, email: str) -> bool:
    return EmailAddress.objects.filter(user=account, email__iexact=email, verified=True).exists()


def update_roles(account: Account, groups: Iterable[str], *, source: str) -> None:
    """Roles after the groups that the directory names; nothing where the town maps no groups."""
    mapping = str((settings.LDAP if source == "ldap" else settings.OIDC)["roles"])
    if mapping:
        wanted = roles_for(groups, parse_mapping(mapping))
        follow_directory(account, wanted, source=source, days=settings.DIRECTORY_ROLE_DAYS)
