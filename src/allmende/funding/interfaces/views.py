"""Public pages: grants with their sums, one grant, the portfolio of towns."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from allmende.spine.facts.domain.queries import history
from allmende.spine.people.access import access, can
from allmende.spine.ui.charts import Chart, Series

from ..core import sums
from ..domain import queries
from ..enums import Counting
from .forms import FilterForm, PortfolioForm
from .texts import chart_title

PAGE = 25
TOWNS = 50
# As many as fit beside each other on a screen of 1280 pixels.
YEARS = 8


@access("public")
def grants(request: HttpRequest) -> HttpResponse:
    """Public grants, narrowed by funding programme, year, town and phase, with the sums of what is shown."""
    every = queries.entries()
    form = FilterForm(request.GET, every)
    chosen = queries.select(every, **form.criteria())
    page = Paginator(chosen.pks, PAGE).get_page(request.GET.get("page"))
    year = form.value("year")
    context = {
        "form": form,
        "chosen": chosen,
        "page": page,
        "rows": queries.page_rows(list(page.object_list), chosen.part),
        "year": year,
        "asked": {name: value for name, value in form.criteria().items() if value and name != "counting"},
        "counting": Counting(chosen.counting),
        "matters": queries.stated_totals(),
    }
    return render(request, "funding/grants.html", context)


@access("public")
def grant(request: HttpRequest, slug: str) -> HttpResponse:
    """One grant: what the notice says, and which measures get what of it."""
    found = queries.grant_by_slug(request.user, slug)
    if found is None:
        raise Http404
    context = {
        "grant": queries.with_town([found])[0],
        "parts": queries.division(found, request.user),
        "activity": history(found.urn).filter(public=True)[:5],
        "may_change": can(request.user, "funding.change_grant", found),
    }
    return render(request, "funding/grant.html", context)


@access("public")
def portfolio(request: HttpRequest) -> HttpResponse:
    """What towns got in which year: the state's view. Every number leads to its grants."""
    every = queries.entries()
    form = PortfolioForm(request.GET, every)
    scheme, counting = form.value("scheme"), form.counting
    found = sums.portfolio(queries.select(every, scheme=scheme).entries, counting)
    page = Paginator(found.lines, TOWNS).get_page(request.GET.get("page"))
    years = [year for year in found.years if year is not None]
    chart = Chart(
        title=chart_title(counting),
        labels=[str(year) for year in years],
        series=[Series(_("Sum"), [found.per_year[year].cents / 100 for year in years])],
        unit="€",
        kind="bar",
        label_heading=_("Year"),
        source_url=f"{reverse('funding:grants')}?{urlencode({'scheme': scheme, 'by': str(counting)})}",
        source_label=_("Computed from the grants on this site"),
    )
    context = {
        "form": form, "portfolio": found, "page": page, "chart": chart, "scheme": scheme,
        "window": found.window(form.until, YEARS),
        "counting": Counting(counting), "unknown": found.per_year.get(None), "matters": queries.stated_totals(),
    }  # fmt: skip
    return render(request, "funding/portfolio.html", context)
