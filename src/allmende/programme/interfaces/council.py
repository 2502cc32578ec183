"""Staff pages of what councils decided: what arrived, taking it over, and where it comes from."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from allmende.spine.people.access import access, can

from ..council import decisions, sources
from ..models import CouncilDecision, CouncilSource
from .council_forms import ArrivedFilter, SourceForm, TakeOverForm


@access("programme.change_measure")
def arrived(request: HttpRequest) -> HttpResponse:
    """Decisions that arrived, and the systems that they come from."""
    form = ArrivedFilter(request.GET)
    page = Paginator(decisions.arrived(**form.criteria()), 50).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "sources": CouncilSource.objects.all(),
        "manages": can(request.user, "programme.manage_council"),
    }
    return render(request, "programme/council.html", context)


@access("programme.change_measure")
def decision(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One decision: take it over, put it aside or back."""
    rows = CouncilDecision.objects.select_related("measure", "source")
    row = get_object_or_404(rows, public_id=public_id)
    action = request.POST.get("action", "take") if request.method == "POST" else ""
    if action in ("aside", "back"):
        verb = decisions.put_aside if action == "aside" else decisions.put_back
        try:
            verb(row, actor=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Saved."))
        return redirect("programme:council_decision", row.public_id)
    form = TakeOverForm(row, request.user, request.POST if action else None)
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        measure = values.pop("measure")
        try:
            decisions.take_over(row, measure, values, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
            row = rows.get(pk=row.pk)
        else:
            messages.success(request, _("The decision stands in the draft of the measure. A second person reviews it."))
            return redirect("programme:change_measure", measure.public_id)
    context = {"row": row, "form": form, "manages": can(request.user, "programme.manage_council")}
    return render(request, "programme/council_decision.html", context, status=422 if form.is_bound else 200)


@access("programme.manage_council")
def source(request: HttpRequest, public_id: uuid.UUID | None = None) -> HttpResponse:
    """Add or change a council information system, ask it now, or forget it."""
    row = get_object_or_404(CouncilSource, public_id=public_id) if public_id is not None else None
    action = request.POST.get("action", "") if request.method == "POST" else ""
    if row is not None and action == "remove":
        sources.remove(row, actor=request.user)
        messages.success(request, _("Removed."))
        return redirect("programme:council")
    if row is not None and action == "ask":
        sources.ask(row, actor=request.user)
        messages.success(request, _("The system is being asked. Look at the list again in a minute."))
        return redirect("programme:council")
    form = SourceForm(row, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            sources.put(form.cleaned_data, row=row, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("programme:council")
    return render(
        request, "programme/council_source.html", {"form": form, "row": row}, status=422 if form.is_bound else 200
    )
