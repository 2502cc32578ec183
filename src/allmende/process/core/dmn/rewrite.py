"""An edited table back into its DMN file.

Writing touches the one table that changed, and adds the inputs that it newly asks for; every id, every other element,
the diagram and other tools' extensions stay.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import uuid4

from lxml import etree

from allmende.process.core import xml

from .markup import attribute, child, children, local
from .sheets import ANYTHING, COLUMNS, ENTRIES, Column, Row, Sheet, holder_of, names_in, sheet_of, tables_in


def write(data: bytes, sheet: Sheet, new_inputs: Iterable[tuple[str, str]] = ()) -> bytes:
    """The file with that table as the sheet says; `new_inputs`: names and types of inputs that its decision gets.

    Raises xml.Unreadable, LookupError where the file has no such table.
    """
    root = xml.read(data)
    tables = tables_in(root)
    if not 0 <= sheet.place < len(tables):
        raise LookupError(sheet.place)
    node = tables[sheet.place]
    asked = list(new_inputs)
    for name, type_ in asked:
        _add_input(root, holder_of(node), name, type_)
    if not asked and sheet_of(root, node, sheet.place) == replace(sheet, names=names_in(root, node)):
        return data
    _write(node, sheet)
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


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
    old = {kind: children(node, name) for kind, name in COLUMNS.items()}
    rules = children(node, "rule")
    made = [_column(node, old, each) for each in sheet.columns if each.key != "description"]
    written = [_rule(node, rules, sheet, each) for each in sheet.rows]
    for each in [*old["input"], *old["output"], *old["note"], *rules]:
        node.remove(each)
    node.extend([each for name in COLUMNS.values() for each in made if local(each) == name])
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
    before = {kind: children(made, entry) for kind, entry in ENTRIES.items()}
    wanted: dict[str, list[etree._Element]] = {kind: [] for kind in ENTRIES}
    for column, text in zip(sheet.columns, row.cells, strict=True):
        if column.key == "description":
            _describe(made, text)
            continue
        entries = before[column.kind]
        if column.key and int(column.key) < len(entries):
            entry = entries[int(column.key)]
        else:
            entry = _make(made, ENTRIES[column.kind])
            if column.kind != "note":
                entry.set("id", _fresh(column.kind))
        _set_text(entry, text or (ANYTHING if column.kind == "input" else ""))
        wanted[column.kind].append(entry)
    for entries in before.values():
        for entry in entries:
            made.remove(entry)
    for kind in ENTRIES:
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
