"""What somebody has to do: tasks, drafts, reviews, entries that grow stale, milestones that come due."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import can, require
from allmende.spine.people.models import Account

from ..enums import Maturity, RevisionState, State
from ..facts import MeasureAssessed, TaskFinished, TaskSet
from ..models import Assessment, Measure, Milestone, Revision, Task
from . import queries, revisions

# A measure at work of which nothing new was published for so long is asked about.
STALE_DAYS = 90
SOON_DAYS = 30
AT_WORK = {State.PLANNED, State.RUNNING, State.LATE, State.UNKNOWN}


@transaction.atomic
def set_task(measure: Measure, *, title: str, due: dt.date, assignee: Account | None = None, actor: Any) -> Task:
    """Something to be done by a day. Raises PermissionDenied, ValidationError."""
    require(actor, "programme.change_measure", measure)
    if assignee is not None and not can(assignee, "programme.change_measure", measure):
        raise ValidationError({"assignee": _("This person may not work on this measure.")})
    task = Task(measure=measure, title=title.strip(), due=due, assignee=assignee)
    task.full_clean()
    task.save()
    emit(TaskSet(due=due.isoformat()), subject=measure, actor=actor)
    return task


@transaction.atomic
def finish_task(task: Task, *, actor: Any) -> Task:
    """Mark a task as done; one that is done stays so. Raises PermissionDenied."""
    require(actor, "programme.change_measure", task.measure)
    row = Task.objects.select_for_update(of=("self",)).select_related("measure").get(pk=task.pk)
    if row.done is None:
        row.done = timezone.now()
        row.save()
        emit(TaskFinished(due=row.due.isoformat()), subject=row.measure, actor=actor)
    return row


@transaction.atomic
def assess(measure: Measure, *, date: dt.date, light: str, reason: str, actor: Any) -> Assessment:
    """A dated judgement with its reason, beside the computed state. Raises PermissionDenied, ValidationError."""
    require(actor, "programme.change_measure", measure)
    if date > timezone.localdate():
        raise ValidationError({"date": _("This day lies in the future.")})
    row = Assessment(measure=measure, date=date, light=light, reason=reason.strip())
    row.full_clean()
    row.save()
    emit(
        MeasureAssessed(title=measure.title, light=light),
        subject=measure,
        actor=actor,
        public=measure.published is not None,
    )
    return row


@transaction.atomic
def change_many(measures: Iterable[Measure], changes: dict[str, Any], *, submit: bool, actor: Any) -> int:
    """Put the same change into the drafts of several measures, all or none; returns how many drafts changed.

    Raises PermissionDenied, ValidationError naming the measure whose draft is in review or becomes wrong.
    """
    done = 0
    for measure in sorted(measures, key=lambda row: row.pk):
        shown = revisions.draft_of(measure)
        try:
            row = revisions.save(shown, changes, version=shown.version, actor=actor)
            if row.base == row.document:
                if shown.pk is None:
                    row.delete()
                continue
            if submit:
                revisions.submit(row, note=_("Batch change"), actor=actor)
        except ValidationError as error:
            text = " ".join(error.messages)
            raise ValidationError(f"{measure.title}: {text}") from error
        done += 1
    return done


_NAMED = ("measure__public_id", "measure__title")


@dataclass(frozen=True)
class Work:
    """What waits for one person."""

    drafts: QuerySet[Revision]
    reviews: QuerySet[Revision]
    tasks: QuerySet[Task]
    due: QuerySet[Milestone]
    stale: list[Measure]


def my_work(person: Any) -> Work:
    """Everything that waits for `person`, the most pressing first; of measures no more than lists show."""
    open_ = [RevisionState.DRAFT, RevisionState.RETURNED]
    drafts = Revision.objects.filter(author=person, state__in=open_).select_related("measure").order_by("changed")
    return Work(
        drafts=drafts.only("state", "changed", *_NAMED),
        reviews=queries.reviews_for(person)
        .exclude(author=person)
        .only("public_id", "document", "note", "submitted", "author__name", "author__email", *_NAMED),
        tasks=open_tasks(person).only("public_id", "title", "due", "done", *_NAMED),
        due=due_milestones(person).only("title", "plan", *_NAMED),
        stale=stale_measures(queries.changeable(person)),
    )


def open_tasks(person: Any) -> QuerySet[Task]:
    """Tasks of a person that are not done, the first due first."""
    return Task.objects.filter(assignee=person, done__isnull=True).select_related("measure").order_by("due", "pk")


def due_milestones(person: Any, days: int = SOON_DAYS) -> QuerySet[Milestone]:
    """Open milestones of a person's measures that are overdue or due within `days`."""
    last = timezone.localdate() + dt.timedelta(days=days)
    rows = Milestone.objects.filter(measure__in=queries.changeable(person), done__isnull=True, plan__lte=last)
    return rows.select_related("measure").order_by("plan", "pk")


def stale_measures(rows: QuerySet[Measure], today: dt.date | None = None) -> list[Measure]:
    """Published measures at work of which nothing was published for STALE_DAYS, the longest silent first."""
    now = timezone.now() if today is None else timezone.make_aware(dt.datetime.combine(today, dt.time()))
    silent = rows.filter(published__isnull=False, changed__lt=now - dt.timedelta(days=STALE_DAYS))
    found = queries.with_standing(silent.exclude(maturity=Maturity.ENDED).select_related("topic").order_by("changed"))
    return [row for row in found if row.standing.state in AT_WORK]  # type: ignore[attr-defined]
