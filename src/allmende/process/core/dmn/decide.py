"""Deciding: a model, a decision's name and inputs -> a value with the way to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from allmende.process.core.feel.language import Engine
from allmende.process.core.feel.values import Value, decode, encode

from .errors import DmnError
from .model import Element, Model
from .types import prefixed

SCRIPTS = sorted((Path(__file__).parent / "js").glob("*.js"))
_engine = Engine(*SCRIPTS)


@dataclass(frozen=True)
class Note:
    """Why a value is null or doubtful. `code` is one of syntax, type, conflict (with the numbers of the `rules`),
    input, priority, policy, missing, cycle, language, or a code of a FeelWarning."""

    code: str
    message: str
    element: str = ""
    text: str | None = None
    rules: tuple[int, ...] = ()


@dataclass(frozen=True)
class TableTrace:
    """A decision table at work: values of the inputs by label; for every rule what each cell said ("yes", "no",
    "unknown"); numbers of the rules that hit, from 1."""

    element: str
    policy: str
    aggregation: str | None
    inputs: tuple[tuple[str, Value], ...]
    rules: tuple[tuple[str, ...], ...]
    hits: tuple[int, ...]


@dataclass(frozen=True)
class Trace:
    """`decisions` are names and values in the order in which they were computed."""

    decisions: tuple[tuple[str, Value], ...]
    tables: tuple[TableTrace, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Result:
    value: Value
    trace: Trace

    @property
    def conflicts(self) -> tuple[Note, ...]:
        return tuple(note for note in self.trace.notes if note.code == "conflict")


class Library:
    """Models that import each other, ready to decide. Raises DmnError "import" when one is not there, "cycle" when an
    element requires itself."""

    def __init__(self, main: Model, others: Iterable[Model] = ()) -> None:
        known = {one.namespace: one for one in (*others, main)}
        self.main = main
        self.models = _needed(main, known)
        for model in self.models.values():
            _check_graph(model, self.models)
        self._wire = json.dumps({space: _wire(model, self.models) for space, model in self.models.items()})
        self._digest = hashlib.sha256(self._wire.encode()).hexdigest()

    def decide(
        self, names: Sequence[str], inputs: Mapping[str, Value], *, now: datetime | None = None, raw: bool = False
    ) -> list[Result]:
        """Values of decisions of the main model, by name. `inputs` are values by name of an input, or of a decision
        that is not to be computed; `alias.name` for one of an imported model. Raises DmnError, FeelError."""
        keys = [self._key(name, "decision") for name in names]
        coded = {name: value if raw else encode(value) for name, value in inputs.items()}
        given = [[key, one] for name, value in coded.items() for key, one in self._given(name, value)]
        return self._run(keys, given, {}, now, raw)

    def invoke(
        self, name: str, arguments: Mapping[str, Value], *, now: datetime | None = None, raw: bool = False
    ) -> Result:
        """The value of a decision service or business knowledge model for named arguments. Raises as `decide`."""
        key = self._key(name, "service", "knowledge")
        given = [[param, value if raw else encode(value)] for param, value in arguments.items()]
        return self._run([key], [], {"given": given}, now, raw)[0]

    def _run(
        self, keys: list[str], given: list[Any], options: dict[str, Any], now: datetime | None, raw: bool
    ) -> list[Result]:
        # The process behind the walls may know the models from before.
        answer = _engine.call("dmn_decide", self._digest, None, keys, given, now=now, extra=options)
        if "unknown" in answer:
            answer = _engine.call("dmn_decide", self._digest, self._wire, keys, given, now=now, extra=options)
        trace = _trace(answer, raw)
        return [Result(value if raw else decode(value), trace) for value in answer["values"]]

    def _key(self, name: str, *kinds: str) -> str:
        element = self.main.find(name, *kinds)
        if element is None:
            raise DmnError("missing", f"the model has no {kinds[0]} {name}")
        return f"{self.main.namespace}#{element.id}"

    def _given(self, name: str, value: Any) -> Iterator[tuple[str, Any]]:
        """Keys of the inputs that a name means, with their values: an input or decision of the main model, an imported
        one by its alias or in a context of that name, or any imported input."""
        if (element := self.main.find(name, "input", "decision")) is not None:
            yield f"{self.main.namespace}#{element.id}", value
            return
        alias, _, rest = name.partition(".")
        model = self.models.get(self.main.imports.get(alias, ""))
        if model is None:
            for other in self.models.values():
                if (element := other.find(name, "input")) is not None:
                    yield f"{other.namespace}#{element.id}", value
            return
        parts = {rest: value} if rest else dict(value["c"]) if isinstance(value, dict) and "c" in value else {}
        for part, one in parts.items():
            if (element := model.find(part, "input", "decision")) is not None:
                yield f"{model.namespace}#{element.id}", one


def decide(model: Model | Library, name: str, inputs: Mapping[str, Value], *, now: datetime | None = None) -> Result:
    """The value of one decision. Raises DmnError, FeelError."""
    library = model if isinstance(model, Library) else Library(model)
    return library.decide([name], inputs, now=now)[0]


def _needed(main: Model, known: Mapping[str, Model]) -> dict[str, Model]:
    found: dict[str, Model] = {}
    open_ = [main]
    while open_:
        model = open_.pop()
        if model.namespace in found:
            continue
        found[model.namespace] = model
        wanted = {key.rpartition("#")[0] for element in model.elements.values() for key in _keys(element)}
        for namespace in wanted - found.keys():
            if namespace not in known:
                raise DmnError("import", f"the imported model {namespace} is not there", model.name)
            open_.append(known[namespace])
        open_ += [known[there] for there in model.imports.values() if there in known]
    return found


def _keys(element: Element) -> list[str]:
    return [one.key for one in element.requires] + element.outputs + element.inputs + element.inputDecisions


def _check_graph(model: Model, models: Mapping[str, Model]) -> None:
    """Raises DmnError for references into nothing, and for decisions that require themselves."""
    done: set[str] = set()
    for element in model.elements.values():
        path: list[tuple[str, list[str]]] = []
        _enter(f"{model.namespace}#{element.id}", models, path, done)
        while path:
            key, rest = path[-1]
            if not rest:
                done.add(key)
                path.pop()
                continue
            wanted = rest.pop()
            on_the_way = [one for one, _ in path]
            if wanted in on_the_way:
                if _element(wanted, models).kind != "knowledge":
                    names = [_element(one, models).name for one in on_the_way[on_the_way.index(wanted) :]]
                    raise DmnError("cycle", " → ".join([*names, names[0]]), names[0])
                continue
            _enter(wanted, models, path, done)


def _enter(key: str, models: Mapping[str, Model], path: list[tuple[str, list[str]]], done: set[str]) -> None:
    if key not in done:
        element = _element(key, models)
        wanted = _keys(element) if element.kind == "service" else [one.key for one in element.requires]
        path.append((key, wanted))


def _element(key: str, models: Mapping[str, Model]) -> Element:
    namespace, _, identifier = key.rpartition("#")
    model = models.get(namespace)
    if model is None or identifier not in model.elements:
        raise DmnError("reference", f"there is no element {identifier}", model.name if model else namespace)
    return model.elements[identifier]


def _wire(model: Model, models: Mapping[str, Model]) -> dict[str, Any]:
    types = dict(model.types)
    for alias, namespace in model.imports.items():
        if (other := models.get(namespace)) is not None:
            own = set(other.types)
            types |= {
                f"{alias}.{name}" if alias else name: prefixed(one, alias, own) for name, one in other.types.items()
            }
    elements = {identifier: asdict(element) for identifier, element in model.elements.items()}
    return {"elements": elements, "types": list(types.items())}


def _trace(answer: Mapping[str, Any], raw: bool) -> Trace:
    read = (lambda value: value) if raw else decode
    tables = tuple(
        TableTrace(
            one["element"],
            one["policy"],
            one["aggregation"],
            tuple((column["label"], read(column["value"])) for column in one["inputs"]),
            tuple(tuple(cells) for cells in one["rules"]),
            tuple(one["hits"]),
        )
        for one in answer["tables"]
    )
    notes = [
        Note(one["code"], one["message"], one["element"], one.get("text"), tuple(one.get("rules", ())))
        for one in answer["notes"]
    ]
    notes += [Note(one["code"], one["message"]) for one in answer["warnings"]]
    decisions = tuple((one["decision"], read(one["value"])) for one in answer["decisions"])
    return Trace(decisions, tables, tuple(notes))
