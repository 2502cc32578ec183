"""What the public pages ask: participations in the order in which they matter, and what stands beside contributions."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Min, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from allmende.programme.models import Topic
from allmende.spine.facts.domain.queries import history
from allmende.spine.facts.models import FactRow
from allmende.spine.files.domain.queries import files_of
from allmende.spine.files.models import StoredFile
from allmende.spine.moderation.enums import CommentState
from allmende.spine.moderation.models import Comment

from ..enums import ParticipationState, Shown
from ..models import Contribution, Participation, Phase, Support

# What a participation is about now, in the order of the list.
OPEN, COMING, OVER = "open", "coming", "over"
STAGES = (OPEN, COMING, OVER)


def staged(now: dt.datetime | None = None) -> QuerySet[Participation]:
    """Public participations with `rank` (an index of `STAGES`) and their phases: what is open first, the first to
    close before the others; then what comes, by its beginning; then what is over, the last one first."""
    now = now or timezone.now()
    running = Q(state=ParticipationState.PUBLISHED)
    rows = Participation.objects.exclude(state=ParticipationState.DRAFT).annotate(
        shuts=Min("phases__closes", filter=running & Q(phases__opens__lte=now, phases__closes__gt=now)),
        begins=Min("phases__opens", filter=running & Q(phases__opens__gt=now)),
        ended=Max("phases__closes"),
    )
    rank = Case(
        When(shuts__isnull=False, then=Value(STAGES.index(OPEN))),
        When(begins__isnull=False, then=Value(STAGES.index(COMING))),
        default=Value(STAGES.index(OVER)),
        output_field=IntegerField(),
    )
    phases = Prefetch("phases", Phase.objects.order_by("number"))
    return rows.annotate(rank=rank).order_by("rank", "shuts", "begins", "-ended", "-pk").prefetch_related(phases)


def narrowed(rows: QuerySet[Any], text: str = "", *, stage: str = "") -> QuerySet[Any]:
    """Rows of `staged` by words and by stage."""
    for word in text.split()[:8]:
        rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(purpose__icontains=word))
    return rows.filter(rank=STAGES.index(stage)) if stage in STAGES else rows


def with_numbers(rows: Sequence[Any]) -> Sequence[Any]:
    """Participations of `staged` with `stage`, `current` (the phase that is open, or opens next) and `number` of
    contributions that are shown. One query."""
    shown = Contribution.objects.filter(phase__participation__in=[row.pk for row in rows], shown=Shown.VISIBLE)
    numbers = dict(shown.order_by().values_list("phase__participation").annotate(number=Count("pk")))
    for row in rows:
        row.stage, row.number = STAGES[row.rank], numbers.get(row.pk, 0)
        named = {OPEN: ("closes", row.shuts), COMING: ("opens", row.begins)}.get(row.stage)
        phases = list(row.phases.all())
        row.current = next((each for each in phases if named and getattr(each, named[0]) == named[1]), None)
        for phase in phases:
            phase.participation = row
    return rows


def phase_at(participation: Participation, number: int) -> Phase | None:
    """A phase by its number, with its participation at hand."""
    row = participation.phases.filter(number=number).first()
    if row is not None:
        row.participation = participation
    return row


def topics_of(phase: Phase) -> list[Topic]:
    """The topics that one may choose in a phase, in their order."""
    allowed = phase.rules.topics
    return list(Topic.objects.filter(slug__in=allowed)) if allowed else []


def with_comments(rows: Sequence[Any]) -> Sequence[Any]:
    """Contributions with the number of `comments` that are shown. One query."""
    said = Comment.objects.filter(subject__in=[row.urn for row in rows], state=CommentState.VISIBLE)
    numbers = dict(said.order_by().values_list("subject").annotate(number=Count("pk")))
    for row in rows:
        row.comments = numbers.get(row.urn, 0)
    return rows


def on_map(rows: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """With what a map and its list show, and nothing else."""
    return rows.select_related(None).only("public_id", "number", "title", "standing", "place_name", "geom", "centre")


def pictures_of(row: Contribution) -> list[StoredFile]:
    """Pictures that were put in with it and may be shown."""
    return [file for file in files_of(row) if file.is_picture and file.readable]


def steps_of(row: Contribution, *, own: bool) -> list[FactRow]:
    """What happened to it, the first step first; of what is not public only for its author."""
    facts = history(row.urn)
    return list((facts if own else facts.filter(public=True)).order_by("pk"))


def supported(person: Any, row: Contribution) -> bool:
    """Whether somebody finds a contribution good already."""
    return Support.objects.filter(contribution=row, account=person).exists()


def trace_of(public_id: uuid.UUID) -> Contribution | None:
    """What stays of a contribution that was removed or taken back: number, phase, and that it was there. What waits
    for a look was never public and leaves no trace."""
    rows = Contribution.objects.filter(public_id=public_id, shown__in=[Shown.HIDDEN, Shown.WITHDRAWN])
    rows = rows.exclude(phase__participation__state=ParticipationState.DRAFT)
    return rows.select_related("phase__participation").first()
