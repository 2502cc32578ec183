"""How targets stand: from which baseline, where now, how far on the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils import timezone

from ..core.progress import staleness
from ..core.series import Point, Verdict, judge
from ..models import Definition, Indicator, Measure, SeriesBreak, Target
from .series import Key, KnownOn, breaks_of, newest_of, series_of
from .targets import FIELDS


@dataclass(frozen=True)
class Aim:
    """A target and how it stands. `points` only where the whole series was asked for."""

    target: Target
    unit: str
    decimals: int
    direction: str
    source: str
    source_url: str
    licence: str
    cadence: str
    now: Point | None
    verdict: Verdict
    breaks: list[SeriesBreak]
    points: list[Point]

    @property
    def key(self) -> Key:
        return Key(self.target.indicator_id, self.target.level, self.target.area)

    @property
    def staleness(self) -> str:
        """Grade of the newest value (`core.progress.staleness`)."""
        return staleness(self.now.ends if self.now else None, self.cadence, timezone.localdate())

    @property
    def overdue(self) -> bool:
        """Whether the day has passed on which something that is not reached was due."""
        due = self.target.due
        return due is not None and due < timezone.localdate() and self.verdict.word not in ("reached", "held")


def aims(targets: Sequence[Target], whole: int = 0, as_known_on: KnownOn = None) -> list[Aim]:
    """How each target (with its indicator) stands, in order; the first `whole` with their series. At most four
    queries, whatever their number."""
    if not targets:
        return []
    keys = [Key(row.indicator_id, row.level, row.area) for row in targets]
    ids = {key.indicator for key in keys}
    breaks = breaks_of(ids)
    definitions = {row.indicator_id: row for row in _newest_definitions(ids)}
    now = newest_of(keys, as_known_on)
    points = series_of(keys[:whole], as_known_on, breaks) if whole else {}
    found = []
    for row, key in zip(targets, keys, strict=True):
        days = [each.date for each in breaks[key.indicator]]
        meant = definitions[key.indicator]
        point = now.get(key)
        found.append(
            Aim(
                row, meant.unit, meant.decimals, meant.direction, meant.source, meant.source_url, meant.licence,
                meant.cadence, point, judge(row.baseline, row.baseline_date, row.value, point, days),
                breaks[key.indicator], points.get(key, []),
            )
        )  # fmt: skip
    return found


def _newest_definitions(ids: Iterable[int]) -> QuerySet[Definition]:
    rows = Definition.objects.filter(indicator__in=ids).order_by("indicator_id", "-number").distinct("indicator_id")
    return rows.defer("text", "formula")


def targets_of(indicator: Indicator) -> QuerySet[Target]:
    """What published measures, and the programme as a whole, want of an indicator; the whole programme first."""
    shown = Q(measure__isnull=True) | Q(measure__published__isnull=False)
    rows = indicator.targets.filter(shown).select_related("indicator", "measure")
    only = (*(field.name for field in Target._meta.concrete_fields), "measure__slug", "measure__title")
    return rows.only(*only, "indicator__version").order_by(F("measure__title").asc(nulls_first=True), "pk")


def targets_of_programme() -> QuerySet[Target]:
    """What the programme as a whole wants of published indicators; what is due next first."""
    rows = Target.objects.filter(measure__isnull=True, indicator__published__isnull=False)
    return rows.select_related("indicator").order_by(F("due").asc(nulls_last=True), "indicator__title", "pk")


def _of(measure: Measure) -> QuerySet[Target]:
    return measure.targets.filter(indicator__published__isnull=False)


def indicators_of(measure: Measure, whole: int = 3) -> list[Aim]:
    """The targets of a measure on published indicators; the first `whole` with their series. At most five queries."""
    return aims(list(_of(measure).select_related("indicator")), whole)


class MeasureIndicators:
    """The indicators of a measure for its page, which keeps what it wrote: `rows` are read only where it did not."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure

    @cached_property
    def rows(self) -> list[Aim]:
        return indicators_of(self.measure)

    @cached_property
    def kept_as(self) -> str:
        """What the rows depend on, save the language: the measure and every change of one of its indicators. One
        query."""
        found = _of(self.measure).aggregate(targets=Count("pk"), changes=Sum("indicator__version"), last=Max("pk"))
        return f"{self.measure.pk} {self.measure.version} {found} {timezone.localdate()}"


class ProgrammeAims:
    """Targets of the whole programme for a page, which keeps what it wrote."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self.targets = list(targets)

    @cached_property
    def rows(self) -> list[Aim]:
        return aims(self.targets)

    @cached_property
    def kept_as(self) -> str:
        """What the rows depend on, save the language: the targets as they are, and every change of an indicator."""
        found = [(row.indicator.version, *(getattr(row, name) for name in FIELDS)) for row in self.targets]
        return f"{found} {timezone.localdate()}"


def first_of_programme(most: int = 5) -> ProgrammeAims:
    """The targets of the whole programme that are due next."""
    return ProgrammeAims(targets_of_programme()[:most])
