"""The one door for requests from our server to addresses that people type in. See README.md."""

from .errors import Broken, OutgoingError, Refused, TimedOut, TooLarge, Unreachable, describe
from .fetching import Answer, check, fetch

__all__ = [
    "Answer",
    "Broken",
    "OutgoingError",
    "Refused",
    "TimedOut",
    "TooLarge",
    "Unreachable",
    "check",
    "describe",
    "fetch",
]
