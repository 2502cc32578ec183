"""The town that the access tests walk through: who goes, and what they meet (see `access_objects`).

Scopes are tried with every right: a role held for one organisation, one area or one thing must open nothing else.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from allmende.spine.instance.domain.settings import finish_setup
from allmende.spine.people.access import roles_of
from allmende.spine.people.domain.assignments import assign
from allmende.spine.people.domain.organisations import add_organisation
from allmende.spine.people.enums import INSTANCE, STAFF, TIME_LIMITED, Role
from allmende.spine.people.models import Account, Organisation
from allmende.spine.people.rights import RIGHTS
from tests.factories import make_account

from .access_objects import Things, make_things


@dataclass
class World:
    """`people`: name in the table → account, None for the visitor."""

    people: dict[str, Account | None]
    things: Things


def build() -> World:
    finish_setup(actor="test")
    own = add_organisation("Eigenes Amt", "department", actor=None)
    foreign = add_organisation("Fremder Verein", "club", actor=None)
    people: dict[str, Account | None] = {"visitor": None, "no_role": make_account()}
    for role in Role:
        people[role.value] = make_account(role, name=role.label)
    people["author"] = make_account(Role.RESIDENT, name="Vera Beispiel")
    people["former_administrator"] = _former(Role.ADMINISTRATOR)
    things = make_things(people, own, foreign)
    people |= _scoped(own, things)
    # What every first request of a day writes is written now: the walk undoes each request.
    Account.objects.update(last_seen=timezone.localdate())
    return World(people, things)


def _former(role: Role) -> Account:
    account = make_account()
    yesterday = timezone.localdate() - timedelta(days=1)
    assign(account, role, valid_from=yesterday - timedelta(days=9), valid_to=yesterday)
    return account


def _scoped(own: Organisation, things: Things) -> dict[str, Account]:
    """A role for each different set of rights, held for one organisation; and some for an area or a thing."""
    seen: set[Any] = set()
    people = {}
    for role in Role:
        # Rights over the whole town come with no smaller scope: roles that differ in nothing else are the same here.
        scoped = role in STAFF, frozenset(name for name in rights_of_role(role)[1] if not RIGHTS[name].town)
        if scoped not in seen:
            seen.add(scoped)
            people[f"{role.value}@organisation"] = make_account(role, scope=own.urn)
    until = timezone.localdate() + timedelta(days=30)
    for role, name, thing in (
        (Role.PROJECT_LEAD, "measure", things.own_draft),
        (Role.EDITOR, "area", things.own_area),
        (Role.EDITOR, "place", things.own_place),
        (Role.LIGHTING_OPERATOR, "asset", things.single_asset),
        (Role.CONTRACTOR, "asset", things.single_asset),
        (Role.ADMINISTRATOR, "area", things.own_area),
    ):
        account = make_account()
        assign(account, role, scope=thing.urn, valid_to=until if role in TIME_LIMITED else None)
        people[f"{role.value}@{name}"] = account
    # A partner whose organisation has a permission to use the brand.
    people["contractor@partner"] = make_account(Role.CONTRACTOR, scope=things.foreign_organisation.urn)
    # Somebody whom a scoped administrator answers for, and somebody whom not.
    things.accounts["own"] = people["contractor@organisation"]
    things.accounts["foreign"] = make_account(Role.EDITOR, scope=things.foreign_organisation.urn)
    things.assignments["own"] = things.accounts["own"].assignments.get()
    things.assignments["foreign"] = things.accounts["foreign"].assignments.get()
    return people


def rights_of_role(role: Role) -> tuple[bool, frozenset[str]]:
    """Whether a role is the town's staff, and its rights: roles of which both are equal open the same doors."""
    return role in STAFF, frozenset(name for name, right in RIGHTS.items() if role in right.roles)


def representatives(people: dict[str, Account | None]) -> set[str]:
    """Of people who hold one role for the whole town, the first of each set of rights; everybody else."""
    seen: set[Any] = set()
    found = set()
    for name, account in people.items():
        pairs = roles_of(account)
        only = next(iter(pairs))[0] if len(pairs) == 1 else None
        if only is None or name != only.value or pairs != {(only, INSTANCE)}:
            found.add(name)
        elif rights_of_role(only) not in seen:
            seen.add(rights_of_role(only))
            found.add(name)
    return found
