"""Histories of cases as an event log without persons: who did something stands there as a role at most."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from ..core import xes
from ..enums import Happening
from ..models import Event, Instance, Model, WorkItem
from . import agreements

# Of IEEE 1849's standard life cycle. What is not there is no event of the log.
_TRANSITIONS = {
    Happening.STARTED: "start",
    Happening.PASSED: "complete",
    Happening.CLAIMED: "assign",
    Happening.GIVEN: "reassign",
    Happening.RELEASED: "suspend",
    Happening.COMPLETED: "complete",
    Happening.ACTED: "complete",
    Happening.FAILED: "ate_abort",
    Happening.RANG: "complete",
    Happening.RECEIVED: "complete",
    Happening.MIGRATED: "unknown",
    Happening.REVERTED: "unknown",
    Happening.CANCELLED: "pi_abort",
    Happening.ENDED: "complete",
}
_WORK = (Happening.CLAIMED, Happening.GIVEN, Happening.RELEASED)
_DONE = (Happening.COMPLETED, Happening.ACTED, Happening.RANG)
BATCH = 200


def of_model(model: Model, rows: QuerySet[Instance]) -> Iterator[str]:
    """The log of a model: those of `rows` that run by it, in the order in which they began."""
    mine = rows.filter(version_of__model=model).select_related("version_of").order_by("pk")
    light = mine.defer("head", "version_of__source", "version_of__xml", "version_of__findings")
    return xes.write(model.title, _traces(light))


def of_instance(instance: Instance) -> Iterator[str]:
    """The log of one case."""
    return of_model(instance.version_of.model, Instance.objects.filter(pk=instance.pk))


def _traces(rows: QuerySet[Instance]) -> Iterator[xes.Trace]:
    hidden = agreements.small_roles()
    batch: list[Instance] = []
    for row in rows.iterator(BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield from _batch(batch, hidden)
            batch = []
    yield from _batch(batch, hidden)


def _batch(rows: list[Instance], hidden: set[str]) -> Iterator[xes.Trace]:
    """Two queries for many cases."""
    events: dict[int, list[Event]] = {}
    for event in Event.objects.filter(instance__in=rows).order_by("instance", "number"):
        events.setdefault(event.instance_id, []).append(event)
    found = WorkItem.objects.filter(instance__in=rows).values_list("instance", "element", "role")
    roles = {(instance, element): role for instance, element, role in found}
    for row in rows:
        own = {element: role for (instance, element), role in roles.items() if instance == row.pk}
        entries = _entries(events.get(row.pk, []), own, hidden)
        yield xes.Trace(str(row.public_id), row.version_of.number, row.state, entries)


def _entries(events: Iterable[Event], roles: dict[str, str], hidden: set[str]) -> Iterator[xes.Entry]:
    done = ""
    for event in events:
        kind = Happening(event.kind)
        role = roles.get(event.element, "")
        # The engine says once more that a step was passed which somebody has done.
        again = kind == Happening.PASSED and event.element == done
        done = event.element if kind in _DONE else "" if again else done
        if kind not in _TRANSITIONS or again or (kind in _WORK and role in hidden):
            continue
        time = event.time.astimezone(dt.UTC).isoformat(timespec="milliseconds")
        yield xes.Entry(
            event.name or event.element or kind.value,
            _TRANSITIONS[kind],
            time,
            event.element,
            "" if role in hidden else role,
        )
