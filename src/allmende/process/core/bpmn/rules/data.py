"""Data objects, data stores and what steps read and write: kept as documentation, forms hold the data."""

from __future__ import annotations

from ..desk import Desk
from ..names import local, tag


def apply(desk: Desk) -> None:
    for element in desk.root.iter(tag("dataObjectReference"), tag("dataStoreReference")):
        desk.say("data-drawn", element, before=local(element))
    for element in desk.root.iter(tag("dataStore")):
        desk.say("data-store", element)
    owners = []
    for element in desk.root.iter(tag("ioSpecification"), tag("dataInputAssociation"), tag("dataOutputAssociation")):
        owner = element.getparent()
        if owner is not None and owner not in owners:
            owners.append(owner)
    for owner in owners:
        desk.say("data-of-step", owner)
