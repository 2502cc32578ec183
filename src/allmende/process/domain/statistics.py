"""How long cases of a model take, and where: medians and percentiles of steps, never of persons."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from ..core.engine.clock import ZONE
from ..enums import InstanceState
from ..models import Instance, Model, StaffAgreement
from . import agreements, forms
from .instances import released

# Fewer say nothing about the town and too much about somebody.
LEAST = 5
POINTS = [0.5, 0.8, 0.95]
MONTHS = 24
_AGES = (7, 30, 90, 365)

# A step is done once a work item is closed. What nobody took on before doing it has no waiting time.
_STEPS = """
SELECT i.element, min(i.title), i.role, count(*), {closed}, count(i.claimed), {waiting}, {working}
FROM process_workitem i JOIN process_instance c ON c.id = i.instance_id JOIN process_version v ON v.id = c.version_of_id
WHERE v.model_id = %s AND i.state = 'done' AND i.kind <> 'action' GROUP BY i.element, i.role"""
_LEAD = """
SELECT count(*), {whole} FROM process_instance c JOIN process_version v ON v.id = c.version_of_id
WHERE v.model_id = %s AND c.state = 'done'"""


def _points(length: str) -> str:
    return f"percentile_cont(%s::float8[]) WITHIN GROUP (ORDER BY extract(epoch FROM {length}) / 86400.0)"


_STEPS = _STEPS.format(
    closed=_points("i.closed - i.opened"),
    waiting=_points("i.claimed - i.opened"),
    working=_points("CASE WHEN i.claimed IS NOT NULL THEN i.closed - i.claimed END"),
)
_LEAD = _LEAD.format(whole=_points("c.ended - c.created"))


@dataclass(frozen=True)
class Spread:
    """How long something takes: median, 80th and 95th percentile in days, out of `count`."""

    count: int
    p50: float
    p80: float
    p95: float


@dataclass(frozen=True)
class Step:
    """`whole`: from the day it came up until it was done; `waiting` until somebody took it on and `working` from then
    on, as far as that is known. `share`: of the 80th percentiles of all steps."""

    element: str
    name: str
    role: str
    whole: Spread
    waiting: Spread | None
    working: Spread | None
    share: float


@dataclass(frozen=True)
class Figures:
    """`lead`: None where fewer than five cases ended. `hidden`: steps left out, because too few were done, or too few
    people do them and no agreement allows it. `ages`: open cases by how long ago they began."""

    months: list[tuple[dt.date, int, int]]
    lead: Spread | None
    steps: list[Step]
    hidden: int
    ages: list[tuple[str, int]]
    agreement: StaffAgreement | None


def spread(count: int, points: Sequence[float] | None) -> Spread | None:
    """None below five."""
    return Spread(count, *points) if points is not None and count >= LEAST else None


def figures(model: Model, now: dt.datetime | None = None) -> Figures:
    """The figures of a model, over all its versions."""
    moment = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_LEAD, [POINTS, model.pk])
        lead = spread(*cursor.fetchone())
        cursor.execute(_STEPS, [POINTS, POINTS, POINTS, model.pk])
        rows = cursor.fetchall()
    steps = _steps(model, rows, agreements.small_roles(moment.date()))
    return Figures(
        _months(model, moment),
        lead,
        steps,
        len(rows) - len(steps),
        _ages(model, moment),
        agreements.in_force(moment.date()),
    )


def _steps(model: Model, rows: list[Any], hidden: set[str]) -> list[Step]:
    version = released(model)
    outline = forms.outline_of(version) if version else {}
    shown = [(row, whole) for row in rows if row[2] not in hidden and (whole := spread(row[3], row[4])) is not None]
    total = sum(whole.p80 for _row, whole in shown)
    found = [
        Step(
            element,
            outline[element].name if element in outline else title,
            role,
            whole,
            spread(claimed, waiting),
            spread(claimed, working),
            whole.p80 / total if total else 0.0,
        )
        for (element, title, role, _count, _closed, claimed, waiting, working), whole in shown
    ]
    return sorted(found, key=lambda step: (-step.whole.p80, step.name))


def _months(model: Model, now: dt.datetime) -> list[tuple[dt.date, int, int]]:
    """Month, begun, ended: every month since the first case, two years at most."""
    rows = Instance.objects.filter(version_of__model=model)

    def counted(field: str) -> dict[dt.date, int]:
        month = TruncMonth(field, tzinfo=ZONE)
        found = rows.filter(**{f"{field}__isnull": False}).order_by().annotate(month=month).values_list("month")
        return {day.date(): number for day, number in found.annotate(number=Count("pk"))}

    begun, ended = counted("created"), counted("ended")
    day = now.astimezone(ZONE).date().replace(day=1)
    found: list[tuple[dt.date, int, int]] = []
    while begun and day >= min(begun) and len(found) < MONTHS:
        found.append((day, begun.get(day, 0), ended.get(day, 0)))
        day = (day - dt.timedelta(days=1)).replace(day=1)
    return found[::-1]


def _ages(model: Model, now: dt.datetime) -> list[tuple[str, int]]:
    states = [InstanceState.RUNNING, InstanceState.STUCK]
    created = Instance.objects.filter(version_of__model=model, state__in=states).values_list("created", flat=True)
    counts = [0] * (len(_AGES) + 1)
    for moment in created:
        days = (now - moment).days
        counts[sum(days >= limit for limit in _AGES)] += 1
    labels = [
        _("less than a week"),
        _("a week to a month"),
        _("one to three months"),
        _("three months to a year"),
        _("more than a year"),
    ]
    return list(zip(labels, counts, strict=True)) if any(counts) else []
