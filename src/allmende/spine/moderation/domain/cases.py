"""The queue: claiming, deciding with reasons, appealing."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require

from .. import subjects
from ..enums import OUTCOMES, CaseKind, CaseState, CommentState, Outcome, Reason
from ..facts import AppealFiled, CaseClaimed, CaseReleased, CommentDecided, CommentPosted, FeedbackAnswered
from ..models import Case, Comment
from .comments import is_own

CLAIM_HOLDS = timedelta(hours=2)
APPEAL_WITHIN = timedelta(days=183)  # at least six months: Art. 20(1) DSA
APPEAL_DUE = timedelta(days=7)
SHORTEST_STATEMENT = 10


def claim_holds(case: Case, now: datetime | None = None) -> bool:
    """Whether somebody is at it. A claim of two hours ago is forgotten."""
    moment = now or timezone.now()
    return bool(case.claimed_by_id and case.claimed_at and moment - case.claimed_at < CLAIM_HOLDS)


def _locked(case: Case) -> Case:
    row = Case.locked(case.pk)
    if row.state != CaseState.OPEN:
        raise ValidationError(_("Somebody has decided this in the meantime."), code="decided")
    return row


@transaction.atomic
def claim_case(case: Case, *, actor: Any) -> Case:
    """Take a case on. Raises PermissionDenied, ValidationError (`claimed`: somebody else is at it; `decided`)."""
    row = _locked(case)
    require(actor, "moderation.claim_case", row)
    if row.claimed_by_id == actor.pk and claim_holds(row):
        return row
    if claim_holds(row):
        raise ValidationError(_("Somebody else is working on this."), code="claimed")
    row.claimed_by, row.claimed_at = actor, timezone.now()
    row.version += 1
    row.save()
    emit(CaseClaimed(), subject=row, actor=actor)
    return row


@transaction.atomic
def release_case(case: Case, *, actor: Any) -> Case:
    """Give a case back. Raises PermissionDenied where it is another's."""
    row = _locked(case)
    if row.claimed_by_id != actor.pk:
        raise PermissionDenied
    row.claimed_by = row.claimed_at = None
    row.version += 1
    row.save()
    emit(CaseReleased(), subject=row, actor=actor)
    return row


@transaction.atomic
def decide_case(case: Case, outcome: str, reason: str = "", statement: str = "", *, actor: Any) -> Case:
    """Decide an open case.

    Hiding needs a reason code and a statement; an appeal that is turned down and an answer need a statement. Raises
    PermissionDenied (one's own comment, one's own former decision), ValidationError (by field; `decided`; `claimed`).
    """
    row = _locked(case)
    require(actor, "moderation.decide_case", row)
    if claim_holds(row) and row.claimed_by_id != actor.pk:
        raise ValidationError(_("Somebody else is working on this."), code="claimed")
    statement = statement.replace("\r\n", "\n").strip()
    _check(row, outcome, reason, statement)
    row.outcome, row.reason, row.statement = outcome, reason if outcome == Outcome.HIDDEN else "", statement
    row.state, row.decided_by, row.decided_at = CaseState.DECIDED, actor, timezone.now()
    row.claimed_by = row.claimed_at = None
    row.version += 1
    row.save()
    if row.kind == CaseKind.FEEDBACK:
        emit(FeedbackAnswered(outcome=outcome), subject=row, actor=actor)
    else:
        _apply(row, actor)
    return row


def _check(case: Case, outcome: str, reason: str, statement: str) -> None:
    if outcome not in OUTCOMES[case.kind]:
        raise ValidationError({"outcome": _("Please choose a decision.")})
    errors = {}
    if outcome == Outcome.HIDDEN and reason not in Reason.values:
        errors["reason"] = _("Hiding a comment needs a reason.")
    if outcome in (Outcome.HIDDEN, Outcome.UPHELD, Outcome.ANSWERED) and len(statement) < SHORTEST_STATEMENT:
        errors["statement"] = _("Please give the reasons in a sentence.")
    if errors:
        raise ValidationError(errors)


def _apply(case: Case, actor: Any) -> None:
    """What a decision means for the comment, and the facts that tell it."""
    assert case.comment_id is not None
    comment = Comment.objects.select_for_update().get(pk=case.comment_id)
    case.comment = comment
    shown = case.outcome in (Outcome.SHOWN, Outcome.REVERSED)
    reason = case.reason
    if case.outcome == Outcome.UPHELD and case.appeal_of:
        reason = case.appeal_of.reason
    first_time = shown and comment.state == CommentState.HELD
    if comment.state != CommentState.DELETED:
        comment.state = CommentState.VISIBLE if shown else CommentState.HIDDEN
        comment.holds, comment.reason = [], "" if shown else reason
        comment.version += 1
        comment.save()
    emit(
        CommentDecided(
            comment=str(comment.public_id),
            about=comment.subject,
            outcome=case.outcome,
            reason=case.reason,
            shown=shown,
        ),
        subject=case,
        actor=actor,
    )
    found = subjects.target(comment.subject, None)
    if first_time and found is not None:
        # In public it was written only now; the decision itself is between the author and the town.
        url = f"{found.url}#{comment.anchor}"
        emit(CommentPosted(about=comment.subject, title=found.title), subject=comment, url=url, public=True)


def may_appeal(account: Any, case: Case, now: datetime | None = None) -> bool:
    """Whether the account wrote the comment that this case hid, within the time for an appeal, and has not appealed."""
    return bool(
        case.outcome == Outcome.HIDDEN
        and case.decided_at
        and (now or timezone.now()) - case.decided_at <= APPEAL_WITHIN
        and case.comment
        and case.comment.state == CommentState.HIDDEN
        and is_own(account, case.comment)
        and not Case.objects.filter(appeal_of=case).exists()
    )


@transaction.atomic
def appeal(case: Case, text: str, *, actor: Any) -> Case:
    """Ask for another look by somebody else. Raises PermissionDenied, ValidationError."""
    row = Case.objects.select_for_update(of=("self",)).select_related("comment__author").get(pk=case.pk)
    if not may_appeal(actor, row):
        raise PermissionDenied(_("An appeal is not possible (any more)."))
    text = text.replace("\r\n", "\n").strip()
    if len(text) < SHORTEST_STATEMENT:
        raise ValidationError({"text": _("Please say why the decision should be changed.")})
    made = Case.objects.create(
        kind=CaseKind.APPEAL,
        comment=row.comment,
        appeal_of=row,
        appeal_text=text[:3000],
        due=timezone.now() + APPEAL_DUE,
    )
    emit(AppealFiled(comment=str(row.comment.public_id)), subject=made, actor=actor)  # type: ignore[union-attr]
    return made
