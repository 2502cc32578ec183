"""Contributions of running participations that have a place, on the map of the town."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from allmende.spine.places import layers

from .enums import ParticipationState, Shown
from .models import Contribution


def rows(request: HttpRequest) -> QuerySet[Contribution]:
    """Of every participation that was neither evaluated nor broken off, newest first."""
    return Contribution.objects.filter(shown=Shown.VISIBLE, phase__participation__state=ParticipationState.PUBLISHED)


def describe(row: Contribution) -> dict[str, Any]:
    return {"kind": str(row.get_standing_display())}


def register() -> None:
    layers.register("contributions", _("Contributions"), rows, describe=describe, order=20)
