"""What people have to do, as a table."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from allmende.spine.ui.tables import Column, table

from .ui import deadline

if TYPE_CHECKING:  # the pattern library knows no rooms
    from allmende.spine.todos import Todo

register = template.Library()

COLUMNS = [
    Column(
        pgettext_lazy("list", "Task"), lambda row: format_html('<a href="{}">{}</a>', row.url, row.title), heading=True
    ),
    Column(pgettext_lazy("list", "About"), lambda row: row.about or "–"),
    Column(pgettext_lazy("task", "Due"), lambda row: deadline(row.due) if row.due else "–"),
    Column(_("Who"), lambda row: row.who or "–"),
]


@register.simple_tag(takes_context=True)
def todo_table(context: dict[str, Any], rows: "Iterable[Todo]", back: str = "") -> SafeString:
    """With `back` each that a POST finishes has a button; the word tells its view where to go on."""
    rows, columns = list(rows), COLUMNS
    if back and any(row.finish for row in rows):
        token = context.get("csrf_token", "")
        columns = [*COLUMNS, Column(_("Action"), lambda row: _button(row, back, token), quiet=True)]
    return table(_("Tasks"), columns, rows)


def _button(row: "Todo", back: str, token: Any) -> SafeString:
    if not row.finish:
        return SafeString("–")
    return format_html(
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="back" value="{}"><button class="kern-btn kern-btn--tertiary">'
        '<span class="kern-label">{}<span class="kern-sr-only">: {}</span></span></button></form>',
        row.finish,
        token,
        back,
        gettext("Mark as done"),
        row.title,
    )
