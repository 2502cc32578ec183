"""Decision models read: parsed once a version, with what is wrong in them."""

import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..core import xml as safe
from ..core.dmn import DmnError, Library, parse
from ..core.dmn import Model as Decisions
from ..core.dmn.check import Fault, model_faults
from ..core.dmn.markup import attribute, child, children
from ..core.dmn.model import Conditional, Context, Element, Invocation, ListOf, Literal, Type
from ..core.dmn.sheets import Sheet, sheets
from ..enums import ModelKind, VersionState
from ..models import Version
from . import decisions_words as words

# In the types of imports that are decision models.
DMN = "omg.org/spec/dmn"
MOST_ROWS, MOST_COLUMNS = 2_000, 40


@dataclass(frozen=True)
class Read:
    """A model ready to decide, its tables, what is wrong with them; `helps`: id of an element -> what is said about
    it."""

    library: Library
    sheets: tuple[Sheet, ...]
    faults: tuple[Fault, ...]
    helps: dict[str, str]

    @property
    def model(self) -> Decisions:
        return self.library.main

    def texts(self) -> list[str]:
        return [words.fault_with_place(each, list(self.sheets)) for each in self.faults]

    def faults_of(self, place: int) -> list[Fault]:
        return [each for each in self.faults if each.place == place and not each.holder]


def of(version: Version) -> Read:
    """What a version says, by what it imports as it is released now. Raises ValidationError where it is no decision
    model, or where an imported one is not released."""
    data = bytes(version.xml)
    return _read(version.sha256, data, tuple(bytes(row.xml) for row in imported(data)))


@functools.lru_cache(maxsize=64)
def _read(sha256: str, data: bytes, others: tuple[bytes, ...]) -> Read:
    return _made(data, others)


def read(data: bytes) -> Read:
    """A decision model with the released ones that it imports. Raises ValidationError ("file") with the line for what
    cannot be used."""
    try:
        others = tuple(bytes(row.xml) for row in imported(data))
    except safe.Unreadable as error:
        raise ValidationError({"file": _unreadable(error)}) from error
    return _made(data, others)


