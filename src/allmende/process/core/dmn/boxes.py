"""Boxed expressions from XML (DMN 1.5, 10.2)."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from .markup import attribute, child, children, local, text_of, type_ref
from .model import (
    Binding,
    Conditional,
    Context,
    Entry,
    Expression,
    Filter,
    FunctionOf,
    InputColumn,
    Invocation,
    Iteration,
    ListOf,
    Literal,
    OutputColumn,
    Parameter,
    Relation,
    Rule,
    Table,
)
from .types import Types

AGGREGATIONS = {"SUM", "COUNT", "MIN", "MAX"}
POLICIES = {"UNIQUE", "ANY", "FIRST", "PRIORITY", "OUTPUT ORDER", "RULE ORDER", "COLLECT"}


class Boxes:
    def __init__(self, types: Types, language: str) -> None:
        self._types = types
        self._language = language
        self._readers: dict[str, Callable[[etree._Element], Expression]] = {
            "literalExpression": self._literal,
            "context": self._context,
            "invocation": self._invocation,
            "list": self._list,
            "relation": self._relation,
            "functionDefinition": self.function,
            "conditional": self._conditional,
            "filter": self._filter,
            "for": self._iteration,
            "every": self._iteration,
            "some": self._iteration,
            "decisionTable": self._table,
        }

    def inside(self, node: etree._Element | None) -> Expression | None:
        """The first expression among the children; None when there is none."""
        for one in node if node is not None else ():
            if (reader := self._readers.get(local(one))) is not None:
                return reader(one)
        return None

    def _every(self, node: etree._Element) -> list[Expression | None]:
        return [self._readers[local(one)](one) for one in node if local(one) in self._readers]

    def _foreign(self, node: etree._Element) -> str | None:
        language = attribute(node, "expressionLanguage") or self._language
        return None if not language or "feel" in language.lower() else language

    def _literal(self, node: etree._Element) -> Expression:
        return Literal(text_of(node), self._types.of(attribute(node, "typeRef")), self._foreign(node))

    def _variable(self, node: etree._Element) -> Parameter:
        return Parameter(attribute(node, "name"), self._types.of(type_ref(node)))

    def _context(self, node: etree._Element) -> Expression:
        entries = []
        for one in children(node, "contextEntry"):
            variable = child(one, "variable")
            if variable is None:
                entries.append(Entry(None, self._types.of(attribute(node, "typeRef")), self.inside(one)))
            else:
                named = self._variable(variable)
                entries.append(Entry(named.name, named.type, self.inside(one)))
        return Context(entries)

    def _invocation(self, node: etree._Element) -> Expression:
        bindings = []
        for one in children(node, "binding"):
            parameter = child(one, "parameter")
            if parameter is not None:
                bindings.append(Binding(attribute(parameter, "name"), self.inside(one)))
        return Invocation(self.inside(node), bindings)

    def _list(self, node: etree._Element) -> Expression:
        return ListOf(self._every(node))

    def _relation(self, node: etree._Element) -> Expression:
        columns = [self._variable(one) for one in children(node, "column")]
        return Relation(columns, [self._every(row) for row in children(node, "row")])

    def function(self, node: etree._Element) -> FunctionOf:
        params = [self._variable(one) for one in children(node, "formalParameter")]
        kind = attribute(node, "kind") or "FEEL"
        return FunctionOf(params, self.inside(node) if kind == "FEEL" else None, kind)

    def _conditional(self, node: etree._Element) -> Expression:
        test, then, otherwise = (self.inside(child(node, name)) for name in ("if", "then", "else"))
        return Conditional(test, then, otherwise)

    def _filter(self, node: etree._Element) -> Expression:
        return Filter(self.inside(child(node, "in")), self.inside(child(node, "match")))

    def _iteration(self, node: etree._Element) -> Expression:
        result = child(node, "return") if local(node) == "for" else child(node, "satisfies")
        source = self.inside(child(node, "in"))
        return Iteration(local(node), attribute(node, "iteratorVariable"), source, self.inside(result))

    def _table(self, node: etree._Element) -> Expression:
        policy = (attribute(node, "hitPolicy") or "UNIQUE").upper()
        aggregation = attribute(node, "aggregation").upper()
        return Table(
            policy if policy in POLICIES else "UNIQUE",
            aggregation if aggregation in AGGREGATIONS else None,
            [self._input(one) for one in children(node, "input")],
            [self._output(one) for one in children(node, "output")],
            [self._rule(one) for one in children(node, "rule")],
        )

    def _input(self, node: etree._Element) -> InputColumn:
        expression = child(node, "inputExpression")
        text = text_of(expression)
        type_ = self._types.of(attribute(expression, "typeRef")) if expression is not None else None
        allowed = text_of(child(node, "inputValues")) or None
        return InputColumn(attribute(node, "label") or text, text, type_, allowed)

    def _output(self, node: etree._Element) -> OutputColumn:
        default = child(node, "defaultOutputEntry")
        name = attribute(node, "name") or None
        return OutputColumn(
            name,
            attribute(node, "label") or name or "",
            self._types.of(attribute(node, "typeRef")),
            text_of(child(node, "outputValues")) or None,
            text_of(default) if default is not None else None,
        )

    def _rule(self, node: etree._Element) -> Rule:
        return Rule(
            [text_of(one) for one in children(node, "inputEntry")],
            [text_of(one) for one in children(node, "outputEntry")],
            "; ".join(text for one in children(node, "annotationEntry") if (text := text_of(one))),
            attribute(node, "id"),
        )
