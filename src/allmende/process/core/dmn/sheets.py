"""Decision tables as people edit them, out of a DMN file; `rewrite.py` brings them back into it.

A file is known by its tables in the order in which they stand in it, wherever they are: in a decision, in a knowledge
model, in an entry of a context.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from allmende.process.core import xml

from .boxes import AGGREGATIONS, POLICIES
from .markup import attribute, child, children, local, text_of, type_ref

# What a rule says to a column that does not matter to it.
ANYTHING = "-"
_HOLDERS = ("decision", "businessKnowledgeModel")
COLUMNS = {"input": "input", "output": "output", "note": "annotation"}
ENTRIES = {"input": "inputEntry", "output": "outputEntry", "note": "annotationEntry"}


@dataclass(frozen=True)
class Column:
    """`kind` is input, output or note. `key`: its place in the file, empty for a new one. `text`: the expression of an
    input, the name of an output, the name of a column of notes; `allowed`: unary tests; `default`: of an output."""

    kind: str
    key: str = ""
    label: str = ""
    text: str = ""
    type: str = ""
    allowed: str = ""
    default: str = ""

    @property
    def title(self) -> str:
        return self.label or self.text


@dataclass(frozen=True)
class Row:
    """A rule; `cells` go with the columns. `key`: its place in the file, empty for a new one."""

    cells: tuple[str, ...]
    key: str = ""
    id: str = ""


@dataclass(frozen=True)
class Sheet:
    """A decision table. `place`: which table of the file, from 0. `holder`: id of the decision or knowledge model that
    it is in, `name` what it is called; `whole`: the table is all that the holder says. `names`: what its cells may
    speak of. `line`: where it begins."""

    place: int
    holder: str
    name: str
    policy: str
    aggregation: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    names: frozenset[str] = frozenset()
    whole: bool = True
    line: int = 0

    def of(self, kind: str) -> tuple[Column, ...]:
        return tuple(each for each in self.columns if each.kind == kind)


def sheets(data: bytes) -> list[Sheet]:
    """All decision tables of a file. Raises xml.Unreadable."""
    root = xml.read(data)
    return [sheet_of(root, node, place) for place, node in enumerate(tables_in(root))]


def tables_in(root: etree._Element) -> list[etree._Element]:
    """The tables of a file, as they stand in it."""
    return [each for each in root.iter() if local(each) == "decisionTable"]


def holder_of(node: etree._Element) -> etree._Element:
    """The decision or knowledge model that an element is in."""
    return next((each for each in node.iterancestors() if local(each) in _HOLDERS), node)


def names_in(root: etree._Element, node: etree._Element) -> frozenset[str]:
    """Names that an expression sees: what its holder requires, parameters and entries around it, imported models."""
    holder = holder_of(node)
    by_id = {attribute(each, "id") or attribute(each, "name"): each for each in root if local(each)}
    found = {attribute(each, "name") for each in children(root, "import")}
    found.add(attribute(holder, "name"))
    for each in holder.iter():
        if href := attribute(each, "href") if local(each).startswith("required") else "":
            required = by_id.get(href.rpartition("#")[2])
            found.add(attribute(required, "name") if required is not None else "")
        elif local(each) in ("formalParameter", "variable"):
            found.add(attribute(each, "name"))
        elif local(each) in ("for", "every", "some"):
            found.add(attribute(each, "iteratorVariable"))
    return frozenset(found - {""})


def sheet_of(root: etree._Element, node: etree._Element, place: int) -> Sheet:
    """A table as people edit it."""
    holder, parent = holder_of(node), node.getparent()
    policy = attribute(node, "hitPolicy").upper() or "UNIQUE"
    columns = [_input(each, place) for place, each in enumerate(children(node, "input"))]
    columns += [_output(each, place) for place, each in enumerate(children(node, "output"))]
    rules = children(node, "rule")
    notes = _notes(node, rules)
    entry = next((each for each in node.iterancestors("{*}contextEntry")), None)
    variable = child(entry, "variable") if entry is not None else None
    inner = attribute(variable, "name") if variable is not None else ""
    name = attribute(holder, "name") or attribute(node, "outputLabel") or attribute(node, "id")
    return Sheet(
        place=place,
        holder=attribute(holder, "id") or attribute(holder, "name"),
        name=f"{name}: {inner}" if inner else name,
        policy=policy if policy in POLICIES else "UNIQUE",
        aggregation=aggregation if (aggregation := attribute(node, "aggregation").upper()) in AGGREGATIONS else "",
        columns=(*columns, *notes),
        rows=tuple(_row(each, place, columns, notes) for place, each in enumerate(rules)),
        names=names_in(root, node),
        whole=parent is holder and local(holder) == "decision",
        line=node.sourceline or 0,
    )


def _input(node: etree._Element, place: int) -> Column:
    expression = child(node, "inputExpression")
    return Column(
        "input",
        str(place),
        attribute(node, "label"),
        text_of(expression),
        type_ref(expression) if expression is not None else "",
        text_of(child(node, "inputValues")),
    )


def _output(node: etree._Element, place: int) -> Column:
    return Column(
        "output",
        str(place),
        attribute(node, "label"),
        attribute(node, "name"),
        attribute(node, "typeRef"),
        text_of(child(node, "outputValues")),
        text_of(child(node, "defaultOutputEntry")),
    )


def _notes(node: etree._Element, rules: list[etree._Element]) -> list[Column]:
    """Columns of notes; there is always one. Without any of the standard's, the rules' descriptions are it."""
    named = children(node, "annotation")
    most = max((len(children(each, "annotationEntry")) for each in rules), default=0)
    count = max(len(named), most)
    if not count:
        return [Column("note", "description")]
    return [
        Column("note", str(place), text=attribute(named[place], "name") if place < len(named) else "")
        for place in range(count)
    ]


def _row(node: etree._Element, place: int, columns: list[Column], notes: list[Column]) -> Row:
    found = {kind: [text_of(each) for each in children(node, entry)] for kind, entry in ENTRIES.items()}
    description = child(node, "description")
    told = "".join(description.itertext()).strip() if description is not None else ""
    cells = []
    for column in (*columns, *notes):
        if column.key == "description":
            cells.append(told)
        else:
            texts = found[column.kind]
            at = int(column.key)
            cells.append(texts[at] if at < len(texts) else "")
    return Row(tuple(cells), str(place), attribute(node, "id"))
