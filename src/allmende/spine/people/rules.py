"""Rights of this app, and the two names that rooms import to declare theirs."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from .access import scopes_for, visibility
from .enums import INSTANCE, Role
from .models import Account, Assignment
from .rights import rule

__all__ = ["Role", "rule"]


def _of_assignment(obj: Any) -> set[str]:
    """Who administers an organisation or an area gives roles there, and nowhere else."""
    return {obj.scope}


rule("people.view_account", {Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.AUDITOR})
rule("people.change_account", {Role.ADMINISTRATOR})
# Who is not there yet lies in no scope but the town.
rule("people.add_account", {Role.ADMINISTRATOR}, town=True)
rule("people.add_organisation", {Role.ADMINISTRATOR}, town=True)
rule("people.assign_role", {Role.ADMINISTRATOR}, scopes=_of_assignment)
rule("people.change_organisation", {Role.ADMINISTRATOR})
rule("people.staff_home", set(Role) - {Role.RESIDENT})
rule("facts.audit", {Role.ADMINISTRATOR, Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}, town=True)


@visibility(Account)
def accounts_visible(person: Any, rows: QuerySet[Account]) -> QuerySet[Account]:
    """Everybody for who administers the whole town; else those who hold or held a role in one's own scopes."""
    scopes = scopes_for(person, "people.view_account")
    if INSTANCE in scopes:
        return rows
    return rows.filter(Exists(Assignment.objects.filter(account=OuterRef("pk"), scope__in=scopes)))
