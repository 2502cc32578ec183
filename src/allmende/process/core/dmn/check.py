"""What is wrong with a decision table before it decides: each cell is read as the FEEL that it has to be.

Reading is not computing: nothing of a text runs. Most cells are numbers, texts and simple comparisons, which are known
by their look; the others go to the parser behind the walls, which takes some milliseconds each.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from allmende.process.core import xml
from allmende.process.core.feel import FeelError

from .decide import _engine
from .markup import attribute, local, text_of
from .sheets import ANYTHING, Sheet, holder_of, names_in
from .types import SPELT, Types

MOST_SIGNS = 2_000
MOST_SECONDS = 10.0
_AT_ONCE = 40
_ATOM = r'(?:-?\d{1,30}(?:\.\d{1,30})?|"[^"\\\n]*"|true|false|null)'
_TEST = rf"(?:(?:<=?|>=?)?\s*{_ATOM}|[\[\](]\s*{_ATOM}\s*\.\.\s*{_ATOM}\s*[\[\])])"
_SIMPLE_TESTS = re.compile(rf"\s*{_TEST}(?:\s*,\s*{_TEST})*\s*")
_SIMPLE = re.compile(rf"\s*{_ATOM}\s*")
_TEXT = r'\s*"[^"\\\n]*"\s*'
_DURATIONS = ("days and time duration", "years and months duration")
_LITERALS = tuple(
    (re.compile(pattern), kinds)
    for pattern, kinds in (
        (r"\s*-?\d{1,30}(?:\.\d{1,30})?\s*", ("number",)),
        (_TEXT, ("string",)),
        (r"\s*(?:true|false)\s*", ("boolean",)),
        (rf"\s*date\s*\({_TEXT}\)\s*", ("date", "date and time")),
        (rf"\s*time\s*\({_TEXT}\)\s*", ("time",)),
        (rf"\s*date and time\s*\({_TEXT}\)\s*", ("date and time", "date")),
        (rf"\s*duration\s*\({_TEXT}\)\s*", _DURATIONS),
    )
)
_KNOWN = frozenset(kind for _pattern, kinds in _LITERALS for kind in kinds)


@dataclass(frozen=True)
class Fault:
    """One fault. `row` and `column` count from 0; `row` None: it is in the head of the column, in its `field` (text,
    allowed, default); `column` None: it is about the table. `line` is that of the table in the file. `code`: syntax
    (`detail` is the place in the text, from 1), unknown (`detail` is the name), long, time, nested, no_output, no_name,
    twice, no_text, aggregation, type (`detail` is the type that a result has to have). `holder`: what a literal
    expression belongs to."""

    code: str
    place: int = 0
    row: int | None = None
    column: int | None = None
    field: str = ""
    detail: str = ""
    line: int = 0
    holder: str = ""


@dataclass(frozen=True)
class _Text:
    text: str
    unary: bool
    row: int | None
    column: int
    field: str


def model_faults(data: bytes, tables: Iterable[Sheet]) -> list[Fault]:
    """What is wrong with all tables and literal expressions of a file, in MOST_SECONDS together; what is not read by
    then is a fault. Raises xml.Unreadable."""
    deadline = time.monotonic() + MOST_SECONDS
    types = Types(xml.read(data)).plain()
    found = [fault for each in tables for fault in faults(each, deadline, types)]
    return found + expression_faults(data, deadline)


def faults(sheet: Sheet, deadline: float | None = None, types: Mapping[str, str] | None = None) -> list[Fault]:
    """What is wrong with a table, from its head to its last row. `deadline`: of time.monotonic(); `types`: names of the
    model's own types with the types of FEEL that they are."""
    found = [*_head(sheet), *_results(sheet, types or {})]
    known = tuple(sorted(sheet.names))
    deadline = time.monotonic() + MOST_SECONDS if deadline is None else deadline
    texts = [each for each in _texts(sheet) if not _simple(each)]
    for start in range(0, len(texts), _AT_ONCE):
        part = texts[start : start + _AT_ONCE]
        if time.monotonic() < deadline:
            _warm(part, known)
        for each in part:
            if time.monotonic() > deadline:
                found.append(Fault("time", sheet.place, line=sheet.line))
                return found
            if (wrong := _wrong(each.text, known, each.unary)) is not None:
                code, detail = wrong
                found.append(Fault(code, sheet.place, each.row, each.column, each.field, detail, sheet.line))
    return sorted(found, key=lambda fault: (-1 if fault.row is None else fault.row, fault.column or 0))


def expression_faults(data: bytes, deadline: float | None = None) -> list[Fault]:
    """Literal expressions of a file that cannot be read, by line. Raises xml.Unreadable."""
    root, found = xml.read(data), []
    deadline = time.monotonic() + MOST_SECONDS if deadline is None else deadline
    for node in root.iter("{*}literalExpression"):
        language = attribute(node, "expressionLanguage") or attribute(root, "expressionLanguage")
        text = text_of(node)
        if not text or _SIMPLE.fullmatch(text) or (language and "feel" not in language.lower()):
            continue
        if time.monotonic() > deadline:
            found.append(Fault("time", line=node.sourceline or 0))
            break
        holder = holder_of(node)
        wrong = _wrong(text, tuple(sorted(names_in(root, node))), False)
        # What surrounds an expression may name more than is known here, so only what does not parse counts.
        if wrong is not None and wrong[0] != "unknown" and local(holder):
            name = attribute(holder, "name")
            found.append(Fault(wrong[0], detail=wrong[1], line=node.sourceline or 0, holder=name))
    return found


