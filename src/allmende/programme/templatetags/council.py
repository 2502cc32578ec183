"""How decisions of councils look."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import pill, when

from ..council import problems
from ..enums import ArrivalState
from ..models import CouncilDecision, CouncilSource

register = template.Library()

_STATES = {ArrivalState.NEW: "planned", ArrivalState.TAKEN: "done", ArrivalState.IGNORED: "neutral"}


@register.filter
def council_title(row: CouncilDecision) -> str:
    return row.paper or row.title or gettext("Agenda item without a title")


@register.simple_tag
def arrival_pill(row: CouncilDecision) -> SafeString:
    return pill(row.get_state_display(), _STATES[ArrivalState(row.state)])


@register.filter
def council_problem(row: CouncilSource) -> str:
    return problems.sentence(row.problem, row.problem_about) if row.problem else ""


def _title(row: CouncilDecision) -> SafeString:
    return format_html('<a href="{}" lang="de">{}</a>', row.get_absolute_url(), council_title(row))


def _measure(row: CouncilDecision) -> SafeString | str:
    if row.measure is None:
        return "–"
    return format_html('<a href="{}">{}</a>', row.measure.change_url, row.measure.title)


_DECISIONS = [
    Column(pgettext_lazy("council decision", "Decision"), _title, heading=True),
    Column(_("Paper"), lambda row: row.reference or "–"),
    Column(_("Body"), lambda row: row.body or "–"),
    Column(_("Day"), lambda row: when(row.date) if row.date else "–"),
    Column(_("Result"), lambda row: row.result or "–"),
    Column(_("State"), arrival_pill),
    Column(_("Measure"), _measure),
]


@register.simple_tag
def arrived_table(rows: Iterable[CouncilDecision]) -> SafeString:
    return table(gettext("Decisions that arrived"), _DECISIONS, rows)


def _source(row: CouncilSource) -> SafeString:
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), row.name)


def _health(row: CouncilSource) -> SafeString | str:
    if not row.enabled:
        return pgettext("council source", "not asked")
    if row.problem:
        return council_problem(row)
    return gettext("being read") if row.begun or row.succeeded is None else gettext("works")


_SOURCES = [
    Column(_("System"), _source, heading=True),
    Column(_("Address"), lambda row: row.url),
    Column(_("State"), _health),
    Column(_("Last read completely"), lambda row: when(row.succeeded, "time") if row.succeeded else "–"),
]


@register.simple_tag
def council_sources(rows: Iterable[CouncilSource]) -> SafeString:
    return table(gettext("Council information systems"), _SOURCES, rows)
