"""Colour arithmetic: WCAG contrast, and lightness changes in OKLab so that hues stay what they are.

Colours are `#rrggbb` texts. Sources: WCAG 2.2 "relative luminance" and "contrast ratio";
OKLab after Björn Ottosson (2020), https://bottosson.github.io/posts/oklab/.
"""

from __future__ import annotations

import math
import re

HEX = re.compile(r"#[0-9a-fA-F]{6}")


def parse(colour: str) -> tuple[float, float, float]:
    """Red, green, blue from 0 to 1. ValueError for anything but `#rrggbb`."""
    if not isinstance(colour, str) or not HEX.fullmatch(colour):
        raise ValueError(f"not a colour like #1d4f3c: {colour!r}")
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def to_hex(rgb: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(min(max(channel, 0.0), 1.0) * 255):02x}" for channel in rgb)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(channel: float) -> float:
    channel = min(max(channel, 0.0), 1.0)
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel) for channel in parse(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(first: str, second: str) -> float:
    """From 1 (the same) to 21 (black on white), not rounded."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(first: str, second: str, share: float) -> str:
    """`share` (0 to 1) of the first colour over the second, in sRGB as browsers blend transparency."""
    pairs = zip(parse(first), parse(second), strict=True)
    red, green, blue = (a * share + b * (1 - share) for a, b in pairs)
    return to_hex((red, green, blue))


def to_oklch(colour: str) -> tuple[float, float, float]:
    """Lightness 0 to 1, chroma, hue in radians."""
    red, green, blue = (_linear(channel) for channel in parse(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The colour, with less chroma where the screen cannot show so much at that lightness."""
    for step in range(21):
        rgb = _oklch_to_linear(lightness, chroma * (1 - step / 20), hue)
        if all(-0.0005 <= channel <= 1.0005 for channel in rgb):
            break
    red, green, blue = (_gamma(channel) for channel in rgb)
    return to_hex((red, green, blue))


def _oklch_to_linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def with_lightness(colour: str, lightness: float, chroma: float = 1.0) -> str:
    """The same hue at another OKLab lightness; `chroma` scales how colourful it stays."""
    _, own, hue = to_oklch(colour)
    return from_oklch(lightness, own * chroma, hue)


def reach(colour: str, grounds: list[str], ratio: float, towards: float) -> str:
    """Move the lightness towards 0 or 1 until the colour has `ratio` on every ground (or cannot move)."""
    lightness = to_oklch(colour)[0]
    step = 0.01 if towards > lightness else -0.01
    while min(contrast_ratio(colour, ground) for ground in grounds) < ratio:
        lightness += step
        if not 0 <= lightness <= 1:
            break
        colour = with_lightness(colour, lightness)
    return colour
