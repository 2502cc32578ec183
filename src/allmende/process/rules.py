from typing import Any

from django.db.models import Q, QuerySet

from allmende.spine.people.access import has_role, is_staff, roles_of, scopes_for, visibility
from allmende.spine.people.enums import INSTANCE, STAFF
from allmende.spine.people.rules import Role, rule

from .domain.people import WORKERS
from .domain.substitutes import stands_in
from .models import Instance, WorkItem

OFFICE = {Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR}


def _given(person: Any, item: WorkItem) -> bool:
    return item.assignee_id is not None and item.assignee_id == person.pk


def _in_role(person: Any, item: WorkItem) -> bool:
    """Whether the person holds the item's role for the town or for what it is about. What no role was named for, any
    of the staff may do."""
    if not item.role:
        return is_staff(person) and has_role(person, *WORKERS)
    scopes = item.scopes() | {INSTANCE}
    return any(role == item.role and scope in scopes for role, scope in roles_of(person))


def _in_lane(person: Any, case: Instance) -> bool:
    """Whether the person works in a lane of the model, for the town or for what the case is to be about, or is of the
    office. `case` may be unsaved, with its version."""
    starters = OFFICE | {role for _lane, role in case.version_of.lanes if role in STAFF & WORKERS}
    scopes = case.scopes() | {INSTANCE}
    return any(role in starters and scope in scopes for role, scope in roles_of(person))


rule("process.view_model", STAFF)
rule("process.change_model", OFFICE, town=True)
rule("process.release_version", OFFICE, town=True)
rule("process.migrate", OFFICE, town=True)
rule("process.change_start", OFFICE, town=True)
rule("process.view_statistics", OFFICE | {Role.PROJECT_LEAD, Role.AUDITOR}, town=True)
rule("process.record_agreement", {Role.ADMINISTRATOR}, town=True)
rule("process.send_message", OFFICE, town=True)
rule("process.start_instance", STAFF & WORKERS, allow=_in_lane)
rule("process.view_instance", STAFF)
rule("process.manage_instance", OFFICE | {Role.PROJECT_LEAD})
rule("process.work", WORKERS, own=_given, allow=_in_role)
rule("process.add_item", STAFF & WORKERS)
# For others; for oneself everybody may.
rule("process.change_substitution", OFFICE, town=True)


@visibility(Instance)
def instances_visible(person: Any, rows: QuerySet[Instance]) -> QuerySet[Instance]:
    """All for who may see them everywhere; else those about what the person has a role for."""
    scopes = scopes_for(person, "process.view_instance")
    return rows if INSTANCE in scopes else rows.filter(subject__in=scopes)


@visibility(WorkItem)
def items_visible(person: Any, rows: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """One's own, those of the roles that one holds, in their scopes, and what one arranges; all for the office."""
    if not getattr(person, "is_authenticated", False):
        return rows.none()
    managed = scopes_for(person, "process.manage_instance")
    if INSTANCE in managed:
        return rows
    mine = Q(assignee=person) | Q(subject__in=managed)
    if away := stands_in(person):
        mine |= Q(assignee__in=away, role="")
    for role, scope in roles_of(person):
        if scope == INSTANCE:
            mine |= Q(role=role)
        else:
            mine |= Q(role=role, subject=scope)
    return rows.filter(mine)
