"""What a measure's page shows of its grants."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.programme.models import Measure

from .domain import queries


def grants_of_measure(request: HttpRequest, measure: Measure) -> str | None:
    """Amount, authority, date, share and source of each public grant; one query."""
    shares = queries.shares_of(measure)
    return render_to_string("funding/panel.html", {"shares": shares}) if shares else None
