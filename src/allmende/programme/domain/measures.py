"""Drafting, publishing, withdrawing and deleting measures. What a draft says is edited in `revisions`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require, require_actor
from allmende.spine.slugs import free_slug

from ..enums import DecisionKind
from ..facts import (
    DecisionTaken,
    MeasureChanged,
    MeasureDeleted,
    MeasureDrafted,
    MeasurePublished,
    MeasureWithdrawn,
    MilestoneReached,
)
from ..models import Decision, FormerSlug, Measure, Milestone, Programme, Topic
from . import document


def make_slug(title: str, taken_by: Measure | None = None) -> str:
    """A free address part for a title. Former addresses of other measures count as taken."""

    def taken(slug: str) -> bool:
        return (
            Measure.objects.filter(slug=slug).exclude(pk=taken_by.pk if taken_by else 0).exists()
            or FormerSlug.objects.filter(slug=slug).exclude(measure=taken_by).exists()
        )

    return free_slug(title, taken, fallback="massnahme")


@transaction.atomic
def draft_measure(programme: Programme, values: document.Document, *, actor: Any) -> Measure:
    """A new measure that nobody sees yet, with an open first revision. `values`: keys of the document; a topic may be
    given as the row.

    Raises PermissionDenied, ValidationError with every problem.
    """
    from . import revisions  # which calls this module to publish

    require(actor, "programme.add_measure")
    given = {key: value.slug if isinstance(value, Topic) else value for key, value in values.items()}
    doc = document.tidy(document.empty() | given)
    measure = Measure(programme=programme, slug=make_slug(str(doc["title"])))
    document.apply(measure, doc)
    emit(MeasureDrafted(title=measure.title), subject=measure, actor=actor)
    revisions.new(measure, document.dump(measure), actor)
    return measure


@transaction.atomic
def put(measure: Measure, doc: document.Document, *, actor: Any) -> Measure:
    """Make a locked measure what a reviewed document says, and public. Says what happened as facts.

    Raises ValidationError with every problem.
    """
    reached = set(Milestone.objects.filter(measure=measure, done__isnull=False).values_list("public_id", flat=True))
    decided = set(Decision.objects.filter(measure=measure).values_list("public_id", flat=True))
    first = measure.published is None
    title = measure.title
    changed = document.apply(measure, doc)
    if measure.title != title:
        _move(measure, make_slug(measure.title, taken_by=measure))
    if not first and not changed:
        return measure
    measure.published = measure.published or timezone.now()
    measure.version += 1
    measure.save()
    if first:
        emit(MeasurePublished(title=measure.title), subject=measure, actor=actor)
        return measure
    emit(
        MeasureChanged(title=measure.title, fields=changed, version=measure.version),
        subject=measure,
        actor=actor,
        public=True,
    )
    for milestone in measure.milestones.filter(done__isnull=False).exclude(public_id__in=reached):
        emit(MilestoneReached(title=measure.title, milestone=milestone.title), subject=measure, actor=actor)
    for decision in measure.decisions.exclude(public_id__in=decided).exclude(kind=DecisionKind.NOTE):
        emit(
            DecisionTaken(title=measure.title, decision=decision.kind, body=decision.body), subject=measure, actor=actor
        )
    return measure


def _move(row: Measure, slug: str) -> None:
    if slug == row.slug:
        return
    FormerSlug.objects.filter(slug=slug, measure=row).delete()
    if row.published is not None:
        FormerSlug.objects.get_or_create(slug=row.slug, defaults={"measure": row})
    row.slug = slug


@transaction.atomic
def publish_measure(measure: Measure, *, actor: Any) -> Measure:
    """Publish the open draft. A person publishes what another has submitted (`revisions.publish`); the system (an
    import, the demo) publishes at once. A published one without an open draft stays as it is.

    Raises PermissionDenied, ValidationError.
    """
    from . import revisions

    require_actor(actor, "programme.publish_measure", measure)
    row = Measure.locked(measure.pk)
    revision = revisions.open_revision(row)
    if revision is None:
        if row.published is None:
            raise ValidationError(_("No draft of this measure is in review."))
        return row
    if actor is None or isinstance(actor, str):
        revisions.pass_by(revision)
        return put(row, revision.document, actor=actor)
    return revisions.publish(revision, actor=actor)


@transaction.atomic
def withdraw_measure(measure: Measure, *, actor: Any) -> Measure:
    """Take a measure off the public pages. It stays, with a draft to publish again. Raises PermissionDenied."""
    from . import revisions

    require_actor(actor, "programme.publish_measure", measure)
    row = Measure.locked(measure.pk)
    if row.published is not None:
        row.published = None
        row.version += 1
        row.save()
        emit(MeasureWithdrawn(title=row.title), subject=row, actor=actor, url="")
        if revisions.open_revision(row) is None:
            revisions.new(row, document.dump(row), actor)
    return row


@transaction.atomic
def delete_measure(measure: Measure, *, actor: Any) -> None:
    """Remove a measure for good, with its drafts. Followers are told by the fact; reports that name it stay.

    Raises PermissionDenied; ValidationError where another measure depends on it.
    """
    require_actor(actor, "programme.delete_measure", measure)
    row = Measure.locked(measure.pk)
    needed = row.needed_by.select_related("measure").first()
    if needed is not None:
        raise ValidationError(_("“%(title)s” depends on this measure.") % {"title": needed.measure.title})
    emit(MeasureDeleted(title=row.title), subject=row, actor=actor, public=row.published is not None, url="")
    row.delete()
