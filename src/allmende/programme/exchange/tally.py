"""What an import did, or would do: counted kind by kind, with the first names and changes for people to look at."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from .sheets import BY_KEY

NAMED = 20  # new rows of a kind that are named
TOLD = 40  # changes that are told in full
LONGEST = 200  # signs of a value that is told
_EDGE = 20  # signs


@dataclass(frozen=True)
class Change:
    """`kind`: key of a sheet. `row`: what it is called; `field`: a heading; `old`, `new`: texts, cut to LONGEST."""

    kind: str
    row: str
    field: str
    old: str
    new: str


@dataclass
class Tally:
    """Numbers of rows by the key of their sheet; `names` of the first new ones, the first `changes`."""

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    names: dict[str, list[str]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def add(self, kind: str, name: Any, number: int = 1) -> None:
        """`number` new rows of a kind; `name` is of the first of them."""
        self.new[kind] += number
        named = self.names.setdefault(kind, [])
        if len(named) < NAMED:
            named.append(_cut(name))

    def change(self, kind: str, name: Any, fields: list[tuple[Any, Any, Any]]) -> None:
        """A changed row. `fields`: (heading, old, new)."""
        self.changed[kind] += 1
        room = TOLD - len(self.changes)
        self.changes += [
            Change(kind, _cut(name), str(label), _cut(old), _cut(new)) for label, old, new in fields[: max(0, room)]
        ]

    def keep(self, kind: str, number: int = 1) -> None:
        self.same[kind] += number

    def as_json(self) -> dict[str, Any]:
        """`new`, `changed`, `same`, `names`, `changes` as JSON has them; kinds with nothing are left out."""
        found = {name: {kind: count for kind, count in getattr(self, name).items() if count} for name in _COUNTS}
        named = {kind: names for kind, names in self.names.items() if names}
        return found | {"names": named, "changes": [asdict(change) for change in self.changes]}


_COUNTS = ("new", "changed", "same")


def told(key: str, row: Any, name: str, new: Any) -> tuple[Any, Any, Any]:
    """(heading, old, new) of a field as people read them."""
    column, words = BY_KEY[key].column(name), dict(row._meta.get_field(name).flatchoices)
    old = getattr(row, name)
    return (column.heading if column else name), words.get(old, old), words.get(new, new)


def sides(pieces: list[tuple[str, str]]) -> tuple[str, str]:
    """What was and what is, of a comparison (`domain.compare.Change.pieces`): what stays is cut down to its edges."""
    old = "".join(_edges(text) if kind == "same" else text for kind, text in pieces if kind != "new")
    new = "".join(_edges(text) if kind == "same" else text for kind, text in pieces if kind != "gone")
    return old.strip(), new.strip()


def _edges(text: str) -> str:
    return text if len(text) <= 2 * _EDGE + 3 else f"{text[:_EDGE]} … {text[-_EDGE:]}"


def _cut(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
