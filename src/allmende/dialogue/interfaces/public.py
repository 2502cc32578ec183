"""Public pages of participations."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.spine import subjects
from allmende.spine.facts.domain.queries import history
from allmende.spine.people.access import access, can
from allmende.spine.places import layers

from .. import map_layer
from ..domain import contributing, overview, queries, reviewing
from ..enums import OPEN, Shown
from ..models import Contribution, Participation, Phase
from .forms import ContributionFilter, ParticipationFilter

PAGE = 25


@access("public")
def participations(request: HttpRequest) -> HttpResponse:
    """What people are asked about: open now, announced, over."""
    form = ParticipationFilter(request.GET)
    rows = overview.narrowed(overview.staged(), **form.criteria())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = overview.with_numbers(list(page.object_list))
    return render(request, "dialogue/participations.html", {"form": form, "page": page})


def participation_at(request: HttpRequest, slug: str) -> Participation:
    """The one at an address. Raises Http404 where this person may not see it."""
    found = queries.participation_by_slug(request.user, slug)
    if found is None:
        raise Http404
    return found


def phase_at(request: HttpRequest, slug: str, number: int) -> Phase:
    """A phase of it. Raises Http404."""
    found = overview.phase_at(participation_at(request, slug), number)
    if found is None:
        raise Http404
    return found


@access("public")
def participation(request: HttpRequest, slug: str) -> HttpResponse:
    """One participation: what it is about, its phases with their rules, what became of it."""
    row = participation_at(request, slug)
    phases = list(row.phases.order_by("number"))
    for phase in phases:
        phase.participation = row
    context = {
        "participation": row,
        "phases": [(phase, overview.topics_of(phase)) for phase in phases],
        "open": [phase for phase in phases if phase.open_at()],
        "about": subjects.find(row.subject, request.user) if row.subject else None,
        "tally": queries.tally(row),
        "activity": history(row.urn).filter(public=True)[:5],
        "may_change": can(request.user, "dialogue.change_participation", row),
    }
    return render(request, "dialogue/participation.html", context)


@access("public")
@require_safe
def rules(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The rules of a phase in the very bytes whose SHA-256 is published."""
    found = phase_at(request, slug, number)
    return HttpResponse(found.rules.canonical(), content_type="application/json")


def _narrowed(request: HttpRequest, found: Phase) -> tuple[ContributionFilter, Any]:
    form = ContributionFilter(request.GET, topics=overview.topics_of(found), support=found.rules.support)
    return form, queries.filtered(queries.contributions(found), **form.criteria())


@access("public")
def phase(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The contributions of a phase, as a list."""
    found = phase_at(request, slug, number)
    form, rows = _narrowed(request, found)
    page = Paginator(queries.for_list(rows), PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    page.object_list = overview.with_comments(listed) if found.rules.comments else listed
    context = {"participation": found.participation, "phase": found, "form": form, "page": page, "asked": _asked(form)}
    return render(request, "dialogue/phase.html", context)


def _asked(form: ContributionFilter) -> str:
    """The filter as the query of an address, or nothing."""
    asked = form.query()
    return f"?{asked}" if asked else ""


def _layer(rows: Any) -> layers.Layer:
    return layers.Layer("contributions", _("Contributions"), lambda request: rows, map_layer.describe)


@access("public")
def phase_map(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The contributions of a phase that have a place, on the map and beside it."""
    found = phase_at(request, slug, number)
    form, rows = _narrowed(request, found)
    layer = _layer(overview.on_map(rows))
    entries = [told for told, _row in layers.entries(layer, request)]
    asked = _asked(form)
    context = {
        "participation": found.participation,
        "phase": found,
        "form": form,
        "asked": asked,
        "groups": [{"name": layer.name, "title": layer.title, "entries": entries}],
        "number": len(entries),
        "most": layers.MAX_FEATURES if len(entries) == layers.MAX_FEATURES else 0,
        "features": reverse("dialogue:phase_features", args=[slug, number]) + asked,
    }
    return render(request, "dialogue/map.html", context)


@access("public")
@require_safe
def phase_features(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What the map of a phase shows (GeoJSON)."""
    found = phase_at(request, slug, number)
    _form, rows = _narrowed(request, found)
    made = layers.collection([_layer(overview.on_map(rows))], request)
    return JsonResponse(made, content_type="application/geo+json")


@access("public")
def contribution(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One contribution with everything that was said and done about it; of what was removed or taken back that it was
    there."""
    row = queries.contribution_of(request.user, public_id)
    if row is None or row.shown == Shown.WITHDRAWN:
        gone = overview.trace_of(public_id)
        if gone is None:
            raise Http404
        return render(request, "dialogue/gone.html", {"contribution": gone, "phase": gone.phase}, status=410)
    return render(request, "dialogue/contribution.html", page_of(row, request.user))


def page_of(row: Contribution, person: Any) -> dict[str, Any]:
    """What the page of a contribution shows to somebody."""
    own = row.author is not None and row.author.account_id == getattr(person, "pk", None)
    judged = reviewing.public(row)
    return {
        "contribution": row,
        "phase": row.phase,
        "participation": row.phase.participation,
        "own": own,
        "may_change": own and contributing.may_change(person, row),
        "may_take_back": own and row.standing in OPEN,
        "may_support": row.shown == Shown.VISIBLE and row.phase.rules.support and row.phase.open_at() and not own,
        "supported": person.is_authenticated and overview.supported(person, row),
        "may_answer": can(person, "dialogue.answer_contribution", row),
        "pictures": overview.pictures_of(row),
        "answers": queries.answers_of(row, person),
        "reviews": list(queries.reviews_of(row)) if judged else [],
        "steps": overview.steps_of(row, own=own),
    }
