"""Office documents are ZIP archives: opened here without unpacking, to see which one it is and that it carries no
program. Pure."""

import re
import struct
import zipfile
from typing import BinaryIO

MAX_ENTRIES = 10_000
MAX_UNPACKED = 500_000_000
MAX_RATIO = 200
# Programs inside documents (ECMA-376 part 1, 15.2; OpenDocument 1.3 part 2, 3.16), and packages that hide any file.
_MACROS = re.compile(
    r"(^|/)(vbaproject|vbadata)[^/]*|^xl/macrosheets/|^(basic|scripts)/|\.(exe|dll|js|vbs|ps1|bat|cmd|scr|jar|hta)$|"
    r"(^|/)activex/|/embeddings/[^/]*\.bin$",
    re.IGNORECASE,
)
_PARTS = {
    "word/document.xml": "wordprocessingml.document",
    "xl/workbook.xml": "spreadsheetml.sheet",
    "ppt/presentation.xml": "presentationml.presentation",
}
_OPEN = {f"application/vnd.oasis.opendocument.{name}" for name in ("text", "spreadsheet", "presentation")}


def ends_as_zip(file: BinaryIO, size: int) -> bool:
    """Whether a program that opens archives would open this file, whatever it begins with.

    A ZIP is found by its end record (PKWARE APPNOTE 4.3.16): 22 bytes and a comment of at most 65,535. The record
    counts only where the directory it speaks of lies before it, since its four bytes alone turn up in one of 65,000
    photos by chance.
    """
    start = max(0, size - 22 - 65_535)
    file.seek(start)
    tail = file.read()
    found = tail.rfind(b"PK\x05\x06")
    while found >= 0:
        if found + 22 <= len(tail):
            length = struct.unpack_from("<I", tail, found + 12)[0]
            file.seek(max(0, start + found - length))
            if length == 0 or file.read(4) == b"PK\x01\x02":
                return True
        found = tail.rfind(b"PK\x05\x06", 0, found)
    return False


def office_type(file: BinaryIO) -> str:
    """The media type of an office document. Raises sniff.Refused: `broken`, `bomb`, `macros`, `foreign` for any other
    archive."""
    from .sniff import Refused  # sniff calls this module

    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or _too_large(entries):
                raise Refused("bomb")
            names = {entry.filename for entry in entries}
            if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
                raise Refused("broken", "ZIP")
            if any(entry.flag_bits & 0x1 for entry in entries):
                raise Refused("encrypted")
            media = _open_document(archive, names) or _office_open(archive, names)
            if media is None:
                raise Refused("foreign", "ZIP")
            if any(_MACROS.search(name) for name in names):
                raise Refused("macros")
            return media
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise Refused("broken", "ZIP") from None


def _too_large(entries: list[zipfile.ZipInfo]) -> bool:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    # Small documents of empty tables pack very well: the ratio counts only where it hurts.
    return unpacked > MAX_UNPACKED or (unpacked > 50_000_000 and unpacked > MAX_RATIO * max(packed, 1))


def _open_document(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "mimetype" not in names or archive.getinfo("mimetype").file_size > 100:
        return None
    media = archive.read("mimetype").decode("ascii", "replace").strip()
    return media if media in _OPEN and "content.xml" in names else None


def _office_open(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    from .sniff import Refused  # as above

    if "[Content_Types].xml" not in names or archive.getinfo("[Content_Types].xml").file_size > 1_000_000:
        return None
    types = archive.read("[Content_Types].xml")
    if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
        raise Refused("macros")
    for part, media in _PARTS.items():
        if part in names:
            return f"application/vnd.openxmlformats-officedocument.{media}"
    return None
