"""History that shows when it was changed: each entry's hash covers the entry and the hash before it (SHA-256).

Who acted stands in the chain as a mark, SHA-256 over a random salt and the person's name in the system. Deleting the
salt (Art. 17 GDPR) makes the mark anonymous and leaves every hash as it is.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """What a hash covers. `time` as ISO 8601 in UTC with microseconds."""

    number: int
    time: str
    kind: str
    element: str
    name: str
    payload: dict[str, Any]
    mark: str


def salt() -> str:
    """32 hexadecimal digits."""
    return secrets.token_hex(16)


def mark(grains: str, actor: str) -> str:
    """The sign of a person in the chain, 64 hexadecimal digits."""
    return hashlib.sha256(f"{grains}:{actor}".encode()).hexdigest()


def chained(previous: str, entry: Entry) -> str:
    """The hash of an entry after the one whose hash is `previous` ("" before the first)."""
    text = json.dumps([previous, *entry], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def broken(entries: Iterable[tuple[Entry, str]]) -> int | None:
    """The number of the first entry whose hash does not follow from what stands before it, or that is out of order.
    None: the chain is whole."""
    previous, expected = "", 1
    for entry, stored in entries:
        if entry.number != expected or chained(previous, entry) != stored:
            return entry.number
        previous, expected = stored, expected + 1
    return None
