"""The chapters of measures: how many stand where, each by topic, milestones with slip, decisions of the year."""

import datetime as dt
import functools
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from allmende.spine.ui.formats import number

from ..core.progress import shares
from ..core.state import Standing, slip_of
from ..domain.queries import standings
from ..enums import State
from ..models import Decision, Measure, Milestone
from ..templatetags.programme import days
from .parts import Cell, Chapter, Table, chapter, column, figure, table, words
from .sections import Frame

NONE = "–"


@dataclass(frozen=True)
class Told:
    """A published measure and where it stood."""

    measure: Measure
    standing: Standing


def day(value: dt.date | None) -> str:
    return _day(value, get_language() or "") if value else NONE


@functools.lru_cache(maxsize=4096)
def _day(value: dt.date, language: str) -> str:
    return date_format(value, "DATE_FORMAT")


def measures_on(as_of: dt.date) -> list[Told]:
    """The published measures by topic, phase and title, with their state on a day. Two queries."""
    rows = list(
        Measure.objects.filter(published__isnull=False)
        .select_related("topic", "phase")
        .order_by("topic__order", "topic__title", "phase__number", "title", "pk")
    )
    known = standings((row.pk for row in rows), on=as_of)
    return [Told(row, known[row.pk]) for row in rows]


def overview(told: Sequence[Told], frame: Frame) -> Chapter:
    """How many measures there are by state, topic and phase. Shares as shown add up to 100."""
    if not told:
        return chapter("overview", _("Overview"), [_("No measure is public.")], [])
    ordered = sorted(told, key=lambda each: list(State.values).index(each.standing.state))
    tables = [
        _counted("by_state", _("By state"), _("State"), ordered, frame, lambda each: each.standing.state, _state),
        _counted("by_topic", _("By topic"), _("Topic"), told, frame, lambda each: each.measure.topic_id, _topic),
        _counted(
            "by_phase", _("By phase"), _("Phase"), sorted(told, key=_phase_number), frame,
            lambda each: each.measure.phase_id, _phase,
        ),
    ]  # fmt: skip
    text = _("States are computed from milestones and decisions, as they were on %(day)s.") % {"day": day(frame.as_of)}
    return chapter("overview", _("Overview"), [text], tables)


def _state(each: Told) -> str:
    return str(State(each.standing.state).label)


def _topic(each: Told) -> str:
    return str(each.measure.topic)


def _phase(each: Told) -> str:
    return str(each.measure.phase) if each.measure.phase else _("no phase of the programme")


def _phase_number(each: Told) -> tuple[bool, int]:
    phase = each.measure.phase
    return (phase is None, phase.number if phase else 0)


def _counted(
    key: str, title: str, head: str, told: Sequence[Told], frame: Frame, by: Callable[[Told], Hashable],
    name: Callable[[Told], str],
) -> Table:  # fmt: skip
    groups: dict[Hashable, list[Told]] = {}
    for each in told:
        groups.setdefault(by(each), []).append(each)
    parts = shares([len(group) for group in groups.values()])
    rows = []
    for group, part in zip(groups.values(), parts, strict=True):
        urns = [each.measure.urn for each in group]
        rows.append(
            [
                words(name(group[0])),
                figure(number(len(group)), len(group), urns, frame.as_known_on),
                figure(number(part, 0, "%"), part, urns, frame.as_known_on, "percent"),
            ]
        )
    columns = [column("name", head), column("measures", _("Measures"), True), column("share", _("Part"), True)]
    return table(key, title, columns, rows)


def by_topic(told: Sequence[Told]) -> Chapter:
    """Each measure with its state: a table a topic, in it by phase."""
    columns = [
        column("measure", _("Measure")), column("phase", _("Phase")), column("state", _("State")),
        column("since", _("since")), column("late_by", pgettext("milestone", "Overdue"), True),
        column("stage", _("Stage")),
    ]  # fmt: skip
    groups: dict[int, list[Told]] = {}
    for each in told:
        groups.setdefault(each.measure.topic_id, []).append(each)
    tables = [
        table(
            f"topic-{group[0].measure.topic.slug}", group[0].measure.topic, columns, [_measure(each) for each in group]
        )
        for group in groups.values()
    ]
    return chapter("measures", _("Measures"), [] if told else [_("No measure is public.")], tables)


def _measure(each: Told) -> list[Cell]:
    row, standing = each.measure, each.standing
    late = standing.late_by.days
    return [
        words(row.title, row.urn),
        words(row.phase or NONE),
        words(_state(each), row.urn),
        words(day(standing.since)),
        figure(days(standing.late_by), late, [row.urn], row.changed, "days") if late else words(NONE),
        words(row.get_maturity_display()),
    ]


def milestones(told: Sequence[Told], frame: Frame) -> Chapter:
    """Every milestone with its first plan and how far it slipped by then. One query."""
    measures = {each.measure.pk: each.measure for each in told}
    rows = []
    places = {pk: place for place, pk in enumerate(measures)}
    found = Milestone.objects.filter(measure__in=measures)
    for row in sorted(found, key=lambda row: (places[row.measure_id], row.plan, row.pk)):
        measure = measures[row.measure_id]
        done = row.done if row.done is not None and row.done <= frame.as_of else None
        slip = slip_of(row.baseline, row.plan, done, frame.as_of)
        rows.append(
            [
                words(row.title, f"milestone:{row.public_id}"),
                words(measure.title, measure.urn),
                words(day(row.baseline)),
                words(day(row.plan)),
                words(day(done) if done else _("not yet")),
                figure(days(slip), slip.days, [f"milestone:{row.public_id}"], measure.changed, "days"),
            ]
        )
    columns = [
        column("milestone", _("What is reached")), column("measure", _("Measure")),
        column("baseline", _("First planned for")), column("plan", _("Now planned for")),
        column("done", _("Reached on")), column("slip", _("Slip"), True),
    ]  # fmt: skip
    text = [] if rows else [_("No milestones are recorded.")]
    return chapter("milestones", _("Milestones"), text, [table("milestones", _("Milestones"), columns, rows)])


def decisions(told: Sequence[Told], frame: Frame) -> Chapter:
    """What was decided in the year, in order of time. One query."""
    measures = {each.measure.pk: each.measure for each in told}
    found = Decision.objects.filter(
        measure__in=measures, date__gte=dt.date(frame.year, 1, 1), date__lte=frame.as_of
    ).order_by("date", "pk")
    rows = [
        [
            words(day(row.date), f"decision:{row.public_id}"),
            words(measures[row.measure_id].title, measures[row.measure_id].urn),
            words(row.body),
            words(row.get_kind_display()),
            words(row.text or NONE),
        ]
        for row in found
    ]
    columns = [
        column("date", _("Date")), column("measure", _("Measure")), column("body", _("Who decided")),
        column("kind", _("What")), column("text", _("In words")),
    ]  # fmt: skip
    text = [] if rows else [_("No decision of this year is recorded.")]
    return chapter("decisions", _("Decisions of the year"), text, [table("decisions", _("Decisions"), columns, rows)])