def _head(sheet: Sheet) -> Iterator[Fault]:
    outputs = [(place, each) for place, each in enumerate(sheet.columns) if each.kind == "output"]
    if not outputs:
        yield Fault("no_output", sheet.place, line=sheet.line)
    if len(outputs) > 1:
        seen: set[str] = set()
        for place, each in outputs:
            if not each.text or each.text in seen:
                code = "twice" if each.text else "no_name"
                yield Fault(code, sheet.place, column=place, field="text", line=sheet.line)
            seen.add(each.text)
        if sheet.policy == "COLLECT" and sheet.aggregation not in ("", "COUNT"):
            yield Fault("aggregation", sheet.place, line=sheet.line)
    for place, each in enumerate(sheet.columns):
        if each.kind == "input" and not each.text:
            yield Fault("no_text", sheet.place, column=place, field="text", line=sheet.line)


def _results(sheet: Sheet, types: Mapping[str, str]) -> Iterator[Fault]:
    """Results that are not of the type of their column, as far as the text alone says what they are: values, dates and
    durations. What is computed shows itself when it is (a note of the trace)."""
    for place, each in enumerate(sheet.columns):
        name = each.type.rpartition(":")[2] if each.type not in types else each.type
        wanted = SPELT.get(name := types.get(name, name), name)
        if each.kind != "output" or wanted not in _KNOWN:
            continue
        texts = [
            (None, "default", each.default),
            *((at, "cell", row.cells[place]) for at, row in enumerate(sheet.rows)),
        ]
        for row, field, text in texts:
            kinds = _kinds(text)
            if kinds and wanted not in kinds:
                yield Fault("type", sheet.place, row, place, field, wanted, sheet.line)


def _kinds(text: str) -> tuple[str, ...]:
    """The types that a literal may have; empty for null and for what has to be computed."""
    return next((kinds for pattern, kinds in _LITERALS if pattern.fullmatch(text)), ())


def _texts(sheet: Sheet) -> Iterator[_Text]:
    for place, each in enumerate(sheet.columns):
        if each.kind == "input":
            yield _Text(each.text, False, None, place, "text")
        if each.kind != "note":
            yield _Text(each.allowed, True, None, place, "allowed")
            yield _Text(each.default, False, None, place, "default")
    for number, row in enumerate(sheet.rows):
        for place, (each, text) in enumerate(zip(sheet.columns, row.cells, strict=True)):
            if each.kind != "note":
                yield _Text(text, each.kind == "input", number, place, "cell")


def _simple(each: _Text) -> bool:
    text = each.text
    if len(text) > MOST_SIGNS:
        return False
    if not text or (each.unary and text == ANYTHING):
        return True
    return bool((_SIMPLE_TESTS if each.unary else _SIMPLE).fullmatch(text))


_read: dict[tuple[str, tuple[str, ...], bool], tuple[str, str] | None] = {}


def _warm(part: list[_Text], known: tuple[str, ...]) -> None:
    """Ask for many at once; where one of them takes all of the time, each is asked alone afterwards."""
    asked = list(dict.fromkeys((each.text, each.unary) for each in part if len(each.text) <= MOST_SIGNS))
    asked = [each for each in asked if (each[0], known, each[1]) not in _read]
    if len(_read) > 20_000:
        _read.clear()
    try:
        answer = _engine.call("dmn_names", [[text, list(known), unary] for text, unary in asked]) if asked else {}
    except FeelError:
        return
    for (text, unary), found in zip(asked, answer.get("found", ()), strict=True):
        _read[text, known, unary] = _judged(found, known)


def _wrong(text: str, known: tuple[str, ...], unary: bool) -> tuple[str, str] | None:
    """Code and detail of what is wrong with a text; None where nothing is."""
    if len(text) > MOST_SIGNS:
        return "long", ""
    key = (text, known, unary)
    return _read[key] if key in _read else _alone(*key)


@lru_cache(maxsize=2_000)
def _alone(text: str, known: tuple[str, ...], unary: bool) -> tuple[str, str] | None:
    try:
        return _judged(_engine.call("dmn_names", [[text, list(known), unary]])["found"][0], known)
    except FeelError as error:
        return ("nested" if error.code == "depth" else "time"), error.message


def _squeezed(name: str) -> str:
    return "".join(name.split())


def _judged(found: dict[str, object], known: tuple[str, ...]) -> tuple[str, str] | None:
    if failure := found.get("error"):
        assert isinstance(failure, dict)
        place = failure["from"]
        return "syntax", str(place + 1) if isinstance(place, int) else ""
    names = found["value"]
    assert isinstance(names, list)
    # The parser spells "Pre-check" as "Pre - check".
    there = {_squeezed(name) for name in known}
    strange = next((name for name in names if _squeezed(str(name)) not in there), None)
    return None if strange is None else ("unknown", str(strange))
