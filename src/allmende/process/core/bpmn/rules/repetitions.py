"""Activities done several times: how often, for what, and until when."""

from __future__ import annotations

import re

from lxml import etree

from .. import reading
from ..desk import Desk
from ..model import Node
from ..names import local, own, tag

_NAME = re.compile(r"[^\W\d]\w{0,99}")
_CAMUNDA = ("http://camunda.org/schema/1.0/bpmn", "http://activiti.org/bpmn", "http://flowable.org/bpmn")


def apply(desk: Desk) -> None:
    for node in list(desk.model.nodes):
        loop = reading.loop_of(node.element) if node.activity else None
        if loop is None:
            continue
        if local(loop) == "standardLoopCharacteristics":
            _loop(desk, node, loop)
        else:
            _instances(desk, node, loop)


def _loop(desk: Desk, node: Node, loop: etree._Element) -> None:
    condition = loop.find(tag("loopCondition"))
    if not reading.feel(condition):
        desk.say("loop-by-person", node.element, before=reading.text_of(condition))


def _instances(desk: Desk, node: Node, loop: etree._Element) -> None:
    _collection(desk, node, loop)
    if not reading.items_of(loop)[0] and not reading.feel(loop.find(tag("loopCardinality"))):
        before = reading.text_of(loop.find(tag("loopCardinality"))) or reading.text_of(
            loop.find(tag("loopDataInputRef"))
        )
        desk.say("instances-by-person", node.element, before=before)
    until = loop.find(tag("completionCondition"))
    if reading.text_of(until) and not reading.feel(until):
        desk.say("completion-ignored", node.element, before=reading.text_of(until))


def _collection(desk: Desk, node: Node, loop: etree._Element) -> None:
    """Camunda 7 and its relatives name a list in an attribute; a plain name is FEEL too."""
    for space in _CAMUNDA:
        collection = (loop.get(f"{{{space}}}collection") or "").strip()
        if collection and _NAME.fullmatch(collection) and loop.get(own("items")) is None:
            desk.mark(loop, "items", collection)
            item = (loop.get(f"{{{space}}}elementVariable") or "").strip()
            if _NAME.fullmatch(item):
                desk.mark(loop, "item", item)
            desk.say("collection-read", node.element, before=collection, after=collection)
