"""Run it and see: joins that wait for a way that was not taken, splits that never come to an end."""

from __future__ import annotations

from lxml import etree

from allmende.process.core.engine import simulate

from ..desk import Desk
from ..model import Node
from ..names import GATEWAYS, own
from .ends import behind

SEEDS = range(3)
LARGE = 1_000  # steps; one run is enough then
ANSWERS = 400


def apply(desk: Desk) -> None:
    if not any(process.nodes for process in desk.model.processes):
        return
    logs = _run(desk)
    if any(log.outcome != "ended" for log in logs):
        for node in _splits_in_circles(desk):
            if node.kind in GATEWAYS:
                desk.mark(node.element, "by", "person")
            else:
                desk.mark(node.element, "out", "one")
            desk.say("split-in-circle", node.element, after=" / ".join(flow.label for flow in node.outgoing))
        desk.changed()
        logs = _run(desk)
    for log in logs:
        for element, flows in log.missing.items():
            join = desk.model.by_id[element]
            shown = [flow.source.label for flow in join.incoming if flow.id in flows]
            desk.say("join-incomplete", join.element, before=", ".join(shown))
    said: set[str] = set()
    for log in logs:
        if log.outcome != "ended" and log.process not in said:
            said.add(log.process)
            where = ", ".join(desk.model.by_id[one].label if one in desk.model.by_id else one for one in log.where)
            code = "gets-stuck" if log.outcome == "stuck" else "never-ends"
            desk.say(code, desk.model.elements[log.process], before=where)


def _run(desk: Desk) -> list[simulate.ProcessLog]:
    data = etree.tostring(desk.root.getroottree(), encoding="UTF-8", xml_declaration=True)
    found: list[simulate.ProcessLog] = []
    for seed in SEEDS if len(desk.model.nodes) < LARGE else SEEDS[:1]:
        log = simulate.simulate(data, seed, ANSWERS)
        found += log.processes
        if not log.ended:
            break
    return found


def _splits_in_circles(desk: Desk) -> list[Node]:
    """Steps that send tokens on several ways of which at least one leads back to them."""
    found = []
    for node in desk.model.nodes:
        if node.kind in GATEWAYS:
            splits = node.kind == "parallelGateway" and not node.by_person
        else:
            splits = node.element.get(own("out")) is None
        if splits and len(node.outgoing) > 1 and node in behind(node):
            found.append(node)
    return found
