"""Reading indicators: series as known on a day, newest values, medians.

A series belongs to one indicator, one level and one area (`Key`); nothing here ever puts two of them into one. What was
known on a day is, for each period, the value with the newest vintage up to then.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from allmende.spine.instance.domain.queries import current
from allmende.spine.people.access import scopes_for
from allmende.spine.people.enums import INSTANCE

from ..core.progress import staleness
from ..core.series import Period, Point, measures_since, with_breaks
from ..enums import Level
from ..models import Indicator, SeriesBreak, Target, Value

KnownOn = dt.date | dt.datetime | None
# From how many areas on a median says something about them and not about one of them.
ENOUGH = 3
STALENESS = ("stale", "none", "due", "fresh", "timeless")


class Key(NamedTuple):
    """`indicator`: primary key."""

    indicator: int
    level: str
    area: str


def _until(known_on: KnownOn) -> dt.datetime | None:
    """The last moment that counts: of a day, its end in the town's zone."""
    if known_on is None or isinstance(known_on, dt.datetime):
        return known_on
    if known_on >= dt.date.max - dt.timedelta(days=1):
        return None
    night = dt.datetime.combine(known_on + dt.timedelta(days=1), dt.time())
    return timezone.make_aware(night) - dt.timedelta(microseconds=1)


# The index of `programme_value_vintage` read backwards: indicator and area fixed, newest period and vintage first.
_KNOWN = """
SELECT DISTINCT ON (starts, ends) starts, ends, value, quality, vintage, note, definition_id
FROM programme_value
WHERE indicator_id = k.indicator AND area = k.area AND level = k.level
  AND vintage <= COALESCE(%s::timestamptz, 'infinity')
ORDER BY starts DESC, ends DESC, vintage DESC"""
_COLUMNS = "v.starts, v.ends, v.value, v.quality, v.vintage, d.number, d.valid_from, v.note"
_KEYS = "unnest(%s::bigint[], %s::text[], %s::text[]) WITH ORDINALITY AS k(indicator, level, area, place)"
SERIES = f"""
SELECT k.place, {_COLUMNS}
FROM {_KEYS} CROSS JOIN LATERAL ({_KNOWN}) v JOIN programme_definition d ON d.id = v.definition_id
ORDER BY k.place, v.starts, v.ends"""  # noqa: S608 - constants
NEWEST = f"""
SELECT k.place, {_COLUMNS}
FROM {_KEYS} CROSS JOIN LATERAL (
  SELECT * FROM ({_KNOWN}) w WHERE value IS NOT NULL ORDER BY starts DESC, ends DESC LIMIT 1
) v JOIN programme_definition d ON d.id = v.definition_id"""  # noqa: S608 - constants
MEDIAN = """
SELECT starts, ends, (found[(n + 1) / 2] + found[(n + 2) / 2]) / 2, n
FROM (
  SELECT starts, ends, array_agg(value ORDER BY value) AS found, count(*)::int AS n
  FROM (
    SELECT DISTINCT ON (area, starts, ends) area, starts, ends, value
    FROM programme_value
    WHERE indicator_id = %s AND level = %s AND vintage <= COALESCE(%s::timestamptz, 'infinity')
    ORDER BY area DESC, starts DESC, ends DESC, vintage DESC
  ) newest
  WHERE value IS NOT NULL GROUP BY starts, ends
) periods
ORDER BY starts, ends"""
# One step through the index for each area, however many values it has. An area has one level (domain.indicators).
AREAS = """
WITH RECURSIVE found AS (
  (SELECT area, level FROM programme_value WHERE indicator_id = %s ORDER BY area LIMIT 1)
  UNION ALL
  SELECT n.area, n.level FROM found, LATERAL (
    SELECT area, level FROM programme_value WHERE indicator_id = %s AND area > found.area ORDER BY area LIMIT 1
  ) n
)
SELECT level, area FROM found"""
# The newest definition, the series an indicator is shown with (`home_of`), and its newest value.
OVERVIEW = f"""
SELECT i.id, d.unit, d.decimals, d.direction, d.cadence, d.source, d.source_url, d.level, home.area,
       v.starts, v.ends, v.value, v.quality, v.vintage, dv.number, dv.valid_from, v.note
FROM unnest(%s::bigint[]) AS i(id)
JOIN LATERAL (SELECT * FROM programme_definition WHERE indicator_id = i.id ORDER BY number DESC LIMIT 1) d ON true
LEFT JOIN LATERAL (
  SELECT area FROM programme_value WHERE indicator_id = i.id AND area = ANY(%s) AND level = d.level LIMIT 1
) own ON true
LEFT JOIN LATERAL (
  SELECT area FROM programme_value WHERE indicator_id = i.id AND level = d.level AND own.area IS NULL
  ORDER BY area LIMIT 1
) first ON true
LEFT JOIN LATERAL (
  SELECT area FROM programme_value
  WHERE indicator_id = i.id AND level = d.level AND d.level = 'town' AND area > first.area ORDER BY area LIMIT 1
) other ON true
CROSS JOIN LATERAL (
  SELECT COALESCE(own.area, CASE WHEN other.area IS NULL THEN first.area END) AS area
) home
LEFT JOIN LATERAL (
  SELECT * FROM (
    {_KNOWN.replace("k.indicator", "i.id").replace("k.area", "home.area").replace("k.level", "d.level")}
  ) w WHERE value IS NOT NULL ORDER BY starts DESC, ends DESC LIMIT 1
) v ON true
LEFT JOIN programme_definition dv ON dv.id = v.definition_id"""  # noqa: S608 - constants


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _point(row: Sequence[Any]) -> Point:
    starts, ends, value, quality, vintage, number, valid_from, note = row
    return Point(starts, ends, value, quality, vintage, number, measures_since(starts, ends, valid_from), note)


