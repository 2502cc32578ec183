"""What may be commented on. Rooms register the kinds of things they have."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Target:
    """A thing as its commenter may see it. `may_comment`: whether this person may write now."""

    title: str
    url: str
    may_comment: bool = True


Resolve = Callable[[str, Any], Target | None]
_KINDS: dict[str, Resolve] = {}


def register(kind: str, *, resolve: Resolve) -> None:
    """Things whose URN begins with `kind:`. `resolve(urn, person)`: None where the person may not see the thing.

    Raises ValueError where another function has the kind.
    """
    known = _KINDS.get(kind)
    if known is not None and (known.__module__, known.__qualname__) != (resolve.__module__, resolve.__qualname__):
        raise ValueError(f"comments on {kind} are registered twice")
    _KINDS[kind] = resolve


def target(urn: str, person: Any) -> Target | None:
    """The thing, if it exists and `person` may see it."""
    resolve = _KINDS.get(urn.partition(":")[0])
    return resolve(urn, person) if resolve else None
