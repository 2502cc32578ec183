from typing import Any

from django.db.models import Q, QuerySet

from allmende.spine.people.access import scopes_for, visibility
from allmende.spine.people.enums import INSTANCE
from allmende.spine.people.rules import Role, rule

from .models import Measure

EDITORS = {Role.PROGRAMME_OFFICE, Role.PROJECT_LEAD, Role.EDITOR, Role.ADMINISTRATOR}

rule(
    "programme.view_measure",
    EDITORS | {Role.TREASURER, Role.AUDITOR},
    public=lambda measure: measure.published is not None,
)
rule("programme.change_measure", EDITORS)
rule("programme.add_measure", {Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR}, town=True)
rule("programme.delete_measure", {Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR}, town=True)
rule("programme.change_indicator", {Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR}, town=True)
rule("programme.record_value", EDITORS | {Role.TREASURER}, town=True)
rule("programme.change_frame", {Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR}, town=True)
rule("programme.make_report", {Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR}, town=True)
rule("programme.manage_council", {Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR}, town=True)
rule("programme.publish_measure", {Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR})


@visibility(Measure)
def measures_visible(person: Any, rows: QuerySet[Measure]) -> QuerySet[Measure]:
    """Published ones, and drafts in the scopes where the person may see them."""
    scopes = scopes_for(person, "programme.view_measure")
    if INSTANCE in scopes:
        return rows
    ids = [scope.partition(":")[2] for scope in scopes if scope.startswith("measure:")]
    return rows.filter(Q(published__isnull=False) | Q(public_id__in=ids))
