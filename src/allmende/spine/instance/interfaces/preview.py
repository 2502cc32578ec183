"""What the colours of a town look like, as pictures without style attributes (the content policy allows none)."""

from collections.abc import Mapping
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from allmende.spine.ui.brand import palette

from ..domain.prints import HEART


def previews(colours: Mapping[str, str], name: str) -> list[tuple[str, SafeString]]:
    """(heading, picture) of a small page in light and in dark."""
    shades = palette(dict(colours))
    return [(_("Light mode"), _page(shades["light"], name)), (_("Dark mode"), _page(shades["dark"], name))]


def _page(shade: Mapping[str, str], name: str) -> SafeString:
    c = {key: escape(value, quote=True) for key, value in shade.items()}
    title = escape(name)
    font = 'font-family="Fira Sans, sans-serif"'
    return mark_safe(  # noqa: S308 - every part is escaped
        f'<svg viewBox="0 0 360 190" width="360" height="190" role="img" aria-label="{title}" {font}>'
        f'<rect width="360" height="190" fill="{c["page"]}" stroke="{c["stone"]}"/>'
        f'<path transform="translate(14 12) scale(.75)" fill="{c["accent"]}" d="{HEART}"/>'
        f'<text x="46" y="31" font-size="16" font-weight="600" fill="{c["text"]}">{title}</text>'
        f'<line x1="0" x2="360" y1="48" y2="48" stroke="{c["stone"]}"/>'
        f'<rect x="0.5" y="49" width="359" height="62" fill="{c["ground"]}"/>'
        f'<text x="16" y="74" font-size="15" fill="{c["text"]}">{escape(_("Text on the warm ground"))}</text>'
        f'<text x="16" y="97" font-size="14" fill="{c["muted"]}">{escape(_("Muted text"))}</text>'
        f'<rect x="16" y="128" width="118" height="38" rx="4" fill="{c["action"]}"/>'
        f'<text x="75" y="152" font-size="15" font-weight="600" text-anchor="middle" fill="{c["on-action"]}">'
        f"{escape(_('Button'))}</text>"
        f'<text x="156" y="152" font-size="15" text-decoration="underline" fill="{c["action"]}">'
        f"{escape(_('A link'))}</text>"
        f'<rect x="240" y="129" width="104" height="36" rx="4" fill="{c["page"]}" stroke="{c["control"]}"/>'
        "</svg>"
    )
