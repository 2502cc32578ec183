"""Public pages of the programme."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from allmende.spine.facts.domain.queries import history
from allmende.spine.people.access import access, can

from ..domain import queries
from ..models import Figure
from .forms import FilterForm

PAGE = 25


@access("public")
def measures(request: HttpRequest) -> HttpResponse:
    """Published measures, to be searched by words, topic and stage."""
    form = FilterForm(request.GET)
    rows = queries.filtered(queries.published_measures(), **form.criteria())
    page = Paginator(queries.for_list(rows), PAGE).get_page(request.GET.get("page"))
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
    return render(
        request,
        "programme/measure.html",
        {
            "measure": found,
            "matters": queries.matters(found.figures.all()),
            "activity": history(found.urn).filter(public=True)[:5],
            "may_change": can(request.user, "programme.change_measure", found),
        },
    )


@access("public")
def figures(request: HttpRequest) -> HttpResponse:
    """Figures of the whole programme with their sources, contradicting ones side by side."""
    rows = Figure.objects.filter(measure__isnull=True)
    return render(request, "programme/figures.html", {"matters": queries.matters(rows)})
