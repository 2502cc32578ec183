"""What the processes show on pages of other rooms."""

from typing import Any

from django.template.loader import render_to_string

from allmende.spine.people.access import can
from allmende.spine.people.models import Account

from ..domain import instances, queries


def of_measure(request: Any, measure: Any) -> str | None:
    """Cases about a measure, for those who work on it."""
    if not can(request.user, "process.view_instance", measure):
        return None
    rows = list(queries.of_subject(measure.urn)[:20])
    startable = instances.startable(request.user, measure.urn)
    return render_to_string(
        "process/panel.html", {"instances": rows, "models": startable, "subject": measure.urn}, request
    )


def my_items(request: Any, person: Any) -> str | None:
    """One's own open tasks, on the page of one's work."""
    if not isinstance(person, Account):
        return None
    rows = list(queries.for_list(queries.mine(person))[:20])
    return render_to_string("process/my_items.html", {"items": rows}, request) if rows else None
