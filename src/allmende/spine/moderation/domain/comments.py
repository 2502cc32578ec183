"""Writing, editing, deleting and reporting comments."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.models import Pseudonym

from .. import subjects
from ..enums import CaseKind, CaseState, CommentState, Reason
from ..facts import CommentDeleted, CommentEdited, CommentHeld, CommentPosted, CommentReported
from ..models import Case, Comment, Report
from ..models.comments import LONGEST
from .holding import holds

EDIT_TIME = timedelta(minutes=15)
LOOK_WITHIN = timedelta(hours=24)


def clean_text(text: str) -> str:
    """The text as it will be saved: line ends as one sign, no blanks around. Raises ValidationError."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    if not text:
        raise ValidationError({"text": _("Please write something.")})
    if len(text) > LONGEST:
        raise ValidationError({"text": _("A comment has at most %(longest)s signs.") % {"longest": LONGEST}})
    return text


def _target(urn: str, person: Any) -> subjects.Target:
    found = subjects.target(urn, person)
    if found is None or not found.may_comment:
        raise PermissionDenied(_("Comments are not possible here."))
    return found


def pseudonym_of(account: Any) -> Pseudonym | None:
    """The public name under which the account writes, if it has chosen one."""
    return Pseudonym.objects.filter(account_id=account.pk).first() if getattr(account, "pk", None) else None


@transaction.atomic
def post_comment(account: Any, urn: str, text: str, *, parent: Comment | None = None) -> Comment:
    """Write a comment on the thing `urn`, under the account's public name; held where a rule says so.

    Raises PermissionDenied (not signed in, thing not visible or closed), ValidationError (`pseudonym`: none chosen yet;
    `text`; the comment to answer is gone).
    """
    if not getattr(account, "is_authenticated", False) or not account.is_active:
        raise PermissionDenied
    found = _target(urn, account)
    author = pseudonym_of(account)
    if author is None:
        missing = ValidationError(_("Please choose a public name first."), code="no_pseudonym")
        raise ValidationError({"pseudonym": missing})
    # Two first comments at once by one person: the second sees the first.
    Pseudonym.objects.select_for_update().get(pk=author.pk)
    if parent is not None:
        if parent.subject != urn or parent.state != CommentState.VISIBLE:
            raise ValidationError(_("The comment you answer is no longer there."))
        parent = parent.parent or parent
    comment = Comment(subject=urn, parent=parent, author=author, text=clean_text(text))
    comment.holds = holds(comment.text, author)
    comment.state = CommentState.HELD if comment.holds else CommentState.VISIBLE
    comment.save()
    url = f"{found.url}#{comment.anchor}"
    if comment.holds:
        open_case(comment, CaseKind.HELD)
        emit(CommentHeld(about=urn, holds=comment.holds), subject=comment, actor=account, url=url)
    else:
        emit(CommentPosted(about=urn, title=found.title), subject=comment, actor=account, url=url, public=True)
    return comment


def open_case(comment: Comment, kind: CaseKind) -> Case:
    """The open case of a comment, made where there is none. Inside the verb's transaction, the comment's row locked."""
    case = Case.objects.filter(
        comment=comment, state=CaseState.OPEN, kind__in=[CaseKind.HELD, CaseKind.REPORTED]
    ).first()
    return case or Case.objects.create(comment=comment, kind=kind, due=timezone.now() + LOOK_WITHIN)


def may_edit(account: Any, comment: Comment, now: datetime | None = None) -> bool:
    """Whether the account wrote this, a short time ago, and nobody has decided on it."""
    return (
        is_own(account, comment)
        and comment.state in (CommentState.VISIBLE, CommentState.HELD)
        and (now or timezone.now()) - comment.created <= EDIT_TIME
    )


def is_own(account: Any, comment: Comment) -> bool:
    return bool(
        getattr(account, "is_authenticated", False) and comment.author and comment.author.account_id == account.pk
    )


@transaction.atomic
def edit_comment(comment: Comment, text: str, *, version: int, actor: Any) -> Comment:
    """Change one's own text within EDIT_TIME. The rules look at it again.

    Raises PermissionDenied, ValidationError, VersionConflict.
    """
    row = Comment.locked(comment.pk, version)
    if not may_edit(actor, row) or row.author is None:
        raise PermissionDenied(_("This comment can no longer be changed."))
    text = clean_text(text)
    if text == row.text:
        return row
    row.text, row.edited = text, timezone.now()
    row.version += 1
    found = holds(text, row.author, besides=row)
    if row.state == CommentState.VISIBLE:
        # What was shown already is not somebody's first any more.
        found = [one for one in found if one != "first"]
    if found:
        row.state, row.holds = CommentState.HELD, found
        open_case(row, CaseKind.HELD)
    row.save()
    emit(CommentEdited(about=row.subject), subject=row, actor=actor, url="")
    return row


@transaction.atomic
def delete_comment(comment: Comment, *, actor: Any) -> Comment:
    """Take one's own comment back: the text goes for good, answers stay. Raises PermissionDenied."""
    row = Comment.objects.select_for_update().get(pk=comment.pk)
    if not is_own(actor, row):
        raise PermissionDenied
    if row.state == CommentState.DELETED:
        return row
    row.text, row.state, row.holds = "", CommentState.DELETED, []
    row.version += 1
    row.save()
    # There is nothing left to decide.
    Case.objects.filter(comment=row, state=CaseState.OPEN).delete()
    emit(CommentDeleted(about=row.subject), subject=row, actor=actor, url="")
    return row


@transaction.atomic
def report_comment(comment: Comment, reason: str, text: str = "", *, actor: Any = None) -> Report:
    """Hint at a comment; a visitor's `actor` is None. Who hints twice changes their hint.

    Raises ValidationError (unknown reason, comment not visible to the public).
    """
    if reason not in Reason.values:
        raise ValidationError({"reason": _("Please say what is wrong.")})
    row = Comment.objects.select_for_update().get(pk=comment.pk)
    if row.state != CommentState.VISIBLE:
        raise ValidationError(_("This comment is not shown any more."))
    case = open_case(row, CaseKind.REPORTED)
    account = actor if getattr(actor, "is_authenticated", False) else None
    values = {"reason": reason, "text": text.strip()[:1000]}
    if account is None:
        report = Report.objects.create(case=case, reporter=None, **values)
    else:
        report, _new = Report.objects.update_or_create(case=case, reporter=account, defaults=values)
    emit(CommentReported(about=row.subject, reason=reason), subject=row, actor=account, url="")
    return report
