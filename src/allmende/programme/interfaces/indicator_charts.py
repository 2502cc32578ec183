"""Series as pictures: for pages with the table of the same numbers, and alone for other sites."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from html import escape

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from allmende.spine.instance.domain.queries import current
from allmende.spine.ui.charts import SIZES, STROKES, Chart, Series
from allmende.spine.ui.formats import number

from ..core.series import Period, Point, write_period
from ..domain.series import Key, own_areas
from ..enums import Direction, Level, Quality
from ..models import SeriesArea, SeriesBreak


def value_text(value: Decimal | None, decimals: int, unit: str = "") -> str:
    """`467,7 Pkw je 1.000 Menschen`; None reads as "not measured"."""
    return _("not measured") if value is None else _number(value, decimals, unit, get_language() or "")


@lru_cache(maxsize=8192)
def _number(value: Decimal, decimals: int, unit: str, language: str) -> str:
    """Lists show the same values again and again; formatting one costs 50 µs."""
    # Rounded here: the formatting cuts off what it does not show.
    return number(value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), decimals, unit)


def point_text(point: Point, decimals: int, unit: str = "") -> str:
    """The value, with its quality where that is not final."""
    text = value_text(point.value, decimals, unit)
    if point.value is None or point.quality == Quality.FINAL:
        return text
    return f"{text} ({Quality(point.quality).label})"


LICENCES = {
    "dl-de/by-2-0": "https://www.govdata.de/dl-de/by-2-0",
    "dl-de/zero-2-0": "https://www.govdata.de/dl-de/zero-2-0",
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/deed.de",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/deed.de",
}


def area_name(key: Key, said: SeriesArea | None = None) -> str:
    """The area as people call it. Only the town's own code reads as the town; every other has its code, and its name
    (where that is `said`) or its level."""
    if key.level == Level.TOWN and key.area in own_areas():
        return current().town or key.area
    if said is not None:
        return str(said)
    return f"{key.area} ({label_of(Level(key.level), get_language() or '')})"


@lru_cache(maxsize=256)
def label_of(choice: Level | Direction, language: str) -> str:
    """The word for a choice; lists ask for the same few again and again."""
    return str(choice.label)


@dataclass(frozen=True)
class Line:
    """One series by its name."""

    name: str
    points: Sequence[Point]


@dataclass
class SeriesChart(Chart):
    """A chart whose lines stop at a break, where an upright line stands; its table says so in words.

    `cells`: the table, which has no row for the places of the breaks.
    """

    cells: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    broken_at: list[int] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return self.cells

    def _svg(self, size: str) -> SafeString:
        svg = str(super()._svg(size))
        # The plot begins where the lines of the grid do and ends 14 units before the right edge.
        grid = re.search(r'al-chart__grid[^>]* x1="([\d.]+)"', svg)
        if grid is None or not self.broken_at:
            return mark_safe(svg)  # noqa: S308 - drawn by Chart
        width, height = SIZES[size]
        left = float(grid[1])
        slot = (width - 14 - left) / len(self.labels)
        marks = "".join(
            f'<line class="al-chart__zero al-chart__break" x1="{x:.1f}" x2="{x:.1f}" y1="30" y2="{height - 34}" '
            'stroke="#4e4d4a" stroke-dasharray="3 3"/>'
            for x in (left + slot * (place + 0.5) for place in self.broken_at)
        )
        return mark_safe(svg.removesuffix("</svg>") + marks + "</svg>")  # noqa: S308 - numbers only


def _periods(lines: Sequence[Line]) -> list[Period]:
    """Every period of the lines in order, and one for each stretch of time between them that none has."""
    known = sorted({point.period for line in lines for point in line.points})
    found: list[Period] = []
    for period in known:
        if found and found[-1].ends < period.starts:
            found.append(Period(found[-1].ends, period.starts))
        found.append(period)
    return found


def chart_of(
    title: str, lines: Sequence[Line], breaks: Sequence[SeriesBreak], *, unit: str, decimals: int,
    source: str = "", source_url: str = "", kind: str = "line",
) -> SeriesChart:  # fmt: skip
    """The lines in one picture. Where the series breaks, no line connects what does not compare."""
    marked = {point.period for line in lines for point in line.points if point.broken_before}
    by_period = [{point.period: point for point in line.points} for line in lines]
    labels: list[str] = []
    values: list[list[float | None]] = [[] for _line in lines]
    cells: list[tuple[str, list[tuple[str, str]]]] = []
    broken_at: list[int] = []
    for period in _periods(lines):
        name = write_period(period)
        if period in marked:
            broken_at.append(len(labels))
            labels.append("")
            for column in values:
                column.append(None)
        labels.append(name)
        row = []
        for line, points, column in zip(lines, by_period, values, strict=True):
            point = points.get(period)
            column.append(None if point is None or point.value is None else float(point.value))
            row.append((line.name, _("not measured") if point is None else point_text(point, decimals)))
        head = _("%(period)s, break of the series before it") % {"period": name} if period in marked else name
        cells.append((head, row))
    said = [_("In the unit: %(unit)s.") % {"unit": unit}]
    said += [broken_text(row) for row in breaks]
    newest = max((point.vintage for line in lines for point in line.points), default=None)
    return SeriesChart(
        title=title, labels=labels,
        series=[Series(line.name, column) for line, column in zip(lines, values, strict=True)],
        unit=unit, kind=kind, label_heading=pgettext("programme", "Period"), description=" ".join(said),
        source_url=source_url, source_date=newest, source_label=source, cells=cells, broken_at=broken_at,
    )  # fmt: skip


def broken_text(row: SeriesBreak) -> str:
    """A break in words."""
    return _("From %(date)s on values do not compare with those before: %(reason)s") % {
        "date": date_format(row.date, "DATE_FORMAT"),
        "reason": row.reason,
    }


def stand_alone(chart: SeriesChart, *, licence: str, address: str) -> str:
    """The picture as one file that other sites show: without script, with title, description, legend, source and
    licence in it."""
    width, height = SIZES["wide"]
    head = _wrapped(chart.title, 20, 30, size=20, weight="600", columns=66)
    y = 34 + 26 * head.count("<text")
    legend = []
    if len(chart.series) > 1:
        for place, one in enumerate(chart.series):
            colour, dash = STROKES[place % len(STROKES)]
            dashes = f' stroke-dasharray="{dash}"' if dash else ""
            legend.append(
                f'<line x1="20" x2="54" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2.5"{dashes}/>'
                f'<text x="64" y="{y + 5}" font-size="15" fill="#22201d">{escape(one.name)}</text>'
            )
            y += 24
    inner = chart.svg_wide.replace("<svg ", f'<svg x="20" y="{y}" width="{width}" height="{height}" ', 1)
    y += height + 24
    day = chart.source_date
    newest = f", {_('as of')} {date_format(day, 'DATE_FORMAT')}" if isinstance(day, date) else ""
    terms = f"{licence} ({LICENCES[licence]})" if licence in LICENCES else licence
    lines = [chart.description, f"{_('Source')}: {chart.source_label}{newest}. {_('Licence')}: {terms}", address]
    foot = ""
    for line in filter(None, lines):
        part = _wrapped(line, 20, y, size=14, weight="400", columns=98)
        foot += part
        y += 26 * part.count("<text")
    table = "; ".join(f"{label}: {', '.join(text for _name, text in row)}" for label, row in chart.cells)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 40} {y}" width="{width + 40}" height="{y}" '
        'role="img" aria-labelledby="t d" font-family="Fira Sans, Arial, sans-serif">'
        f'<title id="t">{escape(chart.title)}</title><desc id="d">{escape(chart.description)} {escape(table)}</desc>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{head}{"".join(legend)}{inner}{foot}</svg>'
    )


def _wrapped(text: str, x: int, y: int, *, size: int, weight: str, columns: int) -> str:
    return "".join(
        f'<text x="{x}" y="{y + 26 * place}" font-size="{size}" font-weight="{weight}" fill="#22201d">{escape(line)}'
        "</text>"
        for place, line in enumerate(textwrap.wrap(text, columns, break_on_hyphens=False))
    )
