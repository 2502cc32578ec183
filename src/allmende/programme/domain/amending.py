"""Writing into a measure what a process decided: at once, and into the draft that somebody has open."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from allmende.spine.people.access import require_actor
from allmende.spine.people.models import Account

from ..enums import RevisionState
from ..models import Measure, Revision
from . import document, measures, revisions

Change = Callable[[document.Document], None]


@transaction.atomic
def amend(measure: Measure, change: Change, *, note: str, actor: Any) -> Measure:
    """Apply `change`, which alters a document in place. A published measure shows it at once, and its history says why
    (`note`); one that is not public yet gets it into its draft. The second pair of eyes is the process's: its version
    was released by a second person.

    Raises PermissionDenied, ValidationError with every problem.
    """
    require_actor(actor, "programme.publish_measure", measure)
    row = Measure.locked(measure.pk)
    draft = revisions.open_revision(row)
    if row.published is not None:
        _publish(row, change, note, actor)
    elif draft is None:
        draft = revisions.new(row, document.dump(row), actor)
    if draft is not None:
        _into_draft(draft, row, change)
    return row


def _publish(row: Measure, change: Change, note: str, actor: Any) -> None:
    before = document.dump(row)
    after = document.tidy(_changed(before, change))
    measures.put(row, after, actor=actor)
    last = row.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    Revision.objects.create(
        measure=row,
        number=last + 1,
        document=document.dump(row),
        base=before,
        based_on=row.version,
        state=RevisionState.PUBLISHED,
        note=note[:300],
        author=actor if isinstance(actor, Account) else None,
        decided=timezone.now(),
    )


def _changed(doc: document.Document, change: Change) -> document.Document:
    copy = {key: [dict(row) for row in value] if isinstance(value, list) else value for key, value in doc.items()}
    change(copy)
    return copy


def _into_draft(draft: Revision, row: Measure, change: Change) -> None:
    """The draft gets the change too, so that its publication does not undo it."""
    after = document.tidy(_changed(draft.document, change))
    if row.published is None:
        known = {problem.path for problem in document.check(draft.document, row)}
        problems = [each for each in document.check(after, row) if each.path not in known]
        if problems:
            raise document.as_error(problems)
    else:
        draft.base, draft.based_on = document.dump(row), row.version
    draft.document = after
    draft.version += 1
    draft.save()