def _columns(keys: Sequence[Key]) -> list[list[Any]]:
    return [[key.indicator for key in keys], [key.level for key in keys], [key.area for key in keys]]


def breaks_of(indicators: Iterable[int]) -> dict[int, list[SeriesBreak]]:
    """The breaks of each indicator (primary keys), in order of time. One query."""
    found: dict[int, list[SeriesBreak]] = {pk: [] for pk in indicators}
    for row in SeriesBreak.objects.filter(indicator__in=found):
        found[row.indicator_id].append(row)
    return found


def series_of(
    keys: Sequence[Key], as_known_on: KnownOn = None, breaks: dict[int, list[SeriesBreak]] | None = None
) -> dict[Key, list[Point]]:
    """Each series, in order of time. One query, and one for the breaks where they are not given."""
    known = breaks_of({key.indicator for key in keys}) if breaks is None else breaks
    found: dict[Key, list[Point]] = {key: [] for key in keys}
    for place, *row in _rows(SERIES, [*_columns(keys), _until(as_known_on)]):
        found[keys[place - 1]].append(_point(row))
    return {key: with_breaks(points, [row.date for row in known[key.indicator]]) for key, points in found.items()}


def series(indicator: Indicator, area: str, *, level: str = "", as_known_on: KnownOn = None) -> list[Point]:
    """One series in order of time. `level`: that of the newest definition unless named."""
    key = Key(indicator.pk, level or _level(indicator), area)
    return series_of([key], as_known_on)[key]


def _level(indicator: Indicator) -> str:
    newest = indicator.definitions.order_by("-number").first()
    return newest.level if newest else Level.TOWN


def newest_of(keys: Sequence[Key], as_known_on: KnownOn = None) -> dict[Key, Point]:
    """The newest measured point of each series that has one. One query."""
    return {keys[place - 1]: _point(row) for place, *row in _rows(NEWEST, [*_columns(keys), _until(as_known_on)])}


def latest(indicator: Indicator, area: str, *, level: str = "", as_known_on: KnownOn = None) -> Point | None:
    """The newest period of which a value is known."""
    key = Key(indicator.pk, level or _level(indicator), area)
    return newest_of([key], as_known_on).get(key)


class Middle(NamedTuple):
    """The median of so many `areas` in a period."""

    starts: dt.date
    ends: dt.date
    value: Decimal
    areas: int


def median(indicator: Indicator, level: str, as_known_on: KnownOn = None) -> list[Middle]:
    """The median over all areas of a level, for each period that any was measured in. Exact. One query."""
    return [Middle(*row) for row in _rows(MEDIAN, [indicator.pk, level, _until(as_known_on)])]


def areas_of(indicator: Indicator) -> list[Key]:
    """Every series of an indicator, by area. One query."""
    return [Key(indicator.pk, level, area) for level, area in _rows(AREAS, [indicator.pk, indicator.pk])]


def own_areas() -> list[str]:
    """The codes of the town itself. A district-free town is its own district: 07312000 and 07312."""
    ags = current().ags
    return ([ags, ags[:5]] if ags.endswith("000") else [ags]) if len(ags) == 8 else []


