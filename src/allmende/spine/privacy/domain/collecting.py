"""Everything the database holds about one person, as plain values."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from allmende.spine.facts.domain.queries import audit
from allmende.spine.people.models import Account

from .. import foreign, register
from ..register import Personal
from .queries import label_of, rows_of, title_of


def plain(row: Any, name: str, owner: Account | None = None) -> Any:
    """A field's value as JSON knows it. Other people's accounts are not named: the copy is the person's own, not
    theirs."""
    try:
        field = row._meta.get_field(name)
    except FieldDoesNotExist:
        return str(getattr(row, name, ""))
    if isinstance(field, models.ForeignKey):
        key = getattr(row, field.attname)
        if key is None:
            return None
        if issubclass(field.related_model, Account):  # type: ignore[arg-type]
            return f"account:{key}" if owner is None or key == owner.pk else _("another person")
        return f"{field.related_model._meta.model_name}:{key}"  # type: ignore[union-attr]
    value = getattr(row, name)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool | int | float | str | dict | list) or value is None:
        return value
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)


def shown_fields(line: Personal) -> list[str]:
    """Fields of a line that may be handed out."""
    return [name for name in line.fields if f"{line.label}.{name}" not in foreign.SECRET]


def sections(account: Account) -> Iterator[dict[str, Any]]:
    """Per line with rows: {key, title, purpose, columns, rows}, rows as lists in the order of `columns`."""
    for line in register.lines():
        names = shown_fields(line)
        rows = [
            [plain(row, name, account) for name in names] for row in rows_of(line, account).iterator(chunk_size=500)
        ]
        if rows:
            yield {
                "key": line.label,
                "title": title_of(line),
                "purpose": str(line.purpose),
                "fields": names,
                "columns": [label_of(line.model, name) for name in names],
                "rows": rows,
            }


def facts_of(account: Account) -> Iterator[dict[str, str]]:
    """What the person did, as the log tells it: time, kind, sentence, subject."""
    for fact in audit(actor=f"account:{account.pk}").iterator(chunk_size=1000):
        yield {
            "time": fact.time.isoformat(),
            "kind": fact.kind,
            "sentence": str(fact.sentence),
            "subject": fact.subject,
        }


def blobs_of(account: Account) -> Iterator[tuple[str, Path]]:
    """(name, path) of every file of the person."""
    for line in register.lines():
        if line.blob is None:
            continue
        for row in rows_of(line, account).iterator(chunk_size=500):
            found = line.blob(row)
            if found is not None and found[1].exists():
                yield found


def extent(account: Account) -> tuple[int, int]:
    """(rows and facts, bytes of files): how much there is to collect."""
    rows = sum(rows_of(line, account).count() for line in register.lines())
    return rows + audit(actor=f"account:{account.pk}").count(), sum(
        path.stat().st_size for _, path in blobs_of(account)
    )


def overview(account: Account) -> list[dict[str, Any]]:
    """Per line with rows: title, purpose, number, what deletion does to them."""
    return [
        {"title": title_of(line), "purpose": str(line.purpose), "count": count, "on_deletion": line.on_deletion}
        for line in register.lines()
        if (count := rows_of(line, account).count())
    ]


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
