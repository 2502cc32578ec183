"""What is due to a person in rooms above, for the person's calendar."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from allmende.spine.people.models import Account


@dataclass(frozen=True)
class Due:
    """Something that a person has to do. `key`: what names it among all calendars; `url`: an address of this site."""

    key: str
    title: str
    due: dt.date
    url: str


Source = Callable[[Account], Iterable[Due]]
_SOURCES: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Rooms above add what is due: `source(account)`. A second one of the same name takes the place of the first."""
    _SOURCES[name] = source


def of(account: Account) -> Iterator[Due]:
    for source in _SOURCES.values():
        yield from source(account)
