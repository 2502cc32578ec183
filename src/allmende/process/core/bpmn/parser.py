"""From the XML of a runnable model (importer.make_runnable) to the specs that the engine runs."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from .. import xml as reader
from .build import Builder
from .model import Model
from .specs.base import ProcessSpec

KEPT = 64


@dataclass(frozen=True)
class Specs:
    """One process that can be run. `subprocess_specs`: the insides of sub-processes and the called processes by id."""

    process_id: str
    name: str
    spec: ProcessSpec
    subprocess_specs: dict[str, ProcessSpec]


_kept: OrderedDict[str, dict[str, Specs]] = OrderedDict()
_lock = Lock()


def specs(xml: bytes) -> dict[str, Specs]:
    """The executable processes of a model by id, in the order of the file. They are shared: nobody changes them.

    Raises xml.Unreadable. The last 64 models are kept, by the SHA-256 of their bytes.
    """
    key = hashlib.sha256(xml).hexdigest()
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = _parse(xml)
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def _parse(xml: bytes) -> dict[str, Specs]:
    model = Model(reader.read(xml))
    every = Builder(model).build()
    found = {}
    for process in model.processes:
        if process.element.get("isExecutable") == "true" and process.id in every:
            spec = every[process.id]
            found[process.id] = Specs(process.id, spec.description, spec, every)
    return found
