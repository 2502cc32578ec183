"""What rooms above add to reports, without this room knowing them.

sections.register("funding", chapter_of, order=40)   # in a room's AppConfig.ready()
sections.register_costs("funding", costs_of)
sections.register_source("grant", page_of)
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from ..models import Measure
from .parts import Chapter


@dataclass(frozen=True)
class Frame:
    """What an annual report is about: states count on `as_of`, as known at `as_known_on`."""

    year: int
    as_of: date
    as_known_on: datetime


class Cost(NamedTuple):
    """Money of a measure. `amount` as people read it (in the active language); `cents` None where none is named;
    `urn` of the public row; `source` in words and `url`, where it can be checked."""

    title: str
    amount: str
    cents: int | None
    urn: str
    source: str
    url: str


ChapterOf = Callable[[Frame], Chapter | None]
CostsOf = Callable[[Iterable[Measure]], dict[int, list[Cost]]]
PageOf = Callable[[uuid.UUID], str | None]

_chapters: dict[str, tuple[int, ChapterOf]] = {}
_costs: dict[str, CostsOf] = {}
_sources: dict[str, PageOf] = {}


def register(name: str, chapter_of: ChapterOf, order: int = 100) -> None:
    """Add a chapter. What it tells must be public: the report is."""
    _chapters[name] = (order, chapter_of)


def register_costs(name: str, costs_of: CostsOf) -> None:
    """Say what measures cost, by primary key; only what everybody may see."""
    _costs[name] = costs_of


def register_source(kind: str, page_of: PageOf) -> None:
    """Say where the public page of a row is (None: there is none), by the kind in its URN."""
    _sources[kind] = page_of


def chapters(frame: Frame) -> list[Chapter]:
    """What other rooms tell, in order."""
    ordered = sorted(_chapters.items(), key=lambda item: (item[1][0], item[0]))
    told = (chapter_of(frame) for _name, (_order, chapter_of) in ordered)
    return [each for each in told if each is not None]


def costs(measures: Iterable[Measure]) -> dict[int, list[Cost]]:
    """What each measure cost, as far as it is public; empty lists where nothing is known."""
    rows = list(measures)
    found: dict[int, list[Cost]] = {row.pk: [] for row in rows}
    for name in sorted(_costs):
        for pk, more in _costs[name](rows).items():
            found[pk] += more
    return found


def page_of(kind: str, public_id: uuid.UUID) -> str | None:
    """The page of a row that another room keeps."""
    found = _sources.get(kind)
    return found(public_id) if found else None
