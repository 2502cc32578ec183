"""Contributions that wait for a look: showing them, removing them with the eyes of two, bringing them back."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.moderation.enums import UNLAWFUL, Reason
from allmende.spine.people.access import require

from ..enums import RemovalState, Shown
from ..facts import ContributionRemoved, ContributionShown, RemovalProposed, RemovalRefused
from ..models import Contribution, Removal

RIGHT = "dialogue.moderate_contribution"
SHORTEST_STATEMENT = 10


def _locked(row: Contribution, actor: Any) -> Contribution:
    require(actor, RIGHT, row)
    return Contribution.locked(row.pk)


def proposal(row: Contribution) -> Removal | None:
    """The removal on which a second person has to decide."""
    return row.removals.filter(state=RemovalState.PROPOSED).select_related("proposer").first()


@transaction.atomic
def release(row: Contribution, *, actor: Any) -> Contribution:
    """Show a contribution that was held back. Raises PermissionDenied (also for one's own), ValidationError where a
    removal is proposed."""
    found = _locked(row, actor)
    if found.shown == Shown.VISIBLE:
        return found
    if found.shown != Shown.HELD or proposal(found) is not None:
        raise ValidationError(_("Somebody has decided this in the meantime."), code="decided")
    return _show(found, actor)


def _show(row: Contribution, actor: Any) -> Contribution:
    row.shown, row.holds = Shown.VISIBLE, []
    row.version += 1
    row.save()
    told: dict[str, Any] = {"number": row.number, "participation": row.phase.participation.title}
    emit(ContributionShown(**told), subject=row, actor=actor)
    return row


@transaction.atomic
def propose_removal(row: Contribution, reason: str, statement: str, *, actor: Any) -> Removal:
    """Say why a contribution should go; a second person decides. What is unlawful is out of sight at once; what only
    breaks the rules of the house stays as it is until then. Raises PermissionDenied (also for one's own),
    ValidationError by field."""
    found = _locked(row, actor)
    statement = statement.replace("\r\n", "\n").strip()
    problems = {}
    if reason not in Reason.values:
        problems["reason"] = _("Removing a contribution needs a reason.")
    if len(statement) < SHORTEST_STATEMENT:
        problems["statement"] = _("Please give the reasons in a sentence.")
    if problems:
        raise ValidationError(problems)
    if found.shown not in (Shown.VISIBLE, Shown.HELD) or proposal(found) is not None:
        raise ValidationError(_("Somebody has decided this in the meantime."), code="decided")
    removal = Removal(contribution=found, reason=reason, statement=statement, before=found.shown, proposer=actor)
    removal.full_clean(exclude=["proposer", "decider"])
    removal.save()
    hides = found.shown == Shown.VISIBLE and reason in UNLAWFUL
    if hides:
        found.shown = Shown.HELD
        found.version += 1
        found.save()
    told: dict[str, Any] = {"number": found.number, "participation": found.phase.participation.title}
    emit(RemovalProposed(**told, reason=reason, out_of_sight=hides), subject=found, actor=actor)
    return removal


def _open(removal: Removal, actor: Any) -> tuple[Contribution, Removal]:
    found = _locked(removal.contribution, actor)
    row = Removal.locked(removal.pk)
    if row.proposer_id == actor.pk:
        raise PermissionDenied(_("You proposed it yourself: a second person has to decide."))
    if row.state != RemovalState.PROPOSED:
        raise ValidationError(_("Somebody has decided this in the meantime."), code="decided")
    return found, row


def _decide(row: Removal, state: RemovalState, actor: Any) -> Removal:
    row.state, row.decider, row.decided = state, actor, timezone.now()
    row.version += 1
    row.save()
    return row


@transaction.atomic
def confirm_removal(removal: Removal, *, actor: Any) -> Removal:
    """Remove it, as the second person: its words are not shown any more, its number is counted on. The author is told
    why. Raises PermissionDenied (one's own proposal or contribution), ValidationError."""
    found, row = _open(removal, actor)
    decided = _decide(row, RemovalState.CONFIRMED, actor)
    if found.shown != Shown.WITHDRAWN:
        found.shown = Shown.HIDDEN
        found.version += 1
        found.save()
        emit(
            ContributionRemoved(number=found.number, participation=found.phase.participation.title, reason=row.reason),
            subject=found,
            actor=actor,
            url=found.phase.get_absolute_url(),
        )
    return decided


@transaction.atomic
def refuse_removal(removal: Removal, *, actor: Any) -> Removal:
    """Do not remove it, as the second person: what was visible is visible again, what waits goes on waiting. Raises
    PermissionDenied, ValidationError."""
    found, row = _open(removal, actor)
    decided = _decide(row, RemovalState.REFUSED, actor)
    told: dict[str, Any] = {"number": found.number, "participation": found.phase.participation.title}
    emit(RemovalRefused(**told), subject=found, actor=actor)
    if row.before == Shown.VISIBLE and found.shown == Shown.HELD:
        _show(found, actor)
    return decided


@transaction.atomic
def restore(row: Contribution, *, actor: Any) -> Contribution:
    """Show a removed contribution again; one person is enough. Raises PermissionDenied (also for one's own),
    ValidationError."""
    found = _locked(row, actor)
    if found.shown == Shown.VISIBLE:
        return found
    if found.shown != Shown.HIDDEN:
        raise ValidationError(_("Somebody has decided this in the meantime."), code="decided")
    found.removals.filter(state=RemovalState.CONFIRMED).update(state=RemovalState.LIFTED, changed=timezone.now())
    return _show(found, actor)


def last_removal(row: Contribution) -> Removal | None:
    """Why a contribution is not shown any more, for its author."""
    return row.removals.filter(state=RemovalState.CONFIRMED).first()
