"""Printed matter in the town's brand: posters, table cards, press releases, QR codes, the sign.

PDFs are made by Typst and tagged (PDF/UA-1). Text that people type goes in as data, never as markup.
"""

import io
import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import segno
import typst
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.spine.ui.brand import palette

from ..models import Instance

HERE = Path(__file__).resolve().parents[1]
SIZES = ("a4", "a3", "a6")
# ISO/IEC 18004: level Q restores a quarter of the symbol (a poster in the weather); quiet zone of four modules.
QR_LEVEL, QR_QUIET = "q", 4
HEART = (
    "M16 28.4 13.9 26.6C7 20.6 3 16.9 3 12.2 3 8.3 6 5.4 9.8 5.4c2.3 0 4.6 1.1 6.2 3 1.6-1.9 3.9-3 6.2-3 "
    "3.8 0 6.8 2.9 6.8 6.8 0 4.7-4 8.4-10.9 14.4z"
)


@dataclass(frozen=True)
class Release:
    """A press release as typed. `text` is plain; an empty line starts a paragraph."""

    title: str
    lead: str
    text: str
    place: str
    contact: str
    about: str


def base_url(row: Instance) -> str:
    return row.base_url or str(settings.BASE_URL)


def own_address(row: Instance, typed: str) -> str:
    """The whole address of a page of this site, from an address or a path. Raises ValidationError for anything else."""
    base = base_url(row)
    typed = typed.strip()
    if typed.startswith("/") and not typed.startswith("//"):
        typed = base + typed
    parts, own = urlsplit(typed), urlsplit(base)
    if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        raise ValidationError(_("Only addresses of this site (%(base)s) get a code.") % {"base": base})
    try:
        resolve(parts.path or "/")
    except Resolver404:
        raise ValidationError(_("There is no page at this address.")) from None
    return typed


def sign_svg(row: Instance, scheme: str = "light") -> str:
    """The sign in the town's colour; "" where the town has none."""
    if row.sign == "none":
        return ""
    colour = palette(row.colours)[scheme]["accent"]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="512" height="512">'
        f"<title>{escape(row.name)}</title>"
        f'<path fill="{colour}" d="{HEART}"/></svg>'
    )


def sign_png(row: Instance) -> bytes:
    """512 × 512 pixels with a clear ground."""
    return bytes(
        typst.compile(
            str(HERE / "print" / "sign.typ"), format="png", ppi=512 * 72 / 100, sys_inputs={"sign": sign_svg(row)}
        )
    )


def qr(url: str) -> segno.QRCode:
    return segno.make_qr(url, error=QR_LEVEL, boost_error=False)


def qr_bytes(url: str, kind: str) -> bytes:
    """The code as `svg` or `png` (each module 16 pixels)."""
    out = io.BytesIO()
    if kind == "svg":
        qr(url).save(out, kind="svg", border=QR_QUIET, scale=8, xmldecl=False, title=url)
    else:
        qr(url).save(out, kind="png", border=QR_QUIET, scale=16)
    return out.getvalue()


def _pdf(template: str, data: dict[str, Any]) -> bytes:
    return bytes(
        typst.compile(
            str(HERE / "print" / f"{template}.typ"),
            root=str(HERE / "print"),
            sys_inputs={"data": json.dumps(data)},
            font_paths=[str(HERE / "fonts")],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
        )
    )


def _common(row: Instance) -> dict[str, Any]:
    shades = palette(row.colours)["light"]
    return {
        "name": row.name,
        "claim": row.claim,
        "lang": translation.get_language() or "de",
        "colours": {key: shades[key] for key in ("page", "text", "muted", "stone", "action", "accent")},
        "sign": sign_svg(row),
        "sign_alt": _("Sign of %(name)s") % {"name": row.name},
    }


def _coded(url: str) -> dict[str, str]:
    # The picture says where it leads; the address stands beside it for those who type it.
    return {"url": url, "qr": qr_bytes(url, "svg").decode(), "qr_alt": _("QR code for %(url)s") % {"url": url}}


def poster(row: Instance, *, url: str, title: str, text: str = "", size: str = "a4") -> bytes:
    """A poster (a4, a3) or table card (a6). Raises ValueError, ValidationError for a foreign address."""
    if size not in SIZES:
        raise ValueError(f"no such size: {size}")
    url = own_address(row, url)
    call = _("Read more on the web:")
    return _pdf("poster", _common(row) | _coded(url) | {"title": title, "text": text, "size": size, "call": call})


def qr_pdf(row: Instance, *, url: str, title: str) -> bytes:
    url = own_address(row, url)
    return _pdf("qr", _common(row) | _coded(url) | {"title": title})


def press_release(row: Instance, release: Release) -> bytes:
    """A press release on the town's letterhead, dated today."""
    parts = release.text.replace("\r\n", "\n").split("\n\n")
    paragraphs = [" ".join(part.split()) for part in parts if part.strip()]
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    return _pdf(
        "press",
        _common(row)
        | {
            "kind": _("Press release"),
            "title": release.title,
            "lead": release.lead,
            "paragraphs": paragraphs,
            "dateline": f"{release.place or row.town}, {today}",
            "about": release.about,
            "about_heading": _("About %(name)s") % {"name": row.name},
            "contact": release.contact,
            "contact_heading": _("Contact for the press"),
            "footer": base_url(row),
        },
    )
