"""How the processes of a model begin from outside: their start events, and the messages and signals that these wait
for."""

from __future__ import annotations

from dataclasses import dataclass

from .. import xml as reader
from . import names, reading
from .model import Model
from .names import local, own


@dataclass(frozen=True)
class Opening:
    """A start event of a process that can be run. `kind`: "message", "signal", or "" for all others; `name`: what
    sender and receiver must agree on, of a start event without a message its own label."""

    process: str
    element: str
    kind: str
    name: str
    label: str
    label_en: str = ""


def openings(xml: bytes) -> list[Opening]:
    """The start events of a runnable model in the order of the file. Raises xml.Unreadable."""
    model = Model(reader.read(xml))
    found = []
    for process in model.processes:
        if process.element.get("isExecutable") != "true":
            continue
        for node in process.starts():
            heard = [
                one for one in node.definitions if local(one) in ("messageEventDefinition", "signalEventDefinition")
            ]
            common = (node.label, node.element.get(own("nameEn"), ""))
            if not heard or node.by_person:
                found.append(Opening(process.id, node.id, "", "", *common))
            for one in heard if not node.by_person else ():
                kind = local(one).removesuffix(names.DEFINITION)
                name = reading.named(model.find(one.get(f"{kind}Ref")), "name") or names.label(node.element)
                found.append(Opening(process.id, node.id, kind if name else "", name, *common))
    return found
