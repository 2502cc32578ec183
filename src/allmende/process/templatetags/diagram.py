"""The drawing of a version, with the marks of a case where it is one."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from ..domain import drawing as verbs
from ..models import Instance, Version

register = template.Library()


@register.inclusion_tag("process/diagram_box.html", takes_context=True)
def drawing(context: Any, version: Version, case: Instance | str) -> dict[str, Any]:
    """The drawing in a box that can be moved and enlarged; its script shows it, the list of steps says the same."""
    found = verbs.marks(case, context["request"].user) if isinstance(case, Instance) else []
    told = {
        "xml": reverse("process:drawing", args=[version.public_id]),
        "marks": [each._asdict() for each in found],
        "passed": _("passed"),
    }
    return {"id": f"drawing-{version.public_id}", "version": version, "told": told, "marked": bool(found)}
