"""One measure of an import, into the database: a new one, or what changes in its draft."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from allmende.spine.facts import emit

from ..domain import compare, document, measures, revisions
from ..domain.form import FIELDS, PARTS, SCHEMA, Part
from ..domain.reading import Reading, place
from ..enums import RevisionState
from ..facts import MeasureDrafted, MeasurePublished
from ..models import Measure, Programme, Revision
from .problems import Path
from .rows_in import is_system
from .tally import TOLD, Tally, sides
from .whole import plain

Step = Callable[[int, int], None]  # done, of how many


@dataclass
class Outcome:
    """What an import did. `telling`: whether changes of measures are told word by word, which takes its time."""

    tally: Tally = field(default_factory=Tally)
    telling: bool = False

    @property
    def created(self) -> int:
        """Measures; so the next two."""
        return self.tally.new["measures"]

    @property
    def changed(self) -> int:
        return self.tally.changed["measures"]

    @property
    def same(self) -> int:
        return self.tally.same["measures"]

    @property
    def rows(self) -> dict[str, int]:
        """New rows of other kinds."""
        return {kind: number for kind, number in self.tally.new.items() if kind != "measures" and number}

    @property
    def counts(self) -> dict[str, int]:
        own = {"measures": self.created, "measures_changed": self.changed, "measures_same": self.same}
        return own | self.rows


def create(
    programme: Programme,
    doc: document.Document,
    *,
    public_id: uuid.UUID | None = None,
    slug: str = "",
    published: datetime | None = None,
    actor: Any,
) -> Measure:
    """A new measure with the identifier and the address it once had: a draft, or `published` since that moment.

    Reads as `document.apply` does, and writes all rows of a kind at once: there is nothing yet to compare with. Raises
    ValidationError.
    """
    row = Measure(programme=programme, slug=slug or measures.make_slug(str(doc["title"])), published=published)
    if public_id is not None:
        row.public_id = public_id
    reading = Reading(doc, row)
    if reading.problems:
        raise document.as_error(reading.problems)
    for name, value in reading.values.items():
        setattr(row, name, value)
    place(row, doc.get("geometry"))
    row.save()
    for part in PARTS:
        for child in reading.rows[part.name]:
            child.measure = row
        if reading.rows[part.name]:
            part.model.objects.bulk_create(reading.rows[part.name])
    emit(MeasureDrafted(title=row.title), subject=row, actor=actor)
    revision = revisions.new(row, _as_document(row, reading), actor)
    if published is not None:
        revisions.pass_by(revision)
        emit(MeasurePublished(title=row.title), subject=row, actor=actor)
    return row


def _as_document(row: Measure, reading: Reading) -> document.Document:
    """What `document.dump` would read back of a measure that was just written."""
    doc: document.Document = {"schema": SCHEMA} | {name: plain(getattr(row, name)) for name in FIELDS}
    doc |= {"topic": row.topic.slug, "phase": row.phase.number if row.phase else None, "geometry": row.geojson}
    for part in PARTS:
        doc[part.name] = [
            {"id": str(child.public_id)} | {name: _shown(part, child, name) for name in part.fields}
            for child in reading.rows[part.name]
        ]
    return doc


def _shown(part: Part, child: Any, name: str) -> Any:
    value = getattr(child, name)
    return plain(getattr(value, part.references[name].by) if name in part.references else value)


def revise(row: Measure, changes: document.Document, outcome: Outcome, *, actor: Any) -> None:
    """Put changes into the measure's draft, and count them. Raises ValidationError."""
    shown = revisions.draft_of(row)
    before, after = shown.document, document.tidy(shown.document | changes)
    if not document.changes(before, after):
        outcome.tally.keep("measures")
        return
    _put(row, shown, changes, after, actor)
    tell(outcome, row, before, after)


def tell(outcome: Outcome, row: Measure, before: document.Document, after: document.Document) -> None:
    """Note that a measure that was there is changed, and what of it as long as anybody reads on."""
    told = []
    if outcome.telling and len(outcome.tally.changes) < TOLD:
        told = [(change.label, *sides(change.pieces)) for change in compare.diff(before, after)]
    outcome.tally.change("measures", row, told)


def _put(row: Measure, shown: Revision, changes: document.Document, after: document.Document, actor: Any) -> None:
    if shown.state == RevisionState.REVIEW:
        raise ValidationError(_("The draft of this measure is in review. Take it back to change it."))
    if not is_system(actor):
        revisions.save(shown, {key: after[key] for key in changes}, version=shown.version, actor=actor)
        return
    if problems := document.check(after, row):
        raise document.as_error(problems)
    locked = Measure.locked(row.pk)
    draft = revisions.open_revision(locked) or revisions.new(locked, document.dump(locked), actor)
    draft.document = after
    draft.version += 1
    draft.save()


def problems_of(error: ValidationError) -> list[tuple[Path, str]]:
    """What an error of the document says, by path ("milestones.2.done")."""
    if not hasattr(error, "error_dict"):
        return [((), message) for message in error.messages]
    found: list[tuple[Path, str]] = []
    for name, messages in error.message_dict.items():
        path = (
            () if name == NON_FIELD_ERRORS else tuple(int(step) if step.isdigit() else step for step in name.split("."))
        )
        found += [(path, message) for message in messages]
    return found
