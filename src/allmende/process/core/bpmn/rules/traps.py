"""Circles without a way out: the process would never end, so a person may end it there."""

from __future__ import annotations

from ..desk import Desk
from ..model import Node, Scope
from ..names import DECISIONS, own
from .ends import after, behind

UNDECIDED = ("parallelGateway", "eventBasedGateway")


def apply(desk: Desk) -> None:
    for scope in list(desk.model.scopes()):
        while trapped := _trapped(scope):
            # The last step drawn is most likely the one from which the circle begins anew.
            node = next((one for one in reversed(trapped) if one.kind in DECISIONS), trapped[-1])
            desk.mark(node.element, "mayEnd", "true")
            if node.kind in DECISIONS or node.kind in UNDECIDED:
                desk.mark(node.element, "by", "person")
            elif node.element.get(own("out")) is None:
                desk.mark(node.element, "out", "one")
            desk.say("no-way-out", node.element)


def _trapped(scope: Scope) -> list[Node]:
    """Steps from which no end can be reached."""
    before: dict[Node, list[Node]] = {}
    free: set[Node] = set()
    waiting: list[Node] = []
    for node in scope.nodes:
        # An event that does not interrupt leaves the token in the circle.
        breaking = [one for one in node.boundary if one.element.get("cancelActivity") != "false" and not one.ignored]
        following = [*after(node), *breaking]
        for target in following:
            before.setdefault(target, []).append(node)
        if not after(node) or node.element.get(own("mayEnd")) == "true":
            waiting.append(node)
    while waiting:
        node = waiting.pop()
        if node not in free:
            free.add(node)
            waiting += before.get(node, [])
    trapped = [node for node in scope.nodes if node not in free and node in behind(node)]
    # A gateway that does not decide becomes one that does only where nothing else is in the circle.
    return [node for node in trapped if node.kind not in UNDECIDED] or trapped
