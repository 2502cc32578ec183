"""Contrast arithmetic against known pairs; derived palettes; what a town is told about its colours."""

from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from allmende.spine.ui import brand, colour

STATIC = Path(brand.__file__).parent / "static" / "ui"


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        # Published borderline greys: #767676 is the lightest that passes AA on white, #777777 fails.
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#949494", "#ffffff", 3.03),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_of_known_pairs(first: str, second: str, ratio: float) -> None:
    assert colour.contrast_ratio(first, second) == pytest.approx(ratio, abs=0.005)
    assert colour.contrast_ratio(second, first) == colour.contrast_ratio(first, second)


colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@given(colours)
def test_oklch_there_and_back(value: str) -> None:
    back = colour.from_oklch(*colour.to_oklch(value))
    assert all(abs(a - b) <= 1.5 / 255 for a, b in zip(colour.parse(value), colour.parse(back), strict=True))


def test_our_own_colours_pass_everywhere() -> None:
    assert brand.check_colours(None) == []
    assert brand.check_colours({}) == []
    for shades in brand.palette().values():
        for front, back, needed, _ in brand.PAIRS:
            assert brand.contrast_ratio(shades[front], shades[back]) >= needed


@given(action=colours, accent=colours)
def test_accepted_colours_are_readable_in_both_schemes(action: str, accent: str) -> None:
    chosen = {"action": action, "accent": accent}
    problems = brand.check_colours(chosen)
    worst = min(
        brand.contrast_ratio(shades[front], shades[back]) / needed
        for shades in brand.palette(chosen).values()
        for front, back, needed, _ in brand.PAIRS
    )
    assert (problems == []) == (worst >= 1)


def test_problems_name_the_colour_to_change() -> None:
    problems = brand.check_colours({"action": "#9fd0b8"})
    assert {problem.colour for problem in problems} == {"action"}
    with translation.override("en"):
        assert str(problems[0]).startswith("Links and buttons: contrast is 1.")
        assert "needed is 4.5 to 1" in str(problems[0])
    with translation.override("de"):
        assert "nötig sind 4" in str(problems[0])


@pytest.mark.parametrize("value", ["green", "#fff", "#12345g", 7, "url(x)"])
def test_what_is_no_colour_is_said_and_never_reaches_the_stylesheet(value: object) -> None:
    (problem,) = brand.check_colours({"action": value})
    assert (problem.colour, problem.needed) == ("action", 0.0)
    with translation.override("en"):
        assert str(problem) == "Links and buttons: please give a colour like #1d4f3c."
    assert brand.brand_css({"action": value}) == brand.brand_css()


def test_stylesheet_has_both_schemes_and_the_towns_colour() -> None:
    css = brand.brand_css({"action": "#123456"})
    light, dark, forced = css.strip().split("\n")
    assert light.startswith(":root{color-scheme:light;") and "--al-action:#123456" in light
    assert dark.startswith("@media (prefers-color-scheme:dark){:root:not([data-kern-theme=light])")
    assert forced.startswith(":root[data-kern-theme=dark]{color-scheme:dark;")
    assert "--al-action:#123456" not in dark + forced


def test_the_stylesheet_of_error_pages_is_the_default_brand() -> None:
    assert (STATIC / "brand.css").read_text() == brand.brand_css()