@functools.lru_cache(maxsize=256)
def _spaces(sha256: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """The namespace of a model, and those of the decision models that it imports."""
    root = safe.read(data)
    wanted = [one for one in children(root, "import") if DMN in attribute(one, "importType").lower()]
    return attribute(root, "namespace"), tuple(dict.fromkeys(attribute(one, "namespace") for one in wanted))


def imported(data: bytes) -> list[Version]:
    """The released versions that a model imports, and what these import: each namespace is that of one model.

    Raises xml.Unreadable; ValidationError ("file") that says which is not released, or which are ambiguous.
    """
    own, wanted = _spaces(hashlib.sha256(data).hexdigest(), data)
    if not wanted:
        return []
    rows = Version.objects.filter(state=VersionState.RELEASED, model__kind=ModelKind.DECISION).select_related("model")
    there: dict[str, list[Version]] = {}
    for row in rows.order_by("model__title", "pk"):
        there.setdefault(_spaces(row.sha256, bytes(row.xml))[0], []).append(row)
    found: dict[str, Version] = {}
    waiting = [*wanted]
    while waiting:
        space = waiting.pop(0)
        if space in found or space == own:
            continue
        match there.get(space, []):
            case [row]:
                found[space] = row
                waiting += _spaces(row.sha256, bytes(row.xml))[1]
            case []:
                why = _("The model imports “%(space)s”, and no released decision has this namespace. Release it first.")
                raise ValidationError({"file": why % {"space": space}})
            case several:
                why = _(
                    "The model imports “%(space)s”, and several released decisions have this namespace: %(models)s."
                )
                told = {"space": space, "models": ", ".join(str(row.model) for row in several)}
                raise ValidationError({"file": why % told})
    return list(found.values())


def _made(data: bytes, others: tuple[bytes, ...]) -> Read:
    try:
        library = Library(parse(data), [parse(other) for other in others])
        tables = sheets(data)
    except safe.Unreadable as error:
        raise ValidationError({"file": _unreadable(error)}) from error
    except DmnError as error:
        where = _line(data, error.element)
        raise ValidationError({"file": words.trouble(error) + where}) from error
    except RecursionError as error:
        raise ValidationError({"file": _("The file is nested too deeply.")}) from error
    if not library.main.decisions:
        raise ValidationError({"file": _("The model has no decision.")})
    if any(len(each.rows) > MOST_ROWS or len(each.columns) > MOST_COLUMNS for each in tables):
        raise ValidationError(
            {
                "file": _("A table has at most %(rows)d rules and %(columns)d columns.")
                % {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
            }
        )
    return Read(library, tuple(tables), tuple(model_faults(data, tables)), _helps(data))


def _helps(data: bytes) -> dict[str, str]:
    found = {}
    for each in safe.read(data):
        told = child(each, "description")
        if told is None:
            told = child(each, "question")
        if told is not None and each.get("id"):
            found[each.get("id")] = " ".join("".join(told.itertext()).split())
    return found


def _unreadable(error: safe.Unreadable) -> str:
    from . import versions  # versions asks this module what a decision lacks

    if error.code in ("not_xml", "html"):
        text = _("This is not a decision model in DMN: %(detail)s") % {"detail": error.message}
    else:
        text = versions.unreadable(error)
    return text + (_(" (line %(line)d)") % {"line": error.line} if error.line else "")


def _line(data: bytes, name: str) -> str:
    """Where the element of that name stands."""
    if not name:
        return ""
    line = next((each.sourceline or 0 for each in safe.read(data).iter("{*}*") if each.get("name") == name), 0)
    return _(" (line %(line)d)") % {"line": line} if line else ""


@dataclass(frozen=True)
class Listed:
    """A decision or knowledge model of the graph. `needs`: names of what it asks; `places`: its tables; `lines`: other
    expressions as (name, FEEL)."""

    id: str
    name: str
    kind: str
    type: str
    help: str
    needs: tuple[str, ...]
    places: tuple[int, ...]
    lines: tuple[tuple[str, str], ...]


def listed(version: Version) -> list[Listed]:
    """What a model decides, each thing after those that it needs."""
    read = of(version)
    elements, done, order = read.model.elements, set(), []

    def visit(identifier: str) -> None:
        if identifier in done or identifier not in elements:
            return
        done.add(identifier)
        for one in elements[identifier].requires:
            visit(one.key.rpartition("#")[2])
        order.append(elements[identifier])

    for identifier in elements:
        visit(identifier)
    return [_listed(read, each) for each in order if each.kind in ("decision", "knowledge", "service")]


def _listed(read: Read, element: Element) -> Listed:
    needs = tuple(
        read.model.elements[identifier].name
        for one in element.requires
        if (identifier := one.key.rpartition("#")[2]) in read.model.elements
    )
    places = tuple(each.place for each in read.sheets if each.holder == element.id)
    type_, _allowed = base(element.type, read.model.types)
    lines = tuple(_lines("", element.expression))
    return Listed(element.id, element.name, element.kind, type_, read.helps.get(element.id, ""), needs, places, lines)


def _lines(name: str, expression: Any) -> Iterator[tuple[str, str]]:
    """The literal expressions in a boxed one, each with the names that lead to it."""
    if isinstance(expression, Literal):
        yield name, expression.text
    elif isinstance(expression, Context):
        for entry in expression.entries:
            yield from _lines(f"{name}.{entry.name}" if name and entry.name else entry.name or name, entry.expression)
    elif isinstance(expression, Invocation):
        yield from _lines(name, expression.function)
        for binding in expression.bindings:
            yield from _lines(f"{name}.{binding.name}" if name else binding.name, binding.expression)
    elif isinstance(expression, Conditional):
        for word, part in (("if", expression.test), ("then", expression.then), ("else", expression.otherwise)):
            yield from _lines(f"{name} {word}".strip(), part)
    elif isinstance(expression, ListOf):
        for number, part in enumerate(expression.items, 1):
            yield from _lines(f"{name} {number}".strip(), part)


def items(type_: Type | None, types: dict[str, Type]) -> tuple[Type | None, bool]:
    """The type of what is in a list and True, where the type is a list; else the type itself and False."""
    found = type_
    for _step in range(20):
        if not found:
            break
        if "list" in found:
            return found["list"], True
        found = types.get(found.get("name", "")) or found.get("of")
    return type_, False


def base(type_: Type | None, types: dict[str, Type]) -> tuple[str, str]:
    """Name of the built-in type behind a type, and the unary tests that its values pass; "" for none of either."""
    allowed: Any = ""
    for _step in range(20):
        if not type_ or "list" in type_ or "context" in type_ or "function" in type_ or "range" in type_:
            return "", str(allowed)
        allowed = allowed or type_.get("allowed") or type_.get("constraint") or ""
        name = type_.get("name")
        if name is None:
            type_ = type_.get("of")
        elif name in types:
            type_ = types[name]
        else:
            return str(words.SPELT.get(name, name)), str(allowed)
    return "", ""
