"""Staff pages: what is owed an answer, and the page on which it is answered."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.spine.files.domain.queries import files_of
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, can, require
from allmende.spine.ui.conflicts import differences

from ..domain import answering, queries, reviewing
from ..enums import ANSWERS, OPEN, ReviewState, Shown
from ..models import Answer, Contribution
from .staff_forms import AnswerForm, AskForm, OwedFilter, narrowed

PAGE = 30
TITLES = {
    "": gettext_lazy("To be answered"),
    "held": gettext_lazy("Held back"),
    "alle": gettext_lazy("All contributions"),
}


def tabs(person: Any) -> list[tuple[str, Any]]:
    """Those that the person may open."""
    answers, moderates = can(person, "dialogue.answer_contribution"), can(person, "dialogue.moderate_contribution")
    return [(key, title) for key, title in TITLES.items() if (moderates if key == "held" else answers)]


def listed(request: HttpRequest, rows: QuerySet[Contribution], form: OwedFilter, tab: str) -> HttpResponse:
    """A page of contributions under its tab."""
    page = Paginator(narrowed(queries.for_desk(rows), form), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "tab": tab, "title": TITLES[tab], "tabs": tabs(request.user)}
    return render(request, "dialogue/owed.html", context)


@access("dialogue.answer_contribution")
def owed(request: HttpRequest) -> HttpResponse:
    """What is owed an answer, the first due first; or everything, answered or not."""
    form = OwedFilter(request.GET, queries.answerable(request.user))
    if form.value("ansicht") == "alle":
        return listed(request, queries.every(request.user), form, "alle")
    return listed(request, queries.owed(request.user), form, "")


def contribution_for(request: HttpRequest, public_id: uuid.UUID, right: str) -> Contribution:
    """Raises Http404 and PermissionDenied."""
    row = queries.contribution_of(request.user, public_id)
    if row is None:
        raise Http404
    require(request.user, right, row)
    return row


@access("dialogue.answer_contribution")
def answer(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask experts, read what they say, answer with a reason."""
    row = contribution_for(request, public_id, "dialogue.answer_contribution")
    if request.method != "POST":
        return _page(request, row)
    if request.POST.get("action") == "ask":
        return _ask(request, row)
    return _answer(request, row)


def _ask(request: HttpRequest, row: Contribution) -> HttpResponse:
    form = AskForm(row, request.POST)
    if form.is_valid():
        try:
            asked = reviewing.ask(row, list(form.cleaned_data["experts"]), actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Experts asked: %(number)s.") % {"number": len(asked)})
            return redirect("dialogue:answer", row.public_id)
    return _page(request, row, 422, ask_form=form, failed=form)


def _answer(request: HttpRequest, row: Contribution) -> HttpResponse:
    form = AnswerForm(row, request.POST)
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            answering.answer(row, **values, actor=request.user)
        except VersionConflict as conflict:
            return _conflict(request, form, conflict.current)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The answer is public. The author is told."))
            return redirect("dialogue:answer", row.public_id)
    return _page(request, row, 422, answer_form=form, failed=form)


def _conflict(request: HttpRequest, form: AnswerForm, current: Contribution) -> HttpResponse:
    """What was typed beside what is saved now. Sending again answers once more, on top of it."""
    last = current.answers.first()
    saved = form.stored(last) if last and current.standing in ANSWERS else {"reason": "", "measure": ""}
    saved.setdefault("standing", str(current.get_standing_display()))
    data = request.POST.copy()
    data["version"] = str(current.version)
    again = AnswerForm(current, data)
    again.is_valid()
    more = {"conflict": True, "differences": differences(form, saved), "saved_at": current.changed}
    return _page(request, current, 409, answer_form=again, **more)


def _page(request: HttpRequest, row: Contribution, status: int = 200, **more: Any) -> HttpResponse:
    reviews, readable = queries.reviews_for(request.user, row)
    answers = queries.answers_of(row, request.user)
    last: Answer | None = answers[0][0] if answers else None
    ask_form = more.pop("ask_form", None) or AskForm(row)
    context = {
        "contribution": row,
        "participation": row.phase.participation,
        "pictures": list(files_of(row)),
        "open": row.standing in OPEN,
        "visible": row.shown == Shown.VISIBLE,
        "answerable": row.shown in (Shown.VISIBLE, Shown.HIDDEN),
        "reviews": reviews,
        "given": [each for each in reviews if each.state == ReviewState.GIVEN],
        "readable": readable,
        "criteria": row.phase.rules.criteria,
        "missing": answering.missing_reviews(row),
        "answers": answers,
        "ask_form": ask_form if row.standing in OPEN and row.shown == Shown.VISIBLE else None,
        "answer_form": more.pop("answer_form", None) or AnswerForm(row, last=last),
        "may_moderate": can(request.user, "dialogue.moderate_contribution", row),
    }
    return render(request, "dialogue/answer.html", context | more, status=status)
