"""The election key: made, split among the board, joined for the close, destroyed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from types import TracebackType

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from . import parts, shamir
from .ballots import Election
from .parts import Board, Part
from .refusal import Refused


class PrivateKey:
    """An X25519 private key, kept in memory only and as short as possible: use it in a `with` statement.

    `public` (32 bytes) stays when the key is destroyed.
    """

    __slots__ = ("_secret", "public")

    def __init__(self, secret: bytes) -> None:
        self._secret = bytearray(secret)
        self.public: bytes = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> PrivateKey:
        return cls(secrets.token_bytes(parts.SECRET))

    @classmethod
    def join(cls, given: Sequence[Part], election: Election, public: bytes) -> PrivateKey:
        """From parts of this election's key `public`.

        Raises Refused: other_election, twice, conflict, mixed, too_few, wrong_key.
        """
        key = cls(parts.joined(given, parts.mark(election.context(), public)))
        if key.public != public:
            key.destroy()
            raise Refused("wrong_key")
        return key

    def split(self, election: Election, board: Board) -> list[Part]:
        """One part for each seat. Raises Refused: destroyed."""
        mark = parts.mark(election.context(), self.public)
        values = shamir.split(bytes(self._alive()), board.needed, board.seats)
        return [Part(board.needed, number, mark, value) for number, value in values.items()]

    def exchange_key(self) -> X25519PrivateKey:
        """The library's form of it. Raises Refused: destroyed."""
        return X25519PrivateKey.from_private_bytes(self._alive())

    def destroy(self) -> None:
        """Overwrite it. What Python or the library copied meanwhile is freed, not overwritten by us."""
        self._secret[:] = bytes(len(self._secret))
        self._secret.clear()

    def _alive(self) -> bytearray:
        if not self._secret:
            raise Refused("destroyed")
        return self._secret

    def __enter__(self) -> PrivateKey:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.destroy()

    def __repr__(self) -> str:
        return f"PrivateKey({'destroyed' if not self._secret else 'of ' + self.public.hex()})"

    def __reduce__(self) -> str:
        raise TypeError("a private key is not written anywhere")
