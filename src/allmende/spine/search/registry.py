"""What can be found: every room registers its kinds of things with a loader."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SearchDoc:
    """A public thing as the index takes it. `text` is plain text (markup in it is shown as typed), `lang` "de" or
    "en"."""

    urn: str
    title: str
    text: str
    url: str
    changed: datetime
    lang: str = "de"


Loader = Callable[[str], SearchDoc | None]
Urns = Callable[[], Iterable[str]]
Many = Callable[[list[str]], Iterable[SearchDoc]]


@dataclass(frozen=True)
class Kind:
    """`label` is what people read (lazily translated); `urns` names everything of this kind for a rebuild."""

    name: str
    label: object
    load: Loader
    urns: Urns | None = None
    many: Many | None = None

    def load_all(self, wanted: list[str]) -> dict[str, SearchDoc | None]:
        """The documents of these URNs; None for what is gone or not public."""
        if self.many is None:
            return {urn: self.load(urn) for urn in wanted}
        return dict.fromkeys(wanted) | {doc.urn: doc for doc in self.many(wanted)}

    @property
    def module(self) -> str:
        return self.load.__module__


KINDS: dict[str, Kind] = {}


def register(kind: str, label: object, loader: Loader, urns: Urns | None = None, many: Many | None = None) -> None:
    """Make things whose URN begins with `kind:` searchable.

    `loader` returns None for what is gone or not public. Without `urns` a rebuild goes by the subjects of the fact log.
    `many` loads a batch at once: a kind whose things change often has one. Raises ValueError where another loader has
    the kind.
    """
    known = KINDS.get(kind)
    if known is not None and (known.load.__module__, known.load.__qualname__) != (
        loader.__module__,
        loader.__qualname__,
    ):
        raise ValueError(f"search kind {kind} is registered twice")
    KINDS[kind] = Kind(kind, label, loader, urns, many)


def kind_of(urn: str) -> str:
    return urn.partition(":")[0]


def public_ids(urns: Iterable[str]) -> list[UUID]:
    """The identifiers in these URNs of records; what is none is left out."""
    found = []
    for urn in urns:
        try:
            found.append(UUID(urn.partition(":")[2]))
        except ValueError:
            continue
    return found
