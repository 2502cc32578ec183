"""What papers in Word say: the paper for the council about one measure, the status report about many. Only what is
published."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.spine.instance.domain.prints import base_url
from allmende.spine.instance.domain.queries import current

from ..core.series import write_period
from ..core.state import Due, Standing, slip_of_all
from ..domain.aims import Aim, aims
from ..domain.queries import filtered, published_measures, standings
from ..enums import State
from ..interfaces.indicator_charts import point_text, value_text
from ..models import Measure, Target
from ..templatetags.indicators import in_words
from ..templatetags.programme import days
from . import sections
from .sections import Cost
from .word import Row, Values, Words

NONE = "–"


class Paper(models.TextChoices):
    COUNCIL = "council", gettext_lazy("Paper for the council")
    STATUS = "status", gettext_lazy("Status report")


_HEAD = ("programme", "town", "date")
_ONE = (
    "title", "code", "summary", "reason", "course", "result", "state", "since", "slip", "stage", "topic", "phase",
    "place", "address",
)  # fmt: skip
WORDS = {
    Paper.COUNCIL: Words(
        frozenset(_HEAD + _ONE),
        {
            "milestones": ("title", "baseline", "plan", "done", "slip"),
            "decisions": ("date", "body", "kind", "text"),
            "money": ("title", "amount", "source"),
            "indicators": ("title", "baseline", "now", "target", "progress"),
            "risks": ("text", "likelihood", "impact", "response"),
        },
    ),
    Paper.STATUS: Words(frozenset((*_HEAD, "choice", "count")), {"measures": (*_ONE, "next", "money")}),
}


def _day(value: dt.date | None) -> str:
    return date_format(value, "DATE_FORMAT") if value else NONE


def _head() -> dict[str, str]:
    town = current()
    return {"programme": town.name, "town": town.town, "date": _day(timezone.localdate())}


def _one(row: Measure, standing: Standing) -> dict[str, str]:
    dues = [Due(each.baseline, each.plan, each.done) for each in row.milestones.all()]
    return {
        "title": row.title, "code": row.code, "summary": row.summary, "reason": row.reason, "course": row.course,
        "result": row.result, "state": str(State(standing.state).label), "since": _day(standing.since),
        "slip": days(slip_of_all(dues, timezone.localdate())) if dues else NONE,
        "stage": row.get_maturity_display(), "topic": str(row.topic), "phase": str(row.phase or NONE),
        "place": row.place_name, "address": base_url(current()) + row.get_absolute_url(),
    }  # fmt: skip


def council(measure: Measure) -> Values:
    """The values for a paper about one measure, as it is published."""
    targets = list(measure.targets.filter(indicator__published__isnull=False).select_related("indicator"))
    lists: dict[str, Sequence[Row]] = {
        "milestones": [
            {
                "title": row.title, "baseline": _day(row.baseline), "plan": _day(row.plan),
                "done": _day(row.done) if row.done else _("not yet"), "slip": days(row.slip),
            }
            for row in measure.milestones.all()
        ],
        "decisions": [
            {"date": _day(row.date), "body": row.body, "kind": row.get_kind_display(), "text": row.text}
            for row in measure.decisions.all()
        ],
        "money": [
            {"title": cost.title, "amount": cost.amount, "source": cost.source}
            for cost in sections.costs([measure])[measure.pk]
        ],
        "indicators": [_aim(aim) for aim in aims(targets)],
        "risks": [
            {
                "text": row.text, "likelihood": row.get_likelihood_display(), "impact": row.get_impact_display(),
                "response": row.response,
            }
            for row in measure.risks.filter(closed__isnull=True)
        ],
    }  # fmt: skip
    return Values(_head() | _one(measure, standings([measure.pk])[measure.pk]), lists)


def _aim(aim: Aim) -> dict[str, str]:
    target: Target = aim.target

    def stated(value: object, on: dt.date | None) -> str:
        if value is None:
            return NONE
        text = value_text(value, aim.decimals, aim.unit)  # type: ignore[arg-type]
        return f"{text}, {_day(on)}" if on else text

    now = _("not measured")
    if aim.now is not None:
        now = f"{point_text(aim.now, aim.decimals, aim.unit)}, {write_period(aim.now.period)}"
    return {
        "title": target.indicator.title, "baseline": stated(target.baseline, target.baseline_date), "now": now,
        "target": stated(target.value, target.due), "progress": in_words(aim.verdict),
    }  # fmt: skip


def chosen(topic: str = "", phase: str = "") -> QuerySet[Measure]:
    """Published measures of a topic (slug) and a phase (number), by topic and title."""
    rows = filtered(published_measures(), topic=topic, phase=phase).select_related("topic", "phase")
    return rows.prefetch_related("milestones").order_by("topic__order", "topic__title", "title", "pk")


def status(measures: Iterable[Measure], choice: str) -> Values:
    """The values for a report on many measures. `choice`: what was chosen, in words. The same number of queries for any
    number of measures."""
    rows = list(measures)
    known = standings(row.pk for row in rows)
    costs = sections.costs(rows)
    lists = {"measures": [_one(row, known[row.pk]) | _next(row) | _money(costs[row.pk]) for row in rows]}
    return Values(_head() | {"choice": choice, "count": str(len(rows))}, lists)


def _next(row: Measure) -> dict[str, str]:
    open_ = [each for each in row.milestones.all() if each.done is None]
    first = min(open_, key=lambda each: (each.plan, each.pk), default=None)
    return {"next": f"{first.title}, {_day(first.plan)}" if first else NONE}


def _money(costs: list[Cost]) -> dict[str, str]:
    return {"money": "\n".join(f"{cost.title}: {cost.amount}" for cost in costs) or NONE}


# What each placeholder stands for, for the page that explains them.
MEANINGS = {
    "programme": gettext_lazy("Name of the programme"),
    "town": gettext_lazy("Municipality"),
    "date": gettext_lazy("Today"),
    "choice": gettext_lazy("Which measures were chosen"),
    "count": gettext_lazy("How many measures there are"),
    "title": gettext_lazy("Title"),
    "code": gettext_lazy("Code"),
    "summary": gettext_lazy("In one sentence"),
    "reason": gettext_lazy("Why"),
    "course": gettext_lazy("What has happened so far"),
    "result": gettext_lazy("What it led to"),
    "state": gettext_lazy("State, computed from milestones and decisions"),
    "since": gettext_lazy("In this state since"),
    "slip": gettext_lazy("Slip"),
    "stage": gettext_lazy("Stage"),
    "topic": gettext_lazy("Topic"),
    "phase": gettext_lazy("Phase"),
    "place": gettext_lazy("Place"),
    "address": gettext_lazy("Address of the measure's page"),
    "milestones": gettext_lazy("Milestones"),
    "decisions": gettext_lazy("Decisions"),
    "money": gettext_lazy("Who pays for it"),
    "indicators": gettext_lazy("Indicators"),
    "risks": gettext_lazy("Risks"),
    "measures": gettext_lazy("Measures"),
}
