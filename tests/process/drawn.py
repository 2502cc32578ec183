"""Small models as people draw them, written short: `process("start:s task:a end:e", "s>a a>e")`."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from allmende.process.core.bpmn import importer, parser
from allmende.process.core.bpmn.names import BPMN
from allmende.process.core.engine import loop, waits
from allmende.process.core.engine.clock import SetClock
from allmende.process.core.engine.script import FeelScriptEngine
from allmende.process.core.engine.simulate import BEGIN

KINDS = {
    "start": "startEvent",
    "end": "endEvent",
    "user": "userTask",
    "manual": "manualTask",
    "service": "serviceTask",
    "script": "scriptTask",
    "send": "sendTask",
    "receive": "receiveTask",
    "rule": "businessRuleTask",
    "xor": "exclusiveGateway",
    "or": "inclusiveGateway",
    "and": "parallelGateway",
    "complex": "complexGateway",
    "race": "eventBasedGateway",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "boundary": "boundaryEvent",
    "sub": "subProcess",
    "tx": "transaction",
    "adhoc": "adHocSubProcess",
    "call": "callActivity",
}
FLOW = re.compile(r"([\w.]+)>([\w.]+)(?:\[(.*?)\])?")


def steps(listed: str, flows: str = "", **parts: str) -> str:
    """Steps `kind:id`, flows `from>to[condition]`; `parts` gives attributes (`a_id`) and contents (`id`) of steps."""
    made = []
    for token in listed.split():
        kind, identifier = token.split(":")
        name = KINDS.get(kind, kind)
        attributes = parts.get(f"a_{identifier}", "")
        inside = parts.get(identifier, "")
        named = "" if "name=" in attributes else f'name="Schritt {identifier}"'
        made.append(f'<{name} id="{identifier}" {named} {attributes}>{inside}</{name}>')
    for source, target, condition in FLOW.findall(flows):
        inside = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
        ends = f'id="{source}_{target}" sourceRef="{source}" targetRef="{target}"'
        made.append(f"<sequenceFlow {ends}>{inside}</sequenceFlow>")
    return "".join(made)


def process(listed: str, flows: str = "", id: str = "P", attributes: str = 'isExecutable="true"', **parts: str) -> str:
    return f'<process id="{id}" name="Prozess {id}" {attributes}>{steps(listed, flows, **parts)}</process>'


def bpmn(*contents: str, attributes: str = "") -> bytes:
    return f'<definitions xmlns="{BPMN}" id="D" {attributes}>{"".join(contents)}</definitions>'.encode()


def drawn(listed: str, flows: str = "", **parts: str) -> bytes:
    return bpmn(process(listed, flows, **parts))


def with_prefix(data: bytes, prefix: str) -> bytes:
    """The same model as another tool writes it: all names with a prefix."""
    old = etree.fromstring(data)

    def copy(element: Any, parent: Any) -> Any:
        made = etree.Element(element.tag, nsmap={prefix: BPMN}) if parent is None else None
        made = etree.SubElement(parent, element.tag) if made is None else made
        for name, value in element.attrib.items():
            made.set(name, value)
        made.text = element.text
        for child in element:
            copy(child, made)
        return made

    return etree.tostring(copy(old, None), encoding="UTF-8", xml_declaration=True)


def codes(data: bytes) -> list[str]:
    return [one.code for one in importer.make_runnable(data).findings]


def message(reference: str = "") -> str:
    return f'<messageEventDefinition messageRef="{reference}"/>' if reference else "<messageEventDefinition/>"


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


class Run:
    """A run under a clock that stands still, answered by the ids of steps."""

    def __init__(self, data: bytes, process: str = "P", at: str = "", **values: Any) -> None:
        self.clock = SetClock(BEGIN)
        self.imported = importer.make_runnable(data)
        self.engine = FeelScriptEngine(self.clock)
        specs = parser.specs(self.imported.xml)
        self.top = loop.start(specs[process], self.engine, values, at)
        loop.run(self.top)

    @property
    def open(self) -> list[str]:
        """What is waited for: `a` a task, `a?` a question, `a~` an event that must come, `a~?` one that may."""
        signs = {"task": "", "event": "~"}
        return [wait.element + signs.get(wait.kind, "?") + "?" * wait.optional for wait in waits.waits(self.top)]

    @property
    def ended(self) -> bool:
        return bool(self.top.completed) and not self.open

    def wait(self, element: str) -> waits.Wait:
        return next(wait for wait in waits.waits(self.top) if wait.element == element)

    def do(self, *elements: str, **values: Any) -> Run:
        for element in elements:
            waits.complete(self.wait(element).task, values)
            loop.run(self.top)
        return self

    def decide(self, element: str, *ways: str) -> Run:
        waits.decide(self.wait(element).task, ways)
        loop.run(self.top)
        return self

    def happen(self, element: str, **values: Any) -> Run:
        waits.happen(self.wait(element).task, values)
        loop.run(self.top)
        return self

    def answer(self, element: str, value: int | bool) -> Run:
        ask = waits.again if isinstance(value, bool) else waits.count
        ask(self.wait(element).task, value)
        loop.run(self.top)
        return self

    def at(self, moment: Any) -> Run:
        self.clock.set(moment)
        waits.tick(self.top)
        loop.run(self.top)
        return self
