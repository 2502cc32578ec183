"""Extensions of other tools (forms, listeners, scripts, connectors): they stay in the file and do nothing."""

from __future__ import annotations

from collections import Counter

from lxml import etree

from .. import names
from ..desk import Desk
from ..names import tag


def apply(desk: Desk) -> None:
    found: Counter[str] = Counter()
    for extension in desk.root.iter(tag("extensionElements")):
        for element in extension.iterchildren(etree.Element):
            space = etree.QName(element).namespace or ""
            if space not in (names.OWN, names.BPMN):
                found[space] += 1
    if found:
        listed = ", ".join(f"{space} ({number})" for space, number in sorted(found.items()))
        desk.say("extensions-kept", desk.root, before=listed)
