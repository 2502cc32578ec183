"""Reading the register: for pages, for the person, for the record."""

import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from .. import foreign, register
from ..register import Personal


def title_of(line: Personal) -> str:
    return str(line.title or foreign.TITLES.get(line.label) or capfirst(str(line.model._meta.verbose_name)))  # type: ignore[attr-defined]


def label_of(model: Any, name: str) -> str:
    """How people call a field."""
    try:
        own = str(getattr(model._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        own = name
    if own == name.replace("_", " ") and name in foreign.LABELS:
        return str(foreign.LABELS[name])
    return capfirst(own)


def basis_of(line: Personal) -> str:
    """The legal basis, cited as the reader's language cites."""
    if not (get_language() or "de").startswith("de"):
        return line.legal_basis
    text = re.sub(r"\((\d+)\)\(([a-z])\)", r" Abs. \1 Buchst. \2", line.legal_basis)
    return re.sub(r"\((\d+)\)", r" Abs. \1", text).replace("GDPR", "DSGVO")


def kept_for(line: Personal) -> str:
    """When data of this line go, in words."""
    if line.retention_days is None:
        return str(line.until or _("as long as you wish"))
    years, rest = divmod(line.retention_days, 365)
    if years and not rest:
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    return ngettext("%(count)d day", "%(count)d days", line.retention_days) % {"count": line.retention_days}


@dataclass(frozen=True)
class RegisterLine:
    """A line of the register for people. `days` is None where no day is counted; `kept` says it in words."""

    key: str
    title: str
    purpose: str
    labels: str
    legal_basis: str
    days: int | None
    kept: str
    concerns: str
    recipients: str


def register_lines() -> list[RegisterLine]:
    """The whole register in the active language, by title."""
    found = [
        RegisterLine(
            key=line.label,
            title=title_of(line),
            purpose=str(line.purpose),
            labels=str(line.data) or ", ".join(label_of(line.model, name) for name in line.fields),
            legal_basis=basis_of(line),
            days=line.retention_days,
            kept=kept_for(line),
            concerns=str(line.concerns) or _("People with an account"),
            recipients=str(line.recipients) or _("Staff of the town whose task it is"),
        )
        for line in register.lines()
    ]
    return sorted(found, key=lambda line: (line.title.casefold(), line.key))


def rows_of(line: Personal, account: Any) -> QuerySet[Any]:
    """The rows of a line that concern `account`."""
    if line.rows is not None:
        return line.rows(account)  # type: ignore[no-any-return]
    manager = line.model._base_manager  # type: ignore[attr-defined]
    if not line.subjects:
        return manager.none()  # type: ignore[no-any-return]
    condition = Q()
    for path in line.subjects:
        condition |= Q(pk=account.pk) if path == "self" else Q(**{path: account})
    return manager.filter(condition).order_by("pk")  # type: ignore[no-any-return]


def dated(line: Personal, rows: QuerySet[Any] | None = None) -> QuerySet[Any]:
    """Rows of a line with `counted`: the day that the retention counts from, null where there is none."""
    parts = [
        TruncDate(name) if isinstance(_field(line.model, name), models.DateTimeField) else models.F(name)
        for name in line.dates
    ]
    day = Coalesce(*parts, output_field=models.DateField()) if len(parts) > 1 else parts[0]
    base = line.model._base_manager.all() if rows is None else rows  # type: ignore[attr-defined]
    return base.annotate(counted=models.ExpressionWrapper(day, output_field=models.DateField()))  # type: ignore[no-any-return]


def _field(model: Any, name: str) -> Any:
    return model._meta.get_field(name)
