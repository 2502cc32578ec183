"""Staff pages: list with drafts, change, publish."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, can, require
from allmende.spine.ui.conflicts import differences

from ..domain import measures as verbs
from ..domain import queries
from ..models import Measure, Programme
from .forms import FilterForm, MeasureForm


@access("programme.change_measure")
def measures(request: HttpRequest) -> HttpResponse:
    """Measures with their drafts, as far as one may see them."""
    form = FilterForm(request.GET)
    rows = queries.filtered(queries.measures_for(request.user), **form.criteria())
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "may_add": can(request.user, "programme.add_measure")}
    return render(request, "programme/staff_measures.html", context)


@access("programme.add_measure")
def add(request: HttpRequest) -> HttpResponse:
    """Begin a draft."""
    form = MeasureForm(request.POST or None, initial={"version": 0})
    if request.method == "POST" and form.is_valid():
        try:
            row = verbs.draft_measure(Programme.objects.all()[:1].get(), form.values(), actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("programme:change_measure", row.public_id)
    return render(request, "programme/change_measure.html", {"form": form, "measure": None}, status=_status(form))


@access("programme.change_measure")
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change a measure; two editors notice each other."""
    measure = get_object_or_404(Measure, public_id=public_id)
    require(request.user, "programme.change_measure", measure)
    context: dict[str, Any] = {
        "measure": measure,
        "may_publish": can(request.user, "programme.publish_measure", measure),
        "conflict": False,
    }
    if request.method != "POST":
        return render(request, "programme/change_measure.html", context | {"form": MeasureForm(instance=measure)})
    form = MeasureForm(request.POST, instance=measure)
    if form.is_valid():
        try:
            row = verbs.change_measure(measure, form.values(), version=form.cleaned_data["version"], actor=request.user)
        except VersionConflict as conflict:
            return _conflict(request, form, conflict.current, context)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("programme:change_measure", row.public_id)
    return render(request, "programme/change_measure.html", context | {"form": form}, status=422)


def _conflict(request: HttpRequest, form: MeasureForm, current: Measure, context: dict[str, Any]) -> HttpResponse:
    """Both texts side by side. Sending again saves one's own on top of the version shown."""
    saved = {name: field.value_from_object(current) for name, field in _model_fields(form)}
    data = request.POST.copy()
    data["version"] = str(current.version)
    again = MeasureForm(data, instance=current)
    context |= {"form": again, "conflict": True, "differences": differences(form, saved), "saved_at": current.changed}
    return render(request, "programme/change_measure.html", context, status=409)


def _model_fields(form: MeasureForm) -> list[tuple[str, Any]]:
    return [(name, Measure._meta.get_field(name)) for name in form.fields if name != "version"]


def _status(form: MeasureForm) -> int:
    return 422 if form.is_bound else 200


@access("programme.publish_measure")
@require_POST
def publish(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Publish a measure, or take it off the public pages."""
    measure = get_object_or_404(Measure, public_id=public_id)
    if request.POST.get("action") == "withdraw":
        verbs.withdraw_measure(measure, actor=request.user)
        messages.success(request, _("The measure is no longer public."))
    else:
        verbs.publish_measure(measure, actor=request.user)
        messages.success(request, _("The measure is public."))
    return redirect("programme:change_measure", measure.public_id)
