"""Public pages of places and areas, and the address search that forms and the map use."""

import dataclasses
import uuid

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from allmende.spine.people.access import access, can, visible_to
from allmende.spine.places.domain import queries, search
from allmende.spine.places.models import Area, Place


@access("public")
@require_safe
def place(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One place: what it is, where, and what is near."""
    row = visible_to(request.user, Place.objects.filter(public_id=public_id)).first()
    if row is None:
        raise Http404
    at = row.lonlat
    context = {
        "place": row,
        "near": queries.describe(at.lon, at.lat) if at else None,
        "may_change": can(request.user, "places.change", row),
    }
    return render(request, "places/place.html", context)


@access("public")
@require_safe
def area(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One area: its parts, its size, its outline."""
    row = visible_to(request.user, Area.objects.filter(public_id=public_id).select_related("parent")).first()
    if row is None:
        raise Http404
    context = {
        "area": row,
        "parts": queries.areas().filter(parent=row),
        "square_km": queries.surface_km2(row),
        "may_change": can(request.user, "places.change", row) and not row.ref,
    }
    return render(request, "places/area.html", context)


@access("public")
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """Hits of the address search as JSON; the schema is docs/reference/schemas/addresses.json."""
    hits = search.search_address(request.GET.get("q", ""), 10)
    response = JsonResponse({"hits": [dataclasses.asdict(hit) for hit in hits]})
    response["Cache-Control"] = "public, max-age=30"
    return response
