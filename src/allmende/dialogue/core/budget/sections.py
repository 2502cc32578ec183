"""Bytes → the three sections of a `.pb` file: rows of cells, each with its line.

The format (pabulib.org/format; Faliszewski et al. 2023, "Participatory Budgeting: Data, Tools and Analysis"): a title
line META, PROJECTS or VOTES, a line of column names, then rows; cells between semicolons, quoted as in CSV.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from dataclasses import dataclass, field

from .model import Finding, Unreadable

MAX_BYTES = 100_000_000
# The limit of the csv module belongs to the whole process, and others set it.
LONGEST_CELL = 131_072
TITLES = ("META", "PROJECTS", "VOTES")


@dataclass(slots=True)
class Section:
    line: int
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def sections(data: bytes, findings: list[Finding]) -> dict[str, Section]:
    """Title → section. Raises Unreadable."""
    found: dict[str, Section] = {}
    current: Section | None = None
    empty, line = 0, 0
    reader = csv.reader(io.StringIO(_text(unpack(data), findings), newline=""), delimiter=";", skipinitialspace=True)
    try:
        for cells in reader:
            first, line = line + 1, reader.line_num
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise Unreadable("field_too_long", first)
            if line > first and any(_swallowed(cell) for cell in cells):
                raise Unreadable("open_quote", first)
            if not any(cell.strip() for cell in cells):
                empty += 1
                continue
            title = cells[0].strip().upper()
            if title in TITLES and not any(cell.strip() for cell in cells[1:]):
                if title in found:
                    raise Unreadable("section_twice", first, name=title)
                current = found[title] = Section(first)
            elif current is None:
                raise Unreadable("before_sections", first, value=cells[0].strip())
            elif not current.columns:
                current.columns = [cell.strip() for cell in cells]
                # The columns of META have fixed names; a file that leaves the line out begins with its first key.
                if title != "KEY" and current is found.get("META"):
                    current.columns = ["key", "value"]
                    current.rows.append((first, cells))
            else:
                current.rows.append((first, cells))
    except csv.Error:
        raise Unreadable("field_too_long", line + 1) from None
    if not found:
        raise Unreadable("empty")
    for title in TITLES:
        if title not in found:
            raise Unreadable("no_section", name=title)
    if empty:
        findings.append(Finding("empty_line", values={"count": empty}))
    return found


def unpack(data: bytes) -> bytes:
    """The bytes of a file that may be packed by gzip. Raises Unreadable."""
    if data[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
                data = stream.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error):
            raise Unreadable("bad_gzip") from None
    if len(data) > MAX_BYTES:
        raise Unreadable("too_big", most=MAX_BYTES // 1_000_000)
    return data


def _text(data: bytes, findings: list[Finding]) -> str:
    if not data.strip():
        raise Unreadable("empty")
    name = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "UTF-8"
    try:
        text = data.decode("utf-16" if name == "UTF-16" else "utf-8-sig")
    except UnicodeDecodeError:
        if name == "UTF-16" or b"\0" in data:
            raise Unreadable("not_text") from None
        try:
            name, text = "Windows-1252", data.decode("cp1252")
        except UnicodeDecodeError:
            name, text = "ISO 8859-1", data.decode("latin-1")
    if "\0" in text:
        raise Unreadable("not_text", text.count("\n", 0, text.index("\0")) + 1)
    if name != "UTF-8":
        findings.append(Finding("encoding", values={"value": name}))
    return text


def _swallowed(cell: str) -> bool:
    return any(part.strip().upper() in TITLES for part in cell.splitlines()[1:])
