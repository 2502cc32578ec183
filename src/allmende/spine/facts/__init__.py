"""Facts: what happened, once, in order. See README.md."""

from .handlers import FactRow, handler
from .kinds import Fact
from .log import emit

__all__ = ["Fact", "FactRow", "emit", "handler"]
