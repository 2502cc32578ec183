"""A town's five colours become the custom properties of every page, in light and dark.

A town chooses `ground` (warm areas), `stone` (lines and ornaments), `action` (links, buttons), `accent`
(sign, markers) and `ink` (text). Everything else, the whole dark palette included, is derived from them, and
every pair that text or a control depends on is checked against WCAG 2.2 (SC 1.4.3 text, SC 1.4.11 controls
and graphics).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.spine.ui.colour import (
    HEX,
    contrast_ratio,
    mix,
    parse,
    reach,
    to_oklch,
    with_lightness,
)

__all__ = ["DEFAULTS", "LABELS", "Problem", "brand_css", "check_colours", "contrast_ratio", "palette"]

# ui.md: sandstone, forest green, brick, ink.
DEFAULTS = {
    "ground": "#fbf6f0",
    "stone": "#d9b891",
    "action": "#1d4f3c",
    "accent": "#a8482f",
    "ink": "#22201d",
}
LABELS = {
    "ground": _("Ground"),
    "stone": _("Lines and ornaments"),
    "action": _("Links and buttons"),
    "accent": _("Sign and markers"),
    "ink": _("Text"),
}
TEXT, GRAPHIC = 4.5, 3.0

# Which derived colour must stand out from which, how much, and the town's colour to blame when it does not.
PAIRS = [
    ("text", "page", TEXT, "ink"),
    ("text", "ground", TEXT, "ink"),
    ("muted", "page", TEXT, "ink"),
    ("muted", "ground", TEXT, "ink"),
    ("action", "page", TEXT, "action"),
    ("action", "ground", TEXT, "action"),
    ("on-action", "action", TEXT, "action"),
    ("action", "tint", TEXT, "action"),
    ("text", "warm", TEXT, "stone"),
    ("text", "plain", TEXT, "ink"),
    ("accent", "page", GRAPHIC, "accent"),
    ("accent", "ground", GRAPHIC, "accent"),
    ("focus", "page", GRAPHIC, "ink"),
    ("focus", "ground", GRAPHIC, "ink"),
    ("control", "page", GRAPHIC, "ink"),
    ("control", "ground", GRAPHIC, "ink"),
    ("on-footer", "footer", TEXT, "ink"),
    ("on-footer-muted", "footer", TEXT, "ink"),
]


@dataclass(frozen=True)
class Problem:
    """`colour` is the key to change; `ratio` and `needed` are contrast ratios (0 where it is no colour)."""

    colour: str
    scheme: str
    pair: tuple[str, str]
    ratio: float
    needed: float

    def __str__(self) -> str:
        name = LABELS.get(self.colour, self.colour)
        if not self.needed:
            return gettext("%(name)s: please give a colour like #1d4f3c.") % {"name": name}
        # Rounded down, so that 4.496 does not read as the 4.5 it misses.
        values = {"name": name, "ratio": int(self.ratio * 100) / 100, "needed": self.needed}
        if self.scheme == "dark":
            text = gettext("%(name)s: contrast is %(ratio).2f to 1 in dark mode, needed is %(needed).1f to 1.")
        else:
            text = gettext("%(name)s: contrast is %(ratio).2f to 1, needed is %(needed).1f to 1.")
        return text % values


def _light(own: Mapping[str, str]) -> dict[str, str]:
    page = "#ffffff"
    grounds = [page, own["ground"]]
    ink = own["ink"]
    muted = mix(ink, page, 0.8)
    return {
        "page": page,
        "ground": own["ground"],
        "stone": own["stone"],
        "line": mix(own["stone"], page, 0.45),
        "text": ink,
        # Muted text may not get weaker than what text needs; where ink itself is too weak the check says so.
        "muted": muted if min(contrast_ratio(muted, g) for g in grounds) >= TEXT else ink,
        "action": own["action"],
        "on-action": max(("#ffffff", ink), key=lambda c: contrast_ratio(c, own["action"])),
        "accent": own["accent"],
        "focus": ink,
        "control": mix(ink, page, 0.65),
        "tint": mix(own["action"], page, 0.12),
        "warm": mix(own["stone"], page, 0.38),
        "plain": mix(ink, page, 0.08),
        "footer": ink,
        "on-footer": "#ffffff",
        "on-footer-muted": mix("#ffffff", ink, 0.8),
    }


def _dark(own: Mapping[str, str]) -> dict[str, str]:
    page = with_lightness(own["ink"], 0.19)
    ground = with_lightness(own["ink"], 0.235)
    grounds = [page, ground]
    text = with_lightness(own["ground"], 0.94)
    # 0.8 keeps a green green and a brick brick on a dark ground; `reach` goes on where that is not enough.
    action = reach(with_lightness(own["action"], max(0.8, to_oklch(own["action"])[0])), grounds, 6.0, 1)
    tint = mix(action, page, 0.16)
    return {
        "page": page,
        "ground": ground,
        "stone": with_lightness(own["stone"], 0.5, 0.8),
        "line": with_lightness(own["stone"], 0.34, 0.4),
        "text": text,
        "muted": mix(text, page, 0.75),
        "action": action,
        "on-action": max((page, "#ffffff"), key=lambda c: contrast_ratio(c, action)),
        "accent": reach(with_lightness(own["accent"], max(0.68, to_oklch(own["accent"])[0])), grounds, 4.5, 1),
        "focus": text,
        "control": mix(text, page, 0.6),
        "tint": tint,
        "warm": with_lightness(own["stone"], 0.37, 0.55),
        "plain": mix(text, page, 0.14),
        "footer": with_lightness(own["ink"], 0.14),
        "on-footer": text,
        "on-footer-muted": mix(text, page, 0.75),
    }


def _complete(colours: Mapping[str, str] | None) -> dict[str, str]:
    given = {key: value.lower() for key, value in (colours or {}).items() if key in DEFAULTS and value}
    return {**DEFAULTS, **given}


def palette(colours: Mapping[str, str] | None = None) -> dict[str, dict[str, str]]:
    """`{"light": {name: "#rrggbb"}, "dark": {…}}`. ValueError for a text that is no colour."""
    own = _complete(colours)
    for colour in own.values():
        parse(colour)
    return {"light": _light(own), "dark": _dark(own)}


def check_colours(colours: Mapping[str, str] | None) -> list[Problem]:
    """What a town has to change before these colours may be used; missing colours are the default ones."""
    own = _complete({k: v for k, v in (colours or {}).items() if isinstance(v, str)})
    broken = {key for key, value in (colours or {}).items() if key in DEFAULTS and not isinstance(value, str)}
    for key, value in own.items():
        try:
            parse(value)
        except ValueError:
            broken.add(key)
    if broken:
        return [Problem(key, "light", (key, key), 0.0, 0.0) for key in DEFAULTS if key in broken]
    worst: dict[tuple[str, str], Problem] = {}
    for scheme, shades in palette(own).items():
        for front, back, needed, blame in PAIRS:
            ratio = contrast_ratio(shades[front], shades[back])
            known = worst.get((blame, scheme))
            if ratio < needed and (known is None or ratio / needed < known.ratio / known.needed):
                worst[blame, scheme] = Problem(blame, scheme, (front, back), ratio, needed)
    return list(worst.values())


# KERN's own tokens follow the town's colours; errors, warnings and successes stay KERN's.
KERN = {
    "layout-text-default": "text",
    "layout-text-muted": "muted",
    "layout-text-inverse": "page",
    "layout-background-default": "page",
    "layout-background-hued": "ground",
    "layout-background-default-surface": "ground",
    "layout-border": "control",
    "layout-background-inverted": "footer",
    "action-default": "action",
    "action-on-default": "on-action",
    "action-visited": "action",
    "action-focus-default": "focus",
    "form-input-border": "control",
    "form-input-background": "page",
    "decorative-brand-default": "accent",
    "decorative-border-default": "line",
}


def _properties(shades: Mapping[str, str]) -> str:
    own = [f"--al-{name}:{colour}" for name, colour in shades.items()]
    kern = [f"--kern-color-{token}:{shades[name]}" for token, name in KERN.items()]
    return ";".join(own + kern)


def brand_css(colours: Mapping[str, str] | None = None) -> str:
    """The stylesheet of one town. Dark by the reader's system, or by `data-kern-theme` on <html>.

    A stored text that is no colour (an old backup, a hand-edited row) gives way to the default: a page
    without any colours would be worse than one with ours.
    """
    usable = {k: v for k, v in (colours or {}).items() if isinstance(v, str) and HEX.fullmatch(v)}
    shades = palette(usable)
    light, dark = _properties(shades["light"]), _properties(shades["dark"])
    return (
        f":root{{color-scheme:light;{light}}}\n"
        "@media (prefers-color-scheme:dark){"
        f":root:not([data-kern-theme=light]){{color-scheme:dark;{dark}}}}}\n"
        f":root[data-kern-theme=dark]{{color-scheme:dark;{dark}}}\n"
    )
