"""Tables of migrations, schedules and triggers."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import pill, when

from ..domain.migrating import reason
from ..enums import MoveState
from ..models import Migration, Move, Schedule, Trigger

register = template.Library()

_MOVES = {
    MoveState.NEW: "neutral",
    MoveState.FITS: "planned",
    MoveState.STAYS: "warning",
    MoveState.MOVED: "done",
    MoveState.REVERTED: "stopped",
    MoveState.WENT_ON: "stopped",
}


def _linked(row: Any, text: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), text)


MIGRATIONS = [
    Column(
        _("Versions"),
        lambda row: _linked(row, f"{row.source.number} → {row.target.number}"),
        heading=True,
    ),
    Column(_("State"), lambda row: row.get_state_display()),
    Column(_("Begun"), lambda row: when(row.created, "time")),
]

MOVES = [
    Column(pgettext_lazy("process", "Case"), lambda row: _linked(row.instance, row.instance.title), heading=True),
    Column(_("State"), lambda row: pill(row.get_state_display(), _MOVES[MoveState(row.state)])),
    Column(_("Why"), lambda row: reason(row) or "–"),
]


def _active(row: Schedule | Trigger) -> Any:
    if row.active:
        return pill(gettext("active"), "active")
    return format_html("{} {}", pill(gettext("pauses"), "warning" if row.trouble else "stopped"), row.trouble)


SCHEDULES = [
    Column(_("Process"), lambda row: _linked(row, row.model), heading=True),
    Column(_("How often"), lambda row: row.get_rhythm_display()),
    Column(_("Next time"), lambda row: when(row.next_run, "time") if row.active and row.next_run else "–"),
    Column(_("State"), _active),
    Column(_("In the name of"), lambda row: row.owner or "–"),
]

TRIGGERS = [
    Column(_("Process"), lambda row: _linked(row, row.model), heading=True),
    Column(_("When this happens"), lambda row: row.fact_kind),
    Column(_("Only if"), lambda row: row.condition or "–"),
    Column(_("State"), _active),
    Column(_("In the name of"), lambda row: row.owner or "–"),
]


@register.simple_tag
def migration_table(rows: Iterable[Migration]) -> SafeString:
    return table(_("Migrations"), MIGRATIONS, rows)


@register.simple_tag
def move_table(rows: Iterable[Move]) -> SafeString:
    return table(_("Cases"), MOVES, rows)


@register.simple_tag
def schedule_table(rows: Iterable[Schedule]) -> SafeString:
    return table(_("Schedules"), SCHEDULES, rows)


@register.simple_tag
def trigger_table(rows: Iterable[Trigger]) -> SafeString:
    return table(_("Triggers"), TRIGGERS, rows)
