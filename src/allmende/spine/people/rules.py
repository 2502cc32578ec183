"""Rights of this app, and the two names that rooms import to declare theirs."""

from .enums import Role
from .rights import rule

__all__ = ["Role", "rule"]

rule("people.view_account", {Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.AUDITOR})
rule("people.change_account", {Role.ADMINISTRATOR})
rule("people.assign_role", {Role.ADMINISTRATOR})
rule("people.staff_home", set(Role) - {Role.RESIDENT})
rule("facts.audit", {Role.ADMINISTRATOR, Role.AUDITOR, Role.DATA_PROTECTION_OFFICER})
