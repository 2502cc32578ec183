"""How the programme's values look."""

import functools
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from allmende.spine.links import link
from allmende.spine.ui.formats import money, number
from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import pill, when

from ..core.state import Standing
from ..enums import Maturity, RevisionState, State, Unit
from ..models import Decision, Figure, Measure, Milestone, Party, Revision

register = template.Library()

KINDS = {
    Maturity.IDEA: "neutral",
    Maturity.PILOT: "planned",
    Maturity.OPERATION: "active",
    Maturity.SCALED: "active",
    Maturity.ENDED: "stopped",
}


@register.simple_tag
def maturity_pill(measure: Measure) -> SafeString:
    return _maturity_pill(measure.maturity, get_language() or "")


@functools.lru_cache(maxsize=64)
def _maturity_pill(value: str, language: str) -> SafeString:
    stage = Maturity(value)
    return pill(stage.label, KINDS[stage])


def _title(measure: Measure) -> SafeString:
    address = measure.get_absolute_url()
    if measure.lang == get_language():
        return format_html('<a href="{}">{}</a>', address, measure.title)
    return format_html('<a href="{}" lang="{}">{}</a>', address, measure.lang, measure.title)


STATES = {
    State.UNKNOWN: "neutral",
    State.PLANNED: "planned",
    State.RUNNING: "active",
    State.LATE: "warning",
    State.PAUSED: "warning",
    State.STOPPED: "stopped",
    State.DROPPED: "stopped",
    State.DONE: "done",
}


@register.simple_tag
def state_pill(standing: Standing) -> SafeString:
    """The computed state as a word."""
    return _state_pill(standing.state, get_language() or "")


@functools.lru_cache(maxsize=64)
def _state_pill(value: str, language: str) -> SafeString:
    state = State(value)
    return pill(state.label, STATES[state])


@register.filter
def days(length: timedelta) -> str:
    """A slip: "43 days later", "2 days earlier", "as planned"."""
    number = abs(length.days)
    if length.days > 0:
        return ngettext("%(number)s day later", "%(number)s days later", number) % {"number": number}
    if length.days < 0:
        return ngettext("%(number)s day earlier", "%(number)s days earlier", number) % {"number": number}
    return gettext("as planned")


MEASURES = [
    Column(_("Measure"), _title, heading=True),
    Column(_("State"), lambda measure: state_pill(measure.standing)),
    Column(_("Stage"), maturity_pill),
    Column(_("Topic"), lambda measure: measure.topic),
    Column(_("Last changed"), lambda measure: when(measure.changed)),
]


@register.simple_tag
def measure_table(rows: Iterable[Measure]) -> SafeString:
    """Published measures, with topic and `standing`, as everybody sees them."""
    return table(_("Measures"), MEASURES, rows)


def _change_link(measure: Measure) -> SafeString:
    return format_html(
        '<span><input type="checkbox" name="measure" value="{0}" id="m{0}" form="batch" aria-label="{3}">'
        ' <a href="{1}">{2}</a></span>',
        measure.public_id,
        measure.change_url,
        measure.title,
        gettext("Choose %(title)s") % {"title": measure.title},
    )


def _publicity(measure: Any) -> SafeString:
    shown = pill(_("public"), "active") if measure.published else pill(_("not public"), "planned")
    if measure.draft_state:
        return format_html("<span>{} {}</span>", shown, RevisionState(measure.draft_state).label)
    return shown


STAFF_MEASURES = [
    Column(_("Measure"), _change_link, heading=True),
    Column(_("Code"), lambda measure: measure.code),
    Column(_("Public"), _publicity),
    Column(_("State"), lambda measure: state_pill(measure.standing)),
    Column(_("Topic"), lambda measure: measure.topic),
    Column(_("Last changed"), lambda measure: when(measure.changed, "time")),
]


@register.simple_tag
def staff_measure_table(rows: Iterable[Measure]) -> SafeString:
    """Measures with drafts, for staff."""
    return table(_("Measures"), STAFF_MEASURES, rows)


