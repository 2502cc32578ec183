"""Staff pages of figures and event logs, and what was agreed about them."""

import uuid
from collections.abc import Iterable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from allmende.spine.people.access import access, can, require, visible_to
from allmende.spine.people.models import Account
from allmende.spine.privacy.domain.archive import csv_text
from allmende.spine.ui.charts import Chart, Series

from ..core.xes import TYPE
from ..domain import agreements, statistics, xes
from ..models import Instance, Model, StaffAgreement


def _steps_chart(model: Model, steps: list[statistics.Step]) -> Chart:
    return Chart(
        title=_("Days from the moment a step comes up until it is done"),
        labels=[step.name for step in steps[:12]],
        series=[
            Series(_("Median"), [round(step.whole.p50, 2) for step in steps[:12]]),
            Series(_("Four of five within"), [round(step.whole.p80, 2) for step in steps[:12]]),
        ],
        unit=pgettext("unit", "days"),
        kind="bar",
        label_heading=_("Step"),
        source_url=model.get_absolute_url(),
        source_label=_("Own cases"),
    )


def _months_chart(model: Model, figures: statistics.Figures) -> Chart:
    return Chart(
        title=_("Cases by month"),
        labels=[date_format(day, "m/Y") for day, _begun, _ended in figures.months],
        series=[
            Series(pgettext("cases", "Begun"), [begun for _day, begun, _ended in figures.months]),
            Series(pgettext("cases", "Ended"), [ended for _day, _begun, ended in figures.months]),
        ],
        label_heading=_("Month"),
        source_url=model.get_absolute_url(),
        source_label=_("Own cases"),
    )


@access("process.view_statistics")
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """How many cases of a model there are, how long they take, and where."""
    model = get_object_or_404(Model, slug=slug)
    found = statistics.figures(model)
    context = {
        "model": model,
        "figures": found,
        "least": statistics.LEAST,
        "few": agreements.FEW,
        "may_record": can(request.user, "process.record_agreement"),
        "months": _months_chart(model, found) if found.months else None,
        "chart": _steps_chart(model, found.steps) if found.steps else None,
    }
    return render(request, "process/statistics.html", context)


@access("process.view_statistics")
def figures_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The steps' figures, in days."""
    model = get_object_or_404(Model, slug=slug)
    rows = []
    for step in statistics.figures(model).steps:
        row: list[object] = [step.element, step.name, step.role, step.whole.count]
        for spread in (step.whole, step.waiting, step.working):
            row += [round(value, 4) for value in (spread.p50, spread.p80, spread.p95)] if spread else ["", "", ""]
        rows.append([*row, round(step.share, 4)])
    kinds = [f"{part}_p{point}_days" for part in ("whole", "waiting", "working") for point in (50, 80, 95)]
    text = csv_text(["element", "step", "role", "count", *kinds, "share_of_p80"], rows)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{model.slug}.csv"'
    return response


def _log(parts: Iterable[str], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(parts, content_type=TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xes"'
    return response


@access("process.view_statistics")
def model_xes(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The event log of a model, without persons."""
    model = get_object_or_404(Model, slug=slug)
    return _log(xes.of_model(model, visible_to(request.user, Instance.objects.all())), model.slug)


@access("process.view_instance")
def instance_xes(request: HttpRequest, public_id: uuid.UUID) -> StreamingHttpResponse:
    """The event log of one case, without persons."""
    rows = Instance.objects.select_related("version_of__model")
    row = get_object_or_404(rows.defer("version_of__source", "version_of__xml"), public_id=public_id)
    require(request.user, "process.view_instance", row)
    return _log(xes.of_instance(row), str(row.public_id))


class AgreementForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = StaffAgreement
        fields = ("title", "day", "ends", "scope", "document")
        widgets = {
            "day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }


@access("process.record_agreement")
def staff_agreements(request: HttpRequest) -> HttpResponse:
    """What was agreed with the staff council about figures of work; a further one is recorded here."""
    assert isinstance(request.user, Account)
    form = AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agreements.record(form.cleaned_data, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("process:agreements")
    rows = StaffAgreement.objects.select_related("recorder")
    context = {"form": form, "agreements": rows, "few": agreements.FEW}
    return render(request, "process/agreements.html", context, status=422 if form.is_bound else 200)
