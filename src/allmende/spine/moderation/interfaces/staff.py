"""The queue for staff."""

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
from allmende.spine.people.access import access, can, visible_to
from allmende.spine.ui.conflicts import differences

from ..domain import cases as verbs
from ..domain import holding, queries
from ..enums import UNLAWFUL, CaseKind, CaseState
from ..models import Case
from .forms import DecisionForm, HoldRulesForm, QueueForm
from .public import _add

PAGE = 50


@access("moderation.view_queue")
def queue(request: HttpRequest) -> HttpResponse:
    """Comments and feedback to be decided, the most urgent first."""
    form = QueueForm(request.GET)
    page = Paginator(queries.queue(request.user, **form.criteria()), PAGE).get_page(request.GET.get("page"))
    found = queries.counts(request.user)
    context = {
        "form": form,
        "page": page,
        "taken": {case.pk for case in page if verbs.claim_holds(case)},
        "late": found.pop("late"),
        "counts": [(CaseKind(kind).label, number) for kind, number in sorted(found.items())],
        "decided": form.is_valid() and form.cleaned_data["show"] == "decided",
        "may_change_rules": can(request.user, "moderation.change_rules"),
        "may_change_statement": can(request.user, "moderation.change_statement"),
    }
    return render(request, "moderation/staff/queue.html", context)


def _case(request: HttpRequest, public_id: uuid.UUID) -> Case:
    rows = visible_to(request.user, Case.objects.all()).select_related(
        "comment__author", "comment__parent__author", "feedback", "claimed_by", "decided_by", "appeal_of__decided_by"
    )
    return get_object_or_404(rows, public_id=public_id)


@access("moderation.view_queue")
def case(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One case: decide with a reason, or see what was decided."""
    found = _case(request, public_id)
    form = DecisionForm(request.POST if request.method == "POST" else None, case=found)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                verbs.decide_case(found, data["outcome"], data.get("reason", ""), data["statement"], actor=request.user)
            except ValidationError as error:
                status = 409 if getattr(error, "code", "") in ("decided", "claimed") else 422
                _add(form, error)
            else:
                messages.success(request, _("Decided."))
                following = queries.next_case(request.user, found) if "next" in request.POST else None
                return redirect("moderation:case", following.public_id) if following else redirect("moderation:queue")
        found = _case(request, public_id)
    return render(request, "moderation/staff/case.html", _shown(request, found, form), status=status)


def _shown(request: HttpRequest, found: Case, form: DecisionForm) -> dict[str, Any]:
    held = verbs.claim_holds(found)
    return {
        "case": found,
        "form": form,
        "open": found.state == CaseState.OPEN,
        "target": queries.where(found, request.user),
        "reports": list(found.reports.all()),
        "holds": _holds(found),
        "mine": held and found.claimed_by_id == request.user.pk,
        "others": held and found.claimed_by_id != request.user.pk,
        "may_decide": can(request.user, "moderation.decide_case", found),
        "unlawful": [reason.label for reason in UNLAWFUL],
    }


def _holds(found: Case) -> list[str]:
    from ..enums import Hold

    return [str(Hold(one).label) for one in found.comment.holds] if found.comment else []


@access("moderation.view_queue")
@require_POST
def claim(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a case on, or give it back."""
    found = _case(request, public_id)
    try:
        if request.POST.get("action") == "release":
            verbs.release_case(found, actor=request.user)
        else:
            verbs.claim_case(found, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("moderation:case", found.public_id)


@access("moderation.change_rules")
def rules(request: HttpRequest) -> HttpResponse:
    """Which comments are held for a look."""
    row = holding.rules()
    form = HoldRulesForm(request.POST if request.method == "POST" else None, instance=row)
    context: dict[str, Any] = {"form": form}
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            values = {name: form.cleaned_data[name] for name in holding.FIELDS}
            try:
                holding.change_rules(values, version=form.cleaned_data["version"], actor=request.user)
            except VersionConflict as conflict:
                status = 409
                saved = {name: getattr(conflict.current, name) for name in holding.FIELDS}
                context |= {"conflict": True, "differences": differences(form, saved)}
                data = request.POST.copy()
                data["version"] = str(conflict.current.version)  # type: ignore[attr-defined]
                context["form"] = HoldRulesForm(data, instance=holding.rules())
            except ValidationError as error:
                _add(form, error)
            else:
                messages.success(request, _("Saved."))
                return redirect("moderation:hold_rules")
    return render(request, "moderation/staff/rules.html", context, status=status)
