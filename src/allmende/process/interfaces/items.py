"""Staff pages of tasks: lists, and one task with its form."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.spine import subjects
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, can
from allmende.spine.people.models import Account
from allmende.spine.ui.conflicts import differences

from ..domain import arranging, attachments, council, known, people, queries, substitutes
from ..domain import forms as form_verbs
from ..domain import items as verbs
from ..enums import ItemKind, ItemState
from ..models import WorkItem
from .forms import ArrangeForm, CommentForm, HandOnForm

# Names that no form of a model has: a name in FEEL has no hyphen.
ACTION, VERSION, STAMP = "item-action", "item-version", "item-form"
# What decisions of councils are searched by.
COUNCIL = "beschluss"
_SAID = {
    "claim": gettext_lazy("The task is yours."),
    "put_back": gettext_lazy("The task is open for everybody of its role again."),
    "draft": gettext_lazy("Saved. You can go on later."),
    "detach": gettext_lazy("The file is removed."),
    "comment": gettext_lazy("The comment is saved."),
    "drop": gettext_lazy("The task is closed: no longer needed."),
}


@access("process.work")
def item(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One task: what it asks for, the form, and what else may be done with it."""
    rows = WorkItem.objects.select_related("instance__version_of__model", "assignee", "doer")
    row = get_object_or_404(rows, public_id=public_id)
    if not verbs.may_open(request.user, row):
        raise PermissionDenied("process.work")
    if request.method == "POST":
        return _act(request, row)
    return _page(request, row, form_verbs.build(row, person=request.user))


def _act(request: HttpRequest, row: WorkItem) -> HttpResponse:
    person, action = request.user, request.POST.get(ACTION, "complete")
    assert isinstance(person, Account)
    empty = form_verbs.build(row, person=person)
    typed = form_verbs.typed(empty, request.POST)
    try:
        if action == "hand_on":
            return _hand_on(request, row, empty)
        if action == "arrange":
            return _arrange(request, row, empty)
        if action == "complete":
            return _complete(request, row)
        if action.startswith("oparl:"):
            filled = typed | council.typed(row, action.removeprefix("oparl:"))
            return _page(request, row, form_verbs.build(row, person=person, typed=filled), chosen=True)
        _simple(request, row, action, typed)
    except VersionConflict as conflict:
        return _conflict(request, conflict.current, typed)
    except ValidationError as error:
        form = form_verbs.build(row, person=person, typed=typed)
        return _closed(request, row, error, typed) or _page(request, row, form, refused=error.messages, status=422)
    messages.success(request, str(_SAID.get(action.partition(":")[0], _("Saved."))))
    return redirect("process:item", row.public_id)


def _simple(request: HttpRequest, row: WorkItem, action: str, typed: dict[str, Any]) -> None:
    person = request.user
    assert isinstance(person, Account)
    if action == "claim":
        verbs.claim(row, actor=person)
    elif action == "put_back":
        verbs.put_back(row, actor=person)
    elif action == "comment":
        verbs.comment(row, request.POST.get("text", ""), actor=person)
    elif action == "drop":
        arranging.drop(row, actor=person)
    elif action == "draft" or action.startswith("detach:"):
        verbs.save_draft(row, typed, version=_version(request), actor=person)
        if action.startswith("detach:"):
            attachments.detach(row, action.removeprefix("detach:"), actor=person)
        elif wrong := attachments.attach_all(row, request.FILES, actor=person):
            raise ValidationError([text for texts in wrong.values() for text in texts])
    else:
        raise ValidationError(_("This page does not know what was asked of it."))


def _version(request: HttpRequest) -> int:
    text = request.POST.get(VERSION, "")
    return int(text) if text.isdigit() and len(text) < 9 else 0


def _complete(request: HttpRequest, row: WorkItem) -> HttpResponse:
    person = request.user
    assert isinstance(person, Account)
    typed = form_verbs.typed(form_verbs.build(row, person=person), request.POST)
    wrong = attachments.attach_all(row, request.FILES, actor=person) if request.FILES else {}
    row = WorkItem.objects.select_related("instance__version_of__model", "assignee", "doer").get(pk=row.pk)
    form = form_verbs.build(row, request.POST, person=person)
    try:
        if not wrong:
            verbs.complete(row, request.POST, stamp=request.POST.get(STAMP, ""), actor=person)
            messages.success(request, _("Done."))
            return redirect(_next(row, person))
        form.is_valid()
        for name, texts in wrong.items():
            form.errors.pop(name, None)
            form.add_error(name, texts)
    except verbs.FormChanged:
        messages.error(
            request, _("The form has changed meanwhile: the process has a new version. What you entered is still here.")
        )
        return _page(request, row, form_verbs.build(row, person=person, typed=typed), status=409)
    except ValidationError as error:
        if closed := _closed(request, row, error, typed):
            return closed
        form.is_valid()
        if not hasattr(error, "error_dict"):
            form.add_error(None, error)
    return _page(request, row, form, status=422)


