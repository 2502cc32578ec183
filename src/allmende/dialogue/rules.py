from typing import Any

from django.db.models import Q, QuerySet

from allmende.spine.people.access import can, scopes_for, visibility
from allmende.spine.people.enums import INSTANCE
from allmende.spine.people.rules import Role, rule

from .enums import ParticipationState, Shown
from .models import Contribution, Participation, Review

LEADS = {Role.PROGRAMME_OFFICE, Role.PROJECT_LEAD, Role.EDITOR, Role.ADMINISTRATOR}
MODERATORS = {Role.MODERATOR, Role.ADMINISTRATOR}
READERS = LEADS | MODERATORS | {Role.AUDITOR}


def _public(row: Participation) -> bool:
    return row.state != ParticipationState.DRAFT


def _own(person: Any, row: Contribution) -> bool:
    return row.author is not None and row.author.account_id == person.pk


def _asked(person: Any, row: Review) -> bool:
    return row.expert_id == person.pk


rule("dialogue.view_participation", READERS, public=_public)
rule("dialogue.list_participations", READERS)
rule("dialogue.add_participation", {Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR}, town=True)
rule("dialogue.change_participation", LEADS)
rule("dialogue.publish_participation", {Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR})
rule(
    "dialogue.view_contribution",
    READERS,
    own=_own,
    public=lambda row: row.shown == Shown.VISIBLE and _public(row.phase.participation),
)
rule("dialogue.change_contribution", own=_own)
rule("dialogue.answer_contribution", LEADS)
# Nobody decides on what they put in themselves.
rule("dialogue.moderate_contribution", MODERATORS, allow=lambda person, row: not _own(person, row))
rule("dialogue.review", {Role.EXPERT})
rule("dialogue.give_review", own=_asked)


def own_scopes(person: Any, right: str, kind: str) -> list[str]:
    """Public ids of things of `kind` in which somebody holds a right."""
    return [scope.partition(":")[2] for scope in scopes_for(person, right) if scope.startswith(f"{kind}:")]


@visibility(Participation)
def participations_visible(person: Any, rows: QuerySet[Participation]) -> QuerySet[Participation]:
    """Published ones, and drafts in the scopes where the person may see them."""
    if INSTANCE in scopes_for(person, "dialogue.view_participation"):
        return rows
    return rows.filter(~Q(state=ParticipationState.DRAFT) | _in_scope(person))


@visibility(Contribution)
def contributions_visible(person: Any, rows: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """What is shown, one's own, and all of it for who works on it."""
    if INSTANCE in scopes_for(person, "dialogue.view_contribution"):
        return rows
    shown = Q(shown=Shown.VISIBLE) & ~Q(phase__participation__state=ParticipationState.DRAFT)
    if getattr(person, "is_authenticated", False):
        shown |= Q(author__account=person)
    return rows.filter(shown | _in_scope(person, "phase__participation__"))


def _in_scope(person: Any, path: str = "") -> Q:
    right = "dialogue.view_participation"
    about = [scope for scope in scopes_for(person, right) if scope.startswith("measure:")]
    return (
        Q(**{f"{path}public_id__in": own_scopes(person, right, "participation")})
        | Q(**{f"{path}office__public_id__in": own_scopes(person, right, "organisation")})
        | Q(**{f"{path}subject__in": about})
    )


@visibility(Review)
def reviews_visible(person: Any, rows: QuerySet[Review]) -> QuerySet[Review]:
    """One's own; all of them for who asks for them."""
    if can(person, "dialogue.answer_contribution"):
        return rows
    return rows.filter(expert=person) if getattr(person, "is_authenticated", False) else rows.none()
