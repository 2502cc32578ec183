"""How participations and contributions look in public."""

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from allmende.spine.links import link
from allmende.spine.ui.formats import deadline, money, number
from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import pill, when

from ..domain.overview import COMING, OPEN
from ..domain.queries import Tally
from ..enums import OPEN as UNANSWERED
from ..enums import Audience, ParticipationState, Placed, Shown, Standing
from ..models import Contribution, Participation, Phase, Review

register = template.Library()

KINDS = {
    Standing.NEW: "neutral",
    Standing.EXAMINED: "info",
    Standing.ACCEPTED: "active",
    Standing.PARTLY: "planned",
    Standing.DONE: "done",
    Standing.DECLINED: "stopped",
}
_MOMENT = dt.timedelta(microseconds=1)


@register.simple_tag
def standing_pill(row: Contribution) -> SafeString:
    """What became of a contribution, as a word."""
    return _standing_pill(row.standing, get_language() or "")


@functools.lru_cache(maxsize=64)
def _standing_pill(value: str, language: str) -> SafeString:
    standing = Standing(value)
    return pill(standing.label, KINDS[standing])


@register.simple_tag
def due_text(row: Contribution) -> Any:
    """Until when the answer is owed; who is late where it is. Nothing where it was answered."""
    if row.standing not in UNANSWERED or row.shown == Shown.WITHDRAWN:
        return ""
    day = format_html("{} {}", gettext("Answer by"), when(row.due))
    if not row.overdue:
        return day
    return format_html('{}; <span class="al-late">{} {}</span>', day, gettext("overdue:"), office(row))


def office(row: Contribution) -> str:
    """Who owes the answer."""
    found = row.phase.participation.office
    return str(found) if found is not None else gettext("The administration")


@register.simple_tag
def stage_pill(row: Participation) -> Any:
    """Where a participation of `overview.with_numbers` stands, in words."""
    stage: str = row.stage  # type: ignore[attr-defined]
    phase: Phase | None = row.current  # type: ignore[attr-defined]
    if row.state == ParticipationState.WITHDRAWN:
        return pill(ParticipationState.WITHDRAWN.label, "stopped")
    if row.state == ParticipationState.EVALUATED:
        return pill(ParticipationState.EVALUATED.label, "done")
    if stage == OPEN and phase is not None:
        return format_html("{} {}", pill(pgettext_lazy("participation", "open"), "active"), left(phase))
    if stage == COMING and phase is not None:
        return format_html(
            "{} {} {}", pill(pgettext_lazy("participation", "announced"), "planned"), gettext("from"), when(phase.opens)
        )
    return pill(pgettext_lazy("participation", "over"), "neutral")


@register.simple_tag
def left(phase: Phase) -> str:
    """How long a phase is still open: "12 days left". A phase that ends at midnight ends on the day before."""
    return deadline(phase.closes - _MOMENT)


@register.simple_tag
def phase_time(phase: Phase) -> SafeString:
    """From when to when."""
    return format_html("<span>{} – {}</span>", when(phase.opens, "time"), when(phase.closes, "time"))


@register.simple_tag
def phase_pill(phase: Phase) -> SafeString:
    words = {
        "open": (pgettext_lazy("participation", "open"), "active"),
        "coming": (pgettext_lazy("participation", "announced"), "planned"),
        "over": (pgettext_lazy("participation", "over"), "neutral"),
    }
    return pill(*words[phase.standing])


def _possible(yes: bool) -> str:
    return gettext("possible while the phase is open") if yes else gettext("not in this phase")


@register.simple_tag
def rules_of(phase: Phase, topics: Sequence[Any] = ()) -> list[tuple[str, str]]:
    """The rules of a phase in words: what is ruled, and how."""
    rules = phase.rules
    found = [
        (gettext("Who may contribute"), str(Audience(phase.audience).label)),
        (gettext("Comments"), _possible(rules.comments)),
        (gettext("Support"), _possible(rules.support)),
        (gettext("A place is asked for"), str(Placed(rules.place).label)),
        (
            gettext("Pictures"),
            ngettext("up to %(number)s", "up to %(number)s", rules.pictures) % {"number": number(rules.pictures)}
            if rules.pictures
            else gettext("none"),
        ),
    ]
    if topics:
        found.append((gettext("Topics"), ", ".join(str(each) for each in topics)))
    if rules.reviews:
        text = ngettext(
            "%(number)s independent judgement, by: %(criteria)s",
            "%(number)s independent judgements, by: %(criteria)s",
            rules.reviews,
        )
        told = {"number": number(rules.reviews), "criteria": ", ".join(rules.criteria)}
        found.append((gettext("Judged by experts"), text % told))
    text = ngettext(
        "within %(number)s day after the end of the phase",
        "within %(number)s days after the end of the phase",
        rules.answer_days,
    )
    found.append((gettext("Every contribution is answered"), text % {"number": number(rules.answer_days)}))
    return found


