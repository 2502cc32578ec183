"""What people can be told about: every room registers its topics."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from allmende.spine.people.access import SIGNED_IN

from .enums import Cadence


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing that is followed, as its follower may see it."""

    title: str
    url: str


# The thing with this URN, or None where `person` may not see it (any more).
Resolve = Callable[[str, Any], Subject | None]
# The same for many URNs at once, for lists; those that may not be seen are absent.
ResolveMany = Callable[[Collection[str], Any], dict[str, Subject]]


@dataclass(frozen=True)
class Topic:
    """`audience` is the right (or "signed_in") of those whom it concerns; `follows` the kind of things (first part of
    the URN) that one can follow; `opt_in` that nobody hears of it who did not ask."""

    key: str
    label: Any
    description: Any = ""
    default: Cadence = Cadence.DAILY
    audience: str = SIGNED_IN
    follows: str = ""
    resolve: Resolve | None = None
    opt_in: bool = False
    resolve_many: ResolveMany | None = None

    def things(self, urns: Collection[str], person: Any) -> dict[str, Subject]:
        """Those of the followed things that `person` may see, by URN."""
        if self.resolve_many is not None:
            return self.resolve_many(urns, person)
        found = {urn: self.resolve(urn, person) for urn in urns} if self.resolve else {}
        return {urn: thing for urn, thing in found.items() if thing is not None}


TOPICS: dict[str, Topic] = {}


def register(
    key: str,
    label: Any,
    *,
    description: Any = "",
    default: str = Cadence.DAILY,
    audience: str = SIGNED_IN,
    follows: str = "",
    resolve: Resolve | None = None,
    opt_in: bool = False,
    resolve_many: ResolveMany | None = None,
) -> Topic:
    """Add a topic. Raises ValueError where the key is taken by another, or where things are followed that nothing
    resolves."""
    if bool(follows) != (resolve is not None):
        raise ValueError(f"topic {key}: what can be followed needs `resolve`")
    topic = Topic(key, label, description, Cadence(default), audience, follows, resolve, opt_in, resolve_many)
    if TOPICS.setdefault(key, topic) != topic:
        raise ValueError(f"topic {key} is registered twice")
    return topic


def get(key: str) -> Topic:
    """Raises LookupError for an unknown key, so that a typo never loses a notice."""
    try:
        return TOPICS[key]
    except KeyError:
        raise LookupError(f"no topic named {key}: register it in notices.py") from None
