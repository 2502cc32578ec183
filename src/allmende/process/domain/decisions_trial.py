"""A decision tried: what it asks for, what it says, and the way to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..core.dmn import DmnError, Note, Result, TableTrace, spelling
from ..core.dmn.model import Element
from ..core.dmn.sheets import Sheet
from ..core.feel import FeelError, evaluate
from ..models import Version
from . import decisions_reading as reading
from . import decisions_words as words
from .decisions_reading import Read

# What a decision cannot go on with, even where a value comes out.
_GRAVE = frozenset(("conflict", "syntax", "type", "input", "missing", "cycle", "language", "policy", "priority"))


@dataclass(frozen=True)
class Question:
    """An input of a decision. `type`: a built-in type or "" for any; `choices`: the only texts that it may be; `many`:
    it is a list of them. `help`: what the model says about it."""

    id: str
    name: str
    type: str
    choices: tuple[str, ...] = ()
    many: bool = False
    help: str = ""


@dataclass(frozen=True)
class Cell:
    """What a cell said: its text, "yes", "no" or "unknown"."""

    text: str
    answer: str


@dataclass(frozen=True)
class Line:
    """A rule at work."""

    number: int
    fired: bool
    cells: tuple[Cell, ...]
    outputs: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Way:
    """A table at work: values of its inputs by column, its rules, what it was called with."""

    name: str
    policy: str
    columns: tuple[str, ...]
    outputs: tuple[str, ...]
    inputs: tuple[tuple[str, Any], ...]
    lines: tuple[Line, ...]
    hits: tuple[int, ...]


@dataclass(frozen=True)
class Outcome:
    """`error`: why there is no result that counts; empty where there is one."""

    value: Any
    decisions: tuple[tuple[str, Any], ...]
    ways: tuple[Way, ...]
    warnings: tuple[str, ...]
    error: str = ""


def names(version: Version) -> list[str]:
    """The decisions of a version, those that no other needs first."""
    model = reading.of(version).model
    needed = {one.key.rpartition("#")[2] for each in model.elements.values() for one in each.requires}
    decisions = model.decisions
    return [each.name for each in sorted(decisions, key=lambda each: each.id in needed)]


def chosen(version: Version, name: str) -> str:
    """The decision of that name or id; without one the one that no other needs. Raises LookupError."""
    if not name:
        return names(version)[0]
    element = reading.of(version).model.find(name, "decision")
    if element is None:
        raise LookupError(name)
    return element.name


def questions(version: Version, decision: str) -> list[Question]:
    """What a decision asks for, by itself and by those that it needs, in the order of the model; without a name all
    that the model asks for. Raises LookupError."""
    read = reading.of(version)
    if not decision:
        return [_question(read, each) for each in read.model.inputs]
    start = read.model.find(decision, "decision")
    if start is None:
        raise LookupError(decision)
    wanted = _reached(read, start)
    return [_question(read, each) for each in read.model.inputs if each.id in wanted]


def _reached(read: Read, start: Element) -> set[str]:
    found, open_ = {start.id}, [start]
    while open_:
        for one in open_.pop().requires:
            identifier = one.key.rpartition("#")[2]
            if identifier in read.model.elements and identifier not in found:
                found.add(identifier)
                open_.append(read.model.elements[identifier])
    return found


def _question(read: Read, element: Element) -> Question:
    inner, many = reading.items(element.type, read.model.types)
    type_, allowed = reading.base(inner, read.model.types)
    columns = [each for sheet in read.sheets for each in sheet.of("input") if each.text == element.name]
    type_ = type_ or next((words.SPELT.get(each.type, each.type) for each in columns if each.type), "")
    allowed = allowed or next((each.allowed for each in columns if each.allowed), "")
    if type_ not in words.TYPES:
        type_ = ""
    choices = _listed(allowed) if type_ in ("", "string") else ()
    if many and not choices:
        type_ = ""
    return Question(element.id, element.name, type_, choices, many and bool(choices), read.helps.get(element.id, ""))


def _listed(allowed: str) -> tuple[str, ...]:
    """The texts of a list of texts; nothing for any other test."""
    if not allowed.startswith('"'):
        return ()
    try:
        found = evaluate(f"[{allowed}]")
    except FeelError:
        return ()
    return tuple(found) if isinstance(found, list) and all(isinstance(each, str) for each in found) else ()


def typed_in(question: Question, value: Any) -> Any:
    """A value as somebody would have typed it into the field of a question."""
    if question.type == "boolean" and isinstance(value, bool):
        return "yes" if value else "no"
    if question.type in ("string", "number", "date") or question.choices:
        return value
    text = spelling.spell(value)
    return text[2:-1] if question.type and text.startswith('@"') else text


def expression(text: str) -> Any:
    """The value of what somebody wrote as FEEL, where nothing else is known. Raises ValidationError."""
    try:
        return evaluate(text, {}, strict=True)
    except FeelError as error:
        if error.code == "unknown":
            raise ValidationError(_("Texts stand in quotation marks.")) from error
        raise ValidationError(words.trouble(error)) from error


def decide(version: Version, decision: str, values: Mapping[str, Any], *, now: datetime | None = None) -> Outcome:
    """What a version says. `values` by name of an input. What goes wrong is said in the outcome."""
    read = reading.of(version)
    try:
        result = read.library.decide([decision], values, now=now)[0]
    except (DmnError, FeelError) as error:
        return Outcome(None, (), (), (), words.trouble(error))
    return _outcome(read, result)


def _outcome(read: Read, result: Result) -> Outcome:
    notes, tables = result.trace.notes, result.trace.tables
    grave = [each for each in notes if each.code in _GRAVE]
    error = " ".join(dict.fromkeys(map(_told, grave))) if grave and result.value is None else ""
    if any(each.code == "conflict" for each in notes):
        error = " ".join(dict.fromkeys(_told(each) for each in notes if each.code == "conflict"))
    if not error and result.value is None and tables and not tables[-1].hits:
        error = _("No rule of the table “%(name)s” fits.") % {"name": tables[-1].element}
    told = dict.fromkeys(_told(each) for each in notes)
    warnings = tuple(text for text in told if text not in error)
    return Outcome(result.value, result.trace.decisions, _ways(read, tables), warnings, error)


def _told(note: Note) -> str:
    text = words.note(note)
    return f"{note.element}: {text}" if note.element else text


def _ways(read: Read, tables: Iterable[TableTrace]) -> tuple[Way, ...]:
    return tuple(_way(each, sheet) for each in tables if (sheet := _sheet(read, each)) is not None)


def _sheet(read: Read, table: TableTrace) -> Sheet | None:
    """The table that left a trace: of the same element, with as many rules and columns."""
    for sheet in read.sheets:
        element = read.model.elements.get(sheet.holder)
        fits = element is not None and element.name == table.element and len(sheet.rows) == len(table.rules)
        if fits and len(sheet.of("input")) == len(table.inputs):
            return sheet
    return None


def _way(table: TableTrace, sheet: Sheet) -> Way:
    inputs, lines = len(sheet.of("input")), []
    outputs = sheet.of("output")
    for place, (row, said) in enumerate(zip(sheet.rows, table.rules, strict=True)):
        cells = tuple(Cell(text, answer) for text, answer in zip(row.cells, said, strict=False))
        told = "; ".join(text for text in row.cells[inputs + len(outputs) :] if text)
        results = row.cells[inputs : inputs + len(outputs)]
        lines.append(Line(place + 1, place + 1 in table.hits, cells, results, told))
    return Way(
        sheet.name,
        words.policy(sheet),
        tuple(each.title for each in sheet.of("input")),
        tuple(each.title or _("Result") for each in outputs),
        table.inputs,
        tuple(lines),
        table.hits,
    )
