"""What the places themselves show on the map of the town."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from allmende.spine.places import layers
from allmende.spine.places.domain import queries
from allmende.spine.places.models import LANDMARK_KINDS


def _places(request: HttpRequest) -> QuerySet[Any]:
    return queries.places()


def _districts(request: HttpRequest) -> QuerySet[Any]:
    return queries.areas(kinds=("district", "village"))


def _landmarks(request: HttpRequest) -> QuerySet[Any]:
    return queries.landmarks(max_rank=2)


def _of_landmark(row: Any) -> dict[str, Any]:
    return {"kind": str(LANDMARK_KINDS.get(row.kind, ""))}


def register_all() -> None:
    layers.register("places", _("Places of the town"), _places, order=50)
    layers.register("districts", _("Districts and villages"), _districts, order=80)
    layers.register(
        "landmarks", _("Stations, schools and other landmarks"), _landmarks, describe=_of_landmark, order=90
    )
