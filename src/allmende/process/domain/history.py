"""The history of an instance: entries that are chained by their hashes, within the transaction of what they tell."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from allmende.spine.people.models import Account

from ..core import chain
from ..enums import Happening
from ..models import Event, Instance


def _entry(event: Event) -> chain.Entry:
    time = event.time.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return chain.Entry(event.number, time, event.kind, event.element, event.name, event.payload, event.mark)


def write(
    instance: Instance,
    kind: Happening,
    *,
    element: str = "",
    name: str = "",
    payload: dict[str, Any] | None = None,
    actor: Any = None,
) -> None:
    """A further entry of a locked instance. The caller saves the instance."""
    _event(instance, kind, element, name, payload or {}, actor).save(force_insert=True)


def write_many(instance: Instance, told: Iterable[tuple[Happening, str, str]]) -> None:
    """Further entries of a locked instance, that nobody in particular caused: kind, element, name."""
    Event.objects.bulk_create([_event(instance, kind, element, name, {}, None) for kind, element, name in told])


def _event(instance: Instance, kind: Happening, element: str, name: str, payload: dict[str, Any], actor: Any) -> Event:
    person = actor if isinstance(actor, Account) else None
    salt = chain.salt() if person else ""
    event = Event(
        instance=instance,
        number=instance.events_written + 1,
        time=timezone.now(),
        kind=kind,
        element=element,
        name=name[:200],
        payload=payload,
        actor=person,
        salt=salt,
        mark=chain.mark(salt, person.urn) if person else "",
        previous=instance.last_hash,
    )
    event.hash = chain.chained(event.previous, _entry(event))
    instance.events_written, instance.last_hash = event.number, event.hash
    return event


def _entries(instance: Instance) -> Iterator[tuple[chain.Entry, str]]:
    for event in instance.events.order_by("number").iterator():
        yield _entry(event), event.hash


def broken(instance: Instance) -> int | None:
    """The number of the first entry that was changed, is missing or was added afterwards; None: nothing was."""
    found = chain.broken(_entries(instance))
    if found is not None:
        return found
    newest = instance.events.order_by("-number").values_list("number", "hash").first() or (0, "")
    kept = (instance.events_written, instance.last_hash)
    return None if newest == kept else min(newest[0], kept[0]) + 1
