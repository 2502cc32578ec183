"""The close: all envelopes are opened in memory; what comes out has no link to what went in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .ballots import Ballot, Election
from .envelopes import unseal
from .keys import PrivateKey
from .refusal import Refused

Allowed = Callable[[Ballot], bool]
Shuffle = Callable[[list[tuple[Ballot, str]]], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """`ballots`: random id → ballot, in random order. `receipts`: their commitments sorted by value, which is an order
    that has nothing to do with the ballots'.

    Not in `ballots`: `broken`, envelopes that did not open or held no ballot of this election; `refused`, ballots
    outside the limits; `copies`, envelopes equal to another one to the last bit, which chance does not make.
    """

    ballots: dict[str, Ballot]
    receipts: tuple[str, ...]
    broken: int
    refused: int
    copies: int

    @property
    def opened(self) -> int:
        return len(self.ballots)


def open_all(
    election: Election,
    envelopes: Iterable[bytes],
    key: PrivateKey,
    shuffle: Shuffle | None = None,
    allowed: Allowed = lambda ballot: True,
) -> Opened:
    """One envelope of each voter, read one after the other. `allowed` checks limits, as on the number of choices.

    The order is drawn by the operating system's randomness (`secrets.SystemRandom`, Fisher-Yates); `shuffle` is there
    for tests and must leave no record. Raises Refused: destroyed.
    """
    # Copying the envelope of somebody and looking which ballot is there twice would tell how they voted: weeding,
    # Cortier, Smyth 2013, Attacking and fixing Helios, J. Computer Security 21(1).
    seen: set[bytes] = set()
    private = key.exchange_key()
    found: list[tuple[Ballot, str]] = []
    broken = refused = copies = 0
    for envelope in envelopes:
        mark = hashlib.sha256(envelope).digest()  # 4 KB of each would add up
        if mark in seen:
            copies += 1
            continue
        seen.add(mark)
        try:
            ballot, receipt = unseal(election, private, envelope)
        except Refused:
            broken += 1
            continue
        if allowed(ballot):
            found.append((ballot, receipt))
        else:
            refused += 1
    (shuffle or secrets.SystemRandom().shuffle)(found)
    return Opened(
        ballots={secrets.token_hex(16): ballot for ballot, _ in found},
        receipts=tuple(sorted(receipt for _, receipt in found)),
        broken=broken,
        refused=refused,
        copies=copies,
    )
