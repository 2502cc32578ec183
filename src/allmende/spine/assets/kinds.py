"""Which kinds of things there are. Rooms register theirs, and may take over what the town has from the start."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """`title` in the singular; `room` keeps things of this kind; `public`: everybody may know of them."""

    name: str
    title: Any
    plural: Any
    room: str
    public: bool = True


_KINDS: dict[str, Kind] = {}


def register(name: str, title: Any, plural: Any, *, room: str, public: bool = True) -> None:
    """Add a kind. Raises ValueError for a bad name or one that another room has."""
    known = _KINDS.get(name)
    if not re.fullmatch(r"[a-z][a-z_]{1,29}", name) or (known and known.room != room):
        raise ValueError(f"asset kind {name} is misnamed or belongs to another room")
    _KINDS[name] = Kind(name, title, plural, room, public)


def get(name: str) -> Kind:
    """The kind, or a nameless one for things whose room was taken out of the house: never public."""
    return _KINDS.get(name) or Kind(name, _("Thing"), _("Things"), "", public=False)


def known(name: str) -> bool:
    return name in _KINDS


def kinds() -> list[Kind]:
    """All kinds, by their title in the active language."""
    return sorted(_KINDS.values(), key=lambda kind: str(kind.title).casefold())


def choices() -> list[tuple[str, str]]:
    return [(kind.name, str(kind.title)) for kind in kinds()]


def register_own() -> None:
    """What most towns have, before any room says more."""
    register("luminaire", _("Luminaire"), _("Luminaires"), room="lighting")
    register("bench", _("Bench"), _("Benches"), room="assets")
    register("waste_bin", _("Waste bin"), _("Waste bins"), room="assets")
    register("bicycle_stand", _("Bicycle stand"), _("Bicycle stands"), room="assets")
    register("notice_board", _("Notice board"), _("Notice boards"), room="assets")
    register("playground", _("Play equipment"), _("Play equipment items"), room="assets")
    register("cabinet", _("Switch cabinet"), _("Switch cabinets"), room="assets", public=False)