@dataclass(frozen=True)
class Overview:
    """What a list says of an indicator. `area` is empty where no series can be called the town's."""

    indicator: int
    unit: str
    decimals: int
    direction: str
    cadence: str
    source: str
    source_url: str
    level: str
    area: str
    newest: Point | None

    @property
    def key(self) -> Key:
        return Key(self.indicator, self.level, self.area)

    @property
    def staleness(self) -> str:
        return staleness(self.newest.ends if self.newest else None, self.cadence, timezone.localdate())


def overviews(indicators: Iterable[int], as_known_on: KnownOn = None) -> dict[int, Overview]:
    """Newest definition, home series and its newest value of each indicator (primary keys). One query.

    The home series is the town's own; where the definition is about a smaller or larger place, the first one's. Of
    several towns without ours among them none is taken: another's value is never shown as the town's.
    """
    found = {}
    for row in _rows(OVERVIEW, [list(indicators), own_areas(), _until(as_known_on)]):
        pk, unit, decimals, direction, cadence, source, source_url, level, area, *value = row
        newest = _point(value) if value[0] is not None else None
        found[pk] = Overview(pk, unit, decimals, direction, cadence, source, source_url, level, area or "", newest)
    return found


def with_overview(rows: Iterable[Indicator]) -> list[Indicator]:
    """The indicators, each with its `overview`."""
    found = list(rows)
    known = overviews([row.pk for row in found])
    for row in found:
        row.overview = known[row.pk]  # type: ignore[attr-defined]
    return found


def published_indicators() -> QuerySet[Indicator]:
    """What everybody may see, by title."""
    return Indicator.objects.filter(published__isnull=False).order_by("title", "pk")


def newest_of_town(most: int) -> list[Indicator]:
    """Published indicators about the town itself that have a value, the last changed first, with `overview`."""
    rows = published_indicators().filter(definitions__level=Level.TOWN).distinct().order_by("-changed", "-pk")
    found = [row for row in with_overview(rows[: 3 * most]) if row.overview.newest is not None]  # type: ignore[attr-defined]
    return found[:most]


def indicators_for(person: Any) -> QuerySet[Indicator]:
    """What `person` may see: who records values sees unpublished ones too."""
    if INSTANCE in scopes_for(person, "programme.record_value"):
        return Indicator.objects.order_by("title", "pk")
    return published_indicators()


def filtered(rows: QuerySet[Indicator], text: str = "", topic: str = "", staleness: str = "") -> QuerySet[Indicator]:
    """Narrow a list by words in the title or in what is measured, by topic of a published measure that has a target on
    it, and by staleness of the newest value."""
    for word in text.split()[:8]:
        measured = Q(definitions__text__icontains=word)
        rows = rows.filter(
            pk__in=Indicator.objects.filter(Q(title__icontains=word) | Q(title_en__icontains=word) | measured).values(
                "pk"
            )
        )
    if topic:
        of_topic = Target.objects.filter(measure__topic__slug=topic, measure__published__isnull=False)
        rows = rows.filter(pk__in=of_topic.values("indicator"))
    if staleness:
        known = overviews(rows.order_by().values_list("pk", flat=True))
        rows = rows.filter(pk__in=[pk for pk, found in known.items() if found.staleness == staleness])
    return rows


def stale_first(rows: QuerySet[Indicator]) -> list[Indicator]:
    """The indicators with their `overview`: overdue ones first, then never measured, then due ones."""
    return sorted(
        with_overview(rows),
        key=lambda row: STALENESS.index(row.overview.staleness),  # type: ignore[attr-defined]
    )


class Correction(NamedTuple):
    """`before` was known until `after` was recorded."""

    before: Point
    after: Point


def corrections(key: Key, as_known_on: KnownOn = None) -> list[Correction]:
    """What was known otherwise before, newest first. One query."""
    rows = Value.objects.filter(indicator=key.indicator, level=key.level, area=key.area)
    until = _until(as_known_on)
    if until is not None:
        rows = rows.filter(vintage__lte=until)
    last: dict[Period, Point] = {}
    found = []
    for row in rows.order_by("starts", "ends", "vintage").values_list(
        "starts", "ends", "value", "quality", "vintage", "definition__number", "definition__valid_from", "note"
    ):
        point = _point(row)
        if point.period in last:
            found.append(Correction(last[point.period], point))
        last[point.period] = point
    return sorted(found, key=lambda each: each.after.vintage, reverse=True)
