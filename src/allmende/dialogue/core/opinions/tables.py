"""Tables as Polis writes them: CSV in UTF-8, plain or gzipped, texts with line breaks. Errors name file and line."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 500_000_000
ONE_OF_THREE = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-0.0": 0, "-1.0": -1, "+1": 1}

# Code → (German, English). {found} is what stands in the file, cut short.
TEXTS: dict[str, tuple[str, str]] = {
    "no_folder": ("Diesen Ordner gibt es nicht.", "There is no such folder."),
    "no_file": (
        "Diese Datei fehlt im Ordner (auch als .gz).",
        "This file is missing from the folder (also as .gz).",
    ),
    "unreadable": ("Die Datei lässt sich nicht öffnen: {found}", "The file cannot be opened: {found}"),
    "gzip": ("Die gepackte Datei ist beschädigt.", "The gzipped file is damaged."),
    "too_big": ("Die Datei ist zu groß (höchstens 500 MB).", "The file is too big (500 MB at most)."),
    "encoding": ("Die Datei ist nicht in UTF-8.", "The file is not UTF-8."),
    "csv": ("Die Tabelle ist kaputt: {found}", "The table is broken: {found}"),
    "empty": ("Die Datei hat keine Kopfzeile.", "The file has no header."),
    "no_column": ("Diese Spalte fehlt: {found}", "This column is missing: {found}"),
    "two_columns": ("Diese Spalte gibt es zweimal: {found}", "There are two columns of this name: {found}"),
    "cells": ("Die Zeile hat {found} Zellen als die Kopfzeile.", "The row has {found} cells than the header."),
    "no_id": ("Die Kennung fehlt.", "The id is missing."),
    "two_statements": ("Diese Aussage gibt es zweimal: {found}", "There are two statements with this id: {found}"),
    "two_people": ("Diese Person gibt es zweimal: {found}", "There are two people with this id: {found}"),
    "vote": ("Eine Stimme ist -1, 0 oder 1, nicht: {found}", "A vote is -1, 0 or 1, not: {found}"),
    "number": ("Das ist keine ganze Zahl: {found}", "This is not a whole number: {found}"),
    "moderated": ("Moderiert ist -1, 0 oder 1, nicht: {found}", "Moderated is -1, 0 or 1, not: {found}"),
    "yes_or_no": ("Hier steht true oder false, nicht: {found}", "This is true or false, not: {found}"),
    "no_statements": ("In der Datei ist keine Aussage.", "There is no statement in the file."),
}


class Unreadable(ValueError):
    """A file that is not read. `code` is stable; `line` counts from 1 and is 0 where no line is meant."""

    def __init__(self, code: str, file: str, line: int = 0, found: str = "") -> None:
        super().__init__(code, file, line, found)
        self.code = code
        self.file = file
        self.line = line
        self.found = found

    def text(self, language: str) -> str:
        """The sentence for a person; `language` is `de` or `en`."""
        german = language == "de"
        place = f", {'Zeile' if german else 'line'} {self.line}" if self.line else ""
        found = self.found if len(self.found) <= 60 else f"{self.found[:59]}…"
        if self.code == "cells":
            words = {"more": "mehr", "fewer": "weniger"}
            found = words[found] if german else found
        return f"{self.file}{place}: {TEXTS[self.code][0 if german else 1].format(found=found)}"


@dataclass(frozen=True)
class Row:
    """One record; `line` is the line on which it begins."""

    table: Table
    line: int
    cells: list[str]

    def get(self, column: str) -> str:
        """What stands in a column, without spaces around it; empty where the table has no such column."""
        place = self.table.columns.get(column)
        return "" if place is None else self.cells[place].strip()

    def id(self, column: str) -> str:
        if not (value := self.get(column)):
            raise self.wrong("no_id")
        return value

    def whole(self, column: str) -> int:
        value = self.get(column)
        try:
            return int(value)
        except ValueError:
            raise self.wrong("number", value) from None

    def one_of_three(self, value: str, code: str) -> int:
        """−1, 0 or 1, also spelt 1.0."""
        if value not in ONE_OF_THREE:
            raise self.wrong(code, value)
        return ONE_OF_THREE[value]

    def wrong(self, code: str, found: str = "") -> Unreadable:
        return Unreadable(code, self.table.file, self.line, found)


@dataclass(frozen=True)
class Table:
    """A file whose header has been read. `file` is its name for people."""

    file: str
    header: list[str]
    columns: dict[str, int]
    text: io.StringIO
    lines: int

    def rows(self) -> Iterator[Row]:
        """Raises Unreadable (`csv`, `cells`). Empty lines are skipped."""
        return (Row(self, line, cells) for line, cells in self.records())

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The same as line and cells, for tables of many rows."""
        reader = csv.reader(self.text, strict=True)
        before, wide = 0, len(self.header)
        try:
            for cells in reader:
                line, before = self.lines + before + 1, reader.line_num
                if not cells:
                    continue
                if len(cells) != wide:
                    raise Unreadable("cells", self.file, line, "more" if len(cells) > wide else "fewer")
                yield line, cells
        except csv.Error as exc:
            raise Unreadable("csv", self.file, self.lines + before + 1, str(exc)) from None


def find(folder: Path, *names: str) -> Path | None:
    """The first of the names that is there, plain or with .gz."""
    candidates = [folder / f"{name}{ending}" for name in names for ending in ("", ".gz")]
    return next((one for one in candidates if one.is_file()), None)


def opened(path: Path, *needed: str) -> Table:
    """Raises Unreadable: `unreadable`, `gzip`, `too_big`, `encoding`, `empty`, `csv`, `no_column`, `two_columns`."""
    csv.field_size_limit(MAX_BYTES)
    text = io.StringIO(_text(path), newline="")
    reader = csv.reader(text, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
    except csv.Error as exc:
        raise Unreadable("csv", path.name, 1, str(exc)) from None
    if not header:
        raise Unreadable("empty", path.name)
    columns: dict[str, int] = {}
    for place, name in enumerate(header):
        if name in columns:
            raise Unreadable("two_columns", path.name, 1, name)
        columns[name] = place
    if missing := [name for name in needed if name not in columns]:
        raise Unreadable("no_column", path.name, 1, missing[0])
    return Table(path.name, header, columns, text, reader.line_num)


def pairs(path: Path) -> dict[str, str]:
    """A file without header that has a name and a value a row, as summary.csv. What is not of this form is left out."""
    try:
        rows = list(csv.reader(io.StringIO(_text(path), newline="")))
    except csv.Error as exc:
        raise Unreadable("csv", path.name, found=str(exc)) from None
    return {row[0].strip(): row[1].strip() for row in rows if len(row) > 1}


def _text(path: Path) -> str:
    data = _bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise Unreadable("encoding", path.name, data.count(b"\n", 0, exc.start) + 1) from None


def _bytes(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise Unreadable("gzip", path.name) from None
    except OSError as exc:
        raise Unreadable("unreadable", path.name, found=exc.strerror or "") from None
    if len(data) > MAX_BYTES:
        raise Unreadable("too_big", path.name)
    return data
