from typing import Any

from django.db.models import Q, QuerySet

from allmende.spine.people.access import roles_of, visibility
from allmende.spine.people.enums import INSTANCE
from allmende.spine.people.rules import Role, rule

from .enums import CaseKind
from .models import Case

MODERATORS = {Role.MODERATOR, Role.ADMINISTRATOR}
EDITORS = {Role.EDITOR, Role.ADMINISTRATOR}


def _not_ones_own(person: Any, case: Case) -> bool:
    """Nobody decides on their own comment, nor on the appeal against their own decision."""
    if case.comment_id and case.comment and case.comment.author and case.comment.author.account_id == person.pk:
        return False
    return not (case.appeal_of and case.appeal_of.decided_by_id == person.pk)


def _of_kind(person: Any, case: Case) -> bool:
    wanted = EDITORS if case.kind == CaseKind.FEEDBACK else MODERATORS
    return any(role in wanted and scope == INSTANCE for role, scope in roles_of(person))


rule("moderation.view_queue", MODERATORS | EDITORS, town=True)
# Who may not decide a case does not keep others from it by claiming it either.
for _right in ("moderation.claim_case", "moderation.decide_case"):
    rule(_right, MODERATORS | EDITORS, allow=lambda p, c: _of_kind(p, c) and _not_ones_own(p, c), town=True)
rule("moderation.change_rules", MODERATORS, town=True)
rule("moderation.change_statement", EDITORS, town=True)


@visibility(Case)
def cases_visible(person: Any, rows: QuerySet[Case]) -> QuerySet[Case]:
    """Moderators see comments, editors feedback, administrators both."""
    roles = {role for role, scope in roles_of(person) if scope == INSTANCE}
    wanted = Q(pk=None)
    if roles & MODERATORS:
        wanted |= ~Q(kind=CaseKind.FEEDBACK)
    if roles & EDITORS:
        wanted |= Q(kind=CaseKind.FEEDBACK)
    return rows.filter(wanted)
