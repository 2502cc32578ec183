"""Layers of the town's map: every room registers what it has to show; only what everybody may see ever gets here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest


@dataclass(frozen=True)
class Layer:
    """`rows(request)` gives public `Located` records only; `describe(row)` may replace name, kind, summary, URL."""

    name: str
    title: Any
    rows: Callable[[HttpRequest], QuerySet[Any] | Iterable[Any]]
    describe: Callable[[Any], dict[str, Any]] | None = None
    order: int = 100


_LAYERS: dict[str, Layer] = {}
MAX_FEATURES = 2_000  # per layer: a list beside the map that nobody can read is no list


def register(
    name: str,
    title: Any,
    rows: Callable[[HttpRequest], QuerySet[Any] | Iterable[Any]],
    *,
    describe: Callable[[Any], dict[str, Any]] | None = None,
    order: int = 100,
) -> None:
    """Add a layer. Raises ValueError where the name is taken by another function."""
    if name in _LAYERS and _LAYERS[name].rows is not rows:
        raise ValueError(f"map layer {name} is registered twice")
    _LAYERS[name] = Layer(name, title, rows, describe, order)


def layers(names: Iterable[str] | None = None) -> list[Layer]:
    """The layers (of these names), in their order."""
    wanted = set(_LAYERS if names is None else names)
    return sorted(
        (layer for layer in _LAYERS.values() if layer.name in wanted), key=lambda layer: (layer.order, layer.name)
    )


def describe(layer: Layer, row: Any) -> dict[str, Any]:
    """What list and map say of a row: id, name, kind, summary, url."""
    told: dict[str, Any] = {
        "id": getattr(row, "urn", f"{layer.name}:{row.pk}"),
        "layer": layer.name,
        "name": str(row),
        "kind": str(row.get_kind_display()) if hasattr(row, "get_kind_display") else "",
        "summary": getattr(row, "summary", ""),
        "url": row.get_absolute_url() if hasattr(row, "get_absolute_url") else "",
    }
    return told | (layer.describe(row) if layer.describe else {})


def entries(layer: Layer, request: HttpRequest) -> list[tuple[dict[str, Any], Any]]:
    """(description, row) of every placed row of a layer, at most MAX_FEATURES."""
    rows = layer.rows(request)
    if isinstance(rows, QuerySet):
        rows = rows.filter(geom__isnull=False)[:MAX_FEATURES]
    return [(describe(layer, row), row) for row in list(rows)[:MAX_FEATURES]]


def feature_collection(names: Iterable[str] | None, request: HttpRequest) -> dict[str, Any]:
    """GeoJSON (RFC 7946) of the layers; `properties` as in `describe`, coordinates to 0.1 m."""
    return collection(layers(names), request)


def collection(shown: Iterable[Layer], request: HttpRequest) -> dict[str, Any]:
    """`feature_collection` of these layers, registered or not: a page may have a map of its own."""
    features = [
        {"type": "Feature", "id": number, "properties": told | {"geometry": row.geom_kind}, "geometry": row.geojson}
        for number, (told, row) in enumerate((pair for layer in shown for pair in entries(layer, request)), start=1)
    ]
    return {"type": "FeatureCollection", "features": features}


def groups(request: HttpRequest, names: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """For the list beside the map: name, title and entries of each layer."""
    return [
        {"name": layer.name, "title": layer.title, "entries": [told for told, _ in entries(layer, request)]}
        for layer in layers(names)
    ]
