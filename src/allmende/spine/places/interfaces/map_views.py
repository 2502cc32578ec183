"""What the map on a page asks for: tiles, style, features. All of it public."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from allmende.spine.instance.domain.queries import current as instance
from allmende.spine.people.access import access
from allmende.spine.places import layers
from allmende.spine.places.domain import basemap
from allmende.spine.places.interfaces import ranges

_FOREVER, _ASK = "public, max-age=31536000, immutable", "public, no-cache"


def _file(request: HttpRequest, *, tiles: bool, content_type: str) -> HttpResponseBase:
    found = basemap.current()
    if found is None or found.tiles != tiles:
        raise Http404
    # An address with the key of this very map never changes its content.
    cache = _FOREVER if request.GET.get("v") == found.key else _ASK
    return ranges.serve(request, found.path, etag=found.key, content_type=content_type, cache=cache)


@access("public")
@require_safe
def tiles(request: HttpRequest) -> HttpResponseBase:
    """The base map (PMTiles), by HTTP ranges."""
    return _file(request, tiles=True, content_type="application/vnd.pmtiles")


@access("public")
@require_safe
def drawn(request: HttpRequest) -> HttpResponseBase:
    """The base map that the project drew (GeoJSON), where no extract was imported."""
    return _file(request, tiles=False, content_type="application/geo+json")


@access("public")
@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """The style of the map in the town's colours, light or dark (MapLibre style JSON)."""
    town = instance()
    made = basemap.style(
        dark=request.GET.get("mode") == "dark",
        tiles_url=reverse("places:tiles"),
        drawn_url=reverse("places:drawn"),
        colours=town.colours,
        name=town.name,
    )
    response = JsonResponse(made)
    response["Cache-Control"] = _ASK
    return response


@access("public")
@require_safe
def features(request: HttpRequest) -> HttpResponse:
    """What the map shows, all of it public (GeoJSON); `kinds` names layers."""
    asked = request.GET.get("kinds", "")
    names = [name for name in asked.split(",") if name] if asked else None
    response = JsonResponse(layers.feature_collection(names, request), content_type="application/geo+json")
    response["Cache-Control"] = "public, max-age=30"
    return response
