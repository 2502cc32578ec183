"""Decision tables as people edit them, out of a DMN file and back into it.

A file is known by its tables in the order in which they stand in it, wherever they are: in a decision, in a knowledge
model, in an entry of a context. Writing touches the one table that changed, and adds the inputs that it newly asks for;
every id, every other element, the diagram and other tools' extensions stay.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import uuid4

from lxml import etree

from allmende.process.core import xml

from .boxes import AGGREGATIONS, POLICIES
from .markup import attribute, child, children, local, text_of, type_ref

# What a rule says to a column that does not matter to it.
ANYTHING = "-"
_HOLDERS = ("decision", "businessKnowledgeModel")
_COLUMNS = {"input": "input", "output": "output", "note": "annotation"}
_ENTRIES = {"input": "inputEntry", "output": "outputEntry", "note": "annotationEntry"}


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
    return [_sheet(root, node, place) for place, node in enumerate(_tables(root))]


def write(data: bytes, sheet: Sheet, new_inputs: Iterable[tuple[str, str]] = ()) -> bytes:
    """The file with that table as the sheet says; `new_inputs`: names and types of inputs that its decision gets.

    Raises xml.Unreadable, LookupError where the file has no such table.
    """
    root = xml.read(data)
    tables = _tables(root)
    if not 0 <= sheet.place < len(tables):
        raise LookupError(sheet.place)
    node = tables[sheet.place]
    asked = list(new_inputs)
    for name, type_ in asked:
        _add_input(root, holder_of(node), name, type_)
    if not asked and _sheet(root, node, sheet.place) == replace(sheet, names=names_in(root, node)):
        return data
    _write(node, sheet)
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def _tables(root: etree._Element) -> list[etree._Element]:
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


def _sheet(root: etree._Element, node: etree._Element, place: int) -> Sheet:
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
    found = {kind: [text_of(each) for each in children(node, entry)] for kind, entry in _ENTRIES.items()}
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


# ---- writing ----


def _make(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    """A new element of the parent's namespace that is not in the tree yet, with an id."""
    made = etree.Element(f"{{{etree.QName(parent).namespace}}}{tag}")
    for key, value in attributes.items():
        if value:
            made.set(key, value)
    return made


def _fresh(name: str) -> str:
    return f"{name}_{uuid4().hex[:10]}"


def _set(node: etree._Element, name: str, value: str) -> None:
    if value:
        if attribute(node, name) != value:
            node.set(name, value)
    elif node.get(name) is not None:
        del node.attrib[name]


def _set_text(node: etree._Element, text: str) -> None:
    """The text of an entry; what stays the same is not touched."""
    found = child(node, "text")
    if found is not None and "".join(found.itertext()).strip() == text:
        return
    if found is None:
        found = etree.SubElement(node, f"{{{etree.QName(node).namespace}}}text")
    for each in list(found):
        found.remove(each)
    found.text = text


def _tests(node: etree._Element, name: str, text: str, before: tuple[str, ...] = ()) -> None:
    """Set or remove an entry with text; `before`: names of elements that stand behind it."""
    found = child(node, name)
    if not text:
        if found is not None:
            node.remove(found)
        return
    if found is None:
        found = _make(node, name, id=_fresh(name))
        behind = next((each for each in node if local(each) in before), None)
        if behind is not None:
            behind.addprevious(found)
        else:
            node.append(found)
    _set_text(found, text)


def _write(node: etree._Element, sheet: Sheet) -> None:
    if attribute(node, "hitPolicy").upper() != sheet.policy and (node.get("hitPolicy") or sheet.policy != "UNIQUE"):
        node.set("hitPolicy", sheet.policy)
    _set(node, "aggregation", sheet.aggregation if sheet.policy == "COLLECT" else "")
    old = {kind: children(node, name) for kind, name in _COLUMNS.items()}
    rules = children(node, "rule")
    made = [_column(node, old, each) for each in sheet.columns if each.key != "description"]
    written = [_rule(node, rules, sheet, each) for each in sheet.rows]
    for each in [*old["input"], *old["output"], *old["note"], *rules]:
        node.remove(each)
    node.extend([each for name in _COLUMNS.values() for each in made if local(each) == name])
    node.extend(written)
    depth = sum(1 for _ in node.iterancestors())
    etree.indent(node, space="  ", level=depth)


