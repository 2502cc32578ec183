"""Staff pages: the town's own places and areas, and the imports."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, can, require
from allmende.spine.places.domain import areas as area_verbs
from allmende.spine.places.domain import places as place_verbs
from allmende.spine.places.domain import queries
from allmende.spine.places.interfaces.forms import AreaForm, PlaceForm
from allmende.spine.places.models import Area, Place
from allmende.spine.ui.conflicts import differences


@dataclass(frozen=True)
class _Kind:
    """What differs between the pages of places and those of areas."""

    model: type[Place] | type[Area]
    form: type[PlaceForm] | type[AreaForm]
    add: Callable[..., Any]
    change: Callable[..., Any]
    remove: Callable[..., None]
    list_route: str
    change_route: str
    new_title: Any
    removed: Any


_PLACE = _Kind(
    Place,
    PlaceForm,
    place_verbs.add_place,
    place_verbs.change_place,
    place_verbs.remove_place,
    "places:staff_places",
    "places:change_place",
    gettext_lazy("Add a place"),
    gettext_lazy("The place is removed."),
)
_AREA = _Kind(
    Area,
    AreaForm,
    area_verbs.add_area,
    area_verbs.change_area,
    area_verbs.remove_area,
    "places:staff_areas",
    "places:change_area",
    gettext_lazy("Add an area"),
    gettext_lazy("The area is no longer in use."),
)


@access("places.change")
def places(request: HttpRequest) -> HttpResponse:
    """Places that the town entered itself."""
    page = Paginator(queries.places(), 50).get_page(request.GET.get("page"))
    return render(request, "places/staff/places.html", {"page": page, "may_add": can(request.user, "places.add")})


@access("places.change")
def areas(request: HttpRequest) -> HttpResponse:
    """Areas of the town, own and imported ones."""
    page = Paginator(queries.areas().select_related("parent"), 50).get_page(request.GET.get("page"))
    return render(request, "places/staff/areas.html", {"page": page, "may_add": can(request.user, "places.add")})


@access("places.import")
def imports(request: HttpRequest) -> HttpResponse:
    """Imports of maps and areas: what came from where and when."""
    return render(request, "places/staff/imports.html", {"imports": queries.imports()})


@access("places.add")
def add_place(request: HttpRequest) -> HttpResponse:
    """Enter a place, on the map or by its coordinates."""
    return _add(request, _PLACE)


@access("places.add")
def add_area(request: HttpRequest) -> HttpResponse:
    """Enter an area of the town's own."""
    return _add(request, _AREA)


@access("places.change")
def change_place(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change a place; two editors notice each other."""
    return _change(request, _PLACE, public_id)


@access("places.change")
def change_area(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change an area of the town's own; two editors notice each other."""
    return _change(request, _AREA, public_id)


@access("places.change")
def remove_place(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask, then remove a place."""
    return _remove(request, _PLACE, public_id)


@access("places.change")
def remove_area(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask, then take an area out of use."""
    return _remove(request, _AREA, public_id)


def _add(request: HttpRequest, kind: _Kind) -> HttpResponse:
    form = kind.form(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            row = kind.add(form.values(), geometry=form.geometry, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(kind.change_route, row.public_id)
    context = {"form": form, "row": None, "title": kind.new_title, "back": reverse(kind.list_route)}
    return render(request, "places/staff/change.html", context, status=422 if form.is_bound else 200)


def _row(request: HttpRequest, kind: _Kind, public_id: uuid.UUID) -> Any:
    row = get_object_or_404(kind.model, public_id=public_id)
    require(request.user, "places.change", row)
    if isinstance(row, Area) and (row.ref or not row.current):
        raise Http404  # an imported area is changed by its source
    return row


def _change(request: HttpRequest, kind: _Kind, public_id: uuid.UUID) -> HttpResponse:
    row = _row(request, kind, public_id)
    context = {"row": row, "title": row.name, "back": reverse(kind.list_route), "remove": _remove_url(kind, row)}
    if request.method != "POST":
        return render(request, "places/staff/change.html", context | {"form": kind.form(row=row)})
    form = kind.form(request.POST, row=row)
    if form.is_valid():
        try:
            saved = kind.change(
                row, form.values(), geometry=form.geometry, version=form.cleaned_data["version"], actor=request.user
            )
        except VersionConflict as conflict:
            return _conflict(request, kind, form, conflict.current, context)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(kind.change_route, saved.public_id)
    return render(request, "places/staff/change.html", context | {"form": form}, status=422)


def _conflict(request: HttpRequest, kind: _Kind, form: Any, current: Any, context: dict[str, Any]) -> HttpResponse:
    """Both texts side by side; sending again saves one's own on top of the version shown."""
    data = request.POST.copy()
    data["version"] = str(current.version)
    again = kind.form(data, row=current)
    context = context | {"form": again, "conflict": True, "differences": differences(form, kind.form.stored(current))}
    return render(request, "places/staff/change.html", context, status=409)


def _remove_url(kind: _Kind, row: Any) -> str:
    return reverse(kind.change_route.replace("change", "remove"), args=[row.public_id])


def _remove(request: HttpRequest, kind: _Kind, public_id: uuid.UUID) -> HttpResponse:
    row = _row(request, kind, public_id)
    back = reverse(kind.change_route, args=[row.public_id])
    if request.method == "POST":
        try:
            kind.remove(row, version=int(request.POST.get("version", "0") or 0), actor=request.user)
        except (VersionConflict, ValueError):
            messages.error(request, _("Somebody changed it in the meantime. Look at it again before you remove it."))
            return redirect(back)
        messages.success(request, str(kind.removed))
        return redirect(kind.list_route)
    context = {
        "title": _("Remove %(name)s?") % {"name": row.name},
        "text": _("It disappears from the map and from every list."),
        "action_label": _("Remove"),
        "cancel_url": back,
        "danger": True,
        "fields": {"version": row.version},
        "base_template": "ui/staff.html",
    }
    return render(request, "ui/confirm.html", context)
