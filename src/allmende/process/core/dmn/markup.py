"""Reading elements by their local names, whatever version's namespace they are in."""

from __future__ import annotations

from lxml import etree


def local(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def children(node: etree._Element, name: str) -> list[etree._Element]:
    return [one for one in node if local(one) == name]


def child(node: etree._Element, name: str) -> etree._Element | None:
    return next(iter(children(node, name)), None)


def attribute(node: etree._Element, name: str) -> str:
    return (node.get(name) or "").strip()


def text_of(node: etree._Element | None) -> str:
    """The content of the node's `text`, or "" when there is none."""
    found = child(node, "text") if node is not None else None
    return "".join(found.itertext()).strip() if found is not None else ""


def type_ref(node: etree._Element) -> str:
    """The type's name as an attribute (since DMN 1.2) or an element (DMN 1.1)."""
    inner = child(node, "typeRef")
    if inner is not None and inner.text:
        return inner.text.strip()
    return attribute(node, "typeRef")
