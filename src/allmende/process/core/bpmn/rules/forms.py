"""Forms that other tools keep in the model (Camunda 7 and 8, Activiti, Flowable) become ours, beside theirs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ..desk import Desk
from ..names import own, tag

MOST = 200
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
SEVEN = ("http://camunda.org/schema/1.0/bpmn", "http://activiti.org/bpmn", "http://flowable.org/bpmn")
# Types of theirs → ours (core/forms.py); what is not here is a text.
TYPES = {
    "string": "text", "textfield": "text", "textarea": "long_text", "long": "integer", "integer": "integer",
    "double": "number", "number": "number", "boolean": "yes_no", "checkbox": "yes_no", "date": "date",
    "datetime": "date", "enum": "choice", "select": "choice", "radio": "choice", "checklist": "choices",
    "taglist": "choices", "filepicker": "file", "email": "email",
}  # fmt: skip


@dataclass
class Field:
    name: str
    label: str
    type: str
    required: bool = False
    options: list[tuple[str, str]] = field(default_factory=list)


def apply(desk: Desk) -> None:
    texts = {one.get("id"): one.text or "" for one in desk.root.iter(f"{ZEEBE}userTaskForm")}
    for extensions in list(desk.root.iter(tag("extensionElements"))):
        owner = extensions.getparent()
        if owner is None or extensions.find(own("form")) is not None:
            continue
        fields = [*_seven(extensions), *_eight(extensions, texts)][:MOST]
        if fields:
            _write(extensions, fields)
            desk.say("form-read", owner, after=", ".join(one.label for one in fields))
    desk.changed()


def _seven(extensions: etree._Element) -> Iterator[Field]:
    """`formField` of Camunda 7, `formProperty` of Activiti and Flowable."""
    for space in SEVEN:
        names = [f"{{{space}}}formField", f"{{{space}}}formProperty"]
        for element in extensions.iterdescendants(*names):
            if name := _name(element.get("id")):
                label = element.get("label") or element.get("name") or element.get("id") or name
                needed = element.get("required") == "true" or any(
                    one.get("name") == "required" for one in element.iterdescendants(f"{{{space}}}constraint")
                )
                values = element.iterchildren(f"{{{space}}}value")
                options = [(one.get("id") or "", one.get("name") or one.get("id") or "") for one in values]
                yield Field(name, label, TYPES.get(element.get("type") or "", "text"), needed, options)


def _eight(extensions: etree._Element, texts: dict[str | None, str]) -> Iterator[Field]:
    """The JSON of Camunda 8 that a task refers to."""
    for definition in extensions.iterchildren(f"{ZEEBE}formDefinition"):
        key = (definition.get("formKey") or "").rpartition(":")[2] or definition.get("formId")
        try:
            form = json.loads(texts.get(key, "{}"))
        except (ValueError, RecursionError):
            continue
        yield from _components(form.get("components") if isinstance(form, dict) else None)


def _components(listed: Any) -> Iterator[Field]:
    waiting = list(listed) if isinstance(listed, list) else []
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, dict):
            continue
        if isinstance(one.get("components"), list):
            waiting[:0] = one["components"]
        elif name := _name(one.get("key")):
            checks = one.get("validate")
            needed = isinstance(checks, dict) and checks.get("required") is True
            told = one.get("values")
            values = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
            options = [(str(each.get("value", "")), str(each.get("label", ""))) for each in values]
            label = str(one.get("label") or one["key"])
            yield Field(name, label, TYPES.get(str(one.get("type")), "text"), needed, options)


def _name(text: Any) -> str:
    """A name that FEEL can read: letters, digits and underscores."""
    made = re.sub(r"\W+", "_", text.strip()) if isinstance(text, str) else ""
    return f"_{made}" if made[:1].isdigit() else made


def _write(extensions: etree._Element, fields: list[Field]) -> None:
    form = etree.SubElement(extensions, own("form"))
    for one in fields:
        made = etree.SubElement(form, own("field"), name=one.name, type=one.type, label=_clean(one.label))
        if one.required:
            made.set("required", "true")
        for value, label in one.options[:MOST]:
            etree.SubElement(made, own("option"), value=_clean(value), label=_clean(label))


def _clean(text: str) -> str:
    """Without characters that XML does not know."""
    return "".join(one for one in text if one.isprintable() or one == " ")[:500]
