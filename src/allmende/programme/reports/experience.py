"""What a town tells others about one measure: what it was for, what was done, what it cost, what came of it. Only what
everybody may see, and what is not known is said.

As JSON: `schema` (a whole number that grows when keys change their meaning), texts as they are published, days as ISO
8601, money in integer cents, values as strings with a point.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from ..core.state import Due, Standing, slip_of_all, standing
from ..domain.aims import Aim, indicators_of
from ..domain.queries import visible_needs
from ..models import Decision, Dependency, Figure, Involvement, Measure, Milestone, Risk
from . import sections
from .parts import instant
from .sections import Cost

SCHEMA = 1
TEXTS = (
    "summary", "reason", "quality", "input", "activity", "course", "output", "outcome", "result", "advice",
    "assumptions",
)  # fmt: skip


@dataclass(frozen=True)
class Experience:
    """A published measure with everything that an experience report shows of it."""

    measure: Measure
    standing: Standing
    slip: Any
    milestones: list[Milestone]
    decisions: list[Decision]
    involvements: list[Involvement]
    needs: list[Dependency]
    risks: list[Risk]
    costs: list[Cost]
    figures: QuerySet[Figure]
    aims: list[Aim]


def experience(measure: Measure) -> Experience:
    """Raises ValueError for a measure that is not public. The same number of queries for every measure."""
    if measure.published is None:
        raise ValueError("of what is not public nothing is told")
    milestones, decisions = list(measure.milestones.all()), list(measure.decisions.all())
    dues = [Due(row.baseline, row.plan, row.done) for row in milestones]
    today = timezone.localdate()
    return Experience(
        measure=measure,
        standing=standing(dues, [(row.date, row.kind) for row in decisions], today),
        slip=slip_of_all(dues, today) if dues else None,
        milestones=milestones,
        decisions=decisions,
        involvements=list(measure.involvements.select_related("party")),
        needs=list(visible_needs(measure)),
        risks=list(measure.risks.all()),
        costs=sections.costs([measure])[measure.pk],
        figures=measure.figures.all(),
        aims=indicators_of(measure, whole=0),
    )


def _plain(value: Any) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def as_json(told: Experience, base: str, town: dict[str, str]) -> dict[str, Any]:
    """The report for programs. `base`: address of this site, without a slash at its end; `town`: whose it is."""
    row = told.measure
    assert row.published is not None
    return {
        "schema": SCHEMA,
        "kind": "experience-report",
        "town": town,
        "id": row.urn,
        "url": base + row.get_absolute_url(),
        "lang": row.lang,
        "published": instant(row.published),
        "changed": instant(row.changed),
        "title": row.title,
        "topic": row.topic.slug,
        "phase": row.phase.number if row.phase else None,
        "place": row.place_name,
        "stage": row.maturity,
        "state": told.standing.state,
        "state_since": _day(told.standing.since),
        "slip_days": told.slip.days if told.slip is not None else None,
        "origin": {
            "kind": row.origin_kind,
            "text": row.origin_text,
            "url": row.origin_url,
            "adopted_from": row.adopted_from,
        },
        "texts": {name: getattr(row, name) for name in TEXTS},
        "costs": [
            {"title": cost.title, "cents": cost.cents, "row": cost.urn, "source": cost.source, "source_url": cost.url}
            for cost in told.costs
        ],
        "figures": [
            {
                "row": figure.urn,
                "known_from": instant(figure.vintage),
                "matter": figure.matter,
                "value": _plain(figure.value),
                "unit": figure.unit,
                "qualifier": figure.qualifier,
                "period": figure.period,
                "source": figure.source_title,
                "source_url": figure.source_url,
            }
            for figure in told.figures
        ],
        "milestones": [
            {
                "id": str(each.public_id),
                "title": each.title,
                "baseline": _day(each.baseline),
                "plan": _day(each.plan),
                "done": _day(each.done),
                "slip_days": each.slip.days,
            }
            for each in told.milestones
        ],
        "decisions": [
            {"date": _day(each.date), "body": each.body, "kind": each.kind, "text": each.text, "url": each.url}
            for each in told.decisions
        ],
        "parties": [
            {"name": each.party.name, "kind": each.party.kind, "role": each.role} for each in told.involvements
        ],
        "needs": [{"id": each.needs.urn, "title": each.needs.title, "kind": each.kind} for each in told.needs],
        "risks": [
            {
                "text": each.text,
                "likelihood": each.likelihood,
                "impact": each.impact,
                "response": each.response,
                "occurred": _day(each.occurred),
                "handling": each.handling,
                "closed": _day(each.closed),
            }
            for each in told.risks
        ],
        "indicators": [_aim(each) for each in told.aims],
    }


def _aim(aim: Aim) -> dict[str, Any]:
    target, now = aim.target, aim.now
    measured = None
    if now is not None:
        measured = {
            "value": _plain(now.value),
            "from": _day(now.starts),
            "to_exclusive": _day(now.ends),
            "quality": now.quality,
            "known_from": instant(now.vintage),
        }
    return {
        "indicator": target.indicator.slug,
        "common": target.indicator.common,
        "title": target.indicator.title,
        "unit": aim.unit,
        "level": target.level,
        "area": target.area,
        "baseline": _plain(target.baseline),
        "baseline_date": _day(target.baseline_date),
        "target": _plain(target.value),
        "due": _day(target.due),
        "measured": measured,
        "verdict": aim.verdict.word,
        "percent": None if aim.verdict.percent is None else _plain(round(aim.verdict.percent, 6)),
        "note": target.note,
        "source": aim.source,
        "licence": aim.licence,
    }
