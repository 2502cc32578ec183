"""Reach for staff: how often pages were called, as a picture, a table and a file."""

import csv
import io
from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.spine.people.access import access
from allmende.spine.ui.charts import Chart, Series

from ..domain import reach

SPANS = [("30", gettext_lazy("30 days")), ("90", gettext_lazy("90 days")), ("365", gettext_lazy("a year"))]
UNITS = [("day", gettext_lazy("by day")), ("week", gettext_lazy("by week"))]


class ReachForm(forms.Form):
    days = forms.ChoiceField(label=gettext_lazy("Time"), choices=SPANS, required=False)
    by = forms.ChoiceField(label=gettext_lazy("Counted"), choices=UNITS, required=False)
    route = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    thing = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def span(self) -> tuple[date, date]:
        today = timezone.localdate()
        return today - timedelta(days=int(self.value("days") or 30) - 1), today

    def value(self, name: str) -> str:
        return str(self.cleaned_data.get(name, "")) if self.is_valid() else ""


def address_of(route: str, thing: str) -> str:
    """The address of a counted page; "" where it has gone meanwhile."""
    try:
        return reverse(route, kwargs={reach.THING: thing} if thing else None)
    except NoReverseMatch:
        return ""


@access("instance.view_reach")
def overview(request: HttpRequest) -> HttpResponse:
    """How often public pages were called, as a chart and a table; counted without cookies."""
    form = ReachForm(request.GET)
    first, last = form.span()
    route, thing = form.value("route"), form.value("thing")
    weekly = form.value("by") == "week"
    values = (reach.by_week if weekly else reach.by_day)(first, last, route, thing)
    pages = [(line, address_of(line.route, line.thing)) for line in reach.by_page(first, last)]
    chart = Chart(
        title=_("Page views by week") if weekly else _("Page views by day"),
        labels=[date_format(day, "j.n.") for day, _views in values],
        series=[Series(_("Page views"), [views for _day, views in values])],
        kind="bar",
        label_heading=_("Week from") if weekly else _("Day"),
        source_label=_("own count"),
        source_date=last,
    )
    shown = ReachForm(initial={name: form.value(name) for name in form.fields})
    context = {
        "form": shown, "chart": chart, "pages": pages, "route": route, "thing": thing,
        "address": address_of(route, thing) if route else "", "total": sum(views for _day, views in values),
    }  # fmt: skip
    return render(request, "instance/reach.html", context)


@access("instance.view_reach")
def as_csv(request: HttpRequest) -> HttpResponse:
    """Every page and day of the span, one a line."""
    form = ReachForm(request.GET)
    first, last = form.span()
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(("day", "route", "page", "views"))
    for day, route, thing, views in reach.rows(first, last):
        # A slug may begin with a dash, which spreadsheets take for a formula (CWE-1236).
        writer.writerow((day, route, f"'{thing}" if thing.startswith("-") else thing, views))
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reichweite-{first}-{last}.csv"'
    return response
