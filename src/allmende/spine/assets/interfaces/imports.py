"""Importing a table in the browser: upload, say which column is what, look at what would happen, import."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.spine.people.access import access

from ..core import table
from ..domain import importing
from ..models import ImportDraft
from .forms import MappingForm, UploadForm
from .texts import field_names, table_problem

SHOWN = 50


@access("assets.import_assets")
def upload(request: HttpRequest) -> HttpResponse:
    """Send a table of things."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > table.LARGEST:
                raise table.TableRefused("too_large")
            draft = importing.upload(request.user, file.name, file.read())  # type: ignore[arg-type]
        except table.TableRefused as error:
            form.add_error("file", table_problem(error))
        else:
            return redirect("assets:import_mapping", draft.public_id)
    return render(request, "assets/staff/upload.html", {"form": form}, status=422 if form.errors else 200)


@access("assets.import_assets")
def mapping(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say which column is what, look at what would happen, then import all rows or none."""
    # Somebody else's upload is nobody's business.
    draft = get_object_or_404(ImportDraft, public_id=public_id, account=request.user)
    found = table.read(bytes(draft.data))
    form = MappingForm(request.POST if request.method == "POST" else None, found.columns)
    context: dict[str, Any] = {"form": form, "draft": draft, "table": found, **_sample(found)}
    if not form.is_bound or not form.is_valid():
        return render(request, "assets/staff/mapping.html", context, status=422 if form.errors else 200)
    kind = form.cleaned_data["kind"]
    try:
        if request.POST.get("action") != "import":
            plan = importing.plan(found, form.mapping(), kind)
            return _shown(request, context, plan, 422 if plan.problems else 200)
        plan = importing.import_table(found, form.mapping(), kind, actor=request.user)
    except ValidationError as error:
        form.add_error(None, error) if not hasattr(error, "error_dict") else _add_errors(form, error)
        return render(request, "assets/staff/mapping.html", context, status=422)
    if plan.problems:
        return _shown(request, context, plan, 422)
    draft.delete()
    number = len(plan.create) + len(plan.change)
    text = ngettext("%(number)s entry was imported.", "%(number)s entries were imported.", number) % {"number": number}
    messages.success(request, text)
    return redirect("assets:staff_assets")


def _sample(found: table.Table) -> dict[str, Any]:
    """The first rows, turned: a line for each column, so that a wide table stays readable on a phone."""
    lines = found.lines[:3]
    sample = [
        (column, [(line, row[index]) for line, row in zip(lines, found.rows, strict=False)])
        for index, column in enumerate(found.columns)
    ]
    return {"lines": lines, "sample": sample}


def _add_errors(form: MappingForm, error: ValidationError) -> None:
    for name, problems in error.message_dict.items():
        form.add_error(name if name in form.fields else None, problems)


def _shown(request: HttpRequest, context: dict[str, Any], plan: importing.Plan, status: int) -> HttpResponse:
    titles = field_names()
    problems = [(one.line, titles.get(one.field, one.field), one.text) for one in plan.problems[:SHOWN]]
    more = len(plan.problems) - len(problems)
    rest = ngettext("… and %(number)s more.", "… and %(number)s more.", more) % {"number": more} if more else ""
    context |= {"plan": plan, "problems": problems, "rest": rest, "nothing": _("Nothing has been saved yet.")}
    return render(request, "assets/staff/mapping.html", context, status=status)
