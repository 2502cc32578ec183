"""Tasks of measures among what people have to do."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from allmende.spine.todos import Ask, Todo, Whose

from ..models import Task
from . import queries


def of_measures(ask: Ask) -> Iterator[Todo]:
    """Tasks that are not done, as rooms and pages ask for them. Those of nobody may be done by who works on the
    measure."""
    whose = Q(assignee=ask.person)
    if ask.whose is not Whose.MINE:
        whose = Q(measure__in=queries.changeable(ask.person))
    if ask.whose is Whose.FREE:
        whose &= Q(assignee__isnull=True)
    rows = Task.objects.filter(whose, done__isnull=True).order_by("due", "pk")
    if ask.about:
        kind, _, named = ask.about.partition(":")
        rows = rows.filter(measure__public_id=named) if kind == "measure" else rows.none()
    # Values, since rows of three models cost twice as much.
    shown = rows.values_list(
        "public_id", "title", "due", "measure__public_id", "measure__title", "assignee__name", "assignee__email"
    )
    for public_id, title, due, measure_id, measure, name, email in shown[: ask.limit]:
        yield Todo(
            key=str(public_id),
            title=title,
            url=reverse("programme:tasks", args=[measure_id]),
            due=due,
            about=measure,
            who=name or email or "",
            finish=reverse("programme:finish_task", args=[public_id]),
        )
