"""A view on the XML tree of a BPMN file: scopes, nodes and flows. It is rebuilt after changes and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from . import names
from .names import local, own, tag


@dataclass(eq=False)
class Flow:
    """A sequence flow between two nodes of the same scope."""

    element: etree._Element
    source: Node
    target: Node

    @property
    def id(self) -> str:
        return self.element.get("id") or ""

    @property
    def label(self) -> str:
        """What a person who decides reads: the flow's name, else where it leads."""
        return names.label(self.element) or self.target.label

    @property
    def is_default(self) -> bool:
        return bool(self.id) and names.ref(self.source.element.get("default")) == self.id


@dataclass(eq=False)
class Node:
    """A step: activity, event or gateway. `kind` is the local name of its element."""

    element: etree._Element
    kind: str
    scope: Scope
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundary: list[Node] = field(default_factory=list)
    attached: Node | None = None
    inner: Scope | None = None
    definitions: list[etree._Element] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.element.get("id") or ""

    @property
    def label(self) -> str:
        return names.label(self.element) or self.id

    @property
    def known(self) -> bool:
        return self.kind in names.NODES

    @property
    def activity(self) -> bool:
        return self.kind in names.ACTIVITIES or not self.known

    @property
    def by_person(self) -> bool:
        return self.element.get(own("by")) == "person"

    @property
    def for_compensation(self) -> bool:
        return self.element.get("isForCompensation") == "true" and not (self.incoming or self.outgoing)

    @property
    def event_scope(self) -> bool:
        """An event sub-process: it begins by an event, not by a flow."""
        return self.kind in names.SUBPROCESSES and self.element.get("triggeredByEvent") == "true"

    @property
    def definition_kinds(self) -> list[str]:
        return [local(one).removesuffix(names.DEFINITION) for one in self.definitions]

    @property
    def ignored(self) -> bool:
        """Kept in the file as a drawing only."""
        return self.element.get(own("runs")) == "no"


