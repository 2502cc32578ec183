"""An empty sheet: a process without a pool, of a beginning, one task and an end, drawn."""

from __future__ import annotations

from itertools import pairwise

from lxml import etree

from .names import BPMN, BPMNDI, OWN, own, tag

_DC, _DI = "http://www.omg.org/spec/DD/20100524/DC", "http://www.omg.org/spec/DD/20100524/DI"
_LINE = 120  # where the middles of the shapes lie
# Id, kind, German and English name, left edge and size in the drawing.
_STEPS = (
    ("begin", "startEvent", "Beginn", "Beginning", 160, 36, 36),
    ("task-1", "userTask", "Erster Schritt", "First step", 260, 140, 80),
    ("end", "endEvent", "Ende", "End", 464, 36, 36),
)


def blank(title: str, key: str = "process") -> bytes:
    """A BPMN file that runs as it is; `title` names the process, `key` is its id, by which other models call it."""
    root = etree.Element(
        tag("definitions"), nsmap={None: BPMN, "bpmndi": BPMNDI, "dc": _DC, "di": _DI, "allmende": OWN}
    )
    root.set("id", "definitions")
    root.set("targetNamespace", "urn:allmende:drawn")
    process = etree.SubElement(root, tag("process"), id=key, name=title, isExecutable="true")
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id="diagram")
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id="plane", bpmnElement=key)
    for step, kind, name, name_en, left, width, height in _STEPS:
        etree.SubElement(process, tag(kind), id=step, name=name).set(own("nameEn"), name_en)
        shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", id=f"{step}-shape", bpmnElement=step)
        place = {"x": left, "y": _LINE - height // 2, "width": width, "height": height}
        etree.SubElement(shape, f"{{{_DC}}}Bounds", {side: str(value) for side, value in place.items()})
    for number, (before, after) in enumerate(pairwise(_STEPS), 1):
        flow = f"flow-{number}"
        etree.SubElement(process, tag("sequenceFlow"), id=flow, sourceRef=before[0], targetRef=after[0])
        edge = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", id=f"{flow}-edge", bpmnElement=flow)
        for at in (before[4] + before[5], after[4]):
            etree.SubElement(edge, f"{{{_DI}}}waypoint", x=str(at), y=str(_LINE))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
