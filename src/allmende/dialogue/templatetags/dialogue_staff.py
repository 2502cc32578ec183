"""Tables of participations and contributions as the administration and experts see them."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from allmende.spine.links import link
from allmende.spine.moderation.enums import Hold
from allmende.spine.ui.formats import number
from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import ago, deadline, pill, when

from ..domain.queries import Numbers
from ..enums import OPEN, ParticipationState, ReviewState, Shown
from ..models import Contribution, Participation, Phase, Review
from .dialogue import phase_pill, phase_time, standing_pill

register = template.Library()

STATES = {
    ParticipationState.DRAFT: "planned",
    ParticipationState.PUBLISHED: "active",
    ParticipationState.EVALUATED: "done",
    ParticipationState.WITHDRAWN: "stopped",
}
REVIEWS = {ReviewState.ASKED: "planned", ReviewState.GIVEN: "done", ReviewState.REFUSED: "stopped"}


@register.simple_tag
def participation_state(row: Participation) -> SafeString:
    return pill(row.get_state_display(), STATES[ParticipationState(row.state)])


def _titled(address: str, row: Contribution) -> SafeString:
    lang = format_html(' lang="{}"', row.lang) if row.lang != get_language() else ""
    return format_html('<a href="{}"{}>{}</a>', address, lang, row.title)


def _due(row: Contribution) -> Any:
    if row.standing not in OPEN:
        return "–"
    return format_html("<span>{}, {}</span>", when(row.due), deadline(row.due))


def _missing(row: Any) -> str:
    missing = max(0, int(row.phase.settings.get("reviews", 0)) - row.given)
    return number(missing) if row.standing in OPEN and missing else "–"


def _standing(row: Contribution) -> Any:
    if row.shown != Shown.VISIBLE:
        return pill(row.get_shown_display(), "warning")
    return standing_pill(row)


def _why(row: Any) -> str:
    if row.proposed:
        return gettext("removal is proposed")
    return ", ".join(str(Hold(each).label) for each in row.holds if each in Hold.values and each != Hold.FIRST) or "–"


def _of(name: str) -> Any:
    return lambda row: _titled(link(name, str(row.public_id)), row)


NUMBER = Column(pgettext_lazy("contribution", "Number"), lambda row: number(row.number), number=True)
WHERE = Column(_("Participation"), lambda row: row.phase.participation.title)
AGE = Column(_("Received"), lambda row: ago(row.created))
DESK = [
    Column(_("Contribution"), _of("dialogue:answer"), heading=True),
    NUMBER,
    WHERE,
    AGE,
    Column(_("Answer due"), _due),
    Column(pgettext_lazy("contribution", "Standing"), _standing),
    Column(_("Judgements missing"), _missing, number=True),
]
HELD = [
    Column(_("Contribution"), _of("dialogue:moderate"), heading=True),
    NUMBER,
    WHERE,
    AGE,
    Column(_("Why it waits"), _why),
]


@register.simple_tag
def desk_table(rows: Iterable[Any], tab: str) -> SafeString:
    """Rows of `queries.for_desk`, under the tab `tab`."""
    return table(_("Contributions"), HELD if tab == "held" else DESK, rows)


def _times(row: Any) -> Any:
    return format_html("<span>{} – {}</span>", when(row.opens), when(row.closes)) if row.opens else "–"


def _overdue(numbers: Numbers) -> Any:
    if not numbers.overdue:
        return number(numbers.open)
    late = ngettext("%(number)s overdue", "%(number)s overdue", numbers.overdue) % {"number": number(numbers.overdue)}
    return format_html('<span>{} <span class="al-late">({})</span></span>', number(numbers.open), late)


@register.simple_tag
def participation_table(rows: Iterable[tuple[Any, Numbers]], may_change: bool) -> SafeString:
    """Participations with their numbers; who may not change them reads the public page or preview."""

    def title(line: tuple[Any, Numbers]) -> SafeString:
        row = line[0]
        address = row.change_url if may_change else row.get_absolute_url()
        return format_html('<a href="{}">{}</a>', address, row.title)

    columns = [
        Column(_("Participation"), title, heading=True),
        Column(_("State"), lambda line: participation_state(line[0])),
        Column(_("Phases"), lambda line: _times(line[0])),
        Column(_("Office that answers"), lambda line: line[0].office or "–"),
        Column(_("Contributions"), lambda line: number(line[1].total), number=True),
        Column(_("Answers owed"), lambda line: _overdue(line[1]), number=True),
        Column(_("Held back"), lambda line: number(line[1].held) if line[1].held else "–", number=True),
    ]
    return table(_("Participations"), columns, rows)


def _phase(row: Phase) -> SafeString:
    return format_html(
        '<a href="{}">{}. {}</a>', link("dialogue:change_phase", str(row.public_id)), row.number, row.title
    )


PHASES = [
    Column(_("Phase"), _phase, heading=True),
    Column(pgettext_lazy("phase", "Kind"), lambda row: row.get_kind_display()),
    Column(_("From – until"), lambda row: format_html("<span>{}</span>", phase_time(row))),
    Column(_("State"), phase_pill),
    Column(_("Who may contribute"), lambda row: row.get_audience_display()),
    Column(_("Rules"), lambda row: gettext("hold fast") if row.frozen else gettext("can be changed")),
    Column(_("Contributions"), lambda row: number(row.last_number), number=True),
]


@register.simple_tag
def staff_phase_table(rows: Iterable[Phase]) -> SafeString:
    return table(_("Phases"), PHASES, rows)


def _review_state(row: Review) -> SafeString:
    return pill(row.get_state_display(), REVIEWS[ReviewState(row.state)])


ASKED = [
    Column(_("Expert"), lambda row: row.expert or row.name or "–", heading=True),
    Column(_("State"), _review_state),
    Column(_("Since"), lambda row: when(row.given or row.changed)),
    Column(_("Reason"), lambda row: row.interests if row.state == ReviewState.REFUSED else "–"),
]


@register.simple_tag
def asked_table(rows: Iterable[Review]) -> SafeString:
    """Who was asked, who has judged, who handed it back and why."""
    return table(_("Experts who were asked"), ASKED, rows)


@register.simple_tag
def review_table(rows: Iterable[Review], done: bool = False) -> SafeString:
    """One's own judgements: those that are asked for, or those before."""
    columns = [
        Column(_("Contribution"), lambda row: _titled(row.get_absolute_url(), row.contribution), heading=True),
        Column(_("Participation"), lambda row: row.contribution.phase.participation.title),
        Column(_("State"), _review_state) if done else Column(_("Answer due"), lambda row: _due(row.contribution)),
        Column(_("Since"), lambda row: when(row.given or row.changed)),
    ]
    return table(_("Judgements that I gave or handed back") if done else _("Judgements to give"), columns, rows)
