"""The chapter of indicators: newest values, and targets with how far they are reached."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from allmende.spine.ui.formats import number

from ..core.progress import staleness
from ..core.series import Verdict, judge, write_period
from ..domain.series import Overview, breaks_of
from ..interfaces.indicator_charts import area_name, point_text, value_text
from ..models import Indicator, Target
from ..templatetags.indicators import STALENESS, in_words
from .course import NONE, Told, day
from .measured import Known, Measured, key_of
from .pace import Pace, Stand, pace, worst_first
from .parts import Cell, Chapter, Table, abridged, chapter, column, figure, table, words
from .sections import Frame

# So many targets of one measure are printed; nobody reads the twentieth of forty, and the data file has them all.
PRINTED = 12


def _value(known: Known, meant: Overview) -> Cell:
    point = known.point
    assert point.value is not None
    text = f"{point_text(point, meant.decimals, meant.unit)}, {write_period(point.period)}"
    return figure(text, point.value, [known.urn], point.vintage, meant.unit)


def indicators(known: Measured, told: Sequence[Told], frame: Frame) -> Chapter:
    """Newest values, then a table of targets for the programme and for each measure that has some. What is not
    measured is said."""
    if not known.indicators:
        return chapter("indicators", _("Indicators"), [_("No indicator is public.")], [])
    columns = [
        column("indicator", _("Indicator")), column("newest", _("Newest value"), True), column("area", _("Area")),
        column("age", _("How old")), column("definition", _("Definition"), True), column("source", _("Source")),
    ]  # fmt: skip
    rows = [_overview(row, known, frame) for row in known.indicators]
    tables = [table("newest", _("Newest values"), columns, rows)]
    targets = _targets(known, told, frame)
    text = [_("Values of periods that had ended by %(day)s.") % {"day": day(frame.as_of)}]
    if any("printed" in each for each in targets):
        text.append(
            _(
                "Of more than %(count)s targets of one measure, %(count)s are printed: first those that are furthest "
                "behind, then those not measured and those that cannot be judged, then those on course and those "
                "reached. On course is what has gone at least as far as an even course from the baseline to the day "
                "on which it is due. The data file names all of them."
            )
            % {"count": PRINTED}
        )
    return chapter("indicators", _("Indicators"), text, [*tables, *targets])


def _targets(known: Measured, told: Sequence[Told], frame: Frame) -> list[Table]:
    """A table for the programme and for each measure that has targets. One query."""
    wanted: dict[int | None, list[Target]] = {}
    for target in known.targets:
        wanted.setdefault(target.measure_id, []).append(target)
    names = {each.measure.pk: each.measure for each in told}
    columns = [
        column("indicator", _("Indicator")), column("area", _("Area")),
        column("baseline", pgettext("programme", "From"), True), column("now", _("Now"), True),
        column("target", _("Target"), True), column("progress", _("Progress"), True), column("age", _("How old")),
    ]  # fmt: skip
    breaks = {
        pk: [row.date for row in rows]
        for pk, rows in breaks_of({target.indicator_id for target in known.targets}).items()
    }
    writer = _Writer(known, frame)
    tables = []
    for pk, targets in wanted.items():
        measure = names[pk] if pk else None
        title = _("Targets: %(measure)s") % {"measure": measure or _("the whole programme")}
        since = measure.changed if measure else frame.as_known_on
        aims = [_aim(target, known, breaks[target.indicator_id]) for target in targets]
        rows = [writer.row(aim, since) for aim in aims]
        made = table(f"targets-{measure.public_id}" if measure else "targets", title, columns, rows)
        tables.append(_abridged(made, aims, frame) if len(aims) > PRINTED else made)
    return tables


class _Aim(NamedTuple):
    """A target and how it stands."""

    target: Target
    now: Known | None
    verdict: Verdict


def _aim(target: Target, known: Measured, breaks: list[dt.date]) -> _Aim:
    now = known.newest.get(key_of(target))
    point = now.point if now else None
    return _Aim(target, now, judge(target.baseline, target.baseline_date, target.value, point, breaks))


def _abridged(made: Table, aims: Sequence[_Aim], frame: Frame) -> Table:
    """The table with its worst rows first, of which some are printed, and how many targets stand how."""
    paces = [
        pace(verdict, target.baseline_date, target.due, now.point.ends if now else None, frame.as_of)
        for target, now, verdict in aims
    ]
    left = len(aims) - PRINTED
    more = ngettext("%(count)s more target stands in the data file.", "%(count)s more targets stand in the data file.",
                    left) % {"count": number(left)}  # fmt: skip
    counts = _counts([f"target:{aim.target.public_id}" for aim in aims], paces, frame)
    return abridged(made, worst_first(paces), PRINTED, counts, more)


def _counts(urns: list[str], paces: Sequence[Pace], frame: Frame) -> list[Cell]:
    """How many there are, then how many of them stand how."""
    cells = [_count(ngettext("%(count)s target", "%(count)s targets", len(urns)), len(urns), urns, frame)]
    for stand, text in (
        (Stand.REACHED, pgettext("targets", "%(count)s reached")),
        (Stand.ON_COURSE, pgettext("targets", "%(count)s on course")),
        (Stand.BEHIND, pgettext("targets", "%(count)s behind")),
        (Stand.UNMEASURED, pgettext("targets", "%(count)s not measured")),
        (Stand.UNCLEAR, pgettext("targets", "%(count)s that cannot be judged")),
    ):
        of = [urn for urn, each in zip(urns, paces, strict=True) if each.stand is stand]
        if of:
            cells.append(_count(text, len(of), of, frame))
    return cells


def _count(text: str, count: int, urns: list[str], frame: Frame) -> Cell:
    return figure(text % {"count": number(count)}, count, urns, frame.as_known_on)


def _grade(found: Known | None, meant: Overview, frame: Frame) -> str:
    return staleness(found.point.ends if found else None, meant.cadence, frame.as_of)


def _overview(row: Indicator, known: Measured, frame: Frame) -> list[Cell]:
    meant = known.overviews[row.pk]
    found = known.newest.get(meant.key) if meant.area else None
    return [
        words(row.title, row.urn),
        _value(found, meant) if found else words(_("not measured")),
        words(area_name(meant.key) if meant.area else NONE),
        words(STALENESS[_grade(found, meant, frame)][0]),
        definition(row, known.definitions[row.pk], frame),
        words(meant.source),
    ]


def definition(row: Indicator, number: int, frame: Frame) -> Cell:
    """By which definition an indicator is measured."""
    return figure(str(number), number, [row.urn], frame.as_known_on)


class _Writer:
    """Writes the rows of targets. What thousands of them say alike is put into words once."""

    def __init__(self, known: Measured, frame: Frame) -> None:
        self.known, self.frame = known, frame
        self.indicators = {row.pk: words(row.title, row.urn) for row in known.indicators}
        self.areas: dict[tuple[str, str], Cell] = {}
        self.grades = {grade: words(text) for grade, (text, _kind) in STALENESS.items()}
        self.unmeasured = words(_("not measured"))
        self.verdicts: dict[Verdict, str] = {}
        self.stated: dict[tuple[Decimal, dt.date | None, int], str] = {}

    def row(self, aim: _Aim, since: dt.datetime) -> list[Cell]:
        """`since`: when the target is known from."""
        target, now, verdict = aim
        meant = self.known.overviews[target.indicator_id]
        urn = f"target:{target.public_id}"
        return [
            self.indicators[target.indicator_id],
            self._area(target),
            self._stated(target.baseline, target.baseline_date, urn, since, meant),
            _value(now, meant) if now else self.unmeasured,
            self._stated(target.value, target.due, urn, since, meant),
            self._progress(verdict, now, urn, since),
            self.grades[_grade(now, meant, self.frame)],
        ]

    def _area(self, target: Target) -> Cell:
        named = (target.level, target.area)
        if named not in self.areas:
            self.areas[named] = words(area_name(key_of(target)))
        return self.areas[named]

    def _progress(self, verdict: Verdict, now: Known | None, urn: str, since: dt.datetime) -> Cell:
        if verdict not in self.verdicts:
            self.verdicts[verdict] = in_words(verdict)
        said = self.verdicts[verdict]
        if verdict.percent is None or now is None:
            return words(said)
        return figure(said, round(verdict.percent, 6), [now.urn, urn], max(now.point.vintage, since), "percent")

    def _stated(self, value: Decimal | None, on: dt.date | None, urn: str, since: dt.datetime, meant: Overview) -> Cell:
        if value is None:
            return words(NONE)
        said = (value, on, meant.indicator)
        if said not in self.stated:
            text = value_text(value, meant.decimals, meant.unit)
            self.stated[said] = f"{text}, {day(on)}" if on else text
        return figure(self.stated[said], value, [urn], since, meant.unit)
