"""Draws models: writes the diagram (BPMN DI) into BPMN files that say only what happens.

`python tools/bpmn_layout.py FILE…` writes it anew; nothing else in a file changes. A file has one process, with or
without a pool; lanes lie one below the other, sub-processes are drawn open. See bpmn_grid.py for the way it is done.
"""

import re
import sys
from collections import Counter
from pathlib import Path
from xml.sax.saxutils import quoteattr

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from bpmn_grid import Box, Grid, Line, Point

from allmende.process.core import xml as reader
from allmende.process.core.bpmn.model import Model, Node, Scope
from allmende.process.core.bpmn.names import GATEWAYS, label, tag

EVENT, GATEWAY, TASK = (36, 36), (50, 50), (140, 80)
HEAD = 30  # where the names of pools and lanes stand
INSIDE = 30  # above the steps of a sub-process stands its name
LETTER, LINE_HEIGHT, LABEL = 6.9, 14, 100
_DIAGRAM = re.compile(r"\s*<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", re.DOTALL)


class Drawing:
    """The shapes and edges of one scope and the scopes in it, as lines of DI."""

    def __init__(self, model: Model, scope: Scope, lanes: dict[str, int]) -> None:
        self.nodes = {node.id: node for node in scope.nodes}
        self.inner = {node.id: Drawing(model, node.inner, {}) for node in scope.nodes if node.inner}
        self.boxes = {
            node.id: self._box(node, lanes.get(node.id, 0)) for node in scope.nodes if node.kind != "boundaryEvent"
        }
        lines = [self._line(flow.element.get("id"), flow.source, flow.target) for flow in _flows(scope)]
        self.names = {flow.id: label(flow.element) for flow in _flows(scope)}
        self.grid = Grid(list(self.boxes.values()), lines, 1 + max(lanes.values(), default=0))
        self.grid.lay()
        self.written_at: Counter[str] = Counter()  # names of flows that stand where they end

    def _box(self, node: Node, lane: int) -> Box:
        if inner := self.inner.get(node.id):
            return Box(node.id, inner.grid.width, inner.grid.height + INSIDE, lane)
        if node.kind in GATEWAYS:
            return Box(node.id, *GATEWAY, lane, tips=True)
        return Box(node.id, *(EVENT if node.kind.endswith("Event") else TASK), lane)

    def _line(self, identifier: str, source: Node, target: Node) -> Line:
        host = source.attached or source
        border = None
        if source.attached:
            border = self.boxes[host.id].width - 30.0 - 45 * host.boundary.index(source)
        return Line(identifier, self.boxes[host.id], self.boxes[target.id], border)

    def written(self, x: float, y: float) -> list[str]:
        """The DI of everything, moved by `x` and `y`."""
        out = []
        for box in self.boxes.values():
            node, at = self.nodes[box.id], (x + box.x, y + box.y)
            out += _shape(node.id, *at, box.width, box.height, _extras(node), self._label(node, box, *at))
            if node.inner:
                out += self.inner[node.id].written(at[0], at[1] + INSIDE)
            for place, event in enumerate(node.boundary):
                left, top = at[0] + box.width - 30 - 45 * place - 18, at[1] + box.height - 18
                out += _shape(event.id, left, top, *EVENT, "", _text(label(event.element), left + 22, top + 38, "left"))
        for line in self.grid.lines:
            points = [(x + px, y + py) for px, py in line.points]
            out += _edge(line.id, points, self._beside(line, points))
        return out

    def _label(self, node: Node, box: Box, x: float, y: float) -> str:
        """Names of events stand below them, those of gateways where no flow goes in or out."""
        name, middle = label(node.element), x + box.width / 2
        if node.kind.endswith("Event"):
            return _text(name, middle, y + box.height + 4)
        if not box.tips or not name:
            return ""
        if not box.top:
            return _text(name, middle, y - 2 - LINE_HEIGHT * _lines(name))
        if not box.bottom:
            return _text(name, middle, y + box.height + 2)
        if not box.right:
            return _text(name, x + box.width + 4, y + 25 - LINE_HEIGHT * _lines(name) / 2, "left")
        return _text(name, middle - 8, y - LINE_HEIGHT * _lines(name), "right")

    def _beside(self, line: Line, points: list[Point]) -> str:
        """The name of a flow stands where it begins; where several begin at one corner, where it ends."""
        name, (x, y) = self.names[line.id], points[0]
        same = [each for each in self.grid.lines if each.source is line.source and each.leave == line.leave]
        if len(same) > 1 and line.enter == "left":
            x, y = points[-1]
            above = 2 + LINE_HEIGHT * (_lines(name) + self.written_at[line.target.id])
            self.written_at[line.target.id] += 1
            return _text(name, x - 14, y - above, "right")
        if line.leave == "right":
            return _text(name, x + 3, y - LINE_HEIGHT * _lines(name) - 2, "left")
        return _text(name, x + 5, y + 3 if line.leave == "bottom" else y - LINE_HEIGHT * _lines(name) - 3, "left")


