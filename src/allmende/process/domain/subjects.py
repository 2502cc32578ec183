"""What a case may be about: things of the rooms below, and of those that register here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allmende.programme.models import Measure
from allmende.spine.people.access import can


@dataclass(frozen=True)
class Subject:
    urn: str
    title: str
    url: str


Find = Callable[[UUID, Any], Subject | None]
_KINDS: dict[str, Find] = {}


def register(kind: str, find: Find) -> None:
    """Rooms above say how to find their things: `find(public_id, person)` gives None for what the person may not
    see."""
    _KINDS[kind] = find


def find(urn: str, person: Any) -> Subject | None:
    """What a URN names, if the person may see it."""
    kind, _, rest = urn.partition(":")
    look = _KINDS.get(kind)
    try:
        return look(UUID(rest), person) if look else None
    except ValueError:
        return None


def _measure(public_id: UUID, person: Any) -> Subject | None:
    row = Measure.objects.filter(public_id=public_id).first()
    if row is None or not can(person, "programme.view_measure", row):
        return None
    url = row.get_absolute_url() if row.published else row.change_url
    return Subject(row.urn, row.title, url)


register("measure", _measure)
