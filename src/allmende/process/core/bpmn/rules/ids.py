"""Steps and flows without id get one; of two with the same id the later one gets a new one."""

from __future__ import annotations

from lxml import etree

from .. import names
from ..desk import Desk
from ..names import local, tag

# Ids that must be told apart; others of the same text are in nobody's way.
_GROUPS = (names.NODES | {"process"}, frozenset(("sequenceFlow",)))


def apply(desk: Desk) -> None:
    used = {identifier for one in desk.root.iter(etree.Element) if (identifier := _id(one))}
    holders: list[dict[str, etree._Element]] = [{} for _ in _GROUPS]
    number = 0
    for element in desk.root.iter(etree.Element):
        kind = local(element)
        holder = next((held for group, held in zip(_GROUPS, holders, strict=True) if kind in group), None)
        if holder is None:
            continue
        identifier = _id(element)
        if identifier and identifier not in holder:
            holder[identifier] = element
            continue
        made = ""
        while not made or made in used:
            number += 1
            made = f"{identifier}_{number}" if identifier else f"allmende_{number}"
        used.add(made)
        element.set("id", made)
        if identifier and local(holder[identifier]) == "process":
            _point(desk, identifier, made)
        holder[made] = element
        desk.say("id-double" if identifier else "id-missing", element, before=identifier, after=made)
    desk.changed()


def _point(desk: Desk, old: str, new: str) -> None:
    """A step that has the id of a process is what flows, borders and lanes mean."""
    for element in desk.root.iter(tag("sequenceFlow"), tag("boundaryEvent")):
        for name in ("sourceRef", "targetRef", "attachedToRef"):
            if (element.get(name) or "").strip() == old:
                element.set(name, new)
                desk.say("id-followed", element, before=old, after=new)
    for element in desk.root.iter(tag("flowNodeRef")):
        if (element.text or "").strip() == old:
            element.text = new
            lane = element.getparent()
            desk.say("id-followed", element if lane is None else lane, before=old, after=new)


def _id(element: etree._Element) -> str:
    return (element.get("id") or "").strip()
