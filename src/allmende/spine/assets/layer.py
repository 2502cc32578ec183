"""Numbered things on the map of the town, and in its search."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from allmende.spine.places import layers
from allmende.spine.search import registry
from allmende.spine.search.registry import SearchDoc

from .domain import queries
from .models import Asset


def rows(request: HttpRequest) -> QuerySet[Asset]:
    return queries.standing().filter(public=True)


def document(urn: str) -> SearchDoc | None:
    asset = queries.standing().filter(public=True, public_id=urn.partition(":")[2]).first()
    if asset is None:
        return None
    text = " ".join(part for part in (asset.number, asset.name, asset.place_name) if part)
    return SearchDoc(asset.urn, str(asset), text, asset.get_absolute_url(), asset.changed)


def urns() -> list[str]:
    ids = queries.standing().filter(public=True).values_list("public_id", flat=True)
    return [f"asset:{public_id}" for public_id in ids]


def describe(asset: Any) -> dict[str, Any]:
    return {"kind": asset.get_kind_display(), "summary": asset.summary}


def register() -> None:
    layers.register("assets", _("Things in public space"), rows, describe=describe, order=70)
    registry.register("asset", _("Things in public space"), document, urns)