def _title(row: Contribution) -> SafeString:
    address = row.get_absolute_url()
    if row.lang == get_language():
        return format_html('<a href="{}">{}</a>', address, row.title)
    return format_html('<a href="{}" lang="{}">{}</a>', address, row.lang, row.title)


def _standing(row: Contribution) -> Any:
    if not row.overdue:
        return standing_pill(row)
    return format_html('<span>{} <span class="al-late">{}</span></span>', standing_pill(row), gettext("overdue"))


NUMBER = Column(pgettext_lazy("contribution", "Number"), lambda row: number(row.number), number=True)
TITLE = Column(_("Contribution"), _title, heading=True)
STANDING = Column(_("What becomes of it"), _standing)


@register.simple_tag
def contribution_table(rows: Iterable[Any], phase: Phase) -> SafeString:
    """Contributions of `queries.for_list` and `overview.with_comments`, as everybody sees them."""
    rules = phase.rules
    columns = [TITLE, NUMBER, Column(_("By"), lambda row: row.by)]
    if rules.topics:
        columns.append(Column(_("Topic"), lambda row: row.topic or "–"))
    if rules.place != Placed.NO:
        columns.append(Column(_("Where"), lambda row: row.place_name or "–"))
    columns.append(STANDING)
    if rules.support:
        columns.append(Column(_("Support"), lambda row: number(row.support), number=True))
    if rules.comments:
        columns.append(Column(_("Comments"), lambda row: number(row.comments), number=True))
    return table(_("Contributions"), columns, rows)


def _shown(row: Contribution) -> str:
    return "" if row.shown == Shown.VISIBLE else str(Shown(row.shown).label)


def _participation(row: Contribution) -> SafeString:
    found = row.phase.participation
    return format_html('<a href="{}">{}</a>', found.get_absolute_url(), found.title)


OWN = [
    TITLE,
    NUMBER,
    Column(_("Participation"), _participation),
    Column(_("Put in"), lambda row: when(row.created)),
    Column(_("What becomes of it"), lambda row: _shown(row) or standing_pill(row)),
    Column(_("Answer"), lambda row: format_html("<span>{}</span>", due_text(row) or "–")),
]


@register.simple_tag
def own_table(rows: Iterable[Any]) -> SafeString:
    """One's own contributions."""
    return table(_("My contributions"), OWN, rows)


@register.simple_tag
def score_table(reviews: Sequence[Review], criteria: Sequence[str]) -> SafeString:
    """What experts gave, from 1 to 5: a row for each criterion, a column for each expert."""
    columns = [Column(_("Criterion"), lambda line: line[0], heading=True)]
    for place, review in enumerate(reviews):
        columns.append(Column(review.name or _("Expert"), functools.partial(_score, place), number=True))
    lines = [
        (criterion, [each.scores[at] if at < len(each.scores) else None for each in reviews])
        for at, criterion in enumerate(criteria)
    ]
    return table(_("Judged by criteria, from 1 (little) to 5 (much)"), columns, lines, visible_caption=True)


def _score(place: int, line: tuple[str, list[int | None]]) -> str:
    value = line[1][place]
    return number(value) if value is not None else "–"


@register.simple_tag
def costs(review: Review) -> str:
    """The range an expert expects."""
    low, high = review.cost_low_cents, review.cost_high_cents
    if low is None and high is None:
        return gettext("not estimated")
    if low is None:
        return gettext("at most %(sum)s") % {"sum": money(high)}
    if high is None:
        return gettext("at least %(sum)s") % {"sum": money(low)}
    return f"{money(low)} – {money(high)}"


@register.simple_tag
def tally_table(tally: Tally, participation: Participation) -> SafeString:
    """What became of everything that came in; numbers lead to their lists where there is one phase to look at."""
    phases = list(participation.phases.all())
    where = link("dialogue:phase", participation.slug, phases[0].number) if len(phases) == 1 else ""
    lines: list[tuple[Any, int, str]] = [(_("Contributions"), tally.total, "")]
    lines += [(Standing(name).label, count, name) for name, count in tally.by_answer.items()]
    lines.append((_("still open"), tally.open, "open"))
    if tally.overdue:
        name = str(participation.office) if participation.office is not None else gettext("The administration")
        lines.append((gettext("of these overdue: %(office)s") % {"office": name}, tally.overdue, "overdue"))
    if tally.hidden:
        lines.append((_("removed, but counted"), tally.hidden, "-"))
    lines.append((_("measures that it led to"), tally.measures, "-"))
    columns = [
        Column(_("What"), lambda line: line[0], heading=True),
        Column(_("How many"), functools.partial(_counted, where), number=True),
    ]
    return table(_("What became of the contributions"), columns, lines)


def _counted(where: str, line: tuple[Any, int, str]) -> Any:
    _label, count, asked = line
    if not where or not count or asked == "-":
        return number(count)
    return format_html('<a href="{}{}">{}</a>', where, f"?standing={asked}" if asked else "", number(count))
