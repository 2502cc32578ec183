"""Rooms of the house that a town can switch off: no menu entry, no route, no process."""

from dataclasses import dataclass
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
    """An AppConfig with a name on the door. `room` is the key in settings, `title` what people read."""

    # Django takes the one AppConfig of a module that is a default; this base is imported there too.
    default = False
    room: str = ""
    title: str | Promise = ""
    optional: bool = True
    menu: ClassVar[list[MenuEntry]] = []
    # Names of the processes that serve this room alone; a closed room's are not started.
    processes: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True


def rooms() -> list[RoomConfig]:
    """Every room that is installed, in the order of INSTALLED_APPS."""
    return [config for config in apps.get_app_configs() if isinstance(config, RoomConfig)]


def room_of(module: str) -> RoomConfig | None:
    """The room that a dotted module name belongs to, or None for the spine."""
    for config in rooms():
        if module == config.name or module.startswith(config.name + "."):
            return config
    return None
