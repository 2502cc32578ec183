"""Public pages: a thing by its code, and finding it without a camera."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from allmende.spine.facts.domain.queries import history
from allmende.spine.people.access import access, can

from ..domain import labels, queries
from ..models import Asset
from .forms import LookupForm

NEAR = 5
SHOWN = 50


@access("public")
def lookup(request: HttpRequest) -> HttpResponse:
    """By number or code; one hit leads straight to its page."""
    form = LookupForm(request.GET if "q" in request.GET else None)
    found: list[Asset] | None = None
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["q"]
        by_code = queries.by_code(request.user, text)
        found = [by_code] if by_code else _standing(request, text)
        if len(found) == 1:
            return redirect(found[0])
    return render(request, "assets/lookup.html", {"form": form, "found": found, "most": SHOWN})


def _standing(request: HttpRequest, text: str) -> list[Asset]:
    rows = queries.assets_for(request.user).exclude(state="removed")
    return list(queries.filtered(rows, text)[:SHOWN])


def _found(request: HttpRequest, code: str) -> Asset:
    asset = queries.by_code(request.user, code)
    if asset is None:
        raise Http404
    return asset


@access("public")
def asset(request: HttpRequest, code: str) -> HttpResponse:
    """One thing by the code on its label: what it is, where it stands, what happened to it."""
    found = _found(request, code)
    if found.code != code:
        return redirect(found, permanent=True)
    at = found.lonlat
    near = queries.nearest(request.user, at.lon, at.lat, limit=NEAR, skip=found.pk) if at else []
    context = {
        "asset": found,
        "near": near,
        "activity": history(found.urn).filter(public=True)[:5],
        "may_change": can(request.user, "assets.change_asset", found),
    }
    return render(request, "assets/asset.html", context)


@access("public")
def code_svg(request: HttpRequest, code: str) -> HttpResponse:
    """The QR code of one thing as SVG."""
    return HttpResponse(labels.svg(_found(request, code)), content_type="image/svg+xml")
