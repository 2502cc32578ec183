"""Test cases of the DMN Technology Compatibility Kit (dmn-tck.github.io): `*.dmn` with their `testCases` beside them.

A case has inputs and, for one or more decisions, what must come out; each expected result counts as one test. Numbers
may differ by 1e-8, as the kit has it; everything else must be equal. A result that is marked as an error must be null.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from allmende.process.core import xml
from allmende.process.core.feel import FeelError
from allmende.process.core.feel.language import Engine

from .decide import Library, Result, _engine
from .errors import DmnError
from .markup import attribute, child, children, local
from .model import Model
from .parse import parse

TOLERANCE = Decimal("1e-8")
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
NUMBERS = {"decimal", "double", "float", "integer", "int", "long", "short", "byte"}


@dataclass(frozen=True)
class Outcome:
    """One expected result: the test file below the folder, the case's id, the name of the decision; `reason` is ""
    when it passed."""

    file: str
    case: str
    result: str
    reason: str

    @property
    def passed(self) -> bool:
        return not self.reason


def run(folder: Path) -> Iterator[Outcome]:
    """Outcomes of all cases below the folder, file by file."""
    for path in sorted(folder.rglob("*.xml")):
        yield from _file(path, path.relative_to(folder).as_posix())


def _file(path: Path, name: str) -> Iterator[Outcome]:
    try:
        root = xml.read(path.read_bytes())
        if local(root) != "testCases":
            return
        model_name = "".join(child(root, "modelName").itertext()).strip()  # type: ignore[union-attr]
        library = _library(path.parent, model_name)
    except (xml.Unreadable, DmnError, OSError, AttributeError, KeyError) as error:
        if "test" in path.name:
            yield Outcome(name, "", "", f"not readable: {error}")
        return
    for case in children(root, "testCase"):
        yield from _case(library, case, name)


def _library(folder: Path, model_name: str) -> Library:
    models: dict[str, Model] = {}
    for path in sorted(folder.glob("*.dmn")):
        models[path.name] = parse(path.read_bytes())
    main = models.pop(model_name)
    return Library(main, models.values())


def _case(library: Library, case: etree._Element, name: str) -> Iterator[Outcome]:
    identifier = attribute(case, "id")
    inputs = {attribute(node, "name"): read_value(node) for node in children(case, "inputNode")}
    nodes = children(case, "resultNode")
    try:
        results = _results(library, case, nodes, inputs)
    except (DmnError, FeelError) as error:
        for node in nodes:
            yield Outcome(name, identifier, attribute(node, "name"), f"{error.code}: {error}")
        return
    for node, result in zip(nodes, results, strict=True):
        wanted = child(node, "expected")
        expected = read_value(wanted) if wanted is not None else None
        yield Outcome(name, identifier, attribute(node, "name"), _difference(expected, result))


def _results(
    library: Library, case: etree._Element, nodes: list[etree._Element], inputs: dict[str, Any]
) -> list[Result]:
    if attribute(case, "type") in ("decisionService", "bkm"):
        result = library.invoke(attribute(case, "invocableName"), inputs, raw=True)
        if len(nodes) == 1:
            return [result]
        parts = dict(result.value["c"]) if isinstance(result.value, dict) and "c" in result.value else {}
        return [Result(parts.get(attribute(node, "name")), result.trace) for node in nodes]
    return library.decide([attribute(node, "name") for node in nodes], inputs, raw=True)


def read_value(node: etree._Element) -> Any:
    """A value of a test file in the spelling of the border (feel/js/11_border.js)."""
    if (items := child(node, "list")) is not None:
        return None if _nil(items) else [read_value(item) for item in children(items, "item")]
    if parts := children(node, "component"):
        return {"c": [[attribute(part, "name"), read_value(part)] for part in parts]}
    value = child(node, "value")
    if value is None or _nil(value):
        return None
    kind = (value.get(f"{XSI}type") or "").rpartition(":")[2]
    text = "".join(value.itertext())
    return _typed(kind, text)


def _nil(node: etree._Element) -> bool:
    return node.get(f"{XSI}nil") in ("true", "1")


def _typed(kind: str, text: str) -> Any:
    plain = text.strip()
    if kind in NUMBERS:
        return {"n": plain}
    if kind == "boolean":
        return plain in ("true", "1")
    if kind == "date":
        return {"d": plain}
    if kind == "time":
        return {"t": plain}
    if kind == "dateTime":
        return {"dt": plain}
    if kind in ("duration", "dayTimeDuration", "yearMonthDuration"):
        return {"s": plain}
    return text


def _difference(expected: Any, result: Result) -> str:
    """Why the result is not what is expected; "" when it is."""
    wanted = canonical(_engine, expected)
    if equal(wanted, result.value):
        return ""
    notes = "; ".join(note.message for note in result.trace.notes[:2])
    return f"expected {wanted}, got {result.value}" + (f" ({notes})" if notes else "")


def canonical(engine: Engine, value: Any) -> Any:
    """The value in the one spelling that results have."""
    return engine.call("feel_canonical", [value])["value"][0]


def equal(wanted: Any, found: Any) -> bool:
    a, b = _number(wanted), _number(found)
    if a is not None and b is not None:
        return abs(a - b) <= TOLERANCE
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(equal, wanted, found))
    if isinstance(wanted, dict) and isinstance(found, dict) and wanted.keys() == found.keys() == {"c"}:
        left, right = dict(wanted["c"]), dict(found["c"])
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return type(wanted) is type(found) and bool(wanted == found)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, dict) and value.keys() == {"n"}:
        return Decimal(value["n"])
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else None