@dataclass(eq=False)
class Scope:
    """A process or the inside of a sub-process."""

    element: etree._Element
    parent: Scope | None = None
    owner: Node | None = None
    nodes: list[Node] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.element.get("id") or ""

    @property
    def process(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def starts(self) -> list[Node]:
        return [node for node in self.nodes if node.kind == "startEvent" and not node.ignored]

    def entries(self) -> list[Node]:
        """Where a scope without start events begins: what no flow leads to, else what the importer has marked."""
        found = [
            node
            for node in self.nodes
            if not (node.incoming or node.attached or node.event_scope or node.for_compensation or node.ignored)
            and node.kind != "boundaryEvent"
            and not (node.kind == "intermediateCatchEvent" and "link" in node.definition_kinds)
        ]
        return found or [node for node in self.nodes if node.element.get(own("starts")) == "yes"]


class Model:
    """Everything that the rules and the parser ask of a file."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.processes: list[Scope] = []
        self.nodes: list[Node] = []
        self.by_id: dict[str, Node] = {}
        self.lanes: dict[str, str] = {}
        self.elements: dict[str, etree._Element] = {}
        self.loose: list[etree._Element] = []  # sequence flows that join no two nodes of one scope
        self._flows: list[etree._Element] = []
        for element in root.iter(etree.Element):
            if identifier := element.get("id"):
                self.elements.setdefault(identifier, element)
        self._ends = {
            self.plain(one.get(end)) for one in root.iter(tag("sequenceFlow")) for end in ("sourceRef", "targetRef")
        }
        for element in root.iterchildren(tag("process")):
            self.processes.append(self._scope(element, None, None))
        self._connect()
        self._read_lanes()
        self.participants = {
            one.get("id") or "": (names.label(one), self.plain(one.get("processRef")))
            for one in root.iter(tag("participant"))
        }

    def plain(self, reference: str | None) -> str:
        """A reference as the id that it means: with or without the prefix of a namespace."""
        text = (reference or "").strip()
        return text if text in self.elements else names.ref(text)

    def find(self, reference: str | None) -> etree._Element | None:
        return self.elements.get(self.plain(reference)) if reference else None

    def scopes(self) -> Iterator[Scope]:
        """All scopes, outer before inner."""
        waiting = list(self.processes)
        while waiting:
            scope = waiting.pop(0)
            yield scope
            waiting[:0] = [node.inner for node in scope.nodes if node.inner]

    def flows(self) -> Iterator[Flow]:
        for node in self.nodes:
            yield from node.outgoing

    def pool(self, scope: Scope) -> str:
        """The name of the pool in which a process is drawn; empty if it has none."""
        process = scope.process.id
        return next((name for name, ref in self.participants.values() if ref == process), "")

    def lane(self, node: Node) -> str:
        """The innermost lane of a node or of the sub-process around it, else its pool."""
        current: Node | None = node
        while current is not None:
            if found := self.lanes.get(current.id):
                return found
            current = current.attached or current.scope.owner
        return self.pool(node.scope)

    def message_flows(self) -> list[etree._Element]:
        return list(self.root.iter(tag("messageFlow")))

    def _scope(self, element: etree._Element, parent: Scope | None, owner: Node | None) -> Scope:
        scope = Scope(element, parent, owner)
        waiting = [(scope, element)]
        while waiting:
            current, around = waiting.pop()
            for child in around.iterchildren(etree.Element):
                kind = local(child)
                if kind == "sequenceFlow":
                    self._flows.append(child)
                elif kind in names.NODES or self._drawn_as_node(child, kind):
                    node = Node(child, kind or etree.QName(child).localname, current)
                    node.definitions = self._definitions(child) if kind in names.EVENTS else []
                    current.nodes.append(node)
                    if kind in names.SUBPROCESSES:
                        node.inner = Scope(child, current, node)
                        waiting.append((node.inner, child))
        return scope

    def _drawn_as_node(self, element: etree._Element, kind: str) -> bool:
        """An element that we do not know, but a flow begins or ends there."""
        if kind in names.DATA or kind in names.ARTIFACTS or kind in ("laneSet", "lane", "extensionElements"):
            return False
        return (element.get("id") or "-") in self._ends

    def _definitions(self, element: etree._Element) -> list[etree._Element]:
        found = []
        for child in element.iterchildren(etree.Element):
            kind = local(child)
            if kind.endswith(names.DEFINITION):
                found.append(child)
            elif kind == "eventDefinitionRef" and (meant := self.find(child.text)) is not None:
                found.append(meant)
        return found

    def _connect(self) -> None:
        for process in self.processes:
            waiting = [process]
            while waiting:
                scope = waiting.pop(0)
                for node in scope.nodes:
                    self.nodes.append(node)
                    self.by_id.setdefault(node.id, node)
                waiting[:0] = [node.inner for node in scope.nodes if node.inner]
        for node in self.nodes:
            if node.kind == "boundaryEvent" and not node.ignored:
                holder = self.by_id.get(self.plain(node.element.get("attachedToRef")))
                if holder is not None and holder.activity and holder.scope is node.scope and not holder.event_scope:
                    node.attached = holder
                    holder.boundary.append(node)
        for element in self._flows:
            source = self.by_id.get(self.plain(element.get("sourceRef")))
            target = self.by_id.get(self.plain(element.get("targetRef")))
            usable = source is not None and target is not None and source.scope is target.scope
            if source is None or target is None or not usable or element.get(own("runs")) == "no":
                self.loose.append(element)
                continue
            flow = Flow(element, source, target)
            source.outgoing.append(flow)
            target.incoming.append(flow)

    def _read_lanes(self) -> None:
        # Deeper lanes come later in document order than the lanes around them, so the innermost name stays.
        for lane in self.root.iter(tag("lane")):
            for reference in lane.iterchildren(tag("flowNodeRef")):
                if name := names.label(lane):
                    self.lanes[self.plain(reference.text)] = name
