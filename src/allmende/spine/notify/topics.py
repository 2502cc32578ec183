"""What people can be told about: every room registers its topics."""

from collections.abc import Callable
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
) -> Topic:
    """Add a topic. Raises ValueError where the key is taken by another, or where things are followed that nothing
    resolves."""
    if bool(follows) != (resolve is not None):
        raise ValueError(f"topic {key}: what can be followed needs `resolve`")
    topic = Topic(key, label, description, Cadence(default), audience, follows, resolve, opt_in)
    if TOPICS.setdefault(key, topic) != topic:
        raise ValueError(f"topic {key} is registered twice")
    return topic


def get(key: str) -> Topic:
    """Raises LookupError for an unknown key, so that a typo never loses a notice."""
    try:
        return TOPICS[key]
    except KeyError:
        raise LookupError(f"no topic named {key}: register it in notices.py") from None
