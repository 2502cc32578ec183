"""Reading measures and figures."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from allmende.spine.people.access import scopes_for, visible_to
from allmende.spine.people.enums import INSTANCE

from ..core.state import Due, Standing, standing
from ..enums import RevisionState
from ..models import (
    Dependency,
    Figure,
    FormerSlug,
    Indicator,
    Measure,
    Party,
    Phase,
    Revision,
    Topic,
)


def published_measures() -> QuerySet[Measure]:
    """What everybody may see, last changed first, ready for a list."""
    return Measure.objects.filter(published__isnull=False).select_related("topic").order_by("-changed", "-pk")


def for_list(rows: QuerySet[Measure]) -> QuerySet[Measure]:
    """With what a list shows, and nothing else."""
    return rows.only("slug", "title", "lang", "maturity", "changed", "topic__title", "topic__title_en")


def measures_for(person: Any) -> QuerySet[Measure]:
    """What `person` may see, drafts included, last changed first."""
    return visible_to(person, Measure.objects.select_related("topic")).order_by("-changed", "-pk")


# One question for both tables: lists ask it for every page, and Django's two would cost four times as much.
_COURSE = """
    SELECT measure_id, '', baseline, plan, done FROM programme_milestone WHERE measure_id = ANY(%(pks)s)
    UNION ALL
    (SELECT measure_id, kind, date, NULL, NULL FROM programme_decision
     WHERE measure_id = ANY(%(pks)s) ORDER BY date, id)
"""


def standings(measures: Iterable[int], on: date | None = None) -> dict[int, Standing]:
    """Where each of the measures (primary keys) stands today, or stood on a day. One query."""
    pks = list(measures)
    dues: dict[int, list[Due]] = {pk: [] for pk in pks}
    taken: dict[int, list[tuple[date, str]]] = {pk: [] for pk in pks}
    with connection.cursor() as cursor:
        cursor.execute(_COURSE, {"pks": pks})
        for pk, kind, day, plan, done in cursor.fetchall():
            if kind:
                taken[pk].append((day, kind))
            else:
                dues[pk].append(Due(day, plan, done))
    today = on or timezone.localdate()
    return {pk: standing(dues[pk], taken[pk], today) for pk in pks}


def with_standing(rows: Iterable[Measure]) -> list[Measure]:
    """The measures, each with its `standing`."""
    found = list(rows)
    known = standings(row.pk for row in found)
    for row in found:
        row.standing = known[row.pk]  # type: ignore[attr-defined]
    return found


def filtered(
    rows: QuerySet[Measure], text: str = "", topic: str = "", maturity: str = "", state: str = "", phase: str = ""
) -> QuerySet[Measure]:
    """Narrow a list by words in title or summary, by topic slug, stage, computed state and number of phase."""
    for word in text.split()[:8]:
        rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word))
    if topic:
        rows = rows.filter(topic__slug=topic)
    if maturity:
        rows = rows.filter(maturity=maturity)
    if phase:
        rows = rows.filter(phase__number=int(phase))
    if state:
        known = standings(rows.order_by().values_list("pk", flat=True))
        rows = rows.filter(pk__in=[pk for pk, now in known.items() if now.state == state])
    return rows


def measure_by_slug(person: Any, slug: str) -> Measure | None:
    """The measure at an address, if `person` may see it."""
    return visible_to(person, Measure.objects.select_related("topic", "programme", "phase")).filter(slug=slug).first()


def moved_to(person: Any, slug: str) -> Measure | None:
    """The measure that once had this address, if `person` may see it."""
    former = FormerSlug.objects.filter(slug=slug).first()
    if former is None:
        return None
    return visible_to(person, Measure.objects.filter(pk=former.measure_id)).first()


@dataclass(frozen=True)
class Matter:
    """Figures on one matter. More than one: the sources do not agree, or tell of different periods."""

    title: str
    key: str
    figures: list[Figure]

    @property
    def contradictory(self) -> bool:
        return len({(figure.value, figure.period) for figure in self.figures}) > len(
            {figure.period for figure in self.figures}
        )


def matters(rows: QuerySet[Figure]) -> list[Matter]:
    """Figures grouped by matter, in order."""
    found: dict[str, Matter] = {}
    for figure in rows:
        found.setdefault(figure.key, Matter(figure.matter, figure.key, [])).figures.append(figure)
    return list(found.values())


def phases() -> QuerySet[Phase]:
    return Phase.objects.all()


_CHOICES = """
    (SELECT 'topic', slug, title, title_en FROM programme_topic ORDER BY "order", title)
    UNION ALL
    (SELECT 'phase', number::text, title, '' FROM programme_phase ORDER BY programme_id, number)
"""


def filter_choices(language: str) -> dict[str, list[tuple[str, str]]]:
    """Topics (by slug) and phases (by number) as choices, in order. One query: every list asks for them."""
    found: dict[str, list[tuple[str, str]]] = {"topic": [], "phase": []}
    with connection.cursor() as cursor:
        cursor.execute(_CHOICES)
        for kind, key, title, title_en in cursor.fetchall():
            found[kind].append((key, title_en if title_en and language.startswith("en") else title))
    return found


def parties() -> QuerySet[Party]:
    return Party.objects.all()


def indicators() -> QuerySet[Indicator]:
    return Indicator.objects.all()


def reviews_for(person: Any) -> QuerySet[Revision]:
    """Drafts that this person may review, the longest waiting first."""
    rows = Revision.objects.filter(state=RevisionState.REVIEW).select_related("measure", "author")
    return rows.filter(measure__in=changeable(person, "programme.publish_measure")).order_by("submitted", "pk")


def changeable(person: Any, right: str = "programme.change_measure") -> QuerySet[Measure]:
    """The measures for which somebody holds a right."""
    scopes = scopes_for(person, right)
    if INSTANCE in scopes:
        return Measure.objects.all()
    ids = [scope.partition(":")[2] for scope in scopes if scope.startswith("measure:")]
    return Measure.objects.filter(public_id__in=ids)


def chosen(person: Any, public_ids: Iterable[str]) -> QuerySet[Measure]:
    """Those of the named measures that somebody may change, by title; what is no identifier does not count."""
    ids = []
    for each in public_ids:
        try:
            ids.append(uuid.UUID(each))
        except ValueError:
            continue
    return changeable(person).filter(public_id__in=ids).select_related("topic", "phase").order_by("title", "pk")


def with_draft_state(rows: QuerySet[Measure]) -> QuerySet[Measure]:
    """Each measure with `draft_state`: the state of its open revision, or None."""
    open_ = Revision.objects.filter(measure=OuterRef("pk"), state__in=["draft", "review", "returned"])
    return rows.annotate(draft_state=Subquery(open_.values("state")[:1]))


def public_parties() -> QuerySet[Party]:
    """Those who take part in a published measure, with `measures`: in how many."""
    shown = Q(involvements__measure__published__isnull=False)
    count = Count("involvements__measure", filter=shown, distinct=True)
    return Party.objects.filter(shown).annotate(measures=count).order_by("name", "pk")


def visible_needs(measure: Measure) -> QuerySet[Dependency]:
    """What a measure depends on, as far as it is public."""
    return measure.dependencies.filter(needs__published__isnull=False).select_related("needs")


def topics() -> QuerySet[Topic]:
    return Topic.objects.all()
