"""How frozen reports look on the web: the twin of the PDF."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.spine.links import link
from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import when

from ..models import Report
from ..reports import pdf
from ..reports.parts import Cell, Table, counted, printed_rows

register = template.Library()
LONGEST_NUMBER = 24
_ANY = "measure:00000000-0000-0000-0000-000000000000"


def source_url(report: Report, urn: str) -> str:
    """Where a report's row leads: to its page of today, or to a word that it is gone. The address never changes."""
    return link("programme:report_source", str(report.public_id), _ANY).replace(_ANY, urn)


@register.simple_tag
def report_table(part: Table, report: Report | None) -> SafeString:
    """A table of a report's document. Numbers and names lead to their rows; in a preview (`report` None) there is
    nothing yet that they could lead from."""

    def shown(place: int) -> Any:
        return lambda row: _cell(row[place], report)

    rows = printed_rows(part)
    columns = [
        Column(head["label"], shown(place), heading=place == 0, number=head["number"] and _short_in(rows, place))
        for place, head in enumerate(part["columns"])
    ]
    if report is not None and any("value" in cell for row in rows for cell in row):
        columns.append(Column(_("Rows, known since"), lambda row: _proof(row, report)))
    return format_html("{}{}{}", _counts(part, report), table(part["title"], columns, rows), _more(part, report))


def _counts(part: Table, report: Report | None) -> SafeString:
    """How many rows there are of each kind, where there are too many to show."""
    if "counts" not in part:
        return SafeString()
    text = format_html("<p>{}</p>", counted(part))
    return text if report is None else format_html("{}<p>{}</p>", text, _proof(part["counts"][:1], report))


def _more(part: Table, report: Report | None) -> SafeString:
    """That there are more rows, and in a report where they stand."""
    if "more" not in part:
        return SafeString()
    if report is None:
        return format_html("<p>{}</p>", part["more"])
    return format_html('<p><a href="{}">{}</a></p>', _data_file(report), part["more"])


def _data_file(report: Report) -> str:
    return link("programme:report_json", str(report.public_id))


def _short_in(rows: list[list[Cell]], place: int) -> bool:
    """Whether the numbers of a column fit into one line each; numbers are never broken, so long ones read as text."""
    return all(len(row[place]["text"]) <= LONGEST_NUMBER for row in rows)


def _cell(cell: Cell, report: Report | None) -> Any:
    urns = cell.get("rows") or [cell.get("row", "")]
    if report is None or len(urns) > 1 or not urns[0]:
        return cell["text"]
    return format_html('<a href="{}">{}</a>', source_url(report, urns[0]), cell["text"])


def _proof(row: list[Cell], report: Report) -> SafeString:
    lines = format_html_join(
        mark_safe("<br>"),
        "{}, {}",
        ((_rows(urns, report), pdf.moment(vintage)) for urns, vintage in pdf.proofs(row)),
    )
    return format_html('<span class="al-small">{}</span>', lines)


def _rows(urns: list[str], report: Report) -> Any:
    if len(urns) > pdf.NAMED:
        return format_html('<a href="{}">{}</a>', _data_file(report), pdf.many(len(urns)))
    return format_html_join(" + ", '<a href="{}">{}</a>', ((source_url(report, urn), _short(urn)) for urn in urns))


def _short(urn: str) -> str:
    """Kind and the end of the identifier, which differs where the beginning is a time: `value …4f1e09`."""
    kind, _colon, name = urn.partition(":")
    return f"{kind} …{name[-6:]}"


REPORTS = [
    Column(
        pgettext_lazy("programme", "Report"),
        lambda row: format_html('<a href="{}">{}</a>', row.get_absolute_url(), row.title),
        heading=True,
    ),
    Column(_("Year"), lambda row: row.year),
    Column(_("As known on"), lambda row: when(row.as_known_on, "time")),
    Column(_("Replaced by"), lambda row: when(row.replaced.as_known_on, "time") if row.replaced else "–"),
    Column(
        _("As a file"),
        lambda row: format_html(
            '<a href="{}">{}</a>', link("programme:report_pdf", str(row.public_id)), _("PDF of this report")
        ),
    ),
]


@register.simple_tag
def reports_table(rows: Iterable[Report]) -> SafeString:
    """Annual reports, with `replaced`: the newest one of the same year, where that is another."""
    return table(_("Annual reports"), REPORTS, rows)
