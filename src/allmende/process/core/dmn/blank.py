"""A new decision model: one decision with an empty table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import uuid4

from lxml import etree

from .sheets import ANYTHING

MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"
# A name that FEEL reads wherever it stands: words of letters and digits.
NAME = re.compile(r"[^\W\d_][\w ]{0,99}")
_WORDS = frozenset(
    ("and", "between", "else", "every", "external", "false", "for", "function", "if", "in", "instance", "not", "null",
     "of", "or", "return", "satisfies", "some", "then", "true")
)  # fmt: skip


def is_name(text: str) -> bool:
    """Whether a text can be the name of an input: words of letters and digits, the first of them not FEEL's own."""
    return bool(NAME.fullmatch(text)) and text.split()[0] not in _WORDS


def blank(title: str, inputs: Sequence[tuple[str, str]], output: tuple[str, str]) -> bytes:
    """A model of that title; `inputs` and the output are names with types ("" for any)."""
    root = etree.Element(f"{{{MODEL}}}definitions", nsmap={None: MODEL})
    space = f"urn:allmende:decision:{uuid4()}"
    for key, value in (("id", f"definitions_{uuid4().hex[:10]}"), ("name", title), ("namespace", space)):
        root.set(key, value)
    needs, columns = [], []
    for number, (name, type_) in enumerate(inputs, 1):
        data = _add(root, "inputData", id=f"input_data_{number}", name=name)
        _add(data, "variable", name=name, typeRef=type_)
        needs.append(f"#input_data_{number}")
        columns.append((name, type_))
    decision = _add(root, "decision", id="decision_1", name=title)
    _add(decision, "variable", name=title, typeRef=output[1])
    for need in needs:
        _add(_add(decision, "informationRequirement"), "requiredInput", href=need)
    table = _add(decision, "decisionTable", id="decision_table_1", hitPolicy="UNIQUE")
    for number, (name, type_) in enumerate(columns, 1):
        column = _add(table, "input", id=f"input_{number}", label=name)
        expression = _add(column, "inputExpression", id=f"input_expression_{number}", typeRef=type_)
        _add(expression, "text").text = name
    _add(table, "output", id="output_1", label=output[0], name=output[0], typeRef=output[1])
    _add(table, "annotation", name="")
    rule = _add(table, "rule", id="rule_1")
    for number, _column in enumerate(columns, 1):
        _add(_add(rule, "inputEntry", id=f"entry_{number}"), "text").text = ANYTHING
    _add(_add(rule, "outputEntry", id="entry_output"), "text").text = "null"
    _add(_add(rule, "annotationEntry"), "text").text = ""
    etree.indent(root, space="  ")
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def _add(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{MODEL}}}{tag}")
    for key, value in attributes.items():
        if value or key == "name":
            made.set(key, value)
    return made