def _column(node: etree._Element, old: dict[str, list[etree._Element]], column: Column) -> etree._Element:
    known = old[column.kind]
    if column.key and int(column.key) < len(known):
        made = known[int(column.key)]
    elif column.kind == "note":
        made = _make(node, "annotation")
    else:
        made = _make(node, column.kind, id=_fresh(column.kind))
    if column.kind == "note":
        made.set("name", column.text)
        return made
    _set(made, "label", column.label)
    if column.kind == "input":
        expression = child(made, "inputExpression")
        if expression is None:
            expression = _make(made, "inputExpression", id=_fresh("inputExpression"))
            made.insert(0, expression)
        if (inner := child(expression, "typeRef")) is None:
            _set(expression, "typeRef", column.type)
        else:
            inner.text = column.type
        _set_text(expression, column.text)
        _tests(made, "inputValues", column.allowed)
    else:
        _set(made, "name", column.text)
        _set(made, "typeRef", column.type)
        _tests(made, "outputValues", column.allowed, ("defaultOutputEntry",))
        _tests(made, "defaultOutputEntry", column.default)
    return made


def _rule(node: etree._Element, rules: list[etree._Element], sheet: Sheet, row: Row) -> etree._Element:
    known = row.key and int(row.key) < len(rules)
    made = rules[int(row.key)] if known else _make(node, "rule", id=_fresh("rule"))
    before = {kind: children(made, entry) for kind, entry in _ENTRIES.items()}
    wanted: dict[str, list[etree._Element]] = {kind: [] for kind in _ENTRIES}
    for column, text in zip(sheet.columns, row.cells, strict=True):
        if column.key == "description":
            _describe(made, text)
            continue
        entries = before[column.kind]
        if column.key and int(column.key) < len(entries):
            entry = entries[int(column.key)]
        else:
            entry = _make(made, _ENTRIES[column.kind])
            if column.kind != "note":
                entry.set("id", _fresh(column.kind))
        _set_text(entry, text or (ANYTHING if column.kind == "input" else ""))
        wanted[column.kind].append(entry)
    for entries in before.values():
        for entry in entries:
            made.remove(entry)
    for kind in _ENTRIES:
        made.extend(wanted[kind])
    return made


def _describe(rule: etree._Element, text: str) -> None:
    found = child(rule, "description")
    if found is None and text:
        found = _make(rule, "description")
        rule.insert(0, found)
    if found is not None:
        found.text = text


def _add_input(root: etree._Element, holder: etree._Element, name: str, type_: str) -> None:
    """An input of that name, required by the decision; one that is there already is only required."""
    known = next((each for each in children(root, "inputData") if attribute(each, "name") == name), None)
    if known is None:
        known = _make(root, "inputData", id=_fresh("inputData"), name=name)
        known.append(_make(known, "variable", id=_fresh("variable"), name=name, typeRef=type_))
        holder.addprevious(known)
    requirement = _make(holder, "informationRequirement", id=_fresh("informationRequirement"))
    requirement.append(_make(requirement, "requiredInput", href=f"#{attribute(known, 'id')}"))
    behind = next((each for each in holder if local(each) in ("knowledgeRequirement", "authorityRequirement")), None)
    if behind is None:
        behind = next((each for each in holder if _says(each)), None)
    if behind is not None:
        behind.addprevious(requirement)
    else:
        holder.append(requirement)


def _says(node: etree._Element) -> bool:
    return local(node) == "decisionTable" or local(node).endswith(("Expression", "context"))
