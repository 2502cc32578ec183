"""Whether two models say the same, however their files are written."""

from __future__ import annotations

from collections.abc import Hashable

from lxml import etree

from .names import BPMN, XSI_TYPE, local, ref

# Children whose order a drawing tool may change: it writes kind by kind what a file mixes. Elsewhere order has a
# meaning (fields of a form, points of a line).
_MIXED = frozenset(("definitions", "process", "subProcess", "transaction", "adHocSubProcess", "collaboration"))
# Attributes that say what holds without them (the XML schema of BPMN 2.0.2, formal/2013-12-09).
_DEFAULTS = frozenset(
    {
        ("startQuantity", "1"),
        ("completionQuantity", "1"),
        ("isForCompensation", "false"),
        ("isInterrupting", "true"),
        ("cancelActivity", "true"),
        ("parallelMultiple", "false"),
        ("triggeredByEvent", "false"),
        ("gatewayDirection", "Unspecified"),
        ("eventGatewayType", "Exclusive"),
        ("instantiate", "false"),
        ("testBefore", "false"),
        ("isCollection", "false"),
        ("isClosed", "false"),
        ("processType", "None"),
        ("expressionLanguage", "http://www.w3.org/1999/XPath"),
        ("typeLanguage", "http://www.w3.org/2001/XMLSchema"),
    }
)


def same(one: etree._Element, other: etree._Element) -> bool:
    """Compares names, attributes, texts and order. Not: prefixes, comments, indentation, the order of kinds,
    defaults that are written out, how numbers are written, and labels and marks that every tool sets for itself."""
    return _shape(one) == _shape(other)


def _shape(element: etree._Element) -> tuple[str, Hashable, str, tuple[Hashable, ...]]:
    children = [_shape(each) for each in element.iterchildren(etree.Element) if not _empty_label(each)]
    if local(element) in _MIXED:
        children.sort(key=lambda child: child[0])
    elif etree.QName(element).localname == "BPMNPlane":
        # What is drawn over what: tools sort it anew.
        children.sort(key=repr)
    text = "" if children else " ".join((element.text or "").split())
    return (element.tag, _attributes(element), text, tuple(children))


def _attributes(element: etree._Element) -> Hashable:
    semantic = element.tag.startswith(f"{{{BPMN}}}")
    found = []
    for name, value in element.attrib.items():
        if semantic and ((name, value) in _DEFAULTS):
            continue
        if name == XSI_TYPE:
            # Points of a line say their type in some files, which the place says already.
            if semantic:
                found.append((name, ref(value)))
        elif name != "isMarkerVisible" or semantic:
            found.append((name, " ".join(value.split()) if semantic else _number(value)))
    return tuple(sorted(found))


def _number(text: str) -> str:
    """One way to write a number of a drawing; other texts as they are."""
    try:
        return f"{float(text):.6g}"
    except ValueError:
        return text


def _empty_label(element: etree._Element) -> bool:
    return etree.QName(element).localname == "BPMNLabel" and not len(element)
