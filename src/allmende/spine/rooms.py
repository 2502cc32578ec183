"""Rooms of the house that a town can switch off: no menu entry, no route, no process."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from django.apps import AppConfig, apps
from django.utils.functional import Promise


@dataclass(frozen=True)
class MenuEntry:
    """`route` is a URL name; `right` (if given) decides who sees it; `staff` puts it into the staff menu."""

    label: str | Promise
    route: str
    staff: bool = False
    right: str | None = None
    order: int = 100


class RoomConfig(AppConfig):
    """An AppConfig with a name on the door. `room` is the key in settings, `title` what people read.

    `requires`: the rooms that this one stands on; it is closed while one of them is.
    """

    # Django takes the one AppConfig of a module that is a default; this base is imported there too.
    default = False
    room: str = ""
    title: str | Promise = ""
    optional: bool = True
    requires: ClassVar[tuple[str, ...]] = ()
    menu: ClassVar[list[MenuEntry]] = []
    # Names of the processes that serve this room alone; a closed room's are not started.
    processes: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True


def rooms() -> list[RoomConfig]:
    """Every room that is installed, in the order of INSTALLED_APPS."""
    return [config for config in apps.get_app_configs() if isinstance(config, RoomConfig)]


def closed(off: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The rooms that are closed where the town switched `off` off, in the order of INSTALLED_APPS, each with the closed
    rooms that it stands on; empty where only the town closed it."""
    return _closed(frozenset(off))


@lru_cache(maxsize=64)
def _closed(off: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Asked several times a page; the answer depends on nothing but the rooms installed."""
    return closed_of({config.room: config.requires for config in rooms() if config.optional}, off)


def closed_of(requires: Mapping[str, Sequence[str]], off: Collection[str]) -> dict[str, tuple[str, ...]]:
    """`closed` for rooms that may be closed, each with the rooms that it stands on. Rooms on rooms count too."""
    found = {room for room in requires if room in off}
    while more := {room for room in requires if room not in found and found & set(requires[room])}:
        found |= more
    return {room: tuple(one for one in requires[room] if one in found) for room in requires if room in found}


def titles(names: Iterable[str]) -> str:
    """Names of rooms as people read them."""
    known = {config.room: str(config.title) for config in rooms()}
    return ", ".join(known.get(name, name) for name in names)


def room_of(module: str) -> RoomConfig | None:
    """The room that a dotted module name belongs to, or None for the spine."""
    for config in rooms():
        if module == config.name or module.startswith(config.name + "."):
            return config
    return None
