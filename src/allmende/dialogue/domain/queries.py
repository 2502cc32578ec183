"""Reading participations and contributions."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from allmende.spine import subjects
from allmende.spine.people.access import scopes_for, visible_to
from allmende.spine.people.enums import INSTANCE
from allmende.spine.places.models import Area

from ..core.rules import Rules
from ..enums import ANSWERS, OPEN, ParticipationState, RemovalState, ReviewState, Shown
from ..models import Answer, Contribution, Participation, Phase, Removal, Review
from ..rules import own_scopes

SORTS = {"neu": ("-pk",), "zuspruch": ("-support", "-pk"), "alt": ("pk",)}


def public_participations() -> QuerySet[Participation]:
    """What everybody may see: what is open first, then what comes, then what is over; by their last day."""
    rows = Participation.objects.exclude(state=ParticipationState.DRAFT)
    return rows.annotate(opens=Min("phases__opens"), closes=Max("phases__closes")).order_by("-closes", "-pk")


def area_of(rules: Rules) -> Area | None:
    """The part of the town within which places of a phase must lie; None: the whole town."""
    kind, _, public_id = rules.area.partition(":")
    try:
        return Area.objects.filter(public_id=uuid.UUID(public_id)).first() if kind == "area" else None
    except ValueError:
        return None


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
    rows = Contribution.objects.select_related("phase__participation__office", "author", "voice", "topic")
    return visible_to(person, rows).filter(public_id=public_id).first()


def answers_of(row: Contribution, person: Any) -> list[tuple[Answer, subjects.Subject | None]]:
    """The answers to a contribution, the last first, with the measures they name as far as the person sees them."""
    answers = list(row.answers.all())
    found = subjects.find_all([each.measure for each in answers if each.measure], person)
    return [(each, found.get(each.measure)) for each in answers]


def reviews_of(row: Contribution) -> QuerySet[Review]:
    """The judgements that were given."""
    return row.reviews.filter(state=ReviewState.GIVEN)


def reviews_for(person: Any, row: Contribution) -> tuple[list[Review], bool]:
    """All judgements of a contribution with who was asked, for who answers it; and whether what they say may be read:
    not by somebody who is still to judge it."""
    reviews = list(row.reviews.select_related("expert"))
    asked = any(each.expert_id == person.pk and each.state == ReviewState.ASKED for each in reviews)
    return reviews, not asked


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
    rows = Contribution.objects.filter(standing__in=OPEN, shown=Shown.VISIBLE)
    return _mine(person, rows, "dialogue.answer_contribution").order_by("due", "pk")


def every(person: Any) -> QuerySet[Contribution]:
    """All contributions, answered ones too, for whom answers them; newest first."""
    return _mine(person, Contribution.objects.all(), "dialogue.answer_contribution").order_by("-pk")


def for_desk(rows: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """With what lists of the administration show: `given` judgements of those that the phase wants."""
    given = Review.objects.filter(contribution=OuterRef("pk"), state=ReviewState.GIVEN).order_by()
    counted = given.values("contribution").annotate(number=Count("pk")).values("number")
    rows = rows.select_related("phase__participation__office").annotate(given=Coalesce(Subquery(counted), 0))
    return rows.only(
        "public_id", "number", "title", "lang", "standing", "due", "shown", "created", "holds",
        "phase__settings", "phase__title", "phase__participation__title", "phase__participation__slug",
        "phase__participation__office__name",
    )  # fmt: skip


def for_office(
    rows: QuerySet[Contribution], text: str = "", *, participation: str = "", due: str = "", standing: str = ""
) -> QuerySet[Contribution]:
    """Narrow by words, public id of the participation, "late" or within a "week", and standing; the order stays."""
    for word in text.split()[:8]:
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word) | Q(place_name__icontains=word))
    if participation:
        rows = rows.filter(phase__participation__public_id=participation)
    if standing:
        rows = rows.filter(standing=standing)
    today = timezone.localdate()
    if due == "late":
        return rows.filter(due__lt=today, standing__in=OPEN)
    return rows.filter(due__range=(today, today + dt.timedelta(days=7)), standing__in=OPEN) if due == "week" else rows


def held(person: Any) -> QuerySet[Contribution]:
    """Contributions on which moderation has to decide, the oldest first: those that wait for a look, and those whose
    removal somebody proposed."""
    proposed = Removal.objects.filter(contribution=OuterRef("pk"), state=RemovalState.PROPOSED)
    rows = Contribution.objects.annotate(proposed=Exists(proposed))
    rows = rows.filter(Q(shown=Shown.HELD) | Q(shown=Shown.VISIBLE, proposed=True))
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
    return reviews_by(person).filter(state=ReviewState.ASKED).order_by("pk")


def reviews_by(person: Any) -> QuerySet[Review]:
    """All judgements that somebody was ever asked for, newest first."""
    rows = Review.objects.filter(expert=person)
    return rows.select_related("contribution__phase__participation").order_by("-pk")


def own(person: Any) -> QuerySet[Contribution]:
    """What somebody put in, newest first."""
    rows = Contribution.objects.filter(author__account=person).select_related("phase__participation")
    return rows.order_by("-pk")


def staff_participations(person: Any) -> QuerySet[Participation]:
    """What the person may see of participations, drafts included, newest first."""
    rows = visible_to(person, Participation.objects.select_related("office")).annotate(
        opens=Min("phases__opens"), closes=Max("phases__closes")
    )
    return rows.order_by("-pk")


@dataclass(frozen=True)
class Numbers:
    """How many contributions a participation has; how many are owed an answer, how many of these too late."""

    total: int = 0
    open: int = 0
    overdue: int = 0
    held: int = 0


def numbers(rows: Iterable[Participation]) -> dict[int, Numbers]:
    """By the key of the participation, in one query."""
    late = Q(shown=Shown.VISIBLE, standing__in=OPEN, due__lt=timezone.localdate())
    found = (
        Contribution.objects.filter(phase__participation__in=[row.pk for row in rows])
        .order_by()
        .values_list("phase__participation")
        .annotate(
            total=Count("pk", filter=~Q(shown=Shown.HELD)),
            open=Count("pk", filter=Q(shown=Shown.VISIBLE, standing__in=OPEN)),
            late=Count("pk", filter=late),
            held=Count("pk", filter=Q(shown=Shown.HELD)),
        )
    )
    return {pk: Numbers(*rest) for pk, *rest in found}


def answerable(person: Any) -> QuerySet[Participation]:
    """Participations whose contributions somebody answers, by title."""
    rows = Participation.objects.exclude(state=ParticipationState.DRAFT)
    ids = _mine(person, Contribution.objects.all(), "dialogue.answer_contribution").order_by()
    return rows.filter(pk__in=ids.values("phase__participation")).order_by("title", "pk")


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
