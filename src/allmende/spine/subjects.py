"""What something may be about: tasks and cases name a thing of any room by its URN.

A room says `subjects.register(Grant)` in its `ready()`, where `rules.py` says who sees a grant; its page for staff has
`{% panel_slot "subject" grant %}`, where other rooms show what there is about it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allmende.spine.instance.domain.queries import module_open
from allmende.spine.models import Record
from allmende.spine.people.access import visible_to


@dataclass(frozen=True)
class Subject:
    """A thing as a person may see it."""

    urn: str
    title: str
    url: str


_MODELS: dict[str, type[Record]] = {}


def register(model: type[Record]) -> None:
    """Things of `model` may be what something is about, for whom its visibility shows them. A model with `published`
    has a `change_url` for what is not public. Raises ValueError where another model has the kind."""
    kind = str(model._meta.model_name)
    if _MODELS.get(kind, model) is not model:
        raise ValueError(f"{kind} is registered as a subject by two rooms")
    _MODELS[kind] = model


def find(urn: str, person: Any) -> Subject | None:
    """What a URN names, if its room is open and the person may see it."""
    return find_all([urn], person).get(urn)


def find_all(urns: Iterable[str], person: Any) -> dict[str, Subject]:
    """`find` for many, by URN, with one query a kind; what is not found is left out."""
    wanted: dict[str, list[UUID]] = {}
    for urn in urns:
        kind, _, rest = urn.partition(":")
        if kind not in _MODELS or not module_open(_MODELS[kind].__module__):
            continue
        try:
            wanted.setdefault(kind, []).append(UUID(rest))
        except ValueError:
            continue
    rows = (
        row
        for kind, ids in wanted.items()
        for row in visible_to(person, _MODELS[kind]._default_manager.filter(public_id__in=ids))
    )
    return {row.urn: Subject(row.urn, str(row), _page(row)) for row in rows}


def _page(row: Any) -> str:
    return str(row.get_absolute_url() if getattr(row, "published", True) else row.change_url)