def _conflict(request: HttpRequest, row: WorkItem, typed: dict[str, Any]) -> HttpResponse:
    """Both texts, and the form with what was typed here."""
    row = WorkItem.objects.select_related("instance__version_of__model", "assignee", "doer").get(pk=row.pk)
    sent = form_verbs.build(row, request.POST, person=request.user)
    saved = {name: row.draft.get(name, "") for name in typed}
    form = form_verbs.build(row, person=request.user, typed=typed)
    more = {"conflict": True, "differences": differences(sent, saved)}
    return _page(request, row, form, status=409, **more)


def _closed(request: HttpRequest, row: WorkItem, error: ValidationError, typed: dict[str, Any]) -> HttpResponse | None:
    """The page of a task that somebody else has done meanwhile, with what was typed here; None where it is open."""
    row = WorkItem.objects.select_related("instance__version_of__model", "assignee", "doer").get(pk=row.pk)
    if row.state == ItemState.OPEN:
        return None
    messages.error(request, " ".join(error.messages))
    form = form_verbs.build(row, person=request.user)
    lost = [
        (form.fields[name].label or name, ", ".join(value) if isinstance(value, list) else value)
        for name, value in typed.items()
        if value and name in form.fields
    ]
    return _page(request, row, form, status=409, lost=lost)


def _hand_on(request: HttpRequest, row: WorkItem, form: Any) -> HttpResponse:
    assert isinstance(request.user, Account)
    hand = HandOnForm(people.who_may(row), request.POST)
    if hand.is_valid():
        try:
            verbs.hand_on(row, hand.cleaned_data["to"], actor=request.user)
        except ValidationError as error:
            if closed := _closed(request, row, error, {}):
                return closed
            hand.add_error(None, error)
        else:
            messages.success(request, _("The task was handed on."))
            return redirect("process:items")
    return _page(request, row, form, hand=hand, status=422)


def _arrange(request: HttpRequest, row: WorkItem, form: Any) -> HttpResponse:
    arrange = ArrangeForm(row, request.POST)
    if arrange.is_valid():
        try:
            arranging.arrange(row, **arrange.cleaned_data, actor=request.user)
        except ValidationError as error:
            if closed := _closed(request, row, error, {}):
                return closed
            arrange.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("process:item", row.public_id)
    return _page(request, row, form, arrange=arrange, status=422)


def _next(row: WorkItem, person: Account) -> str:
    """Where one goes on: the next task of the same case that is one's own to do, else one's list."""
    if row.instance is not None:
        following = queries.mine(person).filter(instance=row.instance).first()
        following = following or queries.queue(person).filter(instance=row.instance).first()
        if following is not None:
            return following.get_absolute_url()
    return "process:items"


def _page(request: HttpRequest, row: WorkItem, form: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    person = request.user
    assert isinstance(person, Account)
    about = row.subject or (row.instance.subject if row.instance else "")
    open_, manages = row.state == ItemState.OPEN, can(person, "process.manage_instance", row)
    works = can(person, "process.work", row)
    away = substitutes.stands_in(person).get(row.assignee_id or 0)
    free = works and (row.assignee_id in (None, person.pk) or away is not None)
    process_task = row.kind != ItemKind.PLAIN
    context = {
        "item": row,
        "step": form_verbs.step_of(row),
        "stamp": form_verbs.stamp(row),
        "known": known.before(row, person),
        "form": form,
        "parts": form_verbs.parts(row, form),
        "files": {name: attachments.file_of(str(row.draft.get(name, ""))) for name in form.fields},
        "council": council.offers(row, person, request.GET.get(COUNCIL)) if open_ and free else None,
        "hand": HandOnForm(people.who_may(row)),
        "arrange": ArrangeForm(row) if open_ and manages and process_task else None,
        "comment_form": CommentForm(),
        "comments": row.comments.select_related("author"),
        "subject": subjects.find(about, person) if about else None,
        "open": open_,
        "free": free,
        "works": works,
        "away": away,
        "nobody": people.nobody_may(row),
        "second": works and open_ and verbs.needs_other_eyes(row, person),
        "plain": not process_task,
    }
    return render(request, "process/item.html", context | more, status=status)
