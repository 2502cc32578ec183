"""A drawing as a list of steps, in the order in which one comes to them: for screen readers, phones and print."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from .. import xml as reader
from .model import Model, Node, Scope
from .names import CATCHES, DECISIONS, label, own
from .reading import of_library

# Kind of an element -> (German, English). Events are told with what they wait for or throw.
KINDS = {
    "task": ("Aufgabe", "task"),
    "userTask": ("Aufgabe", "task"),
    "manualTask": ("Aufgabe von Hand", "manual task"),
    "serviceTask": ("Schritt des Systems", "step of the system"),
    "sendTask": ("Nachricht senden", "send a message"),
    "receiveTask": ("Auf Nachricht warten", "wait for a message"),
    "scriptTask": ("Rechenschritt", "script"),
    "businessRuleTask": ("Entscheidung nach Regeln", "decision by rules"),
    "callActivity": ("Anderer Prozess", "another process"),
    "subProcess": ("Teilprozess", "sub-process"),
    "transaction": ("Teilprozess (ganz oder gar nicht)", "transaction"),
    "adHocSubProcess": ("Teilprozess (freie Reihenfolge)", "ad-hoc sub-process"),
    "exclusiveGateway": ("Einer von mehreren Wegen", "one of several ways"),
    "inclusiveGateway": ("Einer oder mehrere Wege", "one or several ways"),
    "complexGateway": ("Wege nach Regel", "ways by a rule"),
    "parallelGateway": ("Alle Wege zugleich", "all ways at once"),
    "eventBasedGateway": ("Was zuerst geschieht", "whatever happens first"),
    "startEvent": ("Beginn", "start"),
    "endEvent": ("Ende", "end"),
    "intermediateCatchEvent": ("Warten", "wait"),
    "intermediateThrowEvent": ("Ereignis", "event"),
    "boundaryEvent": ("Wenn inzwischen", "if meanwhile"),
}
EVENTS = {
    "message": ("Nachricht", "message"),
    "timer": ("Zeit", "time"),
    "signal": ("Signal", "signal"),
    "error": ("Fehler", "error"),
    "escalation": ("Eskalation", "escalation"),
    "conditional": ("Bedingung", "condition"),
    "compensate": ("Rückabwicklung", "compensation"),
    "cancel": ("Abbruch", "cancel"),
    "terminate": ("alles beenden", "terminate"),
    "link": ("Sprung", "link"),
}


@dataclass(frozen=True)
class Onward:
    """A way on: what it is called, and the step that it leads to, in German and English; the English may be empty."""

    label: str
    label_en: str
    target: str
    target_en: str

    def text(self, language: str) -> str:
        """`language` is "de" or "en"."""
        english = language == "en"
        label, target = (english and self.label_en) or self.label, (english and self.target_en) or self.target
        return f"{label}: {target}" if label else target


@dataclass(frozen=True)
class Listed:
    """One step. `onward`: the ways on from it; `depth`: how many sub-processes it is
    in; `by_person`: somebody does it or decides; `waits`: for a message or signal, of which somebody may say that it
    has arrived."""

    id: str
    label: str
    label_en: str
    kind: str
    events: tuple[str, ...]
    lane: str
    onward: tuple[Onward, ...]
    depth: int
    by_person: bool
    action: str
    waits: bool = False
    calls: str = ""

    def kind_text(self, language: str) -> str:
        """The kind in words; `language` is "de" or "en"."""
        place = 0 if language == "de" else 1
        said = KINDS.get(self.kind, ("Schritt", "step"))[place]
        events = [EVENTS[each][place] for each in self.events if each in EVENTS]
        said = f"{said}: {self.calls}" if self.calls else said
        return f"{said}: {', '.join(events)}" if events else said

    def name(self, language: str) -> str:
        return (self.label_en if language == "en" else "") or self.label


def steps(xml: bytes) -> list[Listed]:
    """The steps of a runnable model. Raises xml.Unreadable."""
    model = Model(reader.read(xml))
    found: list[Listed] = []
    for process in model.processes:
        _scope(model, process, 0, found)
    return found


def lanes(xml: bytes) -> list[str]:
    """The lanes, or pools, in which somebody has something to do, in the order of the steps. Raises xml.Unreadable."""
    return list(dict.fromkeys(each.lane for each in steps(xml) if (each.by_person or each.waits) and each.lane))


def _scope(model: Model, scope: Scope, depth: int, found: list[Listed]) -> None:
    for node in _in_order(scope):
        found.append(_listed(model, node, depth))
        if node.inner is not None:
            _scope(model, node.inner, depth + 1, found)


def _in_order(scope: Scope) -> list[Node]:
    """Steps by the way that a token takes; what nothing leads to comes last, as it stands in the file."""
    order: dict[Node, None] = {}
    waiting = [*(scope.starts() or scope.entries())]
    while waiting:
        node = waiting.pop(0)
        if node in order or node.ignored:
            continue
        order[node] = None
        waiting[:0] = [*node.boundary, *(flow.target for flow in node.outgoing)]
    return [*order, *(node for node in scope.nodes if node not in order and not node.ignored)]


def _listed(model: Model, node: Node, depth: int) -> Listed:
    action = node.element.get(own("action"), "")
    decides = node.kind in DECISIONS and len(node.outgoing) > 1
    person = node.by_person or node.kind in ("task", "userTask", "manualTask") or decides
    return Listed(
        id=node.id,
        label=node.label,
        label_en=_english(node.element),
        kind=node.kind,
        events=tuple(node.definition_kinds),
        lane=model.lane(node),
        onward=tuple(
            Onward(label(flow.element), _english(flow.element), flow.target.label, _english(flow.target.element))
            for flow in node.outgoing
        ),
        depth=depth,
        by_person=person and not action,
        action=action,
        waits=_waits(node),
        calls=of_library(node.element)[0],
    )


def _english(element: etree._Element) -> str:
    return " ".join((element.get(own("nameEn")) or "").split())


def _waits(node: Node) -> bool:
    if node.kind == "startEvent":
        return False
    heard = {"message", "signal"} & {*node.definition_kinds} and node.kind in CATCHES
    return bool(heard) or (node.kind == "receiveTask" and not node.by_person)
