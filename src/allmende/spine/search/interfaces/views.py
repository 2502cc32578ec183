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
    form = SearchForm(request.GET)
    if not form.is_valid() and "q" in form.errors:
        return render(request, "search/search.html", {"form": form, "found": queries.Results()}, status=422)
    # A kind that this town does not have (any more) is no mistake of the person: search everything.
    found = queries.search(
        form.cleaned_data["q"], form.cleaned_data.get("kind", ""), _page(request.GET.get("page", ""))
    )
    return render(request, "search/search.html", {"form": form, "found": found})


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
