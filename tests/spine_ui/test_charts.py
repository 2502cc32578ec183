"""Server-drawn charts: well-formed, without style attributes, true to their numbers, with a table."""

import xml.etree.ElementTree as ET

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from allmende.spine.ui.charts import Chart, Series, ticks

SVG = "{http://www.w3.org/2000/svg}"


def chart(kind: str = "line", **more: object) -> Chart:
    values = {
        "title": 'Strom <b>& "Licht"',
        "labels": ["Jan", "Feb", "Mär"],
        "series": [Series("A & B", [10, None, 30]), Series("C", [5, 6, 7])],
        "unit": "kWh",
        "kind": kind,
    } | more
    return Chart(**values)


@pytest.mark.parametrize("kind", ["line", "bar"])
@pytest.mark.parametrize("size", ["svg_wide", "svg_narrow"])
def test_svg_is_wellformed_and_carries_no_style(kind: str, size: str) -> None:
    root = ET.fromstring(getattr(chart(kind), size))
    assert root.get("role") == "img"
    title = root.find(f"{SVG}title")
    assert title is not None and title.text == 'Strom <b>& "Licht"'
    assert root.get("aria-labelledby") == title.get("id")
    names = {name for element in root.iter() for name in element.attrib}
    assert "style" not in names
    assert not {name for name in names if name.startswith("on")}
    assert f"{SVG}style" not in {element.tag for element in root.iter()}


def test_a_gap_is_a_gap() -> None:
    root = ET.fromstring(chart().svg_wide)
    # Two lone points of the first series, one line through all three of the second.
    assert len(root.findall(f"{SVG}polyline")) == 1
    assert len(root.findall(f"{SVG}circle")) == 5


def test_bars_are_proportional_and_start_at_zero() -> None:
    one = chart("bar", series=[Series("A", [10, 20, -5])])
    heights = [float(bar.get("height")) for bar in ET.fromstring(one.svg_wide).findall(f"{SVG}rect")]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[2] == pytest.approx(heights[0] / 2, abs=0.2)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 10, [0, 5, 10]),
        (0, 300_000, [0, 100_000, 200_000, 300_000]),
        (-3, 7, [-5, 0, 5, 10]),
        (0, 0, [0, 0.5, 1.0]),
        (4, 4, [0, 1, 2, 3, 4]),
        (0, 0.004, [0, 0.001, 0.002, 0.003, 0.004]),
    ],
)
def test_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(expected)


def test_wrong_lengths_and_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="2 values for 3 labels"):
        chart(series=[Series("A", [1, 2])])
    with pytest.raises(ValueError, match="no such chart"):
        chart("pie")


def test_every_chart_has_its_table() -> None:
    with translation.override("de"):
        html = render_to_string("ui/chart.html", {"chart": chart()})
    assert html.count("<tr>") == 4
    assert "10\u00a0kWh" in html and "unbekannt" in html
    assert "Strom &lt;b&gt;&amp;" in html and "<b>" not in html


def test_without_values_there_is_a_sentence_instead_of_a_picture() -> None:
    with translation.override("de"):
        html = render_to_string("ui/chart.html", {"chart": chart(series=[Series("A", [None] * 3)])})
    assert "noch keine Messwerte" in html
    assert "al-chart__svg" not in html
