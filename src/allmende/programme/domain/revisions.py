"""Drafts: begun, edited, submitted, reviewed by a second person, published."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import require
from allmende.spine.people.models import Account

from ..enums import RevisionState
from ..facts import DraftEdited, MeasureReturned, MeasureSubmitted
from ..models import Measure, Revision, RevisionComment
from . import document, measures

OPEN = (RevisionState.DRAFT, RevisionState.REVIEW, RevisionState.RETURNED)


def _person(actor: Any) -> Account | None:
    return actor if isinstance(actor, Account) else None


def open_revision(measure: Measure) -> Revision | None:
    return measure.revisions.filter(state__in=OPEN).first()


def draft_of(measure: Measure) -> Revision:
    """The open draft, or an unsaved one of what is published, whose version is that of the measure made negative."""
    found = open_revision(measure)
    if found is not None:
        return found
    doc = document.dump(measure)
    return Revision(measure=measure, document=doc, base=doc, based_on=measure.version, version=-measure.version)


@transaction.atomic
def begin(measure: Measure, *, actor: Any) -> Revision:
    """The open draft of a measure, begun from what is published where there is none. Raises PermissionDenied."""
    require(actor, "programme.change_measure", measure)
    row = Measure.locked(measure.pk)
    return open_revision(row) or new(row, document.dump(row), actor)


def new(row: Measure, doc: document.Document, actor: Any) -> Revision:
    """A further revision of a locked measure, holding `doc`."""
    last = row.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    return Revision.objects.create(
        measure=row, number=last + 1, document=doc, base=doc, based_on=row.version, author=_person(actor)
    )


@transaction.atomic
def edit(revision: Revision, changes: document.Document, *, version: int, actor: Any) -> Revision:
    """Put `changes` (top-level keys of the document) into a draft that stands at `version`.

    Whoever edits becomes the author. Raises PermissionDenied, VersionConflict (carries the draft as saved meanwhile),
    ValidationError with every problem among what was changed, or where the draft is in review.
    """
    require(actor, "programme.change_measure", revision.measure)
    row = Revision.locked(revision.pk, version)
    if row.state not in (RevisionState.DRAFT, RevisionState.RETURNED):
        raise ValidationError(_("This draft is in review. Take it back to change it."))
    after = document.tidy(row.document | changes)
    problems = [each for each in document.check(after, row.measure) if not each.path or each.path[0] in changes]
    if problems:
        raise document.as_error(problems)
    if after == row.document:
        return row
    fields = document.changes(row.document, after)
    row.document = after
    row.author = _person(actor) or row.author
    row.version += 1
    row.save()
    emit(DraftEdited(title=row.measure.title, fields=fields), subject=row.measure, actor=actor)
    return row


@transaction.atomic
def save(shown: Revision, changes: document.Document, *, version: int, actor: Any) -> Revision:
    """`edit()` on what `draft_of()` gave: begins a draft where nobody had. `version`: of what the person saw.

    Raises as `edit()` does; then no draft is begun either.
    """
    if shown.pk is not None:
        return edit(shown, changes, version=version, actor=actor)
    if shown.version != version:
        raise VersionConflict(shown)
    row = begin(shown.measure, actor=actor)
    return edit(row, changes, version=1, actor=actor)


@transaction.atomic
def submit(revision: Revision, *, note: str = "", actor: Any) -> Revision:
    """Give a draft to review. Raises PermissionDenied, ValidationError where it is incomplete or changes nothing."""
    require(actor, "programme.change_measure", revision.measure)
    row = Revision.locked(revision.pk)
    if row.state not in (RevisionState.DRAFT, RevisionState.RETURNED):
        raise ValidationError(_("This draft is not open."))
    problems = document.check(row.document, row.measure)
    if problems:
        raise document.as_error(problems)
    if row.measure.published and not document.changes(document.dump(row.measure), row.document):
        raise ValidationError(_("Nothing is changed in this draft."))
    row.state, row.note, row.submitted = RevisionState.REVIEW, note.strip()[:300], timezone.now()
    row.author = row.author or _person(actor)
    row.version += 1
    row.save()
    emit(MeasureSubmitted(title=row.document["title"], number=row.number), subject=row.measure, actor=actor)
    return row


@transaction.atomic
def take_back(revision: Revision, *, actor: Any) -> Revision:
    """Out of review again, by somebody who may edit. Raises PermissionDenied, ValidationError."""
    require(actor, "programme.change_measure", revision.measure)
    return _turn(revision, RevisionState.DRAFT)


@transaction.atomic
def return_to_author(revision: Revision, *, comment: str, actor: Any) -> Revision:
    """Back to the author with what is to be changed. Raises PermissionDenied, ValidationError."""
    require(actor, "programme.publish_measure", revision.measure)
    if not comment.strip():
        raise ValidationError({"comment": _("Say what is to be changed.")})
    row = _turn(revision, RevisionState.RETURNED)
    row.reviewer, row.decided = _person(actor), timezone.now()
    row.save()
    RevisionComment.objects.create(revision=row, author=_person(actor), text=comment.strip())
    emit(MeasureReturned(title=row.document["title"], number=row.number), subject=row.measure, actor=actor)
    return row


def _turn(revision: Revision, state: RevisionState) -> Revision:
    row = Revision.locked(revision.pk)
    if row.state != RevisionState.REVIEW:
        raise ValidationError(_("This draft is not in review."))
    row.state = state
    row.version += 1
    row.save()
    return row


@transaction.atomic
def comment(revision: Revision, text: str, *, actor: Any) -> RevisionComment:
    """A remark on an open draft. Raises PermissionDenied, ValidationError."""
    require(actor, "programme.change_measure", revision.measure)
    remark = RevisionComment(revision=revision, author=_person(actor), text=text.strip())
    remark.full_clean()
    remark.save()
    return remark


@transaction.atomic
def bring_up_to_date(revision: Revision, *, actor: Any) -> Revision:
    """Base a draft on what was published meanwhile: what the draft left alone comes from there."""
    require(actor, "programme.change_measure", revision.measure)
    row = Revision.locked(revision.pk)
    if row.state not in OPEN:
        raise ValidationError(_("This draft is not open."))
    now = document.dump(row.measure)
    row.document = now | {key: row.document[key] for key in document.changes(row.base, row.document)}
    row.base = now
    row.based_on, row.state = row.measure.version, RevisionState.DRAFT
    row.version += 1
    row.save()
    return row


@transaction.atomic
def publish(revision: Revision, *, version: int | None = None, actor: Any) -> Measure:
    """Make a reviewed draft what everybody sees. `version`: the draft that the reviewer has read.

    Raises PermissionDenied; VersionConflict where the draft changed while it was read; ValidationError where the
    reviewer is the author, the draft is not in review, or something else was published meanwhile.
    """
    require(actor, "programme.publish_measure", revision.measure)
    live = Measure.locked(revision.measure_id)
    row = Revision.locked(revision.pk, version)
    if row.state != RevisionState.REVIEW:
        raise ValidationError(_("This draft is not in review."))
    person = _person(actor)
    if person is not None and row.author_id == person.pk:
        raise ValidationError(_("You wrote this draft yourself: a second person has to review it."))
    if row.based_on != live.version:
        raise ValidationError(_("Something else was published meanwhile. Bring the draft up to date first."))
    row.state, row.reviewer, row.decided = RevisionState.PUBLISHED, person, timezone.now()
    row.version += 1
    row.save()
    return measures.put(live, row.document, actor=actor)


@transaction.atomic
def discard(revision: Revision, *, actor: Any) -> None:
    """Throw a draft away; a measure that was never published stays as its first draft. Raises PermissionDenied."""
    require(actor, "programme.change_measure", revision.measure)
    row = Revision.locked(revision.pk)
    if row.state not in OPEN:
        raise ValidationError(_("This draft is not open."))
    row.state, row.decided = RevisionState.DISCARDED, timezone.now()
    row.version += 1
    row.save()


def pass_by(revision: Revision) -> None:
    """Mark an open draft as published by the system, which needs no second person. Within a transaction."""
    row = Revision.locked(revision.pk)
    row.state, row.decided = RevisionState.PUBLISHED, timezone.now()
    row.version += 1
    row.save()
