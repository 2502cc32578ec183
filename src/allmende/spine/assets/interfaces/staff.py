"""Staff pages: list, record, change, retire, labels."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, can, require, visible_to
from allmende.spine.ui.conflicts import differences

from ..domain import assets as verbs
from ..domain import labels as printing
from ..domain import queries
from ..enums import AssetState
from ..models import Asset
from .forms import AssetForm, FilterForm, LabelForm

PAGE = 50


def _rows(request: HttpRequest, form: FilterForm) -> Any:
    return queries.filtered(queries.assets_for(request.user), **form.criteria())


@access("assets.change_asset")
def assets(request: HttpRequest) -> HttpResponse:
    """Things that one keeps, to be searched by words, kind and state."""
    form = FilterForm(request.GET)
    page = Paginator(_rows(request, form), PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "may_import": can(request.user, "assets.import_assets"),
    }
    return render(request, "assets/staff/assets.html", context)


@access("assets.add_asset")
def add(request: HttpRequest) -> HttpResponse:
    """Record a thing."""
    form = AssetForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            kind = form.cleaned_data["kind"]
            row = verbs.create_asset(kind, form.values(), actor=request.user, geometry=form.geometry)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(thing)s is recorded.") % {"thing": row})
            return redirect("assets:change_asset", row.public_id)
    return render(request, "assets/staff/change.html", {"form": form}, status=422 if form.is_bound else 200)


@access("assets.change_asset")
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change the record of a thing; two editors notice each other."""
    asset = get_object_or_404(visible_to(request.user, Asset.objects.select_related("owner")), public_id=public_id)
    require(request.user, "assets.change_asset", asset)
    context: dict[str, Any] = {"asset": asset, "states": [one for one in AssetState if one != asset.state]}
    if request.method != "POST":
        return render(request, "assets/staff/change.html", context | {"form": AssetForm(row=asset)})
    form = AssetForm(request.POST, row=asset)
    if form.is_valid():
        try:
            row = verbs.change_asset(
                asset,
                form.values(),
                version=form.cleaned_data["version"],
                actor=request.user,
                geometry=form.geometry,
            )
        except VersionConflict as conflict:
            return _conflict(request, form, conflict.current, context)  # type: ignore[arg-type]
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("assets:change_asset", row.public_id)
    return render(request, "assets/staff/change.html", context | {"form": form}, status=422)


def _conflict(request: HttpRequest, form: AssetForm, current: Asset, context: dict[str, Any]) -> HttpResponse:
    """Both texts side by side. Sending again saves one's own on top of the version shown."""
    saved = {
        name: value.pk if name == "owner" and value else value for name, value in AssetForm.stored(current).items()
    }
    data = request.POST.copy()
    data["version"] = str(current.version)
    again = AssetForm(data, row=current)
    context |= {
        "form": again,
        "conflict": True,
        "differences": differences(again, saved),
        "saved_at": current.changed,
    }
    return render(request, "assets/staff/change.html", context, status=409)


@access("assets.change_asset")
@require_POST
def state(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Put a thing into service, out of service, or off the town's list."""
    asset = get_object_or_404(visible_to(request.user, Asset.objects.all()), public_id=public_id)
    require(request.user, "assets.change_asset", asset)
    wanted = request.POST.get("state", "")
    if wanted not in AssetState.values:
        messages.error(request, _("There is no such state."))
        return redirect("assets:change_asset", asset.public_id)
    try:
        row = verbs.set_state(asset, AssetState(wanted), actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(thing)s: %(state)s") % {"thing": row, "state": AssetState(row.state).label})
    return redirect("assets:change_asset", asset.public_id)


@access("assets.change_asset")
def labels(request: HttpRequest) -> HttpResponse:
    """Which labels to print: those of the list as it was narrowed."""
    form = FilterForm(request.GET)
    number = _rows(request, form).count()
    label_form = LabelForm(request.GET if "size" in request.GET else None)
    context = {"form": form, "label_form": label_form, "number": number, "most": printing.MOST}
    return render(request, "assets/staff/labels.html", context, status=422 if label_form.errors else 200)


@access("assets.change_asset")
def labels_pdf(request: HttpRequest) -> HttpResponse:
    """The labels as PDF, on sheets as they are sold."""
    form, label_form = FilterForm(request.GET), LabelForm(request.GET)
    rows = list(_rows(request, form)[: printing.MOST + 1])
    if not label_form.is_valid() or not 0 < len(rows) <= printing.MOST:
        return labels(request)
    made = printing.pdf(rows, label_form.cleaned_data["size"], skip=label_form.cleaned_data["skip"] or 0)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="etiketten.pdf"'
    return response
