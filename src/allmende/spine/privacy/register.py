"""The register of personal data: a model that holds any declares why, on what ground and for how long.

A contract test refuses a model with a field that looks personal and no declaration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

OnDeletion = Literal["delete", "detach", "keep"]
Model = TypeVar("Model", bound=type)


@dataclass(frozen=True)
class Personal:
    """One line of the register. `retention_days` None: as long as the person wants. `subject` is the path from a row to its
    account ("self", or a foreign key's name, with `__` for further steps). `on_deletion` says what becomes of rows when the person asks for
    deletion: deleted, detached from the person, or kept on a legal ground."""

    model: type
    purpose: object
    legal_basis: str
    retention_days: int | None
    subject: str
    fields: tuple[str, ...]
    on_deletion: OnDeletion
    # Date field that the retention counts from.
    counts_from: str


REGISTER: dict[type, Personal] = {}


def personal(
    *,
    purpose: object,
    legal_basis: str,
    retention_days: int | None,
    subject: str,
    fields: list[str],
    on_deletion: OnDeletion = "delete",
    counts_from: str = "created",
) -> Callable[[Model], Model]:
    """Declare a model's personal data. Raises ValueError for a retention that is not a positive number of days."""
    if retention_days is not None and retention_days <= 0:
        raise ValueError("retention is a positive number of days, or None")

    def register(model: Model) -> Model:
        REGISTER[model] = Personal(
            model, purpose, legal_basis, retention_days, subject, tuple(fields), on_deletion, counts_from
        )
        return model

    return register
