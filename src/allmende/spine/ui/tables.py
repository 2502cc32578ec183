"""Lists as tables: a room names its columns, and the table is the same everywhere, from the phone to the desk.

Rows are written by functions instead of passes through the template engine, which take ten times as long.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class Column:
    """`label`: translated heading. `cell`: from a row to its text (escaped) or safe HTML.

    `heading`: the column that names the row; exactly one has it. `number`: figures, set flush right. `quiet`: the
    heading is for screen readers alone (actions).
    """

    label: Any
    cell: Callable[[Any], Any]
    heading: bool = False
    number: bool = False
    quiet: bool = False


def table(caption: Any, columns: Sequence[Column], rows: Iterable[Any], *, visible_caption: bool = False) -> SafeString:
    """The table of `rows`; stacked on a phone, where each cell repeats its column's label."""
    head, parts = [], []
    for column in columns:
        label = conditional_escape(column.label)
        number = ' class="al-number"' if column.number else ""
        text = f'<span class="kern-sr-only">{label}</span>' if column.quiet else label
        head.append(f'<th scope="col"{number}>{text}</th>')
        begin = '<th scope="row">' if column.heading else f'<td data-label="{label}"{number}>'
        parts.append((begin, column.cell, "</th>" if column.heading else "</td>"))
    body = "".join(
        "<tr>" + "".join(f"{begin}{conditional_escape(cell(row))}{end}" for begin, cell, end in parts) + "</tr>\n"
        for row in rows
    )
    return format_html(
        '<table class="al-table"><caption{}>{}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody></table>',
        "" if visible_caption else mark_safe(' class="kern-sr-only"'),
        caption,
        mark_safe("".join(head)),  # noqa: S308 - labels are escaped above
        mark_safe(body),  # noqa: S308 - every cell is escaped above
    )
