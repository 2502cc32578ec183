from typing import Any

from django.db.models import QuerySet

from allmende.spine.people.access import scopes_for, visibility
from allmende.spine.people.enums import INSTANCE
from allmende.spine.people.rules import Role, rule

from .models import Grant

KEEPERS = {Role.TREASURER, Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR}
READERS = KEEPERS | {Role.AUDITOR, Role.FUNDER}

rule("funding.view_grant", READERS, public=lambda grant: grant.published is not None, town=True)
# The list with what is not public; `view_grant` is also everybody's.
rule("funding.list_grants", READERS, town=True)
rule("funding.change_grant", KEEPERS, town=True)


@visibility(Grant)
def grants_visible(person: Any, rows: QuerySet[Grant]) -> QuerySet[Grant]:
    """Published ones; all for who keeps or examines the town's grants."""
    if INSTANCE in scopes_for(person, "funding.view_grant"):
        return rows
    return rows.filter(published__isnull=False)
