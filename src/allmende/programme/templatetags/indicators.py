"""How indicators, their values and their targets look."""

import functools
from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from allmende.spine.links import link
from allmende.spine.ui.formats import number
from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import pill, when

from ..core.series import Period, Point, Verdict, write_period
from ..domain.aims import Aim
from ..domain.series import Correction, Overview
from ..enums import Direction, Level
from ..interfaces.indicator_charts import (
    LICENCES,
    Line,
    SeriesChart,
    area_name,
    chart_of,
    label_of,
    point_text,
    value_text,
)
from ..models import Definition, Indicator, Value

register = template.Library()

STALENESS = {
    "fresh": (_("up to date"), "active"),
    "due": (_("a new value is due"), "planned"),
    "stale": (_("long overdue"), "warning"),
    "none": (_("not measured"), "warning"),
    "timeless": (_("measured once"), "neutral"),
}
WORDS = {
    "unmeasured": _("Not measured yet."),
    "unmeasured_since": _("Not measured yet since the baseline."),
    "incomparable": _("The series broke since the baseline: now and then do not compare."),
    "no_scale": _("Without both baseline and target there is no way to measure along."),
    "unchanged": _("Unchanged since the baseline."),
    "held": _("The level is held, as planned."),
    "not_held": _("The level is not held."),
}


@register.simple_tag
def staleness_pill(grade: str) -> SafeString:
    """How old the newest value is, as a word."""
    return _staleness_pill(grade, get_language() or "")


@functools.lru_cache(maxsize=64)
def _staleness_pill(grade: str, language: str) -> SafeString:
    text, kind = STALENESS[grade]
    return pill(text, kind)


@register.filter
def period(row: Any) -> str:
    """The period of a point or value: `2015`, `03/2015`."""
    return write_period(Period(row.starts, row.ends))


@register.simple_tag
def point_value(point: Point, meant: Definition) -> str:
    """A value in the unit of its definition, with its quality where that is not final."""
    return point_text(point, meant.decimals, meant.unit)


@register.simple_tag
def newest_value(overview: Overview) -> str:
    """The newest value of a list's row, with unit and quality."""
    return point_text(overview.newest, overview.decimals, overview.unit) if overview.newest else gettext("not measured")


@register.simple_tag
def licence_link(licence: str) -> SafeString:
    """The licence, with the address of its text where it is known."""
    address = LICENCES.get(licence)
    if address is None:
        return format_html("{}", licence)
    return format_html('<a href="{}" rel="license">{}</a>', address, licence)


@register.filter
def in_words(verdict: Verdict) -> str:
    """How far on the way. Going backwards is said, and nothing is rounded up to "reached"."""
    if verdict.word in WORDS:
        return str(WORDS[verdict.word])
    percent = verdict.percent or Decimal(0)
    if verdict.word == "reached":
        if percent == 100:
            return gettext("Target reached.")
        return gettext("Target reached and surpassed: %(percent)s of the way.") % {"percent": _percent(percent)}
    if verdict.word == "backwards":
        return gettext("Going backwards: %(percent)s of the way in the wrong direction.") % {
            "percent": _percent(-percent)
        }
    return gettext("%(percent)s of the way to the target.") % {"percent": _percent(percent)}


def _percent(value: Decimal) -> str:
    if value < 1:
        return gettext("less than 1 %")
    return number(value.quantize(Decimal(1), ROUND_DOWN), 0, "%")


def _now(aim: Aim) -> str:
    return gettext("not measured yet") if aim.now is None else _with_period(aim.now, aim.decimals, aim.unit)


def _with_period(point: Point, decimals: int, unit: str) -> str:
    return f"{point_text(point, decimals, unit)}, {write_period(point.period)}"


def _from(aim: Aim) -> SafeString:
    text = value_text(aim.target.baseline, aim.decimals, aim.unit) if aim.target.baseline is not None else "–"
    if aim.target.baseline_date is None:
        return format_html("{}", text)
    return format_html("<span>{}, {}</span>", text, when(aim.target.baseline_date))


def _to(aim: Aim) -> SafeString:
    text = value_text(aim.target.value, aim.decimals, aim.unit) if aim.target.value is not None else "–"
    if aim.target.due is None:
        return format_html("{}", text)
    return format_html("<span>{}, {} {}</span>", text, gettext("by"), when(aim.target.due))


def _progress(aim: Aim) -> SafeString:
    late = gettext("The day it was due has passed.") if aim.overdue else ""
    return format_html("<span>{} {}</span>", in_words(aim.verdict), late)


def _indicator_link(row: Indicator) -> SafeString:
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), row)


_PROGRESS = [
    Column(pgettext_lazy("programme", "From"), _from),
    Column(_("Now"), _now),
    Column(_("Target"), _to),
    Column(_("Progress"), _progress),
]
OF_MEASURE = [
    Column(_("Indicator"), lambda aim: _indicator_link(aim.target.indicator), heading=True),
    *_PROGRESS,
    Column(_("Source"), lambda aim: _source(aim.source_url, aim.source)),
]


def _source(address: str, label: str) -> Any:
    return format_html('<a href="{}" rel="noreferrer">{}</a>', address, label) if address else label


@register.simple_tag
def aim_chart(aim: Aim) -> SeriesChart:
    """The series of a target as a chart."""
    return chart_of(
        str(aim.target.indicator), [Line(area_name(aim.key), aim.points)], aim.breaks, unit=aim.unit,
        decimals=aim.decimals, source=aim.source, source_url=aim.source_url,
    )  # fmt: skip