def _flows(scope: Scope) -> list:
    return [flow for node in scope.nodes for flow in node.outgoing]


def _extras(node: Node) -> str:
    if node.inner:
        return ' isExpanded="true"'
    return ' isMarkerVisible="true"' if node.kind == "exclusiveGateway" else ""


def _n(value: float) -> str:
    return f"{value:.0f}"


def _bounds(x: float, y: float, width: float, height: float) -> str:
    return f'<dc:Bounds x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"/>'


def _shape(
    identifier: str, x: float, y: float, width: float, height: float, more: str = "", name: str = ""
) -> list[str]:
    head = f'<bpmndi:BPMNShape id="{identifier}-di" bpmnElement={quoteattr(identifier)}{more}>'
    return [f"{head}{_bounds(x, y, width, height)}{name}</bpmndi:BPMNShape>"]


def _edge(identifier: str, points: list[Point], name: str) -> list[str]:
    way = "".join(f'<di:waypoint x="{_n(x)}" y="{_n(y)}"/>' for x, y in points)
    return [f'<bpmndi:BPMNEdge id="{identifier}-di" bpmnElement="{identifier}">{way}{name}</bpmndi:BPMNEdge>']


def _lines(name: str) -> int:
    """How many lines a name takes where it is broken between words."""
    lines, length = 1, 0.0
    for word in name.split():
        wide = LETTER * (len(word) + 1)
        if length and length + wide > LABEL:
            lines, length = lines + 1, 0.0
        length += wide
    return lines


def _text(name: str, x: float, y: float, side: str = "middle") -> str:
    """A label whose upper edge is at `y`; `x` is its middle, its left or its right."""
    if not name:
        return ""
    width = min(LABEL, LETTER * (len(name) + 1)) if " " in name else LETTER * (len(name) + 1)
    left = {"middle": x - width / 2, "left": x, "right": x - width}[side]
    return f"<bpmndi:BPMNLabel>{_bounds(left, y, width, LINE_HEIGHT * _lines(name))}</bpmndi:BPMNLabel>"


def drawn(text: str) -> str:
    """A BPMN file with its diagram. Raises ValueError where it has not one process."""
    plain = _DIAGRAM.sub("", text)
    model = Model(reader.read(plain.encode()))
    if len(model.processes) != 1:
        raise ValueError("one process a file")
    process = model.processes[0]
    rows = list(process.element.iter(tag("lane")))
    lanes = {
        (ref.text or "").strip(): n for n, lane in enumerate(rows) for ref in lane.iterchildren(tag("flowNodeRef"))
    }
    drawing = Drawing(model, process, lanes)
    pool = next(model.root.iter(tag("participant")), None)
    plane = process.id if pool is None else pool.getparent().get("id")
    x, y = 160.0, 80.0
    inside = x + HEAD * (pool is not None) + HEAD * bool(rows)
    width = inside + drawing.grid.width - x
    shapes = []
    if pool is not None:
        shapes += _shape(pool.get("id"), x, y, width, drawing.grid.height, ' isHorizontal="true"')
    for lane, (top, bottom) in zip(rows, drawing.grid.bands, strict=False):
        left = x + HEAD * (pool is not None)
        shapes += _shape(lane.get("id"), left, y + top, x + width - left, bottom - top, ' isHorizontal="true"')
    shapes += drawing.written(inside, y)
    body = "\n".join(f"      {each}" for each in shapes)
    diagram = (
        f'  <bpmndi:BPMNDiagram id="diagram">\n    <bpmndi:BPMNPlane id="plane" bpmnElement="{plane}">\n{body}\n'
        "    </bpmndi:BPMNPlane>\n  </bpmndi:BPMNDiagram>\n"
    )
    head, end, tail = plain.rpartition("</definitions>")
    return f"{head.rstrip()}\n{diagram}{end}{tail}"


def main() -> None:
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(drawn(path.read_text()))


if __name__ == "__main__":
    main()
