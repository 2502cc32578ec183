"""Steps that no token reaches, and steps behind which nothing comes."""

from __future__ import annotations

from .. import names
from ..build import link_targets
from ..desk import Desk
from ..model import Node, Scope


def apply(desk: Desk) -> None:
    for scope in list(desk.model.scopes()):
        reached = _reached(scope)
        ends = [node for node in scope.nodes if node.kind == "endEvent"]
        if scope.nodes and not ends and scope.owner is None:
            desk.say("no-end", scope.element)
        for node in scope.nodes:
            if node.ignored or node.for_compensation:
                continue
            if node not in reached:
                desk.say("unreachable", node.element)
            elif ends and not after(node) and node.kind != "endEvent" and not node.event_scope:
                desk.say("dead-end", node.element)


def after(node: Node) -> list[Node]:
    """The steps that a token goes to next."""
    links = link_targets(node) if node.kind in names.THROWS and "link" in node.definition_kinds else []
    return [flow.target for flow in node.outgoing if not flow.target.ignored] + links


def behind(node: Node) -> set[Node]:
    """All steps that a token can come to from here; the step itself only if a way leads back."""
    seen: set[Node] = set()
    waiting = after(node)
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += [*after(one), *one.boundary]
    return seen


def _reached(scope: Scope) -> set[Node]:
    waiting = list(scope.starts() or scope.entries()) + [node for node in scope.nodes if node.event_scope]
    found: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += [*after(node), *(one for one in node.boundary if not one.ignored)]
    return found
