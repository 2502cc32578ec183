"""Staff pages of targets of the whole programme."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access

from ..domain import series
from ..domain import targets as verbs
from ..models import Indicator, Target
from .indicator_forms import TargetForm


@access("programme.change_indicator")
def add(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Set a target of the whole programme on an indicator."""
    row = get_object_or_404(Indicator, public_id=public_id)
    home = series.overviews([row.pk])[row.pk]
    area = home.area or next(iter(series.own_areas()[-1:]), "")
    target = Target(indicator=row, area=area, level=home.level)
    return _form(
        request, row, target,
        lambda values, version: verbs.set_target(row, values, version=version, actor=request.user),
        _("The target is set."),
    )  # fmt: skip


@access("programme.change_indicator")
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change a target of the whole programme. Two editors notice each other."""
    target = _target(public_id)
    return _form(
        request, target.indicator, target,
        lambda values, version: verbs.change_target(target, values, version=version, actor=request.user),
        _("The target is changed."),
    )  # fmt: skip


def _target(public_id: uuid.UUID) -> Target:
    rows = Target.objects.select_related("indicator")
    return get_object_or_404(rows, public_id=public_id, measure__isnull=True)


def _form(
    request: HttpRequest, row: Indicator, target: Target, save: Callable[[dict[str, Any], int], object], done: str
) -> HttpResponse:  # fmt: skip
    form = TargetForm(row, target, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            save(form.values(), form.cleaned_data["version"])
        except VersionConflict as conflict:
            typed = request.POST.copy()
            typed["version"] = str(conflict.current.version)
            form = TargetForm(row, target, typed)
            form.add_error(None, _("Somebody changed the indicator while you wrote. Compare with it, then save again."))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, done)
            return redirect("programme:staff_indicator", row.public_id)
    context = {"indicator": row, "form": form, "target": target}
    return render(request, "programme/indicator_target.html", context, status=422 if form.is_bound else 200)


@access("programme.change_indicator")
@require_POST
def remove(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give a target up. Whoever saw another state of the indicator looks again first."""
    target = _target(public_id)
    sent = request.POST.get("version", "")
    try:
        verbs.remove_target(
            target, version=int(sent) if sent.isdecimal() and len(sent) < 10 else -1, actor=request.user
        )
    except VersionConflict:
        messages.error(request, _("Somebody changed the indicator meanwhile. Look at it, then decide again."))
        return redirect("programme:change_target", target.public_id)
    messages.success(request, _("The target is given up."))
    return redirect("programme:staff_indicator", target.indicator.public_id)
