"""How grants and their sums look."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from allmende.programme.core.progress import shares as per_cent
from allmende.programme.domain.queries import Matter
from allmende.spine.links import link
from allmende.spine.ui.formats import money, number
from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import pill, when

from ..core.sums import Group, Line, Portfolio, Sum, Window
from ..domain import queries
from ..domain.queries import UNKNOWN, Part, Selection
from ..enums import Qualifier
from ..models import Grant, Share

register = template.Library()


@register.simple_tag
def amount(grant: Grant) -> str:
    """The amount as its source states it: "more than 1,600,000 €"."""
    text = money(grant.amount_cents)
    return text if grant.exact else f"{Qualifier(grant.qualifier).label} {text}"


@register.simple_tag
def sum_text(value: Sum) -> str:
    """A sum; "about" before it as soon as one amount in it is stated roughly."""
    text = money(value.cents)
    return text if value.exact else f"{pgettext('amount', 'about')} {text}"


@register.simple_tag
def quota_text(basis_points: int | None, at_least: bool = False) -> str:
    """9090 as `90,9 %`."""
    if basis_points is None:
        return ""
    text = number(basis_points / 100, unit="%")
    return gettext("at least %(quota)s") % {"quota": text} if at_least else text


@register.filter
def differ(matter: Matter) -> bool:
    return queries.differ(matter)


def list_url(**asked: Any) -> str:
    """The public list, narrowed: empty values do not count."""
    query = urlencode({name: value for name, value in asked.items() if value not in (None, "")})
    return f"{link('funding:grants')}?{query}" if query else link("funding:grants")


def _anchor(url: str, text: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, text)


def _title(grant: Grant) -> SafeString:
    return _anchor(grant.get_absolute_url(), grant.title)


def period_text(grant: Grant) -> Any:
    """From and to; an open end stays open."""
    if not grant.starts and not grant.ends:
        return "–"
    return format_html(
        "<span>{} – {}</span>",
        when(grant.starts) if grant.starts else "…",
        when(grant.ends) if grant.ends else "…",
    )


@register.simple_tag
def grant_period(grant: Grant) -> Any:
    return period_text(grant)


GRANTS = [
    Column(_("Grant"), _title, heading=True),
    Column(_("Funding programme"), lambda row: row.scheme),
    Column(_("Town"), lambda row: row.recipient),
    Column(_("Date of the notice"), lambda row: when(row.notice_date)),
    Column(_("Funding period"), period_text),
    Column(_("Amount"), amount, number=True),
]


@register.simple_tag
def grant_table(rows: Iterable[Any], year: str = "") -> SafeString:
    """Public grants; where a year was asked for, what of each counts to it."""
    if not year:
        return table(_("Grants"), GRANTS, rows)
    label = gettext("of which year not known") if year == UNKNOWN else gettext("of which %(year)s") % {"year": year}
    return table(_("Grants"), [*GRANTS, Column(label, lambda row: money(row.part_cents), number=True)], rows)


def _with_per_cent(amounts: Sequence[int]) -> list[str]:
    return [number(each, 1, unit="%") for each in per_cent(amounts, 1)]


def _sums(caption: Any, head: Any, rows: Iterable[tuple[str, Any, Sum]]) -> SafeString:
    """Rows of (address, title, sum) with their part of the whole, in per cent that add up to 100."""
    listed = list(rows)
    parts = _with_per_cent([value.cents for _url, _title_, value in listed])
    columns = [
        Column(head, lambda row: _anchor(row[0][0], row[0][1]), heading=True),
        Column(_("Number of grants"), lambda row: number(row[0][2].count), number=True),
        Column(_("Sum"), lambda row: sum_text(row[0][2]), number=True),
        Column(_("Part"), lambda row: row[1], number=True),
    ]
    return table(caption, columns, list(zip(listed, parts, strict=True)))


def _asked(context: Any, **more: Any) -> str:
    return list_url(**(context["asked"] | {"by": str(context["counting"])} | more))


@register.simple_tag(takes_context=True)
def scheme_sums(context: Any, chosen: Selection) -> SafeString:
    rows = [(_asked(context, scheme=group.key), group.title, group.sum) for group in chosen.schemes]
    return _sums(_("Sums by funding programme"), _("Funding programme"), rows)


@register.simple_tag(takes_context=True)
def phase_sums(context: Any, chosen: Selection) -> SafeString:
    """By phase of the town's programme; grants of none have no page of their own."""
    return _sums(_("Sums by phase"), _("Phase"), [_phase_row(context, group) for group in chosen.phases])


def _phase_row(context: Any, group: Group) -> tuple[str, Any, Sum]:
    title = group.title if group.key is not None else gettext("no phase of the programme")
    return _asked(context, phase=group.key if group.key is not None else queries.NO_PHASE), title, group.sum


@register.simple_tag(takes_context=True)
def year_sums(context: Any, chosen: Selection) -> SafeString:
    rows = [(_asked(context, year=_year(year)), year_text(year), value) for year, value in chosen.years.items()]
    return _sums(_("Sums by year"), _("Year"), rows)


