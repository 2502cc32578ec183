"""Cases that a message or a signal begins: by the released versions whose process has a start event of that name."""

import functools
from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..core.bpmn.openings import Opening, openings
from ..enums import ModelKind, VersionState
from ..models import Instance, Version
from . import fields, forms, instances


@functools.lru_cache(maxsize=256)
def _read(sha256: str, pk: int) -> tuple[Opening, ...]:
    return tuple(openings(bytes(Version.objects.values_list("xml", flat=True).get(pk=pk))))


def of(version: Version) -> tuple[Opening, ...]:
    """The start events of a version. Its file is read once a worker process."""
    return _read(version.sha256, version.pk)


def begun_by(kind: str, name: str) -> list[tuple[Version, Opening]]:
    """Released versions that a message or signal begins, by the titles of their models."""
    rows = Version.objects.filter(state=VersionState.RELEASED, model__kind=ModelKind.PROCESS)
    rows = rows.select_related("model").defer("source", "xml", "findings").order_by("model__title", "pk")
    return [(row, one) for row in rows for one in of(row) if one.kind == kind and name and one.name == name]


def taken(version: Version) -> list[str]:
    """Messages that would begin a case of this version and already begin those of another model: a message has one
    receiver."""
    mine = {one.name for one in of(version) if one.kind == "message"}
    return sorted(
        name for name in mine if any(row.model_id != version.model_id for row, _one in begun_by("message", name))
    )


def build(
    version: Version, opening: Opening, data: Mapping[str, Any] | None = None, *, person: Any, prefix: str | None = None
) -> django_forms.Form:
    """The form of a start event: what is entered when a case begins. Files are added in a task."""
    step = forms.outline_of(version).get(opening.element)
    asked = step.form.fields if step else ()
    made = {each.name: fields.field(each, person) for each in asked if each.type not in ("note", "file")}
    form: type[django_forms.Form] = type("BeginForm", (django_forms.Form,), made)
    return form(data, prefix=prefix)


def entered(form: django_forms.Form) -> dict[str, Any]:
    """The values of a form for the process. Raises ValidationError by field."""
    if not form.is_valid():
        raise ValidationError({name: list(texts) for name, texts in form.errors.items()})
    return {name: fields.plain(value) for name, value in form.cleaned_data.items()}


def checked(
    version: Version, opening: Opening, payload: Mapping[str, Any], *, person: Any, strict: bool
) -> dict[str, Any]:
    """What a message brings, by the form of the start event; all of it where there is no form. `strict`: names that the
    form has not are refused, else left out. Raises ValidationError by field."""
    known = build(version, opening, person=person).fields
    if not known:
        return dict(payload)
    if strict and (wrong := {name: [_("The form has no such field.")] for name in payload if name not in known}):
        raise ValidationError(wrong)
    data = {name: fields.entered(value) for name, value in payload.items() if name in known}
    return entered(build(version, opening, data, person=person))


@transaction.atomic
def begin(
    version: Version,
    opening: Opening,
    payload: Mapping[str, Any],
    *,
    title: str = "",
    subject: str = "",
    strict: bool = True,
    actor: Any,
) -> Instance:
    """A case by a message or signal, with what it brings. Raises PermissionDenied, ValidationError by field."""
    values = checked(version, opening, payload, person=actor, strict=strict)
    return instances.start(
        version,
        process=opening.process,
        at=opening.element,
        message=opening.name,
        title=(title.strip() or version.model.title)[:200],
        subject=subject,
        values=values,
        actor=actor,
    )
