"""A decision model as plain data. Boxed expressions carry a `kind`: js/12_boxed.js computes them by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# {"name": …}, {"list": type}, {"context": {name: type}}, {"range": type}, {"function": True, "result": type},
# {"of": type, "allowed": unary tests}; "constraint": unary tests of a whole value.
Type = dict[str, Any]


@dataclass(frozen=True)
class Literal:
    text: str
    type: Type | None = None
    foreign: str | None = None  # the language, where it is not FEEL: such a text is never evaluated
    kind: str = "literal"


@dataclass(frozen=True)
class Entry:
    name: str | None  # None: the result of the context
    type: Type | None
    expression: Expression | None


@dataclass(frozen=True)
class Context:
    entries: list[Entry]
    kind: str = "context"


@dataclass(frozen=True)
class Binding:
    name: str
    expression: Expression | None


@dataclass(frozen=True)
class Invocation:
    function: Expression | None
    bindings: list[Binding]
    kind: str = "invocation"


@dataclass(frozen=True)
class ListOf:
    items: list[Expression | None]
    kind: str = "list"


@dataclass(frozen=True)
class Parameter:
    name: str
    type: Type | None


@dataclass(frozen=True)
class Relation:
    columns: list[Parameter]
    rows: list[list[Expression | None]]
    kind: str = "relation"


@dataclass(frozen=True)
class FunctionOf:
    params: list[Parameter]
    body: Expression | None
    language: str  # FEEL, Java, PMML
    kind: str = "function"


@dataclass(frozen=True)
class Conditional:
    test: Expression | None
    then: Expression | None
    otherwise: Expression | None
    kind: str = "conditional"


@dataclass(frozen=True)
class Filter:
    source: Expression | None
    match: Expression | None
    kind: str = "filter"


@dataclass(frozen=True)
class Iteration:
    kind: str  # for, every, some
    variable: str
    source: Expression | None
    result: Expression | None


@dataclass(frozen=True)
class InputColumn:
    label: str
    text: str
    type: Type | None
    allowed: str | None


@dataclass(frozen=True)
class OutputColumn:
    name: str | None
    label: str
    type: Type | None
    allowed: str | None
    otherwise: str | None


@dataclass(frozen=True)
class Rule:
    inputs: list[str]
    outputs: list[str]
    annotation: str = ""
    id: str = ""


@dataclass(frozen=True)
class Table:
    policy: str  # UNIQUE, ANY, FIRST, PRIORITY, OUTPUT ORDER, RULE ORDER, COLLECT
    aggregation: str | None  # SUM, COUNT, MIN, MAX
    inputs: list[InputColumn]
    outputs: list[OutputColumn]
    rules: list[Rule]
    kind: str = "table"


Expression = Literal | Context | Invocation | ListOf | Relation | FunctionOf | Conditional | Filter | Iteration | Table


@dataclass(frozen=True)
class Required:
    key: str  # "namespace#id"
    alias: str | None  # name under which its model is imported


@dataclass(frozen=True)
class Element:
    """`kind` is input, decision, knowledge or service; the fields after `type` belong to some of them."""

    kind: str
    id: str
    name: str
    type: Type | None
    requires: list[Required] = field(default_factory=list)
    expression: Expression | None = None
    params: list[Parameter] = field(default_factory=list)
    language: str = "FEEL"
    outputs: list[str] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)
    inputDecisions: list[str] = field(default_factory=list)  # JavaScript reads it by this name


@dataclass(frozen=True)
class Model:
    namespace: str
    name: str
    elements: dict[str, Element]
    types: dict[str, Type]
    imports: dict[str, str]  # alias -> namespace

    def find(self, name: str, *kinds: str) -> Element | None:
        """The element of that name or id."""
        for element in self.elements.values():
            if name in (element.name, element.id) and (not kinds or element.kind in kinds):
                return element
        return None

    @property
    def decisions(self) -> list[Element]:
        return [one for one in self.elements.values() if one.kind == "decision"]

    @property
    def inputs(self) -> list[Element]:
        return [one for one in self.elements.values() if one.kind == "input"]
