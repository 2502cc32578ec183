"""What the register calls for this app's own rows. Imported by models.py, so the domain is imported when called."""

from typing import Any


def delete_copy(row: Any) -> None:
    """A copy of somebody's data goes with its ZIP."""
    from .domain.copies import discard

    discard(row)
