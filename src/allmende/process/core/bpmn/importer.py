"""A drawn model made runnable: every change is a finding, nothing is dropped, a second run finds nothing new.

What a step becomes is written into the file as attributes of our namespace (`urn:allmende:process:1`); elements, ids,
names, the diagram and other tools' extensions stay as they are. docs/reference/process-models.md lists the attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from .. import xml as reader
from . import names
from .desk import Desk
from .findings import Finding, Level
from .model import Model
from .names import tag
from .rules import RULES


@dataclass(frozen=True)
class Process:
    """A process of a file. `runnable` says whether it can be started on its own; a black box has no steps."""

    id: str
    name: str
    steps: int
    runnable: bool


@dataclass(frozen=True)
class Imported:
    """The runnable XML (UTF-8), what was found, the processes, and whether the file as a whole can be run."""

    xml: bytes
    findings: tuple[Finding, ...] = ()
    processes: tuple[Process, ...] = field(default=())
    runnable: bool = False


def make_runnable(data: bytes, library: Mapping[str, Sequence[str]] | None = None) -> Imported:
    """Read a BPMN file and make it runnable. Problems that cannot be mended are findings of the level `problem`.
    `library`: other models by their slugs, with the ids of their processes, which call activities may call.

    Raises xml.Unreadable with a code of xml.read, or `dmn`, `html`, `not_bpmn`.
    """
    root = _with_own_namespace(_bpmn(reader.read(data)))
    desk = Desk(root, library or {})
    for rule in RULES:
        rule(desk)
    problems = [one for one in desk.findings if one.level is Level.PROBLEM]
    processes = tuple(_process(desk.model, scope.element, len(scope.nodes)) for scope in desk.model.processes)
    runnable = not problems and any(process.runnable for process in processes)
    xml = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)
    return Imported(xml, tuple(desk.findings), processes, runnable)


def _process(model: Model, element: etree._Element, steps: int) -> Process:
    identifier = element.get("id") or ""
    pool = next((name for name, ref in model.participants.values() if ref == identifier), "")
    runnable = bool(steps) and element.get("isExecutable") == "true"
    return Process(identifier, names.label(element) or pool or identifier, steps, runnable)


def _bpmn(root: etree._Element) -> etree._Element:
    """The root, if it is BPMN 2.0; drafts of the standard are read as the standard."""
    name = etree.QName(root)
    space, local = name.namespace or "", name.localname
    line = root.sourceline or 0
    if names.DMN in space.lower():
        raise reader.Unreadable("dmn", line=line)
    if local.lower() == "html" or "xhtml" in space:
        raise reader.Unreadable("html", line=line)
    if local != "definitions" or space not in (names.BPMN, *names.DRAFTS):
        raise reader.Unreadable("not_bpmn", f"{{{space}}}{local}"[:200], line)
    if space != names.BPMN:
        root.set(names.own("draft"), space or "—")
        for element in root.iter(f"{{{space}}}*"):
            element.tag = tag(etree.QName(element).localname)
    return root


def _with_own_namespace(root: etree._Element) -> etree._Element:
    """The same tree whose root declares our namespace, so that marks do not declare it one by one."""
    if names.OWN in root.nsmap.values():
        return root
    prefix = next(one for one in ("allmende", "allmende1", "allmende2") if one not in root.nsmap)
    made = etree.Element(root.tag, nsmap={**root.nsmap, prefix: names.OWN})
    made.text = root.text
    for name, value in root.attrib.items():
        made.set(name, value)
    before = list(root.itersiblings(preceding=True))
    after = list(root.itersiblings())
    made.extend(list(root))
    for element in reversed(before):
        made.addprevious(element)
    for element in reversed(after):
        made.addnext(element)
    return made
