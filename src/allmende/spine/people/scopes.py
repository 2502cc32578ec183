"""Scopes of assignments, where a role holds: "instance", "organisation:<uuid>", "area:<uuid>", or a record's urn.

A urn is `<model name>:<public id>`. Models of rooms are found by their name, so this app need not know the rooms.
"""

import re
import uuid
from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from .enums import INSTANCE

URN = re.compile(r"^([a-z_]+):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$")


def model_of(kind: str) -> type[models.Model] | None:
    """The model that `kind:<uuid>` names a row of: one of ours with a public id."""
    for model in apps.get_models():
        if (
            model._meta.model_name == kind
            and model.__module__.startswith("allmende.")
            and hasattr(model, "urn")
            and any(field.name == "public_id" for field in model._meta.fields)
        ):
            return model
    return None


def exists(scope: str) -> bool:
    """Whether a scope names something that is there."""
    if scope == INSTANCE:
        return True
    found = URN.match(scope)
    model = model_of(found[1]) if found else None
    return bool(found and model and model._default_manager.filter(public_id=found[2]).exists())


def labels(scopes: Iterable[str]) -> dict[str, str]:
    """What people call each of `scopes`; one query for each kind of thing."""
    named = {INSTANCE: _("The whole town")}
    by_kind: dict[str, set[uuid.UUID]] = {}
    for scope in set(scopes) - {INSTANCE}:
        if found := URN.match(scope):
            by_kind.setdefault(found[1], set()).add(uuid.UUID(found[2]))
    for kind, ids in by_kind.items():
        if model := model_of(kind):
            for row in model._default_manager.filter(public_id__in=ids):
                named[f"{kind}:{row.public_id}"] = str(row)  # type: ignore[attr-defined]
    return {scope: named.get(scope, scope) for scope in scopes}
