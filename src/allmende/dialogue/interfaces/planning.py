"""Staff pages: participations and their phases."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, can, require
from allmende.spine.ui.conflicts import differences

from ..domain import overview, queries
from ..domain import participations as verbs
from ..enums import ParticipationState
from ..models import Participation, Phase
from .planning_forms import EndForm, ParticipationForm, PhaseForm, WordsForm

PAGE = 50


def _participation(request: HttpRequest, public_id: uuid.UUID) -> Participation:
    row = get_object_or_404(Participation.objects.select_related("office"), public_id=public_id)
    require(request.user, "dialogue.change_participation", row)
    return row


def _take(form: Any, error: ValidationError) -> None:
    """Each problem to its field; what has none here to the whole form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)


@access("dialogue.list_participations")
def participations(request: HttpRequest) -> HttpResponse:
    """All participations that the person may see, drafts included, with their numbers."""
    page = Paginator(queries.staff_participations(request.user), PAGE).get_page(request.GET.get("page"))
    found = queries.numbers(page.object_list)
    context = {
        "page": page,
        "rows": [(row, found.get(row.pk, queries.Numbers())) for row in page.object_list],
        "may_change": can(request.user, "dialogue.change_participation"),
        "may_add": can(request.user, "dialogue.add_participation"),
    }
    return render(request, "dialogue/staff_participations.html", context)


@access("dialogue.add_participation")
def add(request: HttpRequest) -> HttpResponse:
    """Begin a draft."""
    form = ParticipationForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            row = verbs.draft(form.values(), actor=request.user)
        except ValidationError as error:
            _take(form, error)
        else:
            messages.success(request, _("The draft is saved. Nobody outside sees it yet."))
            return redirect("dialogue:change", row.public_id)
    return render(request, "dialogue/staff_add.html", {"form": form}, status=422 if form.is_bound else 200)


@access("dialogue.change_participation")
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Put it in better words; its phases, announcing and ending it."""
    row = _participation(request, public_id)
    if request.method != "POST":
        return _page(request, row, ParticipationForm(request.user, row=row))
    form = ParticipationForm(request.user, request.POST, row=row)
    if form.is_valid():
        try:
            verbs.change(row, form.values(), version=form.cleaned_data["version"], actor=request.user)
        except VersionConflict as conflict:
            return _conflict(request, form, conflict.current)
        except ValidationError as error:
            _take(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("dialogue:change", row.public_id)
    return _page(request, row, form, status=422)


def _conflict(request: HttpRequest, form: ParticipationForm, current: Participation) -> HttpResponse:
    """Both texts side by side. Sending again saves one's own on top of the version shown."""
    found = differences(form, form.stored(current))
    data = request.POST.copy()
    data["version"] = str(current.version)
    again = ParticipationForm(request.user, data, row=current)
    again.is_valid()
    more = {"conflict": True, "differences": found, "saved_at": current.changed}
    return _page(request, current, again, status=409, **more)


def _page(request: HttpRequest, row: Participation, form: Any, status: int = 200, **more: Any) -> HttpResponse:
    phases = list(row.phases.order_by("number"))
    draft = row.state == ParticipationState.DRAFT
    context = {
        "participation": row,
        "form": form,
        "phases": phases,
        "numbers": queries.numbers([row]).get(row.pk, queries.Numbers()),
        "draft": draft,
        "running": row.state == ParticipationState.PUBLISHED,
        "over": all(phase.standing == "over" for phase in phases),
        "missing": verbs.missing(row) if draft else [],
        "may_publish": can(request.user, "dialogue.publish_participation", row),
        "evaluate_form": EndForm(_("What came of it"), prefix="evaluate"),
        "withdraw_form": EndForm(_("Why it is broken off"), prefix="withdraw"),
    }
    return render(request, "dialogue/staff_change.html", context | more, status=status)


