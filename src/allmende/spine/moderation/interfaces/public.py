"""Writing, editing, reporting and appealing."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access
from allmende.spine.people.domain.pseudonyms import choose_pseudonym

from .. import subjects
from ..domain import cases as case_verbs
from ..domain import comments as verbs
from ..domain import queries
from ..domain.throttle import allowed
from ..enums import CommentState
from ..models import Case, Comment
from .forms import AppealForm, CommentForm, EditForm, ReportForm
from .sender import sender_of

REPORTS_AN_HOUR = 10
COMMENTS_AN_HOUR = 30


def back_to(comment: Comment, person: Any) -> str:
    found = subjects.target(comment.subject, person)
    return f"{found.url}#{comment.anchor}" if found else "/"


@access("signed_in")
@require_POST
def post(request: HttpRequest) -> HttpResponse:
    """Write a comment; held for a look where a rule says so."""
    form = CommentForm(request.POST, account=request.user)
    found = subjects.target(request.POST.get("subject", ""), request.user)
    if found is None:
        raise Http404
    if form.is_valid():
        try:
            if not allowed(f"account:{request.user.pk}", COMMENTS_AN_HOUR, what="comment"):
                raise ValidationError(_("You have written a lot this hour. Please go on in the next."))
            comment = _save(request, form)
        except ValidationError as error:
            _add(form, error)
        else:
            if comment.state == CommentState.HELD:
                text = _("Thank you. Your comment is shown once somebody has read it, usually within a day.")
                messages.success(request, text)
            return redirect(back_to(comment, request.user))
    return render(request, "moderation/compose.html", {"form": form, "target": found}, status=422)


def _save(request: HttpRequest, form: CommentForm) -> Comment:
    """The public name, where one is chosen here, and the comment. The name stays even if the comment is refused."""
    parent = None
    if form.cleaned_data["parent"]:
        parent = Comment.objects.filter(public_id=form.cleaned_data["parent"]).first()
        if parent is None:
            raise ValidationError(_("The comment you answer is no longer there."))
    if "pseudonym" in form.cleaned_data:
        choose_pseudonym(request.user, form.cleaned_data["pseudonym"], actor=request.user)  # type: ignore[arg-type]
    return verbs.post_comment(request.user, form.cleaned_data["subject"], form.cleaned_data["text"], parent=parent)


def _add(form: Any, error: ValidationError) -> None:
    """A verb's errors at their fields; those of no field above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.message_dict.items():
        form.add_error(name if name in form.fields else None, problems)


def _own(request: HttpRequest, public_id: uuid.UUID) -> Comment:
    comment = get_object_or_404(Comment.objects.select_related("author"), public_id=public_id)
    if not verbs.is_own(request.user, comment):
        raise PermissionDenied
    return comment


@access("signed_in")
def my_comment(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One's own comment with what was decided about it, and the way to appeal."""
    comment = _own(request, public_id)
    decided = list(
        Case.objects.filter(comment=comment, state="decided").order_by("decided_at").select_related("appeal")
    )
    last = decided[-1] if decided else None
    context = {
        "comment": comment,
        "decisions": decided,
        "waiting": Case.objects.filter(comment=comment, state="open").exists(),
        "appealable": last if last and case_verbs.may_appeal(request.user, last) else None,
        "back": back_to(comment, request.user),
    }
    return render(request, "moderation/my_comment.html", context)


@access("signed_in")
def edit(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change one's own comment within fifteen minutes."""
    comment = _own(request, public_id)
    if not verbs.may_edit(request.user, comment):
        messages.error(request, _("A comment can be changed for 15 minutes."))
        return redirect("moderation:my_comment", comment.public_id)
    form = EditForm(
        request.POST if request.method == "POST" else None, initial={"text": comment.text, "version": comment.version}
    )
    if form.is_bound and form.is_valid():
        try:
            row = verbs.edit_comment(
                comment, form.cleaned_data["text"], version=form.cleaned_data["version"], actor=request.user
            )
        except VersionConflict:
            form.add_error(None, _("The comment was changed in another window: please compare."))
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(back_to(row, request.user))
    context = {"form": form, "comment": comment, "back": back_to(comment, request.user)}
    return render(request, "moderation/edit.html", context, status=422 if form.is_bound else 200)


@access("signed_in")
def delete(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask, then delete one's own comment; answers to it stay."""
    comment = _own(request, public_id)
    back = back_to(comment, request.user)
    if request.method == "POST":
        verbs.delete_comment(comment, actor=request.user)
        messages.success(request, _("Your comment is deleted."))
        return redirect(back)
    context = {
        "title": _("Delete your comment?"),
        "text": comment.text,
        "consequence": _("The text is gone for good. Answers to it stay."),
        "action_label": _("Delete"),
        "cancel_url": back,
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


@access("public")
def report(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Hint at a comment that is unlawful or against the rules; open to everybody (Art. 16 DSA)."""
    comment = get_object_or_404(Comment.objects.select_related("author"), public_id=public_id)
    found = subjects.target(comment.subject, request.user)
    if found is None or comment.state != CommentState.VISIBLE:
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        thanks = _("Thank you. Somebody will look at it.")
        try:
            if form.by_a_program:
                return _thanked(request, comment, thanks)
            if not allowed(sender_of(request), REPORTS_AN_HOUR, what="report"):
                raise ValidationError(_("From here a lot was reported this hour. Please go on in the next."))
            data = form.cleaned_data
            verbs.report_comment(comment, data["reason"], data["text"], actor=request.user)
        except ValidationError as error:
            _add(form, error)
        else:
            return _thanked(request, comment, thanks)
    context = {"form": form, "comment": comment, "target": found, "back": back_to(comment, request.user)}
    return render(request, "moderation/report.html", context, status=422 if form.is_bound else 200)


def _thanked(request: HttpRequest, comment: Comment, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect(back_to(comment, request.user))


@access("signed_in")
def appeal(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask for another look at the decision to hide one's comment."""
    comment = _own(request, public_id)
    case = Case.objects.filter(comment=comment, state="decided", outcome="hidden").order_by("-decided_at").first()
    if case is None or not case_verbs.may_appeal(request.user, case):
        raise Http404
    form = AppealForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            case_verbs.appeal(case, form.cleaned_data["text"], actor=request.user)
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _("Your appeal has arrived. Somebody else will look at it."))
            return redirect("moderation:my_comment", comment.public_id)
    context = {"form": form, "comment": comment, "case": case}
    return render(request, "moderation/appeal.html", context, status=422 if form.is_bound else 200)


@access("public")
def transparency(request: HttpRequest) -> HttpResponse:
    """What was moderated, this year and last."""
    year = timezone.localdate().year
    zone = timezone.get_current_timezone()
    starts = [datetime(y, 1, 1, tzinfo=zone) for y in (year + 1, year, year - 1)]
    periods = [(str(y), queries.transparency(starts[i + 1], starts[i])) for i, y in enumerate((year, year - 1))]
    return render(request, "moderation/transparency.html", {"periods": periods, "now": timezone.now()})
