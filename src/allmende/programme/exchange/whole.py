"""The whole programme as one JSON document, and the same as tables.

The form: `format`, `exported` (instant), `programme` (one row), a list for each kind in `sheets.FLAT` plus `targets` of
the programme itself, and `measures`: rows with `id`, `slug`, `published` and the measure's `document`. A measure that
was never published stands there with its open draft; drafts of published measures are work under way and stay here.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from ..domain import document, revisions
from ..models import (
    Assessment,
    Definition,
    Indicator,
    Measure,
    Party,
    Programme,
    Replan,
    SeriesArea,
    SeriesBreak,
    Target,
    Topic,
    Value,
)
from .sheets import BY_KEY, FORMAT, PART_NAMES, SHEETS, TARGET_KEYS

Row = dict[str, Any]
Whole = dict[str, Any]
# Where a column of a sheet is not the attribute of the same name.
_LOOKUPS = {
    "id": "public_id",
    "measure": "measure__public_id",
    "milestone": "milestone__public_id",
    "indicator": "indicator__slug",
    "definition": "definition__number",
}


def plain(value: Any) -> Any:
    """A value of a column as JSON has it; instants in UTC."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value) if isinstance(value, uuid.UUID) else value


def rows_of(key: str, rows: QuerySet[Any]) -> Iterator[Row]:
    """The rows of one kind by the keys of its sheet, as JSON has them."""
    keys = BY_KEY[key].keys
    found = rows.values_list(*(_LOOKUPS.get(each, each) for each in keys))
    for values in found.iterator(chunk_size=2000):
        yield {name: plain(value) for name, value in zip(keys, values, strict=True)}


def dump(programme: Programme) -> Whole:
    """Everything of a programme. The same database gives the same document, save for `exported`."""
    # By identifier, which is by the time they were made: an import may create them in another order.
    measures = programme.measures.select_related("topic", "phase").order_by("public_id")
    inside = {"milestone__measure__programme": programme}
    lists = {
        "phases": programme.phases.order_by("number"),
        "topics": Topic.objects.order_by("slug"),
        "parties": Party.objects.order_by("slug"),
        "indicators": Indicator.objects.order_by("slug"),
        "definitions": Definition.objects.order_by("indicator__slug", "number"),
        "breaks": SeriesBreak.objects.order_by("indicator__slug", "date"),
        "areas": SeriesArea.objects.order_by("indicator__slug", "area"),
        "replans": Replan.objects.filter(**inside).order_by("milestone__public_id", "until", "pk"),
        "assessments": Assessment.objects.filter(measure__programme=programme).order_by("date", "public_id"),
        "values": Value.objects.order_by("indicator__slug", "area", "starts", "ends", "vintage"),
        "figures": programme.figures.order_by(*(_LOOKUPS.get(each, each) for each in ("order", "key", "period")), "pk"),
    }
    whole: Whole = {"format": FORMAT, "exported": plain(timezone.now())}
    whole["programme"] = next(rows_of("programme", Programme.objects.filter(pk=programme.pk)))
    whole |= {key: list(rows_of(key, rows)) for key, rows in lists.items()}
    own = Target.objects.filter(measure=None).order_by("indicator__slug", "area")
    whole["targets"] = [_target(row) for row in rows_of("targets", own)]
    whole["measures"] = [_measure(row) for row in measures]
    return whole


def _target(row: Row) -> Row:
    return {key: row[key] for key in ("id", *TARGET_KEYS)}


def _measure(row: Measure) -> Row:
    doc = document.dump(row)
    if row.published is None and (draft := revisions.open_revision(row)) is not None:
        doc = {key: draft.document.get(key) for key in document.KEYS}
    return {"id": str(row.public_id), "slug": row.slug, "published": plain(row.published), "document": doc}


def as_json(whole: Whole) -> bytes:
    """UTF-8, indented by one, keys in their order."""
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def to_tables(whole: Whole) -> dict[str, list[Row]]:
    """Rows by the key of their sheet. Measures are named by their code where they have one: people read that."""
    tables: dict[str, list[Row]] = {sheet.key: list(whole.get(sheet.key) or []) for sheet in SHEETS}
    tables["programme"] = [whole["programme"]]
    tables["targets"] = [{"measure": None, **row} for row in whole["targets"]]
    names = {row["id"]: row["document"].get("code") or row["id"] for row in whole["measures"]}
    tables["measures"] = []
    for row in whole["measures"]:
        doc, own = row["document"], {key: row[key] for key in ("id", "slug", "published")}
        tables["measures"].append(own | {key: doc.get(key) for key in BY_KEY["measures"].keys if key not in own})
        for part in PART_NAMES:
            tables[part] += [{"measure": names[row["id"]]} | each for each in doc.get(part) or []]
    _rename(tables["dependencies"], "needs", names)
    for key in ("assessments", "figures"):
        tables[key] = [dict(row) for row in tables[key]]
        _rename(tables[key], "measure", names)
    return tables


def _rename(rows: Iterable[Row], key: str, names: dict[str, str]) -> None:
    for row in rows:
        row[key] = names.get(row[key], row[key])
