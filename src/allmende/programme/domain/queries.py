"""Reading measures and figures."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from allmende.spine.people.access import visible_to

from ..models import Figure, FormerSlug, Measure, Topic


def published_measures() -> QuerySet[Measure]:
    """What everybody may see, last changed first, ready for a list."""
    return Measure.objects.filter(published__isnull=False).select_related("topic").order_by("-changed", "-pk")


def for_list(rows: QuerySet[Measure]) -> QuerySet[Measure]:
    """With what a list shows, and nothing else."""
    return rows.only("slug", "title", "lang", "maturity", "changed", "topic__title", "topic__title_en")


def measures_for(person: Any) -> QuerySet[Measure]:
    """What `person` may see, drafts included, last changed first."""
    return visible_to(person, Measure.objects.select_related("topic")).order_by("-changed", "-pk")


def filtered(rows: QuerySet[Measure], text: str = "", topic: str = "", maturity: str = "") -> QuerySet[Measure]:
    """Narrow a list by words in title or summary, by topic slug and stage."""
    for word in text.split()[:8]:
        rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word))
    if topic:
        rows = rows.filter(topic__slug=topic)
    if maturity:
        rows = rows.filter(maturity=maturity)
    return rows


def measure_by_slug(person: Any, slug: str) -> Measure | None:
    """The measure at an address, if `person` may see it."""
    return visible_to(person, Measure.objects.select_related("topic", "programme")).filter(slug=slug).first()


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


def topics() -> QuerySet[Topic]:
    return Topic.objects.all()
