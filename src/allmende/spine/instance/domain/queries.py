"""Reading the instance's settings: often, so kept for two seconds in each process."""

import time

from django.utils.translation import gettext as _

from ..models import Instance

KEEP_SECONDS = 2.0
_kept: tuple[float, Instance] | None = None


def current() -> Instance:
    """The settings of this town. A town not yet set up gets an unsaved row of defaults."""
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > KEEP_SECONDS:
        _kept = (now, Instance.objects.filter(pk=1).first() or Instance())
    return _kept[1]


def forget() -> None:
    """Read afresh next time (after saving, and in tests)."""
    global _kept
    _kept = None


def closed_rooms() -> dict[str, tuple[str, ...]]:
    """The rooms that are closed, each with the closed rooms that it stands on (`rooms.closed`)."""
    from allmende.spine.rooms import closed  # the app registry must be ready

    return closed(current().rooms_off)


def room_enabled(room: str) -> bool:
    """Whether this room is open: the town has not closed it, nor a room that it stands on."""
    return room not in closed_rooms()


def module_open(module: str) -> bool:
    """Whether what lies in a module may be used: its room is open, or it belongs to the spine."""
    from allmende.spine.rooms import room_of  # the app registry must be ready

    room = room_of(module)
    return room is None or not room.optional or room_enabled(room.room)


def closed_processes() -> set[str]:
    """Names of the processes of closed rooms (`RoomConfig.processes`): whoever starts processes leaves them out."""
    from allmende.spine.rooms import rooms  # the app registry must be ready

    off = closed_rooms()
    return {name for config in rooms() if config.room in off for name in config.processes}


def closed_rooms_in_words() -> str:
    """`Programme, Funding (stands on: Programme)`; empty where every room is open."""
    from allmende.spine.rooms import titles  # the app registry must be ready

    return ", ".join(
        _("%(room)s (stands on: %(rooms)s)") % {"room": titles([room]), "rooms": titles(because)}
        if because
        else titles([room])
        for room, because in closed_rooms().items()
    )
