"""What is wrong with a decision model."""

from __future__ import annotations


class DmnError(ValueError):
    """A model that cannot be used. `code` is not_dmn, duplicate, reference, missing, import or cycle; `element` is the
    name of the part where it is wrong."""

    def __init__(self, code: str, message: str, element: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.element = element
