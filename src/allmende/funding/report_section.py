"""What this room tells in the programme's reports."""

import uuid
from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from allmende.programme.models import Measure
from allmende.programme.reports import sections
from allmende.programme.reports.parts import Cell, Chapter, chapter, column, figure, table, words
from allmende.programme.reports.sections import Cost, Frame
from allmende.spine.ui.formats import money

from .core import sums
from .domain import queries
from .models import Grant, Share
from .templatetags.funding import amount

NONE = "–"


def chapter_of(frame: Frame) -> Chapter:
    """Public grants by the last day of the report, with what of each counts to its year, and their sum."""
    grants = [row for row in queries.published_grants() if row.notice_date is None or row.notice_date <= frame.as_of]
    parts = {entry.pk: sums.years_of(entry, sums.PERIOD).get(frame.year) for entry in queries.entries()}
    columns = [
        column("grant", _("Grant")), column("scheme", _("Funding programme")),
        column("authority", _("Granting authority")), column("notice", _("Date of the notice")),
        column("amount", _("Amount"), True),
        column("year", _("of which %(year)s") % {"year": frame.year}, True),
    ]  # fmt: skip
    rows = [_row(row, parts[row.pk]) for row in grants]
    if rows:
        rows.append(_total(grants, parts, frame))
    text = [] if rows else [_("No grant is public.")]
    return chapter("funding", _("Grants"), text, [table("grants", _("Grants"), columns, rows)])


def _row(row: Grant, part: int | None) -> list[Cell]:
    return [
        words(row.title, row.urn),
        words(row.scheme),
        words(row.authority),
        words(date_format(row.notice_date, "DATE_FORMAT") if row.notice_date else NONE),
        figure(amount(row), row.amount_cents, [row.urn], row.changed, "EUR cent"),
        figure(money(part), part, [row.urn], row.changed, "EUR cent") if part is not None else words(NONE),
    ]


def _total(grants: list[Grant], parts: dict[int, int | None], frame: Frame) -> list[Cell]:
    """Over all of them; "about" as soon as one amount is stated roughly."""
    whole = sums.total((row.amount_cents, row.exact) for row in grants)
    counted = [(row, cents) for row in grants if (cents := parts[row.pk]) is not None]
    year = sums.total((cents, row.exact) for row, cents in counted)
    return [
        words(_("All grants")),
        words(""),
        words(""),
        words(""),
        figure(_about(whole), whole.cents, [row.urn for row in grants], frame.as_known_on, "EUR cent"),
        figure(_about(year), year.cents, [row.urn for row, _cents in counted], frame.as_known_on, "EUR cent")
        if counted
        else words(NONE),
    ]


def _about(value: sums.Sum) -> str:
    return money(value.cents) if value.exact else f"{pgettext('amount', 'about')} {money(value.cents)}"


def costs_of(measures: Iterable[Measure]) -> dict[int, list[Cost]]:
    """The shares that measures have of public grants. One query."""
    rows = Share.objects.filter(measure__in=list(measures), grant__published__isnull=False).select_related("grant")
    found: dict[int, list[Cost]] = {}
    for row in rows.order_by("grant__starts", "grant__title", "pk"):
        grant = row.grant
        text = money(row.amount_cents) if row.amount_cents is not None else _("no amount named")
        cost = Cost(grant.title, text, row.amount_cents, grant.urn, grant.source_title, grant.source_url)
        found.setdefault(row.measure_id, []).append(cost)
    return found


def page_of(public_id: uuid.UUID) -> str | None:
    row = Grant.objects.filter(public_id=public_id, published__isnull=False).first()
    return row.get_absolute_url() if row else None


def register() -> None:
    sections.register("funding", chapter_of, order=40)
    sections.register_costs("funding", costs_of)
    sections.register_source("grant", page_of)