REVIEWS = [
    Column(
        _("Measure"),
        lambda row: format_html('<a href="{}">{}</a>', row.review_url, row.document.get("title") or row.measure),
        heading=True,
    ),
    Column(_("Author"), lambda row: row.author or "–"),
    Column(_("What changes, and why"), lambda row: row.note or "–"),
    Column(_("Waits since"), lambda row: when(row.submitted, "time")),
]


@register.simple_tag
def review_table(rows: Iterable[Revision]) -> SafeString:
    """Drafts in review."""
    return table(_("To review"), REVIEWS, rows)


REVISIONS = [
    Column(
        _("Version"),
        lambda row: format_html('<a href="{}">{}</a>', link("programme:version", str(row.public_id)), row.number),
        heading=True,
    ),
    Column(_("State"), lambda row: row.get_state_display()),
    Column(_("What changes, and why"), lambda row: row.note or "–"),
    Column(_("Author"), lambda row: row.author or "–"),
    Column(_("Reviewed by"), lambda row: row.reviewer or "–"),
    Column(_("When"), lambda row: when(row.decided or row.changed, "time")),
]


@register.simple_tag
def revision_table(rows: Iterable[Revision]) -> SafeString:
    """Versions of a measure."""
    return table(_("Versions"), REVISIONS, rows)


@register.simple_tag
def figure_value(figure: Figure) -> str:
    """The figure as its source states it: "more than 1,600,000 €"."""
    value: Any = figure.value
    if figure.is_money:
        text = money(int(value))
    else:
        plain = int(value) if value == value.to_integral_value() else Decimal(value)
        text = number(plain, unit=str(Unit(figure.unit).label))
    return f"{figure.qualifier} {text}".strip()


@register.filter
def paragraphs(text: str) -> SafeString:
    """Plain text as paragraphs; HTML in it stays text."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return mark_safe("".join(format_html("<p>{}</p>", _lines(part)) for part in parts))  # noqa: S308 - each part is escaped


def _lines(part: str) -> SafeString:
    lines = part.split("\n")
    return mark_safe("<br>".join(format_html("{}", line) for line in lines))  # noqa: S308 - each line is escaped


DECISIONS = [
    Column(_("Date"), lambda row: when(row.date), heading=True),
    Column(_("Who decided"), lambda row: row.body),
    Column(_("What"), lambda row: row.get_kind_display()),
    Column(_("In words"), lambda row: _decision_text(row)),
]


def _decision_text(row: Decision) -> str:
    if not row.url:
        return row.text
    return format_html('<span>{} <a href="{}" rel="noreferrer">{}</a></span>', row.text, row.url, gettext("Paper"))


@register.simple_tag
def decision_table(rows: Iterable[Decision]) -> SafeString:
    return table(_("Decisions"), DECISIONS, rows)


MILESTONES = [
    Column(_("What is reached"), lambda row: row.title, heading=True),
    Column(_("First planned for"), lambda row: when(row.baseline)),
    Column(_("Now planned for"), lambda row: when(row.plan)),
    Column(_("Reached on"), lambda row: when(row.done) if row.done else gettext("not yet")),
    Column(_("Slip"), lambda row: days(row.slip)),
]


@register.simple_tag
def milestone_table(rows: Iterable[Milestone]) -> SafeString:
    """Milestones with their first plan, which never changes, and the slip against it."""
    return table(_("Milestones"), MILESTONES, rows)


PARTIES = [
    Column(_("Name"), lambda row: format_html('<a href="{}">{}</a>', row.get_absolute_url(), row.name), heading=True),
    Column(_("Kind"), lambda row: row.get_kind_display()),
    Column(_("Measures"), lambda row: row.measures, number=True),
]


@register.simple_tag
def party_table(rows: Iterable[Party]) -> SafeString:
    """Parties with the number of their public `measures`."""
    return table(_("Who takes part"), PARTIES, rows)
