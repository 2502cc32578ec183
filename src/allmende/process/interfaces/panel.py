"""What the processes show on pages of other rooms."""

from typing import Any

from django.template.loader import render_to_string

from allmende.spine import todos
from allmende.spine.people.access import can
from allmende.spine.people.models import Account

from ..domain import instances, queries
from ..models import WorkItem

LISTED = 20


def of_subject(request: Any, row: Any) -> str | None:
    """Open tasks and cases about a thing, for those who work on it."""
    person, urn = request.user, row.urn
    if not isinstance(person, Account) or not can(person, "process.view_instance", row):
        return None
    context = {
        "tasks": todos.of(todos.Ask(person, todos.Whose.ALL, about=urn, limit=LISTED)),
        "instances": list(queries.of_subject(urn)[:LISTED]),
        "models": instances.startable(person, urn),
        "may_add": can(person, "process.add_item", WorkItem(subject=urn)),
        "subject": urn,
    }
    return render_to_string("process/panel.html", context, request)


def my_tasks(request: Any, person: Any) -> str | None:
    """The way to the lists of tasks, on the page of one's work."""
    if not isinstance(person, Account) or not can(person, "process.work"):
        return None
    return render_to_string("process/my_tasks.html", {}, request)
