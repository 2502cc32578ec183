"""QR labels: one as SVG, many as a sheet in PDF (tagged, PDF/UA-1), made by Typst in the town's name."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.spine.instance.domain.queries import current

from ..core import codes
from ..models import Asset

HERE = Path(__file__).resolve().parents[1]
FONTS = HERE.parent / "instance" / "fonts"
MOST = 500
# ISO/IEC 18004: level Q restores a quarter of the symbol (a label in the weather); quiet zone of four modules.
LEVEL, QUIET = "q", 4


@dataclass(frozen=True)
class Sheet:
    """A4 sheets of labels as they are sold; all in millimetres. `left` and `top` are the margins of the sheet."""

    name: str
    width: float
    height: float
    columns: int
    rows: int
    left: float
    top: float

    @property
    def fits(self) -> int:
        return self.columns * self.rows


SHEETS = {
    sheet.name: sheet
    for sheet in (
        Sheet("70x36", 70, 36, 3, 8, 0, 4.5),
        Sheet("63x38", 63.5, 38.1, 3, 7, 9.75, 15.15),
        Sheet("105x74", 105, 74, 2, 4, 0, 0.5),
        Sheet("99x139", 99.1, 139, 2, 2, 5.9, 9.5),
    )
}


def address(asset: Asset) -> str:
    """What the code says: short, so that its squares are large."""
    base = current().base_url or str(settings.BASE_URL)
    return base.rstrip("/") + asset.get_absolute_url()


def _svg(asset: Asset, **more: Any) -> str:
    out = io.BytesIO()
    segno.make_qr(address(asset), error=LEVEL, boost_error=False).save(
        out, kind="svg", border=QUIET, xmldecl=False, omitsize=False, title=str(asset), **more
    )
    return out.getvalue().decode()


def svg(asset: Asset) -> str:
    """The code of one thing as a picture that scales."""
    return _svg(asset, scale=8)


def pdf(assets: list[Asset], size: str, *, skip: int = 0) -> bytes:
    """Labels for up to MOST things, in the active language; the first `skip` places of the first sheet stay empty.

    Raises KeyError for an unknown size, ValueError for no or too many things or an impossible skip.
    """
    import typst  # 30 MB that only this page needs

    sheet = SHEETS[size]
    if not 0 < len(assets) <= MOST or not 0 <= skip < sheet.fits:
        raise ValueError("1 to 500 labels, and fewer skipped than a sheet holds")
    town = current()
    data = {
        "title": _("Labels"),
        "name": town.name,
        "lang": (get_language() or "de")[:2],
        "call": _("Something wrong here? Scan or type:"),
        "alt": _("QR code to the page of %(thing)s"),
        "width": sheet.width,
        "height": sheet.height,
        "columns": sheet.columns,
        "rows": sheet.rows,
        "left": sheet.left,
        "top": sheet.top,
        "skip": skip,
        "labels": [
            {
                "thing": str(asset),
                "place": asset.place_name,
                "code": codes.spaced(asset.code),
                "url": address(asset).partition("://")[2].rstrip("/"),
                "qr": _svg(asset),
                "alt": _("QR code to the page of %(thing)s") % {"thing": asset},
            }
            for asset in assets
        ],
    }
    return bytes(
        typst.compile(
            str(HERE / "print" / "labels.typ"),
            root=str(HERE / "print"),
            sys_inputs={"data": json.dumps(data)},
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
        )
    )