@register.simple_tag
def aims_of_measure_table(rows: Iterable[Aim]) -> SafeString:
    """Targets of one measure: from where, where now, to where, how far."""
    return table(_("Targets"), OF_MEASURE, rows)


OF_PROGRAMME = [
    Column(_("Indicator"), lambda aim: _indicator_link(aim.target.indicator), heading=True),
    Column(_("Area"), lambda aim: area_name(aim.key)),
    *_PROGRESS,
    Column(_("How old"), lambda aim: staleness_pill(aim.staleness)),
    Column(_("Source"), lambda aim: _source(aim.source_url, aim.source)),
]


@register.simple_tag
def programme_aims_table(rows: Iterable[Aim]) -> SafeString:
    """Targets of the whole programme: from where, where now and how old that is, to where, how far."""
    return table(_("Targets of the programme"), OF_PROGRAMME, rows)


def _change_target(aim: Aim) -> SafeString:
    address = link("programme:change_target", str(aim.target.public_id))
    return format_html('<a href="{}">{}</a>', address, area_name(aim.key))


FOR_STAFF = [Column(_("Area"), _change_target, heading=True), *_PROGRESS]


@register.simple_tag
def staff_aims_table(rows: Iterable[Aim]) -> SafeString:
    """Targets of the whole programme on one indicator, to be changed."""
    return table(_("Targets of the programme"), FOR_STAFF, rows)


def _whose(aim: Aim) -> Any:
    measure = aim.target.measure
    if measure is None:
        return gettext("the whole programme")
    return format_html('<a href="{}">{}</a>', measure.get_absolute_url(), measure)


OF_INDICATOR = [
    Column(_("Who wants it"), _whose, heading=True),
    Column(_("Area"), lambda aim: area_name(aim.key)),
    *_PROGRESS,
]


@register.simple_tag
def aims_table(rows: Iterable[Aim]) -> SafeString:
    """Targets on one indicator."""
    return table(_("Targets"), OF_INDICATOR, rows)


def _newest(found: Overview) -> str:
    if found.newest is None:
        return gettext("not measured")
    text = point_text(found.newest, found.decimals, found.unit)
    return text if found.level == Level.TOWN else f"{text}, {area_name(found.key)}"


INDICATORS = [
    Column(_("Indicator"), _indicator_link, heading=True),
    Column(_("Newest value"), lambda row: _newest(row.overview)),
    Column(
        pgettext_lazy("programme", "Period"), lambda row: period(row.overview.newest) if row.overview.newest else "–"
    ),
    Column(_("Better is"), lambda row: label_of(Direction(row.overview.direction), get_language() or "")),
    Column(_("Source"), lambda row: row.overview.source),
    Column(_("How old"), lambda row: staleness_pill(row.overview.staleness)),
]


@register.simple_tag
def indicator_table(rows: Iterable[Indicator]) -> SafeString:
    """Published indicators, with their `overview`."""
    return table(_("Indicators"), INDICATORS, rows)


STAFF_INDICATORS = [
    Column(
        _("Indicator"),
        lambda row: format_html('<a href="{}">{}</a>', link("programme:staff_indicator", str(row.public_id)), row),
        heading=True,
    ),
    Column(_("How old"), lambda row: staleness_pill(row.overview.staleness)),
    Column(_("Newest value"), lambda row: _newest(row.overview)),
    Column(
        pgettext_lazy("programme", "Period"), lambda row: period(row.overview.newest) if row.overview.newest else "–"
    ),
    Column(_("Public"), lambda row: pill(_("public"), "active") if row.published else pill(_("not public"), "planned")),
]


@register.simple_tag
def staff_indicator_table(rows: Iterable[Indicator]) -> SafeString:
    """Indicators, for staff."""
    return table(_("Indicators"), STAFF_INDICATORS, rows)


@register.simple_tag
def correction_table(rows: Iterable[Correction], decimals: int, unit: str) -> SafeString:
    """What was known otherwise before."""
    columns = [
        Column(pgettext_lazy("programme", "Period"), lambda row: period(row.after), heading=True),
        Column(_("Corrected on"), lambda row: when(row.after.vintage)),
        Column(_("Before"), lambda row: point_text(row.before, _places(row, decimals), unit)),
        Column(_("Since then"), lambda row: point_text(row.after, _places(row, decimals), unit)),
        Column(_("Note"), lambda row: row.after.note or "–"),
    ]
    return table(_("Corrections"), columns, rows)


def _places(row: Correction, decimals: int) -> int:
    """As many as show that the two values differ."""
    before, after = row.before.value, row.after.value
    if before is None or after is None or before == after:
        return decimals
    return next((place for place in range(decimals, 6) if round(before, place) != round(after, place)), 6)


VINTAGES = [
    Column(pgettext_lazy("programme", "Period"), period, heading=True),
    Column(_("Area"), lambda row: row.area),
    Column(_("Value"), lambda row: value_text(row.value, row.definition.decimals), number=True),
    Column(_("Quality"), lambda row: row.get_quality_display()),
    Column(_("Known from"), lambda row: when(row.vintage, "time")),
    Column(_("Note"), lambda row: row.note or "–"),
]


@register.simple_tag
def vintage_table(rows: Iterable[Value]) -> SafeString:
    """Every value as it was recorded."""
    return table(_("All that was recorded"), VINTAGES, rows)
