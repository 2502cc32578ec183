"""An instance's rows as another version of its model reads them: pure functions, without the engine and the database.

What waits goes to its counterpart, found by the id of the element, then by name and kind, else chosen by somebody.
What is over stays as it is where the other version has the step too, else as history under a name of its own
(`bpmn/specs/past.py`). Boundary events, event sub-processes and branches of event gateways that the other version adds
begin to wait; those that it has not are called off. Everything else about a waiting step stays, its task id first.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from SpiffWorkflow.util.task import TaskState

from .bpmn.parser import Specs
from .bpmn.specs.base import LIVE, Node, ProcessSpec, Start
from .bpmn.specs.events import Boundary, Catch, Guard, Race, ScopeTrigger
from .bpmn.specs.gateways import Decision, Join
from .bpmn.specs.past import is_past, past_name
from .bpmn.specs.scopes import Again, ForEach, Repeat, SubProcess
from .bpmn.specs.tasks import PersonTask
from .engine.rows import SUB, Row

# The first that a spec is says to which others a waiting step may go.
_FAMILIES = (ForEach, Again, SubProcess, ScopeTrigger, Boundary, Catch, Guard, Race, Join, Decision, Start, PersonTask)
# Of these somebody may have to say where they go; boundary events go with their activity.
_ASKED = {ForEach, Again, SubProcess, Catch, Join, Decision, PersonTask}
# What a step holds is called off where the other version has no counterpart: the step itself goes on without.
_DROPPED = (Boundary, ScopeTrigger)


class Stays(Exception):
    """Why an instance cannot move. `code`: "gone" (a step that waits has no counterpart), "kind" (the counterpart is
    a step of another kind), "ways" (the counterpart has no ways to choose from), "process" (there is none)."""

    def __init__(self, code: str, element: str = "", name: str = "") -> None:
        super().__init__(f"{code}: {element}")
        self.code, self.element, self.name = code, element, name


@dataclass(frozen=True)
class Place:
    """A step at which an instance can wait."""

    element: str
    name: str
    kind: str
    family: type[Node]


@dataclass(frozen=True)
class Question:
    """A step without a counterpart that is sure, and those that it could go to."""

    place: Place
    choices: tuple[Place, ...]


def _family(spec: Any) -> type[Node] | None:
    return next((each for each in _FAMILIES if isinstance(spec, each)), None)


def places(specs: Specs) -> dict[str, Place]:
    """The steps of a model at which an instance can wait, by their elements."""
    found = {}
    for scope in specs.subprocess_specs.values():
        for spec in scope.task_specs.values():
            family = _family(spec)
            if spec.name == spec.element and family is not None:
                found[spec.element] = Place(spec.element, spec.label or spec.element, spec.kind, family)
    return found


def _alike(place: Place) -> tuple[str, str, type[Node]]:
    return " ".join(place.name.casefold().split()), place.kind, place.family


def suggest(old: Specs, new: Specs) -> dict[str, str]:
    """Old elements and their counterparts, as far as they are sure: the same id, else the only one of the same name
    and kind on either side."""
    before, after = places(old), places(new)
    found = {key: key for key, place in before.items() if key in after and after[key].family is place.family}
    for key, place in before.items():
        if key in found:
            continue
        here = [one for one in before.values() if _alike(one) == _alike(place) and one.element not in found]
        there = [one for one in after.values() if _alike(one) == _alike(place) and one.element not in found.values()]
        if len(here) == len(there) == 1:
            found[key] = there[0].element
    return found


def questions(old: Specs, new: Specs) -> list[Question]:
    """Steps that somebody has to name a counterpart of, if instances wait there."""
    known, after = suggest(old, new), places(new)
    return [
        Question(place, tuple(one for one in after.values() if one.family is place.family))
        for key, place in places(old).items()
        if key not in known and place.family in _ASKED
    ]


def process_in(new: Mapping[str, Specs], process: str) -> str:
    """The process of another version that goes on with one: of the same id, else the only one. Raises Stays."""
    if process in new:
        return process
    if len(new) == 1:
        return next(iter(new))
    raise Stays("process", process)


def rewrite(rows: Iterable[Row], old: Specs, new: Specs, mapping: Mapping[str, str], now: float) -> list[Row]:
    """The rows of an instance of `old`, in their order, as an instance of `new` has them; the head stays as it is.

    `mapping`: old element -> new one, the same where it names none. `now`: Unix time at which what is added begins.
    Afterwards the timers of what was added or changed are to be set (`Run.settle`). Raises Stays.
    """
    return _Rewriting(rows, old, new, mapping, now).rows()


class _Rewriting:
    def __init__(self, rows: Iterable[Row], old: Specs, new: Specs, mapping: Mapping[str, str], now: float) -> None:
        self.old, self.new, self.mapping, self.now = old, new, mapping, now
        every = list(rows)
        self.order = [row.key for row in every]
        self.texts = {row.key: row.doc for row in every}
        self.docs: dict[str, dict[str, Any]] = {row.key: json.loads(row.doc) for row in every}
        self.changed: set[str] = set()
        self.children: dict[str, list[str]] = {}
        for key, doc in self.docs.items():
            self.children.setdefault(doc.get("p", ""), []).append(key)
        # Of each sub-process, by its task: its specs before and after; None where it is history.
        self.scopes: dict[str, tuple[ProcessSpec | None, ProcessSpec | None]] = {"": (old.spec, new.spec)}

    def rows(self) -> list[Row]:
        before: dict[str, Any] = {}
        for key in list(self.order):
            if key.startswith(SUB):
                self._enter(key.removeprefix(SUB), before)
            else:
                before[key] = self._rename(key)
        for key, spec in before.items():
            if spec is not None and self._live(key):
                self._guard(key)
                self._timers(key, spec)
        for key in list(before):
            self._call_off(key)
            self._begin(key)
        return [
            Row(key, place, _text(self.docs[key]) if key in self.changed else self.texts[key])
            for place, key in enumerate(self.order)
        ]

    def _live(self, key: str) -> bool:
        return bool(self.docs[key]["s"] & LIVE)

    def _scope(self, key: str) -> tuple[ProcessSpec | None, ProcessSpec | None]:
        return self.scopes[self.docs[key].get("w", "")]

    def _after(self, key: str) -> Any:
        """The spec that a row has in the new version; None for history."""
        scope, name = self._scope(key)[1], self.docs[key]["n"]
        return None if scope is None or is_past(name) else scope.task_specs.get(name)

    def _put(self, key: str, **values: Any) -> None:
        self.docs[key] = self.docs[key] | values
        self.changed.add(key)

    def _enter(self, owner: str, before: Mapping[str, Any]) -> None:
        """The specs of a sub-process, from those of its task."""
        was, will = before[owner], self._after(owner)
        self.scopes[owner] = (
            None if was is None else self.old.subprocess_specs[was.spec],
            self.new.subprocess_specs[will.spec] if isinstance(will, SubProcess) else None,
        )

    def _rename(self, key: str) -> Any:
        """Give a row its name in the new version; its spec in the old one, None for what was history before."""
        doc, (was, will) = self.docs[key], self._scope(key)
        if was is None or is_past(doc["n"]):
            return None
        spec = was.task_specs[doc["n"]]
        live = self._live(key)
        holds = isinstance(spec, Guard | Race) and any(self._live(each) for each in self.children.get(key, ()))
        name = self._counterpart(doc["n"]) if live or holds else doc["n"]
        found = will.task_specs.get(name) if will is not None else None
        if found is not None and _family(found) is _family(spec):
            if live and doc.get("i", {}).get("ask") == "choice" and not found.choices():
                raise Stays("ways", spec.element, spec.label)
            if name != doc["n"]:
                self._put(key, n=name)
        elif not live:
            self._put(key, n=past_name(doc["n"], isinstance(spec, Repeat)))
        elif isinstance(spec, _DROPPED):
            self._put(key, n=past_name(doc["n"], False), s=TaskState.CANCELLED)
        else:
            raise Stays("gone" if found is None else "kind", spec.element, spec.label)
        return spec

    def _counterpart(self, name: str) -> str:
        """The name of a spec: the element, with what the engine puts around it (`#guard`, `#each`, …)."""
        element, mark, rest = name.partition("#")
        return f"{self.mapping.get(element, element)}{mark}{rest}"

    def _guard(self, key: str) -> None:
        """The step that holds the boundary events stands before an activity just where the new version has it."""
        doc, scope, spec = self.docs[key], self._scope(key)[1], self._after(key)
        if spec is None or scope is None or spec.name != spec.element or isinstance(spec, Boundary) or "p" not in doc:
            return
        parent, name = doc["p"], f"{spec.element}#guard"
        guarded = self.docs[parent]["n"].partition("#")[2] == "guard"
        if guarded and name not in scope.task_specs:
            over = self.docs[parent]
            inside = doc.get("i", {}) | {"via": over.get("i", {}).get("via", "")}
            self._put(key, p=over["p"], i=inside, **_values(over, doc))
        elif not guarded and name in scope.task_specs:
            made = str(uuid4())
            known = {"via": doc.get("i", {}).get("via", ""), "given": True}
            within = {"w": doc["w"]} if "w" in doc else {}
            self.docs[made] = {
                "s": TaskState.COMPLETED, "n": name, "t": doc["t"], **within, "p": parent, "i": known, **_values(doc),
            }  # fmt: skip
            self.changed.add(made)
            self.docs[key] = {name: value for name, value in doc.items() if name not in ("u", "d")}
            self.order.insert(self.order.index(key), made)
            self.children[made] = [key]
            self._put(key, p=made, i=doc.get("i", {}) | {"via": ""})
            self._begin(made)

    def _timers(self, key: str, was: Any) -> None:
        """Timers that the new version draws otherwise are set anew, from when the waiting began."""
        spec = self._after(key)
        if isinstance(spec, Catch) and isinstance(was, Catch) and spec.definitions != was.definitions:
            inside = {name: value for name, value in self.docs[key]["i"].items() if name not in ("due", "seen")}
            self._put(key, i=inside)

    def _call_off(self, key: str) -> None:
        """A boundary event whose activity does not have it any more."""
        doc = self.docs[key]
        if not self._live(key) or not isinstance(self._after(key), Boundary):
            return
        holder = self._after(doc["p"])
        if holder is None or all(way.target != doc["n"] for way in holder.ways):
            self._put(key, s=TaskState.CANCELLED)

    def _begin(self, key: str) -> None:
        """What the new version has besides a step that waits: boundary events, branches of an event gateway, event
        sub-processes of a scope that runs."""
        holder, scope = self._after(key), self._scope(key)[1]
        within = self.docs[key].get("w", "")
        if scope is None or not isinstance(holder, Guard | Race | Start):
            return
        if isinstance(holder, Start):
            if self._live(key) or (within and not self._live(within)):
                return
        elif not any(self._live(each) for each in self.children.get(key, ())):
            return
        kind = {Guard: Boundary, Race: Catch, Start: ScopeTrigger}[_family(holder)]  # type: ignore[index]
        here = {self.docs[each]["n"] for each in self.children.get(key, ())}
        for way in holder.ways:
            if way.target not in here and isinstance(scope.task_specs[way.target], kind):
                self._add(key, way.id, way.target, within)

    def _add(self, parent: str, way: str, name: str, within: str) -> None:
        made = str(uuid4())
        place = {"w": within} if within else {}
        self.docs[made] = {
            "s": TaskState.WAITING, "n": name, "t": self.now, **place, "p": parent, "i": {"via": way, "given": True},
        }  # fmt: skip
        self.changed.add(made)
        self.order.append(made)
        self.children.setdefault(parent, []).append(made)


def _values(*docs: Mapping[str, Any]) -> dict[str, Any]:
    """What rows one below the other change in the data, as one row says it."""
    changed: dict[str, Any] = {}
    dropped: set[str] = set()
    for doc in docs:
        changed = {name: value for name, value in changed.items() if name not in doc.get("d", ())} | doc.get("u", {})
        dropped = (dropped | set(doc.get("d", ()))) - set(doc.get("u", {}))
    return ({"u": changed} if changed else {}) | ({"d": sorted(dropped)} if dropped else {})


def _text(doc: Mapping[str, Any]) -> str:
    return json.dumps(doc, ensure_ascii=False, separators=(",", ":"))
