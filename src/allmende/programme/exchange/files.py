"""A file of any of the kinds we read, and the whole programme in any of those we write."""

import io
import json
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from ..models import Programme
from . import csv_in, whole, workbook, xlsx_in, xlsx_out
from .problems import FileRefused
from .xlsx_in import Source

_BINARY = (b"PK", b"\xd0\xcf\x11\xe0")  # archives, old Excel files
FORMATS = ("json", "xlsx")
LARGEST_JSON = 200_000_000  # bytes; in the browser the cap of workbooks holds


def read(data: bytes, *, largest_json: int = LARGEST_JSON) -> Source | list[workbook.Page]:
    """The document of a file of our own format, or the sheets of any other workbook or CSV. Raises FileRefused."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return read_json(data, largest=largest_json)
    if (page := None if data.startswith(_BINARY) else csv_in.read(data)) is not None:
        return [page]
    pages = workbook.read(data)
    return xlsx_in.read(pages) if xlsx_in.is_own(pages) else pages


def read_json(data: bytes, *, largest: int = LARGEST_JSON) -> Source:
    """Raises FileRefused."""
    if len(data) > largest:
        raise FileRefused(
            "too_large", _("The file is larger than %(size)s MB: please divide it.") % {"size": largest // 1_000_000}
        )
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise FileRefused("damaged", _("This is no JSON: %(why)s") % {"why": str(error)[:120]}) from None
    if not isinstance(found, dict):
        raise FileRefused("format", _("The file is of a format that this version does not know."))
    return Source(found)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def write(programme: Programme, kind: str) -> bytes:
    """The whole programme as "json" or "xlsx". Raises xlsx_out.DoesNotFit, ValueError for another kind."""
    if kind not in FORMATS:
        raise ValueError(kind)
    found: dict[str, Any] = whole.dump(programme)
    if kind == "json":
        return whole.as_json(found)
    target = io.BytesIO()
    xlsx_out.write(whole.to_tables(found), found["exported"], target)
    return target.getvalue()
