"""What programs need besides the verbs of people: forms as JSON Schema, values in JSON's own types, messages."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine.people.access import require
from allmende.spine.people.models import Account
from allmende.spine.ui.formats import english

from ..core.forms import Field
from ..core.outline import Step
from ..enums import Happening, ItemKind
from ..models import Instance, Subscription, WorkItem
from . import fields, forms, history, items, openings, steps

# Characters of values as JSON: it becomes part of the case's data.
LONGEST = 100_000


def _property(told: Field) -> dict[str, Any]:
    """JSON Schema of the value of a field (2020-12)."""
    least, most = fields.bound(told.least), fields.bound(told.most)
    number: dict[str, Any] = {
        name: float(limit) for name, limit in (("minimum", least), ("maximum", most)) if limit is not None
    }
    length: dict[str, Any] = {
        name: int(limit) for name, limit in (("minLength", least), ("maxLength", most)) if limit is not None
    }
    found: dict[str, Any]
    match told.type:
        case "number":
            found = {"type": "number", **number}
        case "integer":
            found = {"type": "integer", **number}
        case "money":
            found = {"type": "number", "multipleOf": 0.01, "minimum": 0, **number}
        case "yes_no":
            found = {"type": "boolean"}
        case "date":
            found = {"type": "string", "format": "date"}
        case "choice":
            found = {"type": "string", "enum": [each.value for each in told.options]}
        case "choices":
            found = {"type": "array", "items": {"enum": [each.value for each in told.options]}, "uniqueItems": True}
        case "email":
            found = {"type": "string", "format": "email"}
        case "measure":
            found = {"type": "string", "format": "uuid"}
        case "text" | "long_text":
            found = {"type": "string", **length}
        case _:
            found = {"type": "string"}
    text = (english() and told.help_en) or told.help
    return {"title": fields.label_of(told), **({"description": text} if text else {}), **found}


def schema_of(step: Step) -> dict[str, Any]:
    """The form of a step as JSON Schema (2020-12). Files are added by people, on the page of the task."""
    asked = [each for each in step.form.fields if each.type != "note"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {each.name: _property(each) for each in asked},
        "required": [each.name for each in asked if each.required],
        "additionalProperties": False,
    }


@transaction.atomic
def complete(item: WorkItem, values: Mapping[str, Any], ways: list[str], *, actor: Account) -> WorkItem:
    """Do an item by values of JSON. Raises PermissionDenied; ValidationError by field, also for names that the form
    does not ask for."""
    known = {each.name for each in forms.step_of(item).form.fields if each.type != "note"}
    known |= {ItemKind.COUNT: {"count"}, ItemKind.AGAIN: {"again"}}.get(ItemKind(item.kind), set())
    if wrong := {name: [_("The form has no such field.")] for name in values if name not in known}:
        raise ValidationError(wrong)
    data = {name: fields.entered(value) for name, value in values.items()}
    if item.kind == ItemKind.CHOICE:
        data[forms.WAYS] = ways if item.ways.get("many") else (ways[0] if len(ways) == 1 else "")
    return items.complete(item, data, actor=actor)


@transaction.atomic
def send(
    name: str,
    payload: dict[str, Any],
    *,
    instance: Instance | None = None,
    subject: str = "",
    title: str = "",
    actor: Account,
) -> tuple[Instance | None, bool]:
    """Give a message to the case that waits for it: to one, to one about a subject, or to the one that waits longest.
    Where none does, begin the case that it begins, as `title`. The case, and whether it was begun; no case where
    nothing waits for the message. Raises PermissionDenied; ValidationError, by field of the start event's form.
    """
    require(actor, "process.send_message")
    rows = Subscription.objects.filter(kind="message", name=name).select_related("instance").order_by("pk")
    if instance is not None:
        rows = rows.filter(instance=instance)
    if subject:
        rows = rows.filter(instance__subject=subject)
    for waiting in rows[:20]:
        with steps.step(waiting.instance, actor=actor) as (row, run):
            reached = run.deliver("message", name, payload)
            if reached:
                history.write(row, Happening.RECEIVED, element=waiting.element, name=name, actor=actor)
        if reached:
            return row, False
    if instance is None and (found := openings.begun_by("message", name)):
        return openings.begin(*found[0], payload, title=title, subject=subject, actor=actor), True
    return None, False
