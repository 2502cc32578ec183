"""From the XML of a runnable model (importer.make_runnable) to the specs that the engine runs."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from .. import xml as reader
from .build import Builder
from .model import Model
from .reading import of_library
from .specs.base import ProcessSpec

KEPT = 64


@dataclass(frozen=True)
class Specs:
    """One process that can be run. `subprocess_specs`: the insides of sub-processes and the called processes by id."""

    process_id: str
    name: str
    spec: ProcessSpec
    subprocess_specs: dict[str, ProcessSpec]

    def joined(self, others: Iterable[Specs]) -> Specs:
        """The same process with the processes of other models that it calls."""
        every = dict(self.subprocess_specs)
        for other in others:
            every |= other.subprocess_specs
        return Specs(self.process_id, self.name, self.spec, every)


@dataclass(frozen=True)
class Call:
    """A call activity that calls a process of another model of the library, which `slug` names."""

    element: str
    label: str
    slug: str
    process: str


def calls(xml: bytes) -> list[Call]:
    """What a runnable model calls of other models. Raises xml.Unreadable."""
    model = Model(reader.read(xml))
    found = ((node, *of_library(node.element)) for node in model.nodes if node.kind == "callActivity")
    return [Call(node.id, node.label, slug, process) for node, slug, process in found if slug and not node.by_person]


_kept: OrderedDict[tuple[str, str, frozenset[str]], dict[str, Specs]] = OrderedDict()
_lock = Lock()


def specs(xml: bytes, prefix: str = "", called: frozenset[str] = frozenset()) -> dict[str, Specs]:
    """The executable processes of a model by id, in the order of the file. They are shared: nobody changes them.
    `prefix` and `called` as in `Builder`.

    Raises xml.Unreadable. The last 64 models are kept, by the SHA-256 of their bytes.
    """
    key = (hashlib.sha256(xml).hexdigest(), prefix, called)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = _parse(xml, prefix, called)
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def _parse(xml: bytes, prefix: str, called: frozenset[str]) -> dict[str, Specs]:
    model = Model(reader.read(xml))
    every = Builder(model, prefix, called).build()
    found = {}
    for process in model.processes:
        if process.element.get("isExecutable") == "true" and prefix + process.id in every:
            spec = every[prefix + process.id]
            found[process.id] = Specs(process.id, spec.description, spec, every)
    return found
