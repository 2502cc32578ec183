"""The search page and its description for browsers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from allmende.spine.people.access import access

from ..domain import queries
from .forms import SearchForm


def _page(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 1


@access("public")
def search(request: HttpRequest) -> HttpResponse:
    """Everything public that matches, best first, typing errors forgiven."""
    form = SearchForm(request.GET)
    found, status = queries.Results(), 200
    if form.asked and form.is_valid():
        found = queries.search(*form.criteria(), _page(request.GET.get("page", "")))
    elif form.asked:
        status = 422
    return render(request, "search/search.html", {"form": form, "found": found}, status=status)


@access("public")
@cache_control(max_age=86_400, public=True)
def opensearch(request: HttpRequest) -> HttpResponse:
    """OpenSearch 1.1 description: browsers offer the town's search beside their own."""
    return render(
        request,
        "search/opensearch.xml",
        {"base": queries.base_url()},
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
