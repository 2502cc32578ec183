"""Staff pages of measures: list, new one, take off the public pages, delete."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allmende.spine.people.access import access, can

from ..domain import measures as verbs
from ..domain import queries
from ..models import Measure, Programme
from .forms import FilterForm, NewMeasureForm


@access("programme.change_measure")
def measures(request: HttpRequest) -> HttpResponse:
    """Measures with their drafts, as far as one may see them."""
    form = FilterForm(request.GET)
    rows = queries.with_draft_state(queries.filtered(queries.measures_for(request.user), **form.criteria()))
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    page.object_list = queries.with_standing(page.object_list)
    context = {"form": form, "page": page, "may_add": can(request.user, "programme.add_measure")}
    return render(request, "programme/staff_measures.html", context)


@access("programme.add_measure")
def add(request: HttpRequest) -> HttpResponse:
    """Begin a draft."""
    form = NewMeasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = verbs.draft_measure(Programme.objects.all()[:1].get(), form.cleaned_data, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("programme:change_measure", row.public_id)
    return render(request, "programme/add_measure.html", {"form": form}, status=422 if form.is_bound else 200)


@access("programme.publish_measure")
@require_POST
def withdraw(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a measure off the public pages."""
    measure = get_object_or_404(Measure, public_id=public_id)
    verbs.withdraw_measure(measure, actor=request.user)
    messages.success(request, _("The measure is no longer public."))
    return redirect("programme:change_measure", measure.public_id)


@access("programme.delete_measure")
def delete(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask once more, then delete for good."""
    measure = get_object_or_404(Measure, public_id=public_id)
    if request.method == "POST":
        try:
            verbs.delete_measure(measure, actor=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("programme:change_measure", measure.public_id)
        messages.success(request, _("The measure is deleted."))
        return redirect("programme:staff_measures")
    return render(request, "programme/delete_measure.html", {"measure": measure})
