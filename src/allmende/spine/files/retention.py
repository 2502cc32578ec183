"""What privacy asks of files: what becomes of a person's uploads, and where their bytes are.

Imported by models.py, so the domain is imported when called.
"""

from pathlib import Path
from typing import Any


def let_go(row: Any) -> None:
    """The person leaves: files of their own go; those that belong to a room's matter stay with it, without owner and
    name."""
    from .domain import uploads

    uploads.let_go(row)


def blob(row: Any) -> tuple[str, Path] | None:
    """Name and place of the bytes, for the person's copy of their data; None while they are not readable."""
    from .domain.storage import path

    return (row.name, path(row)) if row.readable else None
