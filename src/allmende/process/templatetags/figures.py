"""Tables of figures."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from allmende.spine.ui.formats import number
from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import when

from ..domain.statistics import Spread, Step
from ..models import StaffAgreement
from .process import role_name

register = template.Library()


@register.simple_tag
def length(days: float) -> str:
    """A length of time in days, with one digit after the comma below ten."""
    rounded = round(days, 1) if days < 10 else round(days)
    return ngettext("%(days)s day", "%(days)s days", 1 if rounded == 1 else 2) % {"days": number(rounded)}


def _part(spread: Spread | None) -> str:
    return length(spread.p50) if spread else "–"


STEPS = [
    Column(_("Step"), lambda row: row.name, heading=True),
    Column(_("Who"), lambda row: role_name(row.role)),
    Column(_("How often"), lambda row: row.whole.count, number=True),
    Column(_("Median"), lambda row: length(row.whole.p50), number=True),
    Column(_("Four of five within"), lambda row: length(row.whole.p80), number=True),
    Column(_("19 of 20 within"), lambda row: length(row.whole.p95), number=True),
    Column(_("Waiting, median"), lambda row: _part(row.waiting), number=True),
    Column(_("Working, median"), lambda row: _part(row.working), number=True),
    Column(_("Share of the time"), lambda row: f"{round(row.share * 100)} %", number=True),
]

AGREEMENTS = [
    Column(
        _("Title"),
        lambda row: format_html('<a href="{}">{}</a>', row.document, row.title) if row.document else row.title,
        heading=True,
    ),
    Column(_("Agreed on"), lambda row: when(row.day)),
    Column(pgettext_lazy("staff agreement", "Until"), lambda row: when(row.ends) if row.ends else "–"),
    Column(_("What it allows"), lambda row: row.scope),
    Column(_("Recorded by"), lambda row: row.recorder or "–"),
]

AGES = [
    Column(_("Begun how long ago"), lambda row: row[0], heading=True),
    Column(_("Cases"), lambda row: row[1], number=True),
]


@register.simple_tag
def steps_figures(rows: Iterable[Step]) -> SafeString:
    return table(_("How long the steps take"), STEPS, rows)


@register.simple_tag
def agreement_table(rows: Iterable[StaffAgreement]) -> SafeString:
    return table(_("Staff agreements"), AGREEMENTS, rows)


@register.simple_tag
def ages_table(rows: Iterable[tuple[str, int]]) -> SafeString:
    return table(_("Open cases by age"), AGES, rows)
