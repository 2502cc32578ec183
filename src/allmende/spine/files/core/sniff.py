"""What a file is, read from its content alone. Pure: works on an open binary file, writes nothing.

Signatures as in the WHATWG MIME Sniffing Standard; container formats are opened.
"""

import json
import os
import re
from typing import BinaryIO

import filetype

from . import archives, markup

HEAD = 4096
# What browsers take for a page when they guess (MIME Sniffing Standard, 7.1), and drawings that carry scripts.
_PAGE = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|svg|h1|div|font|table|a|style|title|b|br|p|object|embed|meta|link)[\s>/]",
    re.IGNORECASE,
)
JSON_LIMIT = 60_000_000


class Refused(Exception):
    """The content may not be stored. `code` says why; `detail` names a type where that helps."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def sniff(file: BinaryIO, extension: str) -> str:
    """The media type (a key of `kinds.MEDIA`) of `file`. The position in `file` is moved.

    `extension` only chooses between types that look alike as text (CSV, plain text, JSON and GeoJSON). Raises Refused
    with code `empty`, `unknown`, `html`, `svg`, `polyglot`, `heic`, `macros`, `bomb`, `broken`, `entities` or
    `foreign` (known, not accepted here).
    """
    file.seek(0, os.SEEK_END)
    size = file.tell()
    if size == 0:
        raise Refused("empty")
    file.seek(0)
    head = file.read(HEAD)
    has_zip_end = archives.ends_as_zip(file, size)
    binary = _binary(head)
    if binary and binary != "application/zip":
        # A page inside a picture's notes is no matter: the picture is written anew from its pixels.
        if has_zip_end:
            raise Refused("polyglot")
        if binary == "application/pdf":
            _check_pdf(file, size, head)
        return binary
    if binary == "application/zip" or has_zip_end:
        if not head.startswith(b"PK\x03\x04"):
            raise Refused("polyglot")
        return archives.office_type(file)
    return _text(file, head, extension)


def _binary(head: bytes) -> str | None:
    """Media type of a binary signature, None for what may be text."""
    if head.startswith(b"PK"):
        return "application/zip"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"heim", b"heis"}:
        raise Refused("heic")
    guess = filetype.guess(head)
    if guess is None:
        return None
    if guess.mime in {"image/jpeg", "image/png", "image/webp"}:
        return str(guess.mime)
    raise Refused("foreign", guess.extension.upper())


def _check_pdf(file: BinaryIO, size: int, head: bytes) -> None:
    if _PAGE.search(head[:1024]):
        raise Refused("polyglot")
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        raise Refused("broken", "PDF")


def _text(file: BinaryIO, head: bytes, extension: str) -> str:
    if b"\x00" in head:
        raise Refused("unknown")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if extension in {"gpx", "kml", "xml"} or start.startswith(b"<?xml"):
        return markup.xml_type(file)
    found = _PAGE.search(start[:1024])
    if found:
        raise Refused("svg" if found.group().lower().startswith(b"<svg") else "html")
    file.seek(0)
    _check_text(file)
    # LM-63-1986 files have no signature; every LM-63 file has the TILT line.
    if start.startswith(b"IESNA") or (extension == "ies" and b"TILT=" in head):
        return "application/x-iesna"
    if extension == "ldt":
        file.seek(0)
        if not _is_eulumdat(file.read(2_000_000)):
            raise Refused("broken", "EULUMDAT")
        return "application/x-eulumdat"
    if start[:1] in (b"{", b"[") and extension in {"json", "geojson"}:
        return _json(file)
    if extension in {"csv", "tsv"}:
        return "text/csv"
    if extension in {"txt", "md"}:
        return "text/plain"
    raise Refused("unknown")


def _check_text(file: BinaryIO) -> None:
    """Text in UTF-8 or one of the old eight-bit encodings: no control characters but tab, line ends, form feed."""
    while chunk := file.read(1 << 16):
        if any(byte < 9 or 13 < byte < 32 or byte in (11, 127) for byte in set(chunk)):
            raise Refused("unknown")


def _json(file: BinaryIO) -> str:
    file.seek(0)
    raw = file.read(JSON_LIMIT + 1)
    if len(raw) > JSON_LIMIT:
        raise Refused("bomb")
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused("broken", "JSON") from None
    geo = {"Feature", "FeatureCollection", "Point", "LineString", "Polygon", "GeometryCollection",
           "MultiPoint", "MultiLineString", "MultiPolygon"}  # fmt: skip
    is_geo = isinstance(value, dict) and value.get("type") in geo
    return "application/geo+json" if is_geo else "application/json"


def _is_eulumdat(raw: bytes) -> bool:
    """EULUMDAT (Stockmar 1990): lines 2 to 6 are type, symmetry, Mc, Dc, Ng as numbers."""
    lines = raw.decode("latin-1").splitlines()
    try:
        kind, symmetry, planes = (int(lines[n].strip()) for n in (1, 2, 3))
        float(lines[4].strip().replace(",", "."))
        angles = int(lines[5].strip())
    except (IndexError, ValueError):
        return False
    return 0 <= kind <= 3 and 0 <= symmetry <= 4 and 1 <= planes <= 721 and 1 <= angles <= 361
