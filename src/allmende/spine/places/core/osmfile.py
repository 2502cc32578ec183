"""Which file is this? Formats of OpenStreetMap extracts, told by their first bytes and never by their name. Pure."""

import bz2
import datetime
import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_UNPACK: dict[str, Any] = {"osm.gz": gzip.open, "osm.bz2": bz2.open}


class FileRefused(ValueError):
    """The file cannot be imported. `code` is for translation, the text says it in English.

    `detail` needs no translation: the file's name, and what the reading library said.
    """

    def __init__(self, code: str, text: str, detail: str) -> None:
        super().__init__(text)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Extract:
    """An extract that looks right: its path, libosmium's name of its format, its SHA-256 and size in bytes."""

    path: Path
    form: str
    sha256: str
    size: int


def identify(path: Path) -> Extract:
    """Look at the file's first bytes and hash it. Raises FileRefused `missing`, `empty` or `not_osm`."""
    if not path.is_file():
        raise FileRefused("missing", f"There is no file {path}.", str(path))
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("empty", f"{path.name} is empty.", path.name)
    form = _form(path)
    if form is None:
        raise FileRefused(
            "not_osm", f"{path.name} is not an OpenStreetMap extract (.osm, .osm.gz, .osm.bz2 or .osm.pbf).", path.name
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Extract(path, form, digest, size)


def _form(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(512)
    if head[4:5] == b"\x0a" and b"OSMHeader" in head[:32]:
        return "osm.pbf"
    if head[:2] == b"\x1f\x8b":
        form = "osm.gz"
    elif head[:3] == b"BZh":
        form = "osm.bz2"
    else:
        return "osm" if _is_osm_xml(head) else None
    try:
        with _UNPACK[form](path) as unpacked:
            inside = unpacked.read(512)
    except (OSError, EOFError, ValueError) as error:
        raise FileRefused("damaged", f"{path.name} is damaged or cut off.", f"{path.name}: {error}") from error
    return form if _is_osm_xml(inside) else None


def _is_osm_xml(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(b"<") and b"<osm" in text


def date_of(header_time: str, newest: datetime.datetime | None) -> datetime.date | None:
    """The day the data is from: what the file says of itself, else its newest object; None where neither makes sense.

    Anonymised extracts carry 1969 as their objects' time, which libosmium reads as 2106; OpenStreetMap began
    in 2004.
    """
    if header_time:
        try:
            return datetime.datetime.fromisoformat(header_time.replace("Z", "+00:00")).date()
        except ValueError:
            pass
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    return newest.date() if newest and datetime.date(2004, 8, 9) <= newest.date() <= tomorrow else None
