"""Staff pages of tasks: mine, my team's, one task with its form."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, require
from allmende.spine.people.models import Account

from ..domain import forms as form_verbs
from ..domain import items as verbs
from ..domain import known, people, queries, subjects
from ..enums import ItemState
from ..models import WorkItem
from .forms import CommentForm, HandOnForm

_SAID = {
    "claim": _("The task is yours."),
    "put_back": _("The task is open for everybody of its role again."),
    "draft": _("Saved. You can go on later."),
    "complete": _("Done."),
}


@access("process.work")
def items(request: HttpRequest) -> HttpResponse:
    """What waits for me, and what nobody of my roles has taken on."""
    assert isinstance(request.user, Account)
    whose = "team" if request.GET.get("wer") == "team" else "mine"
    rows = queries.queue(request.user) if whose == "team" else queries.mine(request.user)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "process/items.html", {"page": page, "whose": whose})


@access("process.work")
def item(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One task: what it asks for, the form, and what else may be done with it."""
    rows = WorkItem.objects.select_related("instance__version_of__model", "assignee", "doer")
    row = get_object_or_404(rows, public_id=public_id)
    require(request.user, "process.work", row)
    if request.method == "POST":
        return _act(request, row)
    return _page(request, row, form_verbs.build(row))


def _act(request: HttpRequest, row: WorkItem) -> HttpResponse:
    person, action = request.user, request.POST.get("action", "complete")
    assert isinstance(person, Account)
    form = form_verbs.build(row, request.POST if action in ("complete", "draft") else None)
    try:
        if action == "claim":
            verbs.claim(row, actor=person)
        elif action == "put_back":
            verbs.put_back(row, actor=person)
        elif action == "hand_on":
            return _hand_on(request, row, form)
        elif action == "comment":
            verbs.comment(row, request.POST.get("text", ""), actor=person)
            messages.success(request, _("The comment is saved."))
        elif action == "draft":
            values = {name: request.POST.get(name, "") for name in form.fields}
            verbs.save_draft(row, values, version=_version(request), actor=person)
        else:
            verbs.complete(row, request.POST, actor=person)
            messages.success(request, _SAID["complete"])
            return redirect(_next(row, person))
    except VersionConflict:
        messages.error(
            request, _("Somebody saved this task meanwhile. Look at it again; what you entered is still here.")
        )
        return _page(request, row, form, status=409)
    except ValidationError as error:
        return _refused(request, row, form, error)
    if action in _SAID:
        messages.success(request, str(_SAID[action]))
    return redirect("process:item", row.public_id)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() and len(text) < 9 else 0


def _refused(request: HttpRequest, row: WorkItem, form: Any, error: ValidationError) -> HttpResponse:
    """The page again, with what was typed, and the reason at its field."""
    row.refresh_from_db()
    if row.state != ItemState.OPEN:
        messages.error(request, " ".join(error.messages))
        return redirect("process:item", row.public_id)
    form.is_valid()
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
    return _page(request, row, form, status=422)


def _hand_on(request: HttpRequest, row: WorkItem, form: Any) -> HttpResponse:
    assert isinstance(request.user, Account)
    hand = HandOnForm(people.who_may(row), request.POST)
    if hand.is_valid():
        try:
            verbs.hand_on(row, hand.cleaned_data["to"], actor=request.user)
        except ValidationError as error:
            hand.add_error(None, error)
        else:
            messages.success(request, _("The task was handed on."))
            return redirect("process:items")
    return _page(request, row, form, hand=hand, status=422)


def _next(row: WorkItem, person: Account) -> str:
    """Where one goes on: the next task of the same case that is one's own to do, else one's list."""
    if row.instance is not None:
        following = queries.mine(person).filter(instance=row.instance).first()
        following = following or queries.queue(person).filter(instance=row.instance).first()
        if following is not None:
            return following.get_absolute_url()
    return "process:items"


def _page(request: HttpRequest, row: WorkItem, form: Any, *, hand: Any = None, status: int = 200) -> HttpResponse:
    step = form_verbs.step_of(row)
    about = row.subject or (row.instance.subject if row.instance else "")
    context = {
        "item": row,
        "step": step,
        "known": known.before(row),
        "form": form,
        "hand": hand or HandOnForm(people.who_may(row)),
        "comment_form": CommentForm(),
        "comments": row.comments.select_related("author"),
        "subject": subjects.find(about, request.user) if about else None,
        "open": row.state == ItemState.OPEN,
        "mine": row.assignee_id == request.user.pk,
        "free": row.assignee_id in (None, request.user.pk),
    }
    return render(request, "process/item.html", context, status=status)