@access("dialogue.publish_participation")
@require_POST
def state(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Announce a participation, say what came of it, or break it off."""
    row = _participation(request, public_id)
    action = request.POST.get("action")
    form = None
    try:
        if action == "publish":
            verbs.publish(row, actor=request.user)
        elif action == "evaluate":
            form = EndForm(_("What came of it"), request.POST, prefix="evaluate")
            verbs.evaluate(row, request.POST.get("result", ""), actor=request.user)
        elif action == "withdraw":
            form = EndForm(_("Why it is broken off"), request.POST, prefix="withdraw")
            verbs.withdraw(row, request.POST.get("result", ""), actor=request.user)
        else:
            raise Http404
    except ValidationError as error:
        if form is None:
            messages.error(request, " ".join(error.messages))
            return redirect("dialogue:change", row.public_id)
        form.is_valid()
        if "result" not in form.errors:
            _take(form, error)
        more = {f"{action}_form": form, "failed": form}
        return _page(request, row, ParticipationForm(request.user, row=row), status=422, **more)
    done = {
        "publish": _("The participation is announced."),
        "evaluate": _("What came of it is public."),
        "withdraw": _("The participation is broken off."),
    }
    messages.success(request, done[action])
    return redirect("dialogue:change", row.public_id)


@access("dialogue.change_participation")
def add_phase(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A further phase with its rules."""
    row = _participation(request, public_id)
    form = PhaseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            rules = verbs.rules_of(form.rules(None))
            verbs.add_phase(row, title=values["title"], text=values["text"], rules=rules, actor=request.user)
        except ValidationError as error:
            _take(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("dialogue:change", row.public_id)
    context = {"participation": row, "form": form}
    return render(request, "dialogue/staff_phase.html", context, status=422 if form.is_bound else 200)


@access("dialogue.change_participation")
def change_phase(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Words of a phase at any time, its rules until somebody has contributed; take it away as long as nobody has."""
    row = get_object_or_404(Phase.objects.select_related("participation__office"), public_id=public_id)
    require(request.user, "dialogue.change_participation", row)
    if request.method == "POST" and request.POST.get("action") == "drop":
        return _drop(request, row)
    kind = WordsForm if row.frozen else PhaseForm
    if request.method != "POST":
        return _phase_page(request, row, kind(row=row))
    form = kind(request.POST, row=row)
    if form.is_valid():
        values = form.cleaned_data
        try:
            rules = verbs.rules_of(form.rules(row))
            verbs.change_phase(
                row, title=values["title"], text=values["text"], rules=rules, version=values["version"],
                actor=request.user,
            )  # fmt: skip
        except VersionConflict as conflict:
            return _phase_conflict(request, form, conflict.current)
        except ValidationError as error:
            _take(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("dialogue:change", row.participation.public_id)
    return _phase_page(request, row, form, status=422)


def _phase_page(request: HttpRequest, row: Phase, form: Any, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "participation": row.participation,
        "phase": row,
        "form": form,
        "topics": overview.topics_of(row),
        "area": queries.area_of(row.rules),
    }
    return render(request, "dialogue/staff_phase.html", context | more, status=status)


def _phase_conflict(request: HttpRequest, form: WordsForm, current: Phase) -> HttpResponse:
    """What was typed stays; rules that hold meanwhile are no longer in the form."""
    kind = WordsForm if current.frozen else PhaseForm
    found = form.against(current)
    data = request.POST.copy()
    data["version"] = str(current.version)
    again = kind(data, row=current)
    again.is_valid()
    more = {"conflict": True, "differences": found, "saved_at": current.changed}
    return _phase_page(request, current, again, status=409, **more)


def _drop(request: HttpRequest, row: Phase) -> HttpResponse:
    """Ask once more, then take the phase away."""
    if "sure" not in request.POST:
        context = {
            "title": _("Take this phase away?"),
            "text": row.title,
            "consequence": _("Nobody has contributed yet. It is gone for good."),
            "action_label": _("Take away"),
            "cancel_url": row.participation.change_url,
            "fields": {"action": "drop", "sure": "1"},
            "danger": True,
            "base_template": "ui/staff.html",
        }
        return render(request, "ui/confirm.html", context)
    try:
        verbs.drop_phase(row, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The phase is gone."))
    return redirect("dialogue:change", row.participation.public_id)
