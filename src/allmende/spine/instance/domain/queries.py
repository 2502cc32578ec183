"""Reading the instance's settings: often, so kept for two seconds in each process."""

import time

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


def room_enabled(room: str) -> bool:
    """Whether the town has this room open."""
    return room not in current().rooms_off


def closed_processes() -> set[str]:
    """Names of the processes of closed rooms (`RoomConfig.processes`): whoever starts processes leaves them out."""
    from allmende.spine.rooms import rooms  # the app registry must be ready

    off = current().rooms_off
    return {name for config in rooms() if config.optional and config.room in off for name in config.processes}
