"""Staff pages of indicators: list, new one, next definition, break, values and their history."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, can

from ..domain import aims, series
from ..domain import indicators as verbs
from ..domain.areas import record_series
from ..models import Indicator
from .indicator_forms import BreakForm, DefinitionForm, IndicatorFilter, RecordForms


@access("programme.record_value")
def indicators(request: HttpRequest) -> HttpResponse:
    """All indicators, those first whose values are long overdue."""
    form = IndicatorFilter(request.GET)
    rows = series.stale_first(series.filtered(series.indicators_for(request.user), **form.criteria()))
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "may_add": can(request.user, "programme.change_indicator")}
    return render(request, "programme/indicators_staff.html", context)


@access("programme.change_indicator")
def add(request: HttpRequest) -> HttpResponse:
    """Define a new indicator."""
    form = DefinitionForm(None, None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = verbs.define_indicator(form.meant(), actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The indicator is defined. Record values next, then publish it."))
            return redirect("programme:staff_indicator", row.public_id)
    return render(request, "programme/indicator_add.html", {"form": form}, status=422 if form.is_bound else 200)


def _row(public_id: uuid.UUID) -> Indicator:
    return get_object_or_404(Indicator, public_id=public_id)


@access("programme.record_value")
def indicator(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One indicator with everything that was ever recorded."""
    row = _row(public_id)
    rows = row.values.select_related("definition").order_by("-vintage", "-starts", "area", "-pk")
    context = {
        "indicator": row,
        "overview": series.overviews([row.pk])[row.pk],
        "definitions": row.definitions.order_by("-number"),
        "breaks": row.breaks.all(),
        "aims": aims.aims(list(row.targets.filter(measure=None).select_related("indicator"))),
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "may_change": can(request.user, "programme.change_indicator"),
    }
    return render(request, "programme/indicator_staff.html", context)


@access("programme.change_indicator")
def define(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The next definition. Two editors notice each other."""
    row = _row(public_id)
    last = row.definitions.order_by("-number")[0]
    form = DefinitionForm(row, last, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            verbs.redefine(
                row, form.meant(), valid_from=data["valid_from"], reason=data["reason"],
                version=data["version"] if data["version"] is not None else -1, actor=request.user,
            )  # fmt: skip
        except VersionConflict as conflict:
            typed = request.POST.copy()
            typed["version"] = str(conflict.current.version)
            form = DefinitionForm(row, last, typed)
            form.add_error(None, _("Somebody changed the indicator while you wrote. Compare with it, then save again."))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The new definition is saved."))
            return redirect("programme:staff_indicator", row.public_id)
    context = {"indicator": row, "form": form, "last": last}
    return render(request, "programme/indicator_define.html", context, status=422 if form.is_bound else 200)


@access("programme.change_indicator")
def add_break(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say that from a day on values do not compare with those before."""
    row = _row(public_id)
    form = BreakForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.add_break(row, **form.cleaned_data, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The break is saved."))
            return redirect("programme:staff_indicator", row.public_id)
    context = {"indicator": row, "form": form, "breaks": row.breaks.all()}
    return render(request, "programme/indicator_break.html", context, status=422 if form.is_bound else 200)


@access("programme.change_indicator")
@require_POST
def act(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Publish an indicator, or take it off the public pages."""
    row, action = _row(public_id), request.POST.get("action")
    if action == "publish":
        verbs.publish_indicator(row, actor=request.user)
        messages.success(request, _("The indicator is public."))
    elif action == "withdraw":
        verbs.withdraw_indicator(row, actor=request.user)
        messages.success(request, _("The indicator is no longer public."))
    else:
        raise Http404
    return redirect("programme:staff_indicator", row.public_id)


@access("programme.record_value")
def record(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enter values of one series, all or none."""
    row = _row(public_id)
    found = series.overviews([row.pk])[row.pk]
    area = found.area or next(iter(series.own_areas()[-1:]), "")
    typed = RecordForms(area, found.level, request.POST if request.method == "POST" else None)
    if request.method == "POST" and typed.is_valid():
        try:
            done = record_series(
                row, typed.values(row), typed.series.areas(), vintage=typed.series.vintage(), actor=request.user
            )
        except verbs.RowsRefused as refused:
            typed.take(refused.problems)
        except ValidationError as error:
            typed.series.add_error(None, error)
        else:
            messages.success(request, _said(done))
            return redirect("programme:staff_indicator", row.public_id)
    context = {"indicator": row, "forms": typed, "overview": found}
    status = 422 if request.method == "POST" else 200
    return render(request, "programme/indicator_record.html", context, status=status)


def _said(done: verbs.Recorded) -> str:
    parts = [ngettext("%(number)s new value.", "%(number)s new values.", done.new) % {"number": done.new}]
    if done.corrected:
        text = ngettext("%(number)s value corrected.", "%(number)s values corrected.", done.corrected)
        parts.append(text % {"number": done.corrected})
    if done.same:
        text = ngettext("%(number)s was known already.", "%(number)s were known already.", done.same)
        parts.append(text % {"number": done.same})
    return " ".join(parts)
