"""What FEEL says when there is no value."""

from __future__ import annotations

from dataclasses import dataclass


class FeelError(Exception):
    """No value. `code` is one of syntax, unknown (a name, strict mode only), border (a value that has no counterpart on
    the other side), time, memory, depth, size, broken; `position` counts characters (UTF-16 units) from 0."""

    def __init__(self, code: str, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.position = position


@dataclass(frozen=True)
class FeelWarning:
    """Why something became null: `code` is one of type, unknown, path, arguments, builtin, function, arithmetic, …"""

    code: str
    message: str
    position: int | None = None
