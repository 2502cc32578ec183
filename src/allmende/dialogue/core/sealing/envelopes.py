"""Envelopes: a ballot and the commitment of its receipt, padded to one length, sealed to the election's key.

Inside: canonical JSON {"choices": …, "kind": …, "receipt": …}, then a byte 0x80 and zeros up to SIZE (ISO/IEC 7816-4),
so that the length says nothing. Outside: `hpke` with INFO and the election's context as associated data, so that an
envelope of another election, of other rules or with one bit changed does not open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from . import hpke
from .ballots import Ballot, Election, canonical, check, from_plain
from .receipts import COMMITMENT, commitment
from .refusal import Refused

INFO = b"allmende ballot 1"
# Room for about 200 projects with ids of 15 letters; 500 such envelopes a minute are 2 MB.
SIZE = 4096
LENGTH = SIZE + hpke.OVERHEAD
Voter = TypeVar("Voter")


def seal(election: Election, public: bytes, ballot: Ballot, code: str) -> bytes:
    """LENGTH bytes. `code` is the voter's receipt; who replaces an envelope may give the same code again.

    Raises Refused: kind, project, too_long, public_key, and the errors of a mistyped code.
    """
    check(ballot, election)
    inside = {"choices": ballot.plain(), "kind": ballot.kind, "receipt": commitment(election.id, code)}
    message = canonical(inside) + b"\x80"
    if len(message) > SIZE:
        raise Refused("too_long")
    try:
        key = X25519PublicKey.from_public_bytes(public)
    except ValueError:
        raise Refused("public_key") from None
    return hpke.seal(message.ljust(SIZE, b"\0"), key, INFO, election.context())


def unseal(election: Election, key: X25519PrivateKey, envelope: bytes) -> tuple[Ballot, str]:
    """The ballot and the commitment of its receipt.

    Raises Refused: envelope (of another election, damaged, or not what `seal` makes), kind, project.
    """
    if len(envelope) != LENGTH:
        raise Refused("envelope")
    message = hpke.unseal(envelope, key, INFO, election.context())
    text = message.rstrip(b"\0")[:-1]
    try:
        inside = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("envelope") from None
    if not isinstance(inside, dict) or set(inside) != {"choices", "kind", "receipt"}:
        raise Refused("envelope")
    receipt = inside["receipt"]
    if not isinstance(receipt, str) or not COMMITMENT.fullmatch(receipt):
        raise Refused("envelope")
    ballot = from_plain(inside["kind"], inside["choices"])
    check(ballot, election)
    # There is one way to write a ballot; another could carry a sign by which it is known again.
    written = canonical({"choices": ballot.plain(), "kind": ballot.kind, "receipt": receipt})
    if (written + b"\x80").ljust(SIZE, b"\0") != message:
        raise Refused("envelope")
    return ballot, receipt


def last_of_each(arrivals: Iterable[tuple[Voter, bytes]]) -> Mapping[Voter, bytes]:
    """Of envelopes in the order of arrival, the last one of each voter."""
    return dict(arrivals)
