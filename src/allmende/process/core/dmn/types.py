"""Item definitions -> types as js/6_types.js of FEEL wants them."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from .markup import attribute, child, children, text_of, type_ref
from .model import Type

# "feel:number", "{namespace}number", or the namespace of FEEL with a dot.
_PREFIX = re.compile(r"^(\{[^}]*\}|[A-Za-z_][\w-]*:)")
_BUILT_IN = {
    "number", "string", "boolean", "date", "time", "date and time", "dateTime", "days and time duration",
    "years and months duration", "dayTimeDuration", "yearMonthDuration", "duration", "Any", "context", "list", "Null",
}  # fmt: skip


# How DMN 1.1 wrote types that later versions write as FEEL does.
SPELT = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}


class Types:
    def __init__(self, root: etree._Element) -> None:
        self._items = {attribute(one, "name"): one for one in children(root, "itemDefinition")}

    def of(self, reference: str) -> Type | None:
        """The type behind a reference; None when nothing is said or anything may be."""
        name = reference if reference in self._items else _PREFIX.sub("", reference)
        return {"name": name} if name and name != "Any" else None

    def all(self) -> dict[str, Type]:
        return {name: self._item(one) for name, one in self._items.items()}

    def plain(self) -> dict[str, str]:
        """The model's own types that are single values: the type of FEEL that each is."""
        found: dict[str, str] = {}
        for name in self._items:
            at, seen = name, {name}
            while (node := self._items.get(at)) is not None:
                reference = self.of(type_ref(node))
                single = attribute(node, "isCollection") != "true" and not children(node, "itemComponent")
                at = reference["name"] if reference and single else ""
                if at in seen:
                    break
                seen.add(at)
            found[name] = at if at in _BUILT_IN else "Any"
        return found

    def _item(self, node: etree._Element) -> Type:
        parts = children(node, "itemComponent")
        function = child(node, "functionItem")
        if function is not None:
            result = self.of(attribute(function, "outputTypeRef"))
            return {"function": True, **({"result": result} if result else {})}
        made: dict[str, Any]
        if parts:
            made = {"context": {attribute(one, "name"): self._item(one) for one in parts}}
        else:
            made = {"of": self.of(type_ref(node)) or {"name": "Any"}}
            if made["of"]["name"] == attribute(node, "name") and made["of"]["name"] in _BUILT_IN:
                made = dict(made["of"])
        allowed = text_of(child(node, "allowedValues"))
        constraint = text_of(child(node, "typeConstraint"))
        if allowed:
            made["allowed"] = allowed
        if attribute(node, "isCollection") == "true":
            made = {"list": made}
        if constraint:
            made["constraint"] = constraint
        return made


def prefixed(type_: Type, alias: str, own: set[str]) -> Type:
    """The type of an imported model, whose names are seen as `alias.name`."""
    made = dict(type_)
    if "name" in made and made["name"] in own:
        made["name"] = f"{alias}.{made['name']}"
    for key in ("list", "of", "range", "result"):
        if isinstance(made.get(key), dict):
            made[key] = prefixed(made[key], alias, own)
    if "context" in made:
        made["context"] = {name: prefixed(one, alias, own) for name, one in made["context"].items()}
    return made
