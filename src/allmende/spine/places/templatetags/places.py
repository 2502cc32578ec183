"""What the map's template needs besides its list."""

import json
from typing import Any

from django import template
from django.utils.translation import gettext as _

from allmende.spine.places.domain import basemap

register = template.Library()


@register.simple_tag
def map_settings() -> dict[str, Any]:
    """Bounds of the town, credit, and MapLibre's own texts in the reader's language."""
    found, box = basemap.current(), basemap.bounds()
    return {
        "title": _("Map of the town"),
        "credit": found.credit if found else "",
        "bounds": ",".join(f"{value:.5f}" for value in box) if box else "",
        "texts": json.dumps(
            {
                "NavigationControl.ZoomIn": _("Zoom in"),
                "NavigationControl.ZoomOut": _("Zoom out"),
                "AttributionControl.ToggleAttribution": _("Show sources"),
                "ScaleControl.Meters": _("m"),
                "ScaleControl.Kilometers": _("km"),
                "CooperativeGesturesHandler.WindowsHelpText": _("Hold Ctrl and scroll to zoom the map"),
                "CooperativeGesturesHandler.MacHelpText": _("Hold ⌘ and scroll to zoom the map"),
                "CooperativeGesturesHandler.MobileHelpText": _("Use two fingers to move the map"),
            },
            ensure_ascii=False,
        ),
    }


@register.filter
def lonlat(position: Any) -> str:
    """A position as "lon,lat" with points, whatever the language."""
    return f"{position.lon:.6f},{position.lat:.6f}" if position else ""


@register.filter
def shape_json(row: Any) -> str:
    """A record's geometry as GeoJSON text for the map's `shape`; long outlines simplified to about five metres."""
    geometry = row.geojson
    if geometry is None:
        return ""
    text = json.dumps(geometry, separators=(",", ":"))
    if len(text) > 50_000:
        import shapely

        text = shapely.to_geojson(shapely.from_wkb(bytes(row.geom)).simplify(0.00005))
    return text