def _year(year: int | None) -> str:
    return UNKNOWN if year is None else str(year)


def year_text(year: int | None) -> str:
    return gettext("not known") if year is None else str(year)


@register.simple_tag(takes_context=True)
def portfolio_table(context: Any, portfolio: Portfolio, lines: Iterable[Line], window: Window) -> SafeString:
    """Towns × the years of a window; every number leads to the grants that it is made of."""
    base = list_url(scheme=context["scheme"], by=str(context["counting"]))
    write = _Euro()

    def cell(year: int | None) -> Any:
        suffix = f"&year={_year(year)}"
        return lambda line: write(line.cells.get(year), f"{base}{_town(line)}{suffix}")

    years = [*window.years, *([None] if None in portfolio.per_year else [])]
    others = len(years) < len(portfolio.years)
    columns = [
        Column(_("Town"), lambda line: line.name, heading=True),
        *(Column(year_text(year), cell(year), number=True) for year in years),
        *([Column(_("Other years"), lambda line: write.plain(_others(line, years)), number=True)] if others else []),
        Column(_("Sum"), lambda line: write(line.total, f"{base}{_town(line)}"), number=True),
    ]
    whole = Line("", gettext("All towns"), dict(portfolio.per_year), portfolio.total)
    return table(_("Grants by town and year, in euro"), columns, [*lines, whole])


def _others(line: Line, years: Sequence[int | None]) -> Sum:
    """What a town got in the years that are not shown."""
    found = Sum()
    for year, value in line.cells.items():
        if year not in years:
            found.add(value.cents, value.exact)
    return found


def _town(line: Line) -> str:
    return f"&town={line.town}" if line.town else ""


class _Euro:
    """Sums as links, by the hundred: without the unit, which the caption names; a star where an amount in it is stated
    roughly. `spine.ui.formats.number` looks up the language's marks for each number, which costs more than the table.
    """

    def __init__(self) -> None:
        self.marks = str.maketrans({",": get_format("THOUSAND_SEPARATOR"), ".": get_format("DECIMAL_SEPARATOR")})

    def plain(self, value: Sum) -> str:
        if not value.count:
            return "–"
        whole, cents = divmod(value.cents, 100)
        text = (f"{whole:,}.{cents:02}" if cents else f"{whole:,}").translate(self.marks)
        return text if value.exact else f"{text}*"

    def __call__(self, value: Sum | None, url: str) -> Any:
        return "–" if value is None else _anchor(url, self.plain(value))


PARTS = [
    Column(_("Measure"), lambda part: _part_title(part), heading=True),
    Column(_("Amount"), lambda part: money(part.cents) if part.cents is not None else gettext("no amount named")),
    Column(_("Part"), lambda part: number(part.per_cent, 1, unit="%") if part.per_cent is not None else "–"),
]


def _part_title(part: Part) -> Any:
    if part.measure is None:
        return gettext("not divided among measures")
    return _anchor(part.measure.get_absolute_url(), part.measure.title)


@register.simple_tag
def part_table(parts: Sequence[Part]) -> SafeString:
    """How a grant is divided among measures."""
    return table(_("Shares of measures"), PARTS, parts)


def _source(grant: Grant) -> SafeString:
    return format_html('<a href="{}" rel="noreferrer">{}</a>', grant.source_url, grant.source_title)


SHARES = [
    Column(_("Grant"), lambda share: _title(share.grant), heading=True),
    Column(_("Granting authority"), lambda share: share.grant.authority),
    Column(_("Date of the notice"), lambda share: when(share.grant.notice_date)),
    Column(_("Amount of the grant"), lambda share: amount(share.grant), number=True),
    Column(_("Share of this measure"), lambda share: _share_text(share), number=True),
    Column(_("Source"), lambda share: _source(share.grant)),
]


def _share_text(share: Share) -> str:
    return money(share.amount_cents) if share.amount_cents is not None else gettext("no amount named")


@register.simple_tag
def share_table(shares: Iterable[Share]) -> SafeString:
    """What a measure gets of which grant."""
    return table(_("Grants"), SHARES, shares)


STAFF_GRANTS = [
    Column(_("Public"), lambda row: pill(_("public"), "active") if row.published else pill(_("not public"), "planned")),
    Column(_("Granting authority"), lambda row: row.authority),
    Column(_("Reference number"), lambda row: row.reference or "–"),
    Column(_("Date of the notice"), lambda row: when(row.notice_date)),
    Column(_("Amount"), amount, number=True),
    Column(_("Last changed"), lambda row: when(row.changed, "time")),
]


@register.simple_tag
def staff_grant_table(rows: Iterable[Grant], may_change: bool) -> SafeString:
    """All grants, for staff; who only reads is led to the page of the grant."""
    name = Column(
        _("Grant"),
        lambda row: _anchor(row.change_url if may_change else row.get_absolute_url(), row.title),
        heading=True,
    )
    return table(_("Grants"), [name, *STAFF_GRANTS], rows)
