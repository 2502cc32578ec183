"""The order that breaks ties, as it was committed before the vote: one project id a line."""

from __future__ import annotations

from .model import Unreadable


def read_order(data: bytes) -> list[str]:
    """Ids in order; empty lines do not count. profile.order_of checks them. Raises Unreadable."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("not_text") from None
    return [line.strip() for line in text.splitlines() if line.strip()]
