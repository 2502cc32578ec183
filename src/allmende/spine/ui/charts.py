"""Charts drawn on the server as SVG: no script, no style attribute, and always a table of the same numbers.

Colours come from classes (`al-series-1` …) so that dark mode and a town's brand reach them; presentation
attributes give a sensible picture where the stylesheet is absent (mail, print service, downloaded file).
Each chart is drawn twice, wide and narrow, because text in a scaled-down picture is too small on a phone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import count

from django.utils.safestring import SafeString, mark_safe

from allmende.spine.ui.formats import number

SIZES = {"wide": (720, 320), "narrow": (340, 300)}
# Distinguishable without colour too: the dash patterns repeat what the colours say.
STROKES = [("#1d4f3c", ""), ("#a8482f", "8 4"), ("#22201d", "2 4"), ("#8a6a3f", "12 4 2 4")]
_numbers = count(1)


@dataclass(frozen=True)
class Series:
    """`values` belong to the chart's labels by position; None is a gap, drawn as one."""

    name: str
    values: Sequence[float | None]


@dataclass
class Chart:
    """For `{% include "ui/chart.html" with chart=chart %}`. `kind` is "line" or "bar"."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    kind: str = "line"
    label_heading: str = ""
    description: str = ""
    source_url: str = ""
    source_date: object = None
    source_label: str = ""
    id: str = field(default_factory=lambda: f"chart-{next(_numbers)}")

    def __post_init__(self) -> None:
        if self.kind not in {"line", "bar"}:
            raise ValueError(f"no such chart: {self.kind}")
        for one in self.series:
            if len(one.values) != len(self.labels):
                raise ValueError(f"{one.name}: {len(one.values)} values for {len(self.labels)} labels")

    @property
    def empty(self) -> bool:
        return all(value is None for one in self.series for value in one.values)

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Label and, for each series, (series name, formatted value): the table beside the picture."""
        return [
            (label, [(one.name, number(one.values[position], unit=self.unit)) for one in self.series])
            for position, label in enumerate(self.labels)
        ]

    @property
    def svg_wide(self) -> SafeString:
        return self._svg("wide")

    @property
    def svg_narrow(self) -> SafeString:
        return self._svg("narrow")

    def _svg(self, size: str) -> SafeString:
        return mark_safe(draw(self, size))  # noqa: S308 - every text in it is escaped by draw()


def ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Round values (1, 2, 5 × 10ⁿ apart) that span low to high, zero included where it is near."""
    if low == high:
        low, high = min(low, 0.0), max(high, 0.0)
        if low == high:
            high = 1.0
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [position * step for position in range(first, last + 1)]


def draw(chart: Chart, size: str) -> str:
    width, height = SIZES[size]
    values = [float(v) for one in chart.series for v in one.values if v is not None]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    # Bars start at zero or they lie about proportions; lines do when zero is not far below.
    if chart.kind == "bar" or (low > 0 and low < 0.6 * high):
        low, high = min(low, 0.0), max(high, 0.0)
    marks = ticks(low, high)
    low, high = marks[0], marks[-1]
    names = [number(round(mark, 10)) for mark in marks]
    left = 14 + 8 * max(len(name) for name in names)
    top, right, bottom = 30, 14, 34
    plot_width, plot_height = width - left - right, height - top - bottom

    def y(value: float) -> float:
        return top + plot_height * (1 - (value - low) / (high - low))

    out = [
        f'<svg class="al-chart__svg al-chart__svg--{size}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{chart.id}-{size}-t" xmlns="http://www.w3.org/2000/svg" '
        'font-family="Fira Sans, sans-serif" font-size="15">',
        f'<title id="{chart.id}-{size}-t">{escape(chart.title)}</title>',
    ]
    if chart.unit:
        out.append(_text(0, 15, chart.unit, "start"))
    for mark, name in zip(marks, names, strict=True):
        zero = " al-chart__zero" if mark == 0 else ""
        out.append(
            f'<line class="al-chart__grid{zero}" x1="{left}" x2="{width - right}" y1="{y(mark):.1f}" '
            f'y2="{y(mark):.1f}" stroke="#d9b891"/>'
        )
        out.append(_text(left - 8, y(mark) + 5, name, "end"))
    slot = plot_width / max(len(chart.labels), 1)
    every = _label_step(chart.labels, slot)
    for position, label in enumerate(chart.labels):
        if position % every == 0:
            out.append(_text(left + slot * (position + 0.5), height - 10, label, "middle"))
    for index, one in enumerate(chart.series):
        points = [
            (left + slot * (position + 0.5), None if value is None else y(float(value)))
            for position, value in enumerate(one.values)
        ]
        if chart.kind == "line":
            out += _line(points, index)
        else:
            out += _bars(points, index, len(chart.series), slot, y(0))
    out.append("</svg>")
    return "".join(out)


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text class="al-chart__text" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
        f'fill="#4e4d4a" aria-hidden="true">{escape(text)}</text>'
    )


def _label_step(labels: Sequence[str], slot: float) -> int:
    """Show every n-th label so that none overlaps its neighbour (about 8.5 units a letter)."""
    longest = max((len(label) for label in labels), default=1)
    return max(1, math.ceil((longest * 8.5 + 10) / slot))


def _line(points: Sequence[tuple[float, float | None]], index: int) -> list[str]:
    colour, dash = STROKES[index % len(STROKES)]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    parts: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is None:
            parts.append([])
        else:
            parts[-1].append((x, y))
    out = []
    for part in filter(None, parts):
        if len(part) > 1:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in part)
            out.append(
                f'<polyline class="al-chart__line al-series-{index % len(STROKES) + 1}" points="{path}" '
                f'fill="none" stroke="{colour}" stroke-width="2.5" stroke-linejoin="round"{dashes}/>'
            )
        if len(points) <= 24 or len(part) == 1:
            out += [
                f'<circle class="al-chart__dot al-series-{index % len(STROKES) + 1}" cx="{x:.1f}" '
                f'cy="{y:.1f}" r="3.5" fill="{colour}"/>'
                for x, y in part
            ]
    return out


def _bars(points: Sequence[tuple[float, float | None]], index: int, series: int, slot: float, zero: float) -> list[str]:
    colour, _ = STROKES[index % len(STROKES)]
    room = min(slot * 0.7, 72 * series)
    width = room / series
    out = []
    for x, y in points:
        if y is None:
            continue
        left = x - room / 2 + width * index
        out.append(
            f'<rect class="al-chart__bar al-series-{index % len(STROKES) + 1}" x="{left:.1f}" '
            f'y="{min(y, zero):.1f}" width="{max(width - 2, 1):.1f}" height="{abs(zero - y):.1f}" '
            f'fill="{colour}"/>'
        )
    return out
