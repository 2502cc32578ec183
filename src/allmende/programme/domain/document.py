"""A measure as one document: what a draft holds, what is compared, imported and exported.

The form (`SCHEMA`): the measure's own fields by name, `topic` by slug, `phase` by number, `geometry` as GeoJSON
(lon/lat), and a list of rows for each kind of child, each row with its `id`. Dates are ISO 8601, numbers strings with a
point.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from ..models import Measure, Milestone, Replan
from .form import FIELDS, KEYS, PARTS, SCHEMA, Document, Part, Problem, upgraded
from .reading import Reading, place

__all__ = ["FIELDS", "KEYS", "PARTS", "SCHEMA", "Document", "Part", "Problem", "upgraded"]


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, uuid.UUID):
        return str(value)
    return value


def dump(measure: Measure) -> Document:
    """The published state as a document."""
    doc: Document = {"schema": SCHEMA}
    doc |= {name: _plain(getattr(measure, name)) for name in FIELDS}
    doc["topic"] = measure.topic.slug
    doc["phase"] = measure.phase.number if measure.phase else None
    doc["geometry"] = measure.geojson
    for part in PARTS:
        rows = getattr(measure, part.name).select_related(*part.references).order_by("pk")
        doc[part.name] = [_dump_row(part, row) for row in rows]
    return doc


def _dump_row(part: Part, row: Any) -> Document:
    out: Document = {"id": str(row.public_id)}
    for name in part.fields:
        value = getattr(row, name)
        out[name] = _plain(getattr(value, part.references[name].by) if name in part.references else value)
    return out


def empty() -> Document:
    """A document with nothing in it yet."""
    blank = Measure()
    doc: Document = {"schema": SCHEMA} | {name: _plain(getattr(blank, name)) for name in FIELDS}
    return doc | {"topic": "", "phase": None, "geometry": None} | {part.name: [] for part in PARTS}


def changes(before: Document, after: Document) -> list[str]:
    """Keys that differ, in the document's order."""
    before, after = upgraded(before), upgraded(after)
    return [key for key in KEYS if before.get(key) != after.get(key)]


def check(doc: Document, measure: Measure | None = None) -> list[Problem]:
    """Everything that is wrong with a document for `measure` (None: a new one). Reads, never writes."""
    return Reading(doc, measure).problems


def tidy(doc: Document) -> Document:
    """With the line ends of one kind, no blanks at the edges, and an id for every row."""
    out = {key: _tidy(value) for key, value in doc.items()}
    for part in PARTS:
        for row in out.get(part.name) or []:
            if isinstance(row, dict) and not row.get("id"):
                row["id"] = str(part.model().public_id)
    return out


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, list):
        return [_tidy(each) for each in value]
    if isinstance(value, dict):
        return {key: _tidy(each) for key, each in value.items()}
    return value


def apply(measure: Measure, doc: Document) -> list[str]:
    """Make the rows of `measure` what the document says; returns the keys that changed. Within a transaction, the
    measure locked. Does not touch version and publication.

    Raises ValidationError with every problem.
    """
    before = dump(measure) if measure.pk else empty()
    reading = Reading(doc, measure)
    if reading.problems:
        raise as_error(reading.problems)
    for name, value in reading.values.items():
        setattr(measure, name, value)
    place(measure, doc.get("geometry"))
    measure.save()
    for part in PARTS:
        _sync(measure, part, reading.rows[part.name])
    return changes(before, dump(measure))


def _sync(measure: Measure, part: Part, rows: list[Any]) -> None:
    kept = {row.public_id for row in rows}
    there = {row.public_id: row for row in part.model.objects.filter(measure=measure)}
    for public_id in there.keys() - kept:
        there[public_id].delete()
    for row in rows:
        row.measure = measure
        old = there.get(row.public_id)
        if old is not None:
            row.pk = old.pk
            if part.model is Milestone and old.plan != row.plan:
                Replan.objects.create(milestone=old, plan=old.plan)
        row.save()


def as_error(problems: Iterable[Problem]) -> ValidationError:
    """All problems as one error, by path: "title", "milestones.2.done"; of the whole under NON_FIELD_ERRORS."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(".".join(map(str, problem.path)) or NON_FIELD_ERRORS, []).append(problem.message)
    return ValidationError(found)  # type: ignore[arg-type]
