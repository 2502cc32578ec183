"""Judgements of experts."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from allmende.spine.files.domain.queries import files_of
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, require
from allmende.spine.ui.conflicts import differences

from ..domain import queries, reviewing
from ..enums import OPEN, ReviewState, Shown
from ..models import Review
from .experts_forms import HandBackForm, ReviewForm

PAGE = 30


@access("dialogue.review")
def reviews(request: HttpRequest) -> HttpResponse:
    """What I am asked for, and what I judged before."""
    done = queries.reviews_by(request.user).exclude(state=ReviewState.ASKED)
    page = Paginator(done, PAGE).get_page(request.GET.get("page"))
    context = {"asked": list(queries.asked_of(request.user)), "page": page}
    return render(request, "dialogue/reviews.html", context)


@access("dialogue.review")
def review(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Judge a contribution, or hand it back. Nobody else's judgement stands here."""
    rows = Review.objects.select_related("contribution__phase__participation__office", "contribution__author")
    row = get_object_or_404(rows.filter(expert=request.user.pk), public_id=public_id)
    require(request.user, "dialogue.give_review", row)
    if request.method != "POST":
        return _page(request, row)
    if request.POST.get("action") == "back":
        return _back(request, row)
    form = ReviewForm(row, row.contribution.phase.rules.criteria, request.POST)
    if form.is_valid():
        try:
            reviewing.give(row, form.values(), version=form.cleaned_data["version"], actor=request.user)
        except VersionConflict as conflict:
            return _conflict(request, row, form, conflict.current)
        except ValidationError as error:
            _take(form, error)
        else:
            messages.success(request, _("Your judgement is given. Thank you!"))
            return redirect("dialogue:reviews")
    return _page(request, row, 422, form=form, failed=form)


def _take(form: ReviewForm, error: ValidationError) -> None:
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)


def _conflict(request: HttpRequest, row: Review, form: ReviewForm, current: Review) -> HttpResponse:
    """The same person in two windows: what was typed beside what is saved now."""
    data = request.POST.copy()
    data["version"] = str(current.version)
    again = ReviewForm(current, form.criteria, data)
    again.is_valid()
    more = {"conflict": True, "differences": differences(form, form.stored(current)), "saved_at": current.changed}
    return _page(request, row, 409, form=again, **more)


def _back(request: HttpRequest, row: Review) -> HttpResponse:
    form = HandBackForm(request.POST)
    if form.is_valid():
        try:
            reviewing.hand_back(row, form.cleaned_data["interests"], actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Handed back. The office asks somebody else."))
            return redirect("dialogue:reviews")
    return _page(request, row, 422, back_form=form, failed=form)


def _page(request: HttpRequest, row: Review, status: int = 200, **more: Any) -> HttpResponse:
    contribution = row.contribution
    shown = contribution.shown == Shown.VISIBLE
    context = {
        "review": row,
        "contribution": contribution,
        "participation": contribution.phase.participation,
        "shown": shown,
        "pictures": list(files_of(contribution)) if shown else [],
        "open": shown and contribution.standing in OPEN and row.state != ReviewState.REFUSED,
        "asked": row.state == ReviewState.ASKED,
        "given": row.state == ReviewState.GIVEN,
        "criteria": contribution.phase.rules.criteria,
        "form": more.pop("form", None) or ReviewForm(row, contribution.phase.rules.criteria),
        "back_form": more.pop("back_form", None) or HandBackForm(),
    }
    return render(request, "dialogue/review.html", context | more, status=status)
