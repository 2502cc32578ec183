"""Rooms of the house that a town can switch off: no menu entry, no route, no process."""

from dataclasses import dataclass, field

from django.apps import AppConfig, apps


@dataclass(frozen=True)
class MenuEntry:
    """`route` is a URL name; `right` (if given) decides who sees it; `staff` puts it into the staff menu."""

    label: str
    route: str
    staff: bool = False
    right: str | None = None
    order: int = 100


class RoomConfig(AppConfig):
    """An AppConfig with a name on the door. `room` is the key in settings, `title` what people read."""

    room: str = ""
    title: str = ""
    optional: bool = True
    menu: list[MenuEntry] = field(default_factory=list)  # type: ignore[assignment]

    def __init__(self, app_name: str, app_module: object) -> None:
        super().__init__(app_name, app_module)
        if not isinstance(self.menu, list):
            self.menu = []


def rooms() -> list[RoomConfig]:
    """Every room that is installed, in the order of INSTALLED_APPS."""
    return [config for config in apps.get_app_configs() if isinstance(config, RoomConfig)]


def room_of(module: str) -> RoomConfig | None:
    """The room that a dotted module name belongs to, or None for the spine."""
    for config in rooms():
        if module == config.name or module.startswith(config.name + "."):
            return config
    return None
