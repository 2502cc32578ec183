"""Staff pages of models: list, import, versions with findings, lanes, release."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from allmende.spine.people.access import access, can, require

from ..core import outline
from ..core.bpmn import steps
from ..domain import drawing, instances, shipped, versions
from ..domain import forms as form_verbs
from ..domain import steps as step_verbs
from ..enums import InstanceState, ModelKind
from ..models import Model, Version
from .forms import ImportForm, LanesForm, NextVersionForm, SheetForm

MAX_BYTES = 5_000_000


@access("process.view_model")
def models(request: HttpRequest) -> HttpResponse:
    """All models, with how many instances run, and those that come along and are not taken over yet."""
    if request.method == "POST":
        require(request.user, "process.change_model")
        row = shipped.take_over(request.POST.get("shipped", ""), actor=request.user)
        messages.success(request, _("The model was taken over. Look at it and give it to release."))
        return redirect("process:version", row.public_id)
    running = Count("versions__instances", filter=Q(versions__instances__state=InstanceState.RUNNING))
    rows = Model.objects.annotate(running=running).order_by("title", "pk")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    may_change = can(request.user, "process.change_model")
    context = {"page": page, "may_change": may_change, "shipped": shipped.open_() if may_change else []}
    return render(request, "process/models.html", context)


@access("process.change_model")
def add(request: HttpRequest, slug: str = "") -> HttpResponse:
    """A new model, or the next version of one."""
    model = get_object_or_404(Model, slug=slug) if slug else None
    if model is not None and model.kind == ModelKind.DECISION:
        return redirect("process:add_decision_version", model.slug)
    made = ImportForm if model is None else NextVersionForm
    empty = model is None and request.POST.get("action") == "sheet"
    sheet = SheetForm(request.POST if empty else None)
    if empty and sheet.is_valid():
        try:
            begun = drawing.begin(sheet.cleaned_data["title"], actor=request.user)
        except ValidationError as error:
            sheet.add_error(None, error)
        else:
            return redirect("process:draw", begun.model.slug)
    form = made() if empty else made(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = versions.import_model(
                file.read(MAX_BYTES + 1),
                title=form.cleaned_data.get("title", ""),
                filename=file.name,
                model=model,
                note=form.cleaned_data["note"],
                actor=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("process:version", row.public_id)
    context = {"form": form, "model": model, "sheet": sheet}
    wrong = form.is_bound or sheet.is_bound
    return render(request, "process/add_model.html", context, status=422 if wrong else 200)


def _about(released: Version | None) -> outline.Step | None:
    """What the released version says of its process."""
    if released is None or released.model.kind != ModelKind.PROCESS:
        return None
    found = form_verbs.outline_of(released)
    return next((found[each] for each in step_verbs.processes_of(released) if each in found), None)


@access("process.view_model")
def model(request: HttpRequest, slug: str) -> HttpResponse:
    """A model, its versions, and the way to start it."""
    row = get_object_or_404(Model, slug=slug)
    released = instances.released(row)
    context = {
        "model": row,
        "versions": row.versions.select_related("author", "releaser").defer("source", "xml"),
        "released": released,
        "about": _about(released),
        "may_start": released is not None and instances.may_start(request.user, released),
        "may_see_figures": can(request.user, "process.view_statistics"),
        "may_change": can(request.user, "process.change_model"),
    }
    return render(request, "process/model.html", context)


def _act(request: HttpRequest, row: Version, lanes: LanesForm) -> HttpResponse | None:
    """What was pressed; None where the lanes have an error to be shown."""
    action, person = request.POST.get("action") or "accept", request.user
    try:
        if action == "accept":
            versions.accept(
                row, [int(place) for place in request.POST.getlist("place") if place.isdigit()], actor=person
            )
        elif action == "accept_all":
            versions.accept(row, actor=person)
        elif action == "lanes":
            if not lanes.is_valid():
                return None
            versions.set_lanes(row, lanes.roles(), actor=person)
            messages.success(request, _("Saved."))
        elif action == "submit":
            versions.submit(row, actor=person)
            messages.success(request, _("The version waits for its release by a second person."))
        elif action == "take_back":
            versions.take_back(row, actor=person)
        elif action == "release":
            versions.release(row, actor=person)
            messages.success(request, _("The version is released. New cases run by it from now on."))
        else:
            raise Http404
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("process:version", row.public_id)


@access("process.view_model")
def version(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One version: drawing, steps as a list, what was changed so that it runs, who works in which lane, release."""
    row = get_object_or_404(Version.objects.select_related("model", "author", "releaser"), public_id=public_id)
    if row.model.kind == ModelKind.DECISION:
        return redirect("process:decision", row.public_id)
    action = request.POST.get("action")
    lanes = LanesForm(row, request.POST if action == "lanes" else None)
    if request.method == "POST":
        require(request.user, "process.release_version" if action == "release" else "process.change_model")
        if (done := _act(request, row, lanes)) is not None:
            return done
    found = versions.texts(row)
    context = {
        "version": row,
        "model": row.model,
        "problems": [each for each in found if each["level"] == "problem"],
        "changes": [each for each in found if each["level"] == "change"],
        "notes": [each for each in found if each["level"] == "note"],
        "lanes": lanes,
        "steps": steps.steps(bytes(row.xml)),
        "to_accept": any(each["level"] == "change" and not each["accepted"] for each in found),
        "missing": versions.missing(row),
        "may_change": can(request.user, "process.change_model"),
        "may_release": can(request.user, "process.release_version"),
        "own": row.author_id == request.user.pk,
    }
    return render(request, "process/version.html", context, status=422 if lanes.is_bound else 200)


@access("process.view_model")
def download(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The runnable model as a file for any modeller."""
    row = get_object_or_404(Version.objects.select_related("model"), public_id=public_id)
    if row.model.kind == ModelKind.DECISION:
        return redirect("process:download_decision", row.public_id)
    response = HttpResponse(bytes(row.xml), content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{row.model.slug}-{row.number}.bpmn"'
    return response
