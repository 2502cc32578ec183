"""Public pages of the programme."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from allmende.spine.facts.domain.queries import history
from allmende.spine.people.access import access, can

from ..core.state import Due, slip_of_all, standing
from ..domain import queries
from ..domain.aims import MeasureIndicators
from ..models import Figure, Measure, Topic
from .forms import FilterForm

PAGE = 25


@access("public")
def measures(request: HttpRequest) -> HttpResponse:
    """Published measures, to be searched by words, topic and stage."""
    form = FilterForm(request.GET)
    rows = queries.filtered(queries.published_measures(), **form.criteria())
    page = Paginator(queries.for_list(rows), PAGE).get_page(request.GET.get("page"))
    page.object_list = queries.with_standing(page.object_list)
    return render(request, "programme/measures.html", {"form": form, "page": page})


@access("public")
def measure(request: HttpRequest, slug: str) -> HttpResponse:
    """One measure; a former address leads to the present one."""
    found = queries.measure_by_slug(request.user, slug)
    if found is None:
        moved = queries.moved_to(request.user, slug)
        if moved is None:
            raise Http404
        return redirect(moved, permanent=True)
    context = page_of(found) | {
        "activity": history(found.urn).filter(public=True)[:5],
        "may_change": can(request.user, "programme.change_measure", found),
    }
    return render(request, "programme/measure.html", context)


def page_of(found: Measure) -> dict[str, Any]:
    """What a measure's page shows of the measure itself. The same number of queries for every measure."""
    milestones, decisions = list(found.milestones.prefetch_related("replans")), list(found.decisions.all())
    today = timezone.localdate()
    dues = [Due(row.baseline, row.plan, row.done) for row in milestones]
    return {
        "measure": found,
        "standing": standing(dues, [(row.date, row.kind) for row in decisions], today),
        "slip": slip_of_all(dues, today) if dues else None,
        "milestones": milestones,
        "decisions": decisions,
        "assessment": found.assessments.first(),
        "involvements": found.involvements.select_related("party"),
        "dependencies": queries.visible_needs(found),
        "risks": found.risks.filter(Q(closed__isnull=True) | Q(occurred__isnull=False)),
        "matters": queries.matters(found.figures.all()),
        "indicators": MeasureIndicators(found),
    }


@access("public")
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """A field of action with its measures."""
    row = get_object_or_404(Topic, slug=slug)
    rows = queries.for_list(queries.published_measures().filter(topic=row))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = queries.with_standing(page.object_list)
    return render(request, "programme/topic.html", {"topic": row, "page": page})


@access("public")
def parties(request: HttpRequest) -> HttpResponse:
    """Who takes part in published measures."""
    page = Paginator(queries.public_parties(), 50).get_page(request.GET.get("page"))
    return render(request, "programme/parties.html", {"page": page})


@access("public")
def party(request: HttpRequest, slug: str) -> HttpResponse:
    """A party with what it does in which measure."""
    row = get_object_or_404(queries.public_parties(), slug=slug)
    rows = row.involvements.filter(measure__published__isnull=False).select_related("measure")
    page = Paginator(rows.order_by("-starts", "pk"), 50).get_page(request.GET.get("page"))
    return render(request, "programme/party.html", {"party": row, "page": page})


@access("public")
def figures(request: HttpRequest) -> HttpResponse:
    """Figures of the whole programme with their sources, contradicting ones side by side."""
    rows = Figure.objects.filter(measure__isnull=True)
    return render(request, "programme/figures.html", {"matters": queries.matters(rows)})
