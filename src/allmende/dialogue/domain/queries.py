"""Reading participations and contributions."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from allmende.spine import subjects
from allmende.spine.people.access import scopes_for, visible_to
from allmende.spine.people.enums import INSTANCE

from ..enums import ANSWERS, OPEN, ParticipationState, ReviewState, Shown
from ..models import Answer, Contribution, Participation, Phase, Review
from ..rules import own_scopes

SORTS = {"neu": ("-pk",), "zuspruch": ("-support", "-pk"), "alt": ("pk",)}


def public_participations() -> QuerySet[Participation]:
    """What everybody may see: what is open first, then what comes, then what is over; by their last day."""
    rows = Participation.objects.exclude(state=ParticipationState.DRAFT)
    return rows.annotate(opens=Min("phases__opens"), closes=Max("phases__closes")).order_by("-closes", "-pk")


def running(now: dt.datetime | None = None) -> QuerySet[Phase]:
    """Phases that take contributions now, the first to end first."""
    now = now or timezone.now()
    rows = Phase.objects.filter(
        participation__state=ParticipationState.PUBLISHED, opens__lte=now, closes__gt=now
    ).select_related("participation")
    return rows.order_by("closes", "pk")


def participation_by_slug(person: Any, slug: str) -> Participation | None:
    """The one at an address, if the person may see it."""
    return visible_to(person, Participation.objects.select_related("office")).filter(slug=slug).first()


def of_subject(urn: str) -> QuerySet[Participation]:
    """Public ones about something."""
    return public_participations().filter(subject=urn)


def contributions(phase: Phase) -> QuerySet[Contribution]:
    """What everybody sees of a phase, ready for a list."""
    rows = Contribution.objects.filter(phase=phase, shown=Shown.VISIBLE).select_related("author", "voice", "topic")
    return rows.order_by("-pk")


def for_list(rows: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """With what a list shows, and nothing else."""
    return rows.only(
        "public_id", "number", "title", "lang", "standing", "support", "created", "due", "shown", "place_name",
        "author__name", "voice__name", "topic__title", "topic__title_en",
    )  # fmt: skip


def filtered(
    rows: QuerySet[Contribution], text: str = "", *, topic: str = "", standing: str = "", sort: str = ""
) -> QuerySet[Contribution]:
    """Narrow by words, topic slug and what became of it (a standing, or `open`, or `overdue`); `sort`: a key of
    `SORTS`."""
    for word in text.split()[:8]:
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word) | Q(place_name__icontains=word))
    if topic:
        rows = rows.filter(topic__slug=topic)
    if standing:
        rows = rows.filter(standing__in=OPEN if standing in ("open", "overdue") else [standing])
    if standing == "overdue":
        rows = rows.filter(due__lt=timezone.localdate())
    return rows.order_by(*SORTS.get(sort, SORTS["neu"]))


def contribution_of(person: Any, public_id: Any) -> Contribution | None:
    """The one of a public id, if the person may see it."""
    rows = Contribution.objects.select_related(
        "phase__participation__office", "author", "voice", "topic"
    )
    return visible_to(person, rows).filter(public_id=public_id).first()


def answers_of(row: Contribution, person: Any) -> list[tuple[Answer, subjects.Subject | None]]:
    """The answers to a contribution, the last first, with the measures they name as far as the person sees them."""
    answers = list(row.answers.all())
    found = subjects.find_all([each.measure for each in answers if each.measure], person)
    return [(each, found.get(each.measure)) for each in answers]


def reviews_of(row: Contribution) -> QuerySet[Review]:
    """The judgements that were given."""
    return row.reviews.filter(state=ReviewState.GIVEN)


@dataclass(frozen=True)
class Tally:
    """How many contributions a participation had, and what became of them. `hidden`: counted, not shown."""

    total: int
    hidden: int
    open: int
    overdue: int
    by_answer: dict[str, int]
    measures: int


def tally(row: Participation) -> Tally:
    """What became of everything that came in. Three queries, however much it is."""
    rows = Contribution.objects.filter(phase__participation=row).exclude(shown=Shown.HELD)
    visible = rows.filter(shown=Shown.VISIBLE)
    found = dict(visible.values_list("standing").annotate(number=Count("pk")))
    other = rows.aggregate(
        total=Count("pk"),
        hidden=Count("pk", filter=Q(shown=Shown.HIDDEN)),
        overdue=Count("pk", filter=Q(shown=Shown.VISIBLE, standing__in=OPEN, due__lt=timezone.localdate())),
    )
    led = Answer.objects.filter(contribution__in=visible).exclude(measure="").values("measure").distinct().count()
    return Tally(
        total=other["total"],
        hidden=other["hidden"],
        open=sum(found.get(each, 0) for each in OPEN),
        overdue=other["overdue"],
        by_answer={each: found.get(each, 0) for each in ANSWERS},
        measures=led,
    )


def owed(person: Any) -> QuerySet[Contribution]:
    """Contributions for which somebody owes an answer, the first due first."""
    rows = Contribution.objects.filter(standing__in=OPEN, shown=Shown.VISIBLE).select_related("phase__participation")
    return _mine(person, rows, "dialogue.answer_contribution").order_by("due", "pk")


def held(person: Any) -> QuerySet[Contribution]:
    """Contributions that wait for a look, the oldest first."""
    rows = Contribution.objects.filter(shown=Shown.HELD).select_related("phase__participation", "author")
    return _mine(person, rows, "dialogue.moderate_contribution").order_by("pk")


def _mine(person: Any, rows: QuerySet[Contribution], right: str) -> QuerySet[Contribution]:
    scopes = scopes_for(person, right)
    if INSTANCE in scopes:
        return rows
    about = [scope for scope in scopes if scope.startswith("measure:")]
    offices = own_scopes(person, right, "organisation")
    return rows.filter(
        Q(phase__participation__public_id__in=own_scopes(person, right, "participation"))
        | Q(phase__participation__subject__in=about)
        | Q(phase__participation__office__public_id__in=offices)
    )


def asked_of(person: Any) -> QuerySet[Review]:
    """Judgements that an expert still owes, the oldest first."""
    rows = Review.objects.filter(expert=person, state=ReviewState.ASKED)
    return rows.select_related("contribution__phase__participation").order_by("pk")


def own(person: Any) -> QuerySet[Contribution]:
    """What somebody put in, newest first."""
    rows = Contribution.objects.filter(author__account=person).select_related("phase__participation")
    return rows.order_by("-pk")


def staff_participations(person: Any) -> QuerySet[Participation]:
    """What the person may see of participations, drafts included, newest first."""
    return visible_to(person, Participation.objects.all()).order_by("-pk")


def contribution_of_urn(person: Any, urn: str) -> Contribution | None:
    """The one with a URN, if the person may see it."""
    try:
        return contribution_of(person, uuid.UUID(urn.partition(":")[2]))
    except ValueError:
        return None


def led_to(urn: str) -> QuerySet[Contribution]:
    """Contributions that are shown and whose last answer names a measure, newest first."""
    last = Answer.objects.filter(contribution=OuterRef("pk")).order_by("-pk").values("measure")[:1]
    rows = Contribution.objects.filter(shown=Shown.VISIBLE).annotate(led=Subquery(last)).filter(led=urn)
    return rows.select_related("author", "voice", "phase__participation").order_by("-pk")
