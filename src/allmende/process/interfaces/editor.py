"""The editor of drawings: page, check, save."""

import json
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allmende.spine.actions.registry import actions
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access

from ..domain import drawing as verbs
from ..domain import library
from ..enums import ModelKind
from ..models import Model
from . import editor_texts

SCRIPTS = [f"process/{name}.js" for name in ("editor_model", "editor_form", "editor_fields", "editor_panel", "editor")]


@access("process.change_model")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The editor, on the latest version."""
    model = get_object_or_404(Model, slug=slug, kind=ModelKind.PROCESS)
    version = verbs.latest(model)
    context = {
        "model": model,
        "version": version,
        "base": verbs.state_of(version),
        "editor": _settings(model),
        "scripts": SCRIPTS,
    }
    return render(request, "process/editor.html", context)


def _parameters(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The parameters of an action, from their JSON Schema."""
    required = schema.get("required", [])
    return [
        {"name": name, "about": about.get("description", ""), "required": name in required}
        for name, about in schema.get("properties", {}).items()
    ]


def _settings(model: Model) -> dict[str, Any]:
    """What the editor's form offers: actions with their parameters, decisions, types of fields, words."""
    offered = [one.schema() for one in actions()]
    return {
        "actions": [
            {"name": each["name"], "title": each["title"], "params": _parameters(each["params"])} for each in offered
        ],
        "decisions": list(Model.objects.filter(kind=ModelKind.DECISION).values_list("slug", "title")),
        "processes": _processes(model),
        "types": editor_texts.field_types(),
        "kinds": editor_texts.kinds(),
        "texts": editor_texts.editor(),
    }


def _processes(model: Model) -> list[tuple[str, str]]:
    """What can be called: `slug:process` of the other released models, with what people call it."""
    found = library.callable_by(model)
    titles = {row.slug: str(row) for row in Model.objects.filter(slug__in=found)}
    return [
        (f"{slug}:{process}", titles[slug] if len(inside) == 1 else f"{titles[slug]}: {process}")
        for slug, inside in found.items()
        for process in inside
    ]


def _refusal(error: ValidationError) -> JsonResponse:
    return JsonResponse({"errors": error.messages}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _sent(request: HttpRequest) -> dict[str, str]:
    """The fields of a request from the editor, as texts. Raises ValidationError for what it never sends."""
    try:
        told = json.loads(request.body)
        return {name: str(told[name]) for name in ("xml", "base", "note")}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValidationError(_("The drawing did not arrive whole. Save again.")) from None


@require_POST
@access("process.change_model")
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """The findings about a drawing that is not saved: `{"findings": […]}`, or 422 with `{"errors": […]}`."""
    get_object_or_404(Model, slug=slug)
    try:
        found = verbs.check(_sent(request)["xml"].encode(errors="replace"), actor=request.user)
    except ValidationError as error:
        return _refusal(error)
    return JsonResponse({"findings": found})


@require_POST
@access("process.change_model")
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """A drawing as the next version: `{"url", "base", "changed"}`; 409 where somebody saved meanwhile, 422 with
    `{"errors": […]}` where it cannot be read."""
    model = get_object_or_404(Model, slug=slug)
    try:
        sent = _sent(request)
        row = verbs.save(
            model,
            sent["xml"].encode(errors="replace"),
            base=sent["base"],
            note=sent["note"].strip(),
            actor=request.user,
        )
    except ValidationError as error:
        return _refusal(error)
    except VersionConflict as conflict:
        return JsonResponse(
            {"url": conflict.current.get_absolute_url(), "number": conflict.current.number}, status=HTTPStatus.CONFLICT
        )
    after = verbs.state_of(row)
    return JsonResponse({"url": row.get_absolute_url(), "base": after, "changed": after != sent["base"]})
