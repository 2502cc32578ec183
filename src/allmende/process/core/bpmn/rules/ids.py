"""Steps and flows without id get one; of two with the same id the later one gets a new one."""

from __future__ import annotations

from .. import names
from ..desk import Desk
from ..names import local

_NEED = names.NODES | {"process", "sequenceFlow"}


def apply(desk: Desk) -> None:
    used = {identifier for one in desk.root.iter() if (identifier := _id(one))}
    seen: set[str] = set()
    number = 0
    for element in desk.root.iter():
        kind = local(element)
        if not kind:
            continue
        identifier = _id(element)
        if identifier and identifier not in seen:
            seen.add(identifier)
            continue
        if not identifier and kind not in _NEED:
            continue
        while True:
            number += 1
            made = f"{identifier}_{number}" if identifier else f"allmende_{number}"
            if made not in used:
                break
        used.add(made)
        seen.add(made)
        element.set("id", made)
        desk.say("id-double" if identifier else "id-missing", element, before=identifier, after=made)
    desk.changed()


def _id(element: names.etree._Element) -> str:
    return (element.get("id") or "").strip() if isinstance(element.tag, str) else ""
