"""Expressions and references in a model: what of them is FEEL, and what is another tool's language.

Only FEEL is ever evaluated: text that says so (`=` in front as in Camunda 8, a language attribute that names FEEL),
text that the importer has read as FEEL (our attribute `feel`), and plain numbers. All else is documentation.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from allmende.process.core.engine import clock

from . import names
from .names import local, own, tag

EXPRESSIONS = ("conditionExpression", "condition", "completionCondition", "loopCondition", "loopCardinality")
TIMES = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
_FOREIGN = re.compile(r"[$#]\{|[;`\\]|&&|\|\||==|!(?!=)|::|\$|\bfunction\b\s*\(|\bgetData|\bbpmn:")
_SPEAKING = re.compile(r"[<>=()\[\]+*/-]|\b(and|or|not|in|between|instance of|true|false)\b|\d")
_NUMBER = re.compile(r"\d{1,6}")


def text_of(element: etree._Element | None) -> str:
    """The text of an element without its markup, at the ends trimmed."""
    if element is None:
        return ""
    return "".join(part for part in element.itertext() if isinstance(part, str)).strip()


def feel(element: etree._Element | None) -> str:
    """The FEEL expression that an element holds; empty if it holds none or something else."""
    if element is None:
        return ""
    if marked := element.get(own("feel")):
        return marked
    text = text_of(element)
    if text.startswith("="):
        return text[1:].strip()
    if "feel" in (element.get("language") or "").lower() or (_NUMBER.fullmatch(text)):
        return text
    return ""


def reads_as_feel(text: str, parse: Callable[[str], object]) -> bool:
    """Whether text that does not say its language is FEEL: it must parse, and be more than words.

    `parse` raises ValueError for what is none. A plain name or sentence ("Antrag vollständig") is a person's matter.
    """
    if not text or len(text) > 1_000 or _FOREIGN.search(text) or not _SPEAKING.search(text):
        return False
    try:
        parse(text)
    except ValueError:
        return False
    return True


def timer(definition: etree._Element) -> tuple[str, str]:
    """Kind and text of a timer: `("duration", "P2D")`, `("date", "=feel")`; an empty text if it cannot be read."""
    for name, kind in TIMES.items():
        element = definition.find(tag(name))
        if element is None:
            continue
        expression = feel(element)
        if expression and not _NUMBER.fullmatch(expression):
            return kind, f"={expression}"
        text = text_of(element).strip("\"'").strip()
        if clock.parse_cycle(text) or clock.parse_duration(text) or clock.parse_moment(text):
            return kind, text
        return kind, ""
    return "", ""


def loop_of(element: etree._Element) -> etree._Element | None:
    """The loop characteristics of an activity."""
    for name in ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics"):
        found = element.find(tag(name))
        if found is not None:
            return found
    return None


def items_of(loop: etree._Element) -> tuple[str, str]:
    """The collection (FEEL) and the name of the item of a multi-instance activity, as Camunda 8 writes them."""
    for element in loop.iterdescendants("{http://camunda.org/schema/zeebe/1.0}loopCharacteristics"):
        collection = (element.get("inputCollection") or "").strip()
        if collection.startswith("="):
            return collection[1:].strip(), (element.get("inputElement") or "").strip()
    marked = loop.get(own("items")) or ""
    return marked, (loop.get(own("item")) or "").strip()


def called(element: etree._Element) -> str:
    """What a call activity calls, as it is written."""
    text = (element.get("calledElement") or "").strip()
    if not text:
        for zeebe in element.iterdescendants("{http://camunda.org/schema/zeebe/1.0}calledElement"):
            text = (zeebe.get("processId") or "").strip()
    return text


def of_library(element: etree._Element) -> tuple[str, str]:
    """The model of the library, by its slug, and the process of it that a call activity calls; empty for none."""
    slug, _, process = (element.get(own("calls")) or "").partition(":")
    return (slug, process) if process else ("", "")


def own_script(element: etree._Element) -> str:
    """The assignments of our own script element; empty if there is none."""
    return text_of(element.find(f"{tag('extensionElements')}/{own('script')}"))


def own_action(element: etree._Element) -> str:
    """What the system carries out in a task: a registered action, or a model of decisions; empty if there is none."""
    return (element.get(own("action")) or element.get(own("decision")) or "").strip()


def by_kind(root: etree._Element, kinds: tuple[str, ...]) -> list[etree._Element]:
    return [one for one in root.iter(*(tag(kind) for kind in kinds)) if local(one) in kinds]


def named(element: etree._Element | None, *attributes: str) -> str:
    """The first attribute that an element has, else its id."""
    if element is None:
        return ""
    found = next((value for name in attributes if (value := (element.get(name) or "").strip())), "")
    return found or names.ref(element.get("id"))
