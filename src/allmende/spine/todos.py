"""What somebody has to do, from all rooms in one list: on the page of one's work, in lists of tasks, in the calendar.

    todos.register("programme", of_measures)      # in a room's AppConfig.ready()

Each room keeps its own tasks, since each can be closed; nothing is copied, so nothing stands in a list twice.
"""

import datetime as dt
import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Any, overload

from django.db.models import QuerySet

from allmende.spine.instance.domain.queries import module_open
from allmende.spine.people.models import Account


class Whose(Enum):
    """`MINE`: given to the person or taken on. `FREE`: nobody has it, and the person may take it on. `ALL`: all open
    ones that the person may see."""

    MINE = "mine"
    FREE = "free"
    ALL = "all"


@dataclass(frozen=True)
class Todo:
    """Something to be done. `key`: what names it among all; `url`: its page; `about`: the case or thing; `who`: person
    or role, empty for nobody; `finish`: address that a POST marks it as done at, empty where its page asks for more."""

    key: str
    title: str
    url: str
    due: dt.date | None = None
    about: str = ""
    who: str = ""
    finish: str = ""


@dataclass(frozen=True)
class Ask:
    """`about`: only what is about the thing with this URN; `limit`: no more than so many, the first due."""

    person: Account
    whose: Whose = Whose.MINE
    about: str = ""
    limit: int | None = None


Source = Callable[[Ask], Iterable[Todo]]
_SOURCES: dict[str, Source] = {}


def register(room: str, source: Source) -> None:
    """`source` gives what is open, the first due first, without a day last. A room registered again takes its own
    place."""
    _SOURCES[room] = source


def order(todo: Todo) -> dt.date:
    """What is due first comes first; what has no day comes last."""
    return todo.due or dt.date.max


def of(ask: Ask, *, without: str = "") -> list[Todo]:
    """What all open rooms have, but the room `without`, in one order."""
    sources = [each for room, each in _SOURCES.items() if room != without and module_open(each.__module__)]
    merged = heapq.merge(*(source(ask) for source in sources), key=order)
    return list(islice(merged, ask.limit))


class Together(Sequence[Todo]):
    """A room's own rows, of which there may be many, and few todos of other rooms, in one order; a paginator takes
    slices of it and the database no more than a slice.

    `rows` in the order of `order`; `shown` turns rows into todos.
    """

    ordered = True  # what a paginator asks a list for

    def __init__(
        self, rows: QuerySet[Any], others: Iterable[Todo], shown: Callable[[Iterable[Any]], list[Todo]]
    ) -> None:
        self.rows, self.others, self.shown = rows, list(others), shown

    def __len__(self) -> int:
        return self.rows.count() + len(self.others)

    @overload
    def __getitem__(self, part: int) -> Todo: ...

    @overload
    def __getitem__(self, part: slice) -> list[Todo]: ...

    def __getitem__(self, part: int | slice) -> Todo | list[Todo]:
        """Places count from the beginning. Raises IndexError."""
        if isinstance(part, int):
            return self[part : part + 1][0]
        # Before place n of the whole stand at least n - len(others) rows: they need not be read to know what follows.
        start, stop = part.start or 0, part.stop
        skipped = max(0, start - len(self.others))
        merged = heapq.merge(self.shown(self.rows[skipped:stop]), self.others, key=order)
        return list(islice(merged, start - skipped, None if stop is None else stop - skipped))
