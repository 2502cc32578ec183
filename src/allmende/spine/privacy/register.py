"""The register of personal data: a model that holds any declares why, on what ground and for how long.

A contract test refuses a model with a field that looks personal and no declaration. Third-party tables are declared
in `foreign.py`. Knows no model itself, so that every app may import it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

OnDeletion = Literal["delete", "detach", "keep"]
Model = TypeVar("Model", bound=type)


@dataclass(frozen=True)
class Personal:
    """One line of the register.

    `retention_days` None: no day is counted; `until` then says in words when rows go (default: as long as the person
    wants). `subject` is the path from a row to its account: "self", or a foreign key's name with `__` for further
    steps; `a|b` where a row concerns more than one person; empty where only `rows` knows. `on_deletion` says what
    becomes of rows when the person asks for deletion: deleted, detached from the person (personal fields emptied, or
    set as `detached` says), or kept on a legal ground. `counts_from` is the date field that the retention counts
    from; `a|b` takes the first that is set; rows without any date are never due.
    """

    model: type
    purpose: object
    legal_basis: str
    retention_days: int | None
    subject: str
    fields: tuple[str, ...]
    on_deletion: OnDeletion
    counts_from: str
    title: object = ""
    until: object = ""
    # Whom the data are about and who gets them, for the record of processing (Art. 30 GDPR).
    concerns: object = ""
    recipients: object = ""
    # The data in words; default: the labels of the fields.
    data: object = ""
    detached: dict[str, object] = field(default_factory=dict)
    # rows(account) -> queryset, where no path leads to the account.
    rows: Callable[[Any], Any] | None = None
    # erase(row): what deletion or detachment of one row means, where more than the row is concerned.
    erase: Callable[[Any], None] | None = None
    # blob(row) -> (name, path) of a file that belongs into the person's copy, or None.
    blob: Callable[[Any], tuple[str, Path] | None] | None = None

    @property
    def label(self) -> str:
        """`people.Account`: the key of this line."""
        return str(self.model._meta.label)  # type: ignore[attr-defined]

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(part for part in self.subject.split("|") if part)

    @property
    def dates(self) -> tuple[str, ...]:
        return tuple(self.counts_from.split("|"))


REGISTER: dict[type, Personal] = {}
# ("app.Model", field) -> why a field that looks personal is not.
NOT_PERSONAL: dict[tuple[str, str], str] = {}


def declare(line: Personal) -> None:
    """Add a line. Raises ValueError for a retention that is not a positive number of days."""
    if line.retention_days is not None and line.retention_days <= 0:
        raise ValueError("retention is a positive number of days, or None")
    REGISTER[line.model] = line


def personal(
    *,
    purpose: object,
    legal_basis: str,
    retention_days: int | None,
    subject: str,
    fields: list[str],
    on_deletion: OnDeletion = "delete",
    counts_from: str = "created",
    title: object = "",
    until: object = "",
    concerns: object = "",
    recipients: object = "",
    data: object = "",
    detached: dict[str, object] | None = None,
    rows: Callable[[Any], Any] | None = None,
    erase: Callable[[Any], None] | None = None,
    blob: Callable[[Any], tuple[str, Path] | None] | None = None,
) -> Callable[[Model], Model]:
    """Declare a model's personal data; the arguments are the fields of `Personal`."""

    def register(model: Model) -> Model:
        declare(
            Personal(
                model,
                purpose,
                legal_basis,
                retention_days,
                subject,
                tuple(fields),
                on_deletion,
                counts_from,
                title,
                until,
                concerns,
                recipients,
                data,
                detached or {},
                rows,
                erase,
                blob,
            )
        )
        return model

    return register


def not_personal(**reasons: str) -> Callable[[Model], Model]:
    """Say of fields that look personal why they are not: `@not_personal(contact_email="the town's own address")`."""

    def register(model: Model) -> Model:
        for name, reason in reasons.items():
            NOT_PERSONAL[(str(model._meta.label), name)] = reason  # type: ignore[attr-defined]
        return model

    return register


def lines() -> list[Personal]:
    """The whole register, sorted by model."""
    return sorted(REGISTER.values(), key=lambda line: line.label)


def line_of(label: str) -> Personal:
    """The line of `app.Model`. Raises KeyError."""
    for line in REGISTER.values():
        if line.label == label:
            return line
    raise KeyError(label)
