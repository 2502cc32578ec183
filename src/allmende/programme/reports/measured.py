"""What is known of indicators for a report: newest values with the rows they stand in, targets, what was corrected."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from ..core.series import Period, Point, measures_since, write_period
from ..domain.series import Key, Overview, overviews
from ..interfaces.indicator_charts import area_name, value_text
from ..models import Definition, Indicator, Target
from .course import NONE, Told
from .parts import Cell, figure, words
from .sections import Frame

_KEYS = "unnest(%s::bigint[], %s::text[], %s::text[]) WITH ORDINALITY AS k(indicator, level, area, place)"
# As `domain.series.NEWEST`, of periods that ended by a day, with the row itself.
_NEWEST = f"""
SELECT k.place, v.starts, v.ends, v.value, v.quality, v.vintage, v.note, d.number, d.valid_from, v.public_id
FROM {_KEYS} CROSS JOIN LATERAL (
  SELECT * FROM (
    SELECT DISTINCT ON (starts, ends) *
    FROM programme_value
    WHERE indicator_id = k.indicator AND area = k.area AND level = k.level AND vintage <= %s AND ends <= %s
    ORDER BY starts DESC, ends DESC, vintage DESC
  ) w WHERE value IS NOT NULL ORDER BY starts DESC, ends DESC LIMIT 1
) v JOIN programme_definition d ON d.id = v.definition_id"""  # noqa: S608 - constants
# What was known about a period at the last report and is known otherwise now.
_CORRECTED = f"""
SELECT k.place, p.starts, p.ends, old.value, old.public_id, old.vintage, new.value, new.public_id, new.vintage, new.note
FROM {_KEYS}
CROSS JOIN LATERAL (
  SELECT DISTINCT starts, ends FROM programme_value
  WHERE indicator_id = k.indicator AND area = k.area AND level = k.level AND vintage > %s AND vintage <= %s
) p
CROSS JOIN LATERAL (
  SELECT value, public_id, vintage FROM programme_value
  WHERE indicator_id = k.indicator AND area = k.area AND level = k.level AND starts = p.starts AND ends = p.ends
    AND vintage <= %s ORDER BY vintage DESC LIMIT 1
) old
CROSS JOIN LATERAL (
  SELECT value, public_id, vintage, note FROM programme_value
  WHERE indicator_id = k.indicator AND area = k.area AND level = k.level AND starts = p.starts AND ends = p.ends
    AND vintage <= %s ORDER BY vintage DESC LIMIT 1
) new
WHERE old.value IS DISTINCT FROM new.value
ORDER BY k.place, p.starts, p.ends"""  # noqa: S608 - constants


class Known(NamedTuple):
    """The newest value of a series and the row it stands in."""

    point: Point
    urn: str


@dataclass(frozen=True)
class Measured:
    """What a report says of indicators. `series`: every one that it names, in order."""

    indicators: list[Indicator]
    definitions: dict[int, int]
    overviews: dict[int, Overview]
    targets: list[Target]
    newest: dict[Key, Known]
    series: list[Key]


def _columns(keys: Sequence[Key]) -> list[list[Any]]:
    return [[key.indicator for key in keys], [key.level for key in keys], [key.area for key in keys]]


def _ask(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _newest(keys: Sequence[Key], frame: Frame) -> dict[Key, Known]:
    ended = frame.as_of + dt.timedelta(days=1)
    found = {}
    for row in _ask(_NEWEST, [*_columns(keys), frame.as_known_on, ended]):
        place, starts, ends, value, quality, vintage, note, definition, valid_from, public_id = row
        since = measures_since(starts, ends, valid_from)
        point = Point(starts, ends, value, quality, vintage, definition, since, note)
        found[keys[place - 1]] = Known(point, f"value:{public_id}")
    return found


def key_of(target: Target) -> Key:
    return Key(target.indicator_id, target.level, target.area)


def measured(told: Sequence[Told], frame: Frame) -> Measured:
    """Published indicators, their newest values, and the targets of published measures and of the whole programme. Five
    queries."""
    indicators = list(Indicator.objects.filter(published__isnull=False).order_by("title", "pk"))
    numbers = Definition.objects.filter(indicator__in=indicators).values_list("indicator").annotate(Max("number"))
    homes = overviews([row.pk for row in indicators], frame.as_known_on)
    public = {row.pk: row for row in indicators}
    measures = {each.measure.pk: place for place, each in enumerate(told)}
    rows = [
        row
        for row in Target.objects.filter(indicator__in=public)
        if row.measure_id is None or row.measure_id in measures
    ]
    for row in rows:
        row.indicator = public[row.indicator_id]
    rows.sort(key=lambda row: (measures.get(row.measure_id or 0, -1), row.pk))
    keys = list(dict.fromkeys([*(home.key for home in homes.values() if home.area), *map(key_of, rows)]))
    return Measured(indicators, dict(numbers.order_by()), homes, rows, _newest(keys, frame) if keys else {}, keys)


def corrected(known: Measured, since: dt.datetime, until: dt.datetime) -> list[list[Cell]]:
    """Rows for each value, of a series that the report names, that was known otherwise at `since`. One query."""
    titles = {row.pk: row for row in known.indicators}
    rows = []
    keys = known.series
    for found in _ask(_CORRECTED, [*_columns(keys), since, until, since, until]) if keys else []:
        place, starts, ends, before, old, old_vintage, after, new, new_vintage, note = found
        key = keys[place - 1]
        meant = known.overviews[key.indicator]
        rows.append(
            [
                words(f"{titles[key.indicator].title}, {area_name(key)}", titles[key.indicator].urn),
                words(write_period(Period(starts, ends))),
                _or_missing(before, f"value:{old}", old_vintage, meant),
                _or_missing(after, f"value:{new}", new_vintage, meant),
                words(note or NONE),
            ]
        )
    return rows


def _or_missing(value: Decimal | None, urn: str, vintage: dt.datetime, meant: Overview) -> Cell:
    if value is None:
        return words(_("not measured"), urn)
    return figure(value_text(value, meant.decimals, meant.unit), value, [urn], vintage, meant.unit)
