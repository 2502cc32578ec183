"""A part of an election key as a member of the board writes it down: 18 groups of five characters.

45 bytes: version 1, how many are needed, the part's number, 6 bytes that say which election (`mark`), 32 bytes of the
part, the first 4 bytes of SHA-256 over all this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from . import groups, shamir
from .refusal import Refused

VERSION = 1
MARK = 6
SECRET = 32
CHECKSUM = 4
SIZE = 3 + MARK + SECRET + CHECKSUM
MOST_SEATS = 16


@dataclass(frozen=True, slots=True)
class Board:
    """`needed` of `seats` members open together. Raises Refused: board."""

    needed: int
    seats: int

    def __post_init__(self) -> None:
        if not 2 <= self.needed <= self.seats <= MOST_SEATS:
            raise Refused("board", most=MOST_SEATS)

    def can_open(self, destroyed: Collection[int] = ()) -> bool:
        """Whether enough parts are left when those with these numbers are gone. It must be so until the close, and
        no longer after it: then at least `seats - needed + 1` are to be destroyed, best all."""
        left = set(range(1, self.seats + 1)) - set(destroyed)
        return len(left) >= self.needed


@dataclass(frozen=True, slots=True)
class Part:
    """`number` counts from 1. `value` is secret and not shown by repr()."""

    needed: int
    number: int
    mark: bytes
    value: bytes = field(repr=False)

    def text(self) -> str:
        """What is printed once, for this member alone."""
        data = bytes([VERSION, self.needed, self.number]) + self.mark + self.value
        return groups.encode(data + _checksum(data))

    @classmethod
    def read(cls, text: str) -> Part:
        """From what was typed. Raises Refused: letter, length, groups, group, checksum, version."""
        data = groups.decode(text, SIZE)
        if data[0] != VERSION:
            raise Refused("version")
        if _checksum(data[:-CHECKSUM]) != data[-CHECKSUM:] or data[1] < 2 or data[2] < 1:
            raise Refused("checksum")
        return cls(data[1], data[2], data[3 : 3 + MARK], data[3 + MARK : -CHECKSUM])


def mark(context: bytes, public: bytes) -> bytes:
    """Of an election and its key: parts of an earlier key of the same election do not fit either."""
    return hashlib.sha256(b"allmende part 1\n" + public + context).digest()[:MARK]


def joined(parts: Sequence[Part], expected: bytes) -> bytes:
    """The secret of 32 bytes; `expected` is the election's mark. More parts than needed must agree with each other.

    Raises Refused: other_election, twice, conflict, mixed, too_few, wrong_key.
    """
    by_number: dict[int, Part] = {}
    for part in parts:
        if part.mark != expected:
            raise Refused("other_election", number=part.number)
        if part.number in by_number:
            raise Refused("twice" if by_number[part.number] == part else "conflict", number=part.number)
        by_number[part.number] = part
    if len({part.needed for part in parts}) > 1:
        raise Refused("mixed")
    needed = parts[0].needed if parts else 2
    if len(parts) < needed:
        raise Refused("too_few", found=len(parts), needed=needed)
    values = {number: part.value for number, part in by_number.items()}
    secret = shamir.join(values)
    # All parts lie on one polynomial of degree < needed exactly if any `needed` of them give the same.
    if len(parts) > needed and shamir.join(dict(list(values.items())[:needed])) != secret:
        raise Refused("wrong_key")
    return secret


def _checksum(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:CHECKSUM]
