"""Link events: a throwing one needs a catching one of the same name in the same scope."""

from __future__ import annotations

from ..build import link_name, link_targets
from ..desk import Desk
from ..model import Node
from ..names import THROWS


def apply(desk: Desk) -> None:
    for node in desk.model.nodes:
        if "link" not in node.definition_kinds:
            continue
        if node.kind == "intermediateCatchEvent":
            sources = [one for one in node.scope.nodes if _throws(one) and node in link_targets(one)]
            if not sources and not node.incoming:
                desk.say("link-without-source", node.element, before=link_name(node))
        elif not link_targets(node) and not node.outgoing:
            desk.say("link-without-target", node.element, before=link_name(node))


def _throws(node: Node) -> bool:
    return node.kind in THROWS and "link" in node.definition_kinds
