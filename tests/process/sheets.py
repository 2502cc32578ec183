"""A small model with its drawing, as a modeller saves it; names hold what must never become markup."""

EVIL = "<img src=x onerror=alert(1)>"
SHAPES = {
    "begin": (200, 82, 36, 36),
    "intake": (280, 60, 120, 80),
    "check": (460, 200, 120, 80),
    "verdict": (640, 215, 50, 50),
    "done": (760, 222, 36, 36),
    "refused": (760, 322, 36, 36),
}
EDGES = {
    "f1": [(236, 100), (280, 100)],
    "f2": [(400, 100), (520, 100), (520, 200)],
    "f3": [(580, 240), (640, 240)],
    "yes": [(690, 240), (760, 240)],
    "no": [(665, 265), (665, 340), (760, 340)],
}
PROCESS = """
  <bpmn:collaboration id="town"><bpmn:participant id="pool" name="Stadt" processRef="idea"/></bpmn:collaboration>
  <bpmn:process id="idea" name="Idee" isExecutable="true">
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="desk" name="Redaktion"><bpmn:flowNodeRef>begin</bpmn:flowNodeRef><bpmn:flowNodeRef>intake</bpmn:flowNodeRef></bpmn:lane>
      <bpmn:lane id="office" name="Programmbüro"><bpmn:flowNodeRef>check</bpmn:flowNodeRef><bpmn:flowNodeRef>verdict</bpmn:flowNodeRef><bpmn:flowNodeRef>done</bpmn:flowNodeRef><bpmn:flowNodeRef>refused</bpmn:flowNodeRef></bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="begin" name="Idee da"/>
    <bpmn:userTask id="intake" name="Idee aufnehmen" allmende:nameEn="Take the idea in" allmende:later="kept">
      <bpmn:extensionElements>
        <allmende:form><allmende:field name="title" type="text" label="Die Idee" labelEn="The idea" required="true" hue="kept"/></allmende:form>
        <allmende:deadline after="P5D" days="working"/>
        <allmende:future level="2"><allmende:part>kept</allmende:part></allmende:future>
        <vendor:script xmlns:vendor="http://vendor.example/1">kept</vendor:script>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:userTask id="check" name="&lt;img src=x onerror=alert(1)&gt; prüfen"/>
    <bpmn:exclusiveGateway id="verdict" name="Gut?" default="no"/>
    <bpmn:endEvent id="done" name="Angenommen"/>
    <bpmn:endEvent id="refused" name="Abgelehnt"/>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="intake"/>
    <bpmn:sequenceFlow id="f2" sourceRef="intake" targetRef="check"/>
    <bpmn:sequenceFlow id="f3" sourceRef="check" targetRef="verdict"/>
    <bpmn:sequenceFlow id="yes" name="ja" sourceRef="verdict" targetRef="done"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">= title = "gut"</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="no" name="nein" sourceRef="verdict" targetRef="refused"/>
  </bpmn:process>"""  # noqa: E501 - as modellers write it
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:allmende="urn:allmende:process:1" id="file" targetNamespace="urn:allmende:test">'
)


def _shape(element: str, x: int, y: int, width: int, height: int, more: str = "") -> str:
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
    return f'<bpmndi:BPMNShape id="{element}_di" bpmnElement="{element}"{more}>{bounds}</bpmndi:BPMNShape>'


def _edge(flow: str, points: list[tuple[int, int]]) -> str:
    way = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return f'<bpmndi:BPMNEdge id="{flow}_di" bpmnElement="{flow}">{way}</bpmndi:BPMNEdge>'


def sheet(process: str = PROCESS) -> bytes:
    """The file; `process` in place of what is drawn."""
    lanes = [("pool", 120, 40, 740, 360), ("desk", 150, 40, 710, 130), ("office", 150, 170, 710, 230)]
    parts = [_shape(*each, more=' isHorizontal="true"') for each in lanes]
    parts += [_shape(element, *place) for element, place in SHAPES.items()]
    parts += [_edge(flow, points) for flow, points in EDGES.items()]
    plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="town">{"".join(parts)}</bpmndi:BPMNPlane>'
    diagram = f'<bpmndi:BPMNDiagram id="diagram">{plane}</bpmndi:BPMNDiagram>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{HEAD}{process}{diagram}</bpmn:definitions>'.encode()
