"""Staff pages of cases: list, start, where one stands, history, breaking off."""

import uuid
from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine import subjects
from allmende.spine.people.access import access, can, require
from allmende.spine.privacy.domain.archive import csv_line, csv_text

from ..domain import arrivals, history, known, openings, queries, telling
from ..domain import instances as verbs
from ..enums import InstanceState, ItemState, ModelKind
from ..models import Instance, Model
from .forms import InstanceFilter, ReasonForm, StartForm

# So many open tasks of a case stand on its page; the others in the list of tasks.
LISTED = 50


def _rows(request: HttpRequest) -> tuple[InstanceFilter, QuerySet[Instance]]:
    form = InstanceFilter(request.GET)
    rows = queries.instances(request.user)
    if form.is_valid():
        asked = form.cleaned_data
        rows = queries.narrowed(rows, asked["q"], state=asked["state"], model=asked["model"], subject=asked["about"])
    return form, rows


@access("process.view_instance")
def instances(request: HttpRequest) -> HttpResponse:
    """What runs and ran, as far as one may see it."""
    form, rows = _rows(request)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "process/instances.html", {"form": form, "page": page})


@access("process.view_instance")
def instances_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list as a table, all of it."""
    _form, rows = _rows(request)

    def lines() -> Iterator[str]:
        yield csv_text(["id", "title", "process", "version", "state", "about", "begun", "ended"], [])
        for row in rows.iterator(chunk_size=500):
            ended = timezone.localtime(row.ended).isoformat(timespec="minutes") if row.ended else ""
            begun = timezone.localtime(row.created).isoformat(timespec="minutes")
            version = row.version_of
            yield csv_line(
                [row.public_id, row.title, version.model.title, version.number, row.state, row.subject, begun, ended]
            )

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="vorgaenge.csv"'
    return response


@access("process.start_instance")
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a case, about a measure where one came from there."""
    model = get_object_or_404(Model, slug=slug, kind=ModelKind.PROCESS)
    version = verbs.released(model)
    if version is None:
        raise Http404
    urn = request.POST.get("subject") or request.GET.get("subject", "")
    subject = subjects.find(urn, request.user) if urn else None
    if urn and subject is None:
        raise Http404
    if not verbs.may_start(request.user, version, subject.urn if subject else ""):
        raise PermissionDenied("process.start_instance")
    starts = [one for one in openings.of(version) if one.process == openings.of(version)[0].process]
    asked = request.POST.get("at") or request.GET.get("durch", "")
    at = next((one for one in starts if one.element == asked or len(starts) == 1), None)
    form = StartForm(request.POST or None, initial={"title": subject.title if subject else ""})
    entry = openings.build(version, at, request.POST or None, person=request.user, prefix="begin") if at else None
    # Both are asked, so that all that is wrong is said at once.
    fine = all([form.is_valid(), entry is None or entry.is_valid()])
    if request.method == "POST" and fine:
        try:
            row = verbs.start(
                version,
                title=form.cleaned_data["title"],
                subject=subject.urn if subject else "",
                at=at.element if at and len(starts) > 1 else "",
                message=at.name if at else "",
                values=openings.entered(entry) if entry is not None else {},
                actor=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The case has begun."))
            mine = row.items.filter(state=ItemState.OPEN).order_by("pk").first()
            if mine is not None and can(request.user, "process.work", mine):
                return redirect("process:item", mine.public_id)
            return redirect("process:instance", row.public_id)
    context = {
        "form": form, "entry": entry, "at": at, "starts": starts, "model": model, "version": version, "subject": subject
    }  # fmt: skip
    return render(request, "process/start.html", context, status=422 if form.is_bound else 200)


def _shown(request: HttpRequest, public_id: uuid.UUID) -> Instance:
    row = get_object_or_404(Instance.objects.select_related("version_of__model", "starter"), public_id=public_id)
    require(request.user, "process.view_instance", row)
    return row


@access("process.view_instance")
def instance(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Where a case stands, what happened, what waits."""
    row = _shown(request, public_id)
    page = Paginator(row.events.select_related("actor").order_by("-number"), 50).get_page(request.GET.get("page"))
    version = row.version_of
    waiting = row.items.filter(state=ItemState.OPEN).select_related("assignee", "instance").order_by("opened", "pk")
    context = {
        "case": row,
        "version": version,
        "subject": subjects.find(row.subject, request.user) if row.subject else None,
        "items": waiting,
        "places": telling.where(waiting[:LISTED]),
        "more": max(0, waiting.count() - LISTED),
        "alarms": telling.alarms(row, row.timers.order_by("due")),
        "expected": arrivals.expected(row, request.user),
        "known": known.so_far(row, request.user),
        "page": page,
        "told": telling.history(row, list(page.object_list)),
        "broken": history.broken(row),
        "running": row.state in (InstanceState.RUNNING, InstanceState.STUCK),
        "may_manage": can(request.user, "process.manage_instance", row),
        "may_add": can(request.user, "process.add_item", row),
    }
    return render(request, "process/instance.html", context)


@access("process.manage_instance")
def cancel(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Break a case off, with the reason."""
    row = _shown(request, public_id)
    require(request.user, "process.manage_instance", row)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.cancel(row, reason=form.cleaned_data["reason"], actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The case is broken off."))
            return redirect("process:instance", row.public_id)
    return render(request, "process/cancel.html", {"form": form, "case": row}, status=422 if form.is_bound else 200)
