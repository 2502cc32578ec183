"""Published measures that have a place, on the map of the town."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from allmende.spine.places import layers

from .domain.queries import published_measures
from .models import Measure


def rows(request: HttpRequest) -> QuerySet[Measure]:
    return published_measures()


def describe(measure: Measure) -> dict[str, Any]:
    return {"kind": str(measure.get_maturity_display())}


def register() -> None:
    layers.register("measures", _("Measures"), rows, describe=describe, order=10)
