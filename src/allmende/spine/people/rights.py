"""The table of rights: which roles may do which verb, and which scopes an object lies in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .enums import INSTANCE, Role

Scopes = Callable[[Any], set[str]]


def _default_scopes(obj: Any) -> set[str]:
    scopes = getattr(obj, "scopes", None)
    return scopes() if scopes else {obj.urn}


@dataclass(frozen=True)
class Right:
    """`roles` may do it where their scope fits; `own(person, obj)` lets somebody do it to what is theirs;
    `public(obj)` lets everybody. `town`: a role counts only where it is held for the whole town."""

    name: str
    roles: frozenset[Role]
    scopes: Scopes = _default_scopes
    own: Callable[[Any, Any], bool] | None = None
    public: Callable[[Any], bool] | None = None
    allow: Callable[[Any, Any], bool] | None = None
    town: bool = False

    def given_by(self, role: Role, scope: str) -> bool:
        """Whether a role held in a scope gives this right there."""
        return role in self.roles and (scope == INSTANCE or not self.town)


RIGHTS: dict[str, Right] = {}


def rule(
    name: str,
    roles: Iterable[Role] = (),
    *,
    scopes: Scopes = _default_scopes,
    own: Callable[[Any, Any], bool] | None = None,
    public: Callable[[Any], bool] | None = None,
    allow: Callable[[Any, Any], bool] | None = None,
    town: bool = False,
) -> None:
    """Declare a right, in a room's `rules.py`. `name` is `room.verb_thing`.

    `allow(person, obj)` is a further condition that must hold besides the role (four eyes, not one's own case).
    `town`: it concerns the town as a whole (its settings, its log), so a role held in a smaller scope gives nothing.
    Raises ValueError where another declaration of the name differs.
    """
    right = Right(name, frozenset(roles), scopes, own, public, allow, town)
    known = RIGHTS.get(name)
    if known is not None and known.roles != right.roles:
        raise ValueError(f"right {name} is declared twice")
    RIGHTS[name] = right
