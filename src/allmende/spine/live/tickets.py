"""Tickets for streams: a signed line of text instead of a cookie, good for a minute. Pure; the clock is given."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass

from .topics import TopicRefused, check, within

TTL = 60
LONGEST = 4_000  # characters; an address with a ticket stays below what proxies take


class TicketRefused(Exception):
    """`code`: malformed, forged, expired."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Ticket:
    """`subject` is who asks (`account:7`, or empty for a visitor), `staff` lets facts through that are not public."""

    subject: str
    topics: tuple[str, ...]
    staff: bool
    expires: float
    # Names the ticket without repeating it, to count its streams.
    name: str

    def grants(self, wanted: tuple[str, ...]) -> bool:
        """Whether every wanted topic lies inside one of the ticket's."""
        return all(any(within(topic, granted) for granted in self.topics) for topic in wanted)


def mint(
    secret: str, subject: str, topics: list[str] | tuple[str, ...], now: float, ttl: int = TTL, *, staff: bool = False
) -> str:
    """A ticket for `subject` to hear of `topics` until `now + ttl` (seconds since 1970).

    Whoever calls this has checked that the subject may: with `staff`, all facts of the topics are told, also those that
    are not public. Raises TopicRefused.
    """
    values = {"s": subject, "t": list(check(tuple(topics))), "f": staff, "e": round(now + ttl, 3)}
    body = _encode(json.dumps(values, separators=(",", ":")).encode())
    return f"{body}.{_sign(secret, body)}"


def verify(secret: str, ticket: str, now: float) -> Ticket:
    """What a ticket says, if we signed it and its time is not over. Raises TicketRefused."""
    body, dot, signature = ticket.partition(".")
    if not dot or len(ticket) > LONGEST or not ticket.isascii():
        raise TicketRefused("malformed")
    if not hmac.compare_digest(signature, _sign(secret, body)):
        raise TicketRefused("forged")
    try:
        values = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        found = Ticket(values["s"], check(tuple(values["t"])), values["f"] is True, float(values["e"]), signature)
    except (binascii.Error, ValueError, KeyError, TypeError, TopicRefused):
        raise TicketRefused("malformed") from None
    if now >= found.expires:
        raise TicketRefused("expired")
    return found


def _sign(secret: str, body: str) -> str:
    # A key of its own, so that no other signature made with the same secret is a ticket.
    key = hmac.digest(secret.encode(), b"allmende.live.ticket.1", hashlib.sha256)
    return _encode(hmac.digest(key, body.encode(), hashlib.sha256))


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
