"""Whether two models say the same, however their files are written."""

from __future__ import annotations

from collections.abc import Hashable

from lxml import etree

from .names import XSI_TYPE, local, ref

# Children whose order a drawing tool may change: it writes kind by kind what a file mixes. Elsewhere order has a
# meaning (fields of a form, points of a line).
_MIXED = frozenset(("definitions", "process", "subProcess", "transaction", "adHocSubProcess", "collaboration"))


def same(one: etree._Element, other: etree._Element) -> bool:
    """Compares names, attributes, texts and order; not prefixes (of xsi:type neither), comments, indentation, or the
    order of kinds."""
    return _shape(one) == _shape(other)


def _shape(element: etree._Element) -> Hashable:
    children = [_shape(each) for each in element.iterchildren(etree.Element)]
    if local(element) in _MIXED:
        children.sort(key=lambda child: child[0])  # type: ignore[index]
    attributes = ((name, ref(value) if name == XSI_TYPE else value) for name, value in element.attrib.items())
    text = "" if children else " ".join((element.text or "").split())
    return (element.tag, tuple(sorted(attributes)), text, tuple(children))
