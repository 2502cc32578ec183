"""Names of BPMN 2.0 (OMG formal/2013-12-09) and of our own marks in a model."""

from __future__ import annotations

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
# What tools wrote before the standard was final, and what they write by mistake.
DRAFTS = ("http://schema.omg.org/spec/BPMN/2.0", "http://www.omg.org/spec/BPMN/20100501/MODEL", f"{BPMN}/", "")
DMN = "omg.org/spec/dmn/"
OWN = "urn:allmende:process:1"
# Between a call activity and what it calls of another model, in ids: no XML id has it.
WITHIN = "/"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

TASKS = frozenset(
    ("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask")
)
SUBPROCESSES = frozenset(("subProcess", "transaction", "adHocSubProcess"))
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}
CATCHES = frozenset(("intermediateCatchEvent", "boundaryEvent", "startEvent"))
THROWS = frozenset(("intermediateThrowEvent", "endEvent", "implicitThrowEvent"))
EVENTS = CATCHES | THROWS
DECISIONS = frozenset(("exclusiveGateway", "inclusiveGateway", "complexGateway"))
GATEWAYS = DECISIONS | {"parallelGateway", "eventBasedGateway"}
NODES = ACTIVITIES | EVENTS | GATEWAYS
DEFINITION = "EventDefinition"

# Children of a process that are no steps of it.
DATA = frozenset(
    ("dataObject", "dataObjectReference", "dataStoreReference", "ioSpecification", "ioBinding", "property")
)
ARTIFACTS = frozenset(("textAnnotation", "association", "group"))


def tag(name: str) -> str:
    return f"{{{BPMN}}}{name}"


def own(name: str) -> str:
    return f"{{{OWN}}}{name}"


def local(element: etree._Element) -> str:
    """The name of a BPMN element without its namespace; empty for comments and for elements of other namespaces."""
    name = element.tag
    return name[len(BPMN) + 2 :] if isinstance(name, str) and name.startswith(f"{{{BPMN}}}") else ""


def label(element: etree._Element) -> str:
    """The name that a person reads: one line."""
    return " ".join((element.get("name") or "").split())


def ref(text: str | None) -> str:
    """A reference as an id: `tns:Process_1` and ` Process_1 ` mean `Process_1`."""
    return (text or "").strip().rpartition(":")[2]
