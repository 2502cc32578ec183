"""Forms of tasks, as they stand in the model: `<form>` with `<field>`s in Allmende's namespace, under the extension
elements of a step. Forms of other tools are turned into this by the importer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .bpmn.names import OWN

TYPES = frozenset(
    (
        "text",
        "long_text",
        "number",
        "integer",
        "money",
        "yes_no",
        "date",
        "choice",
        "choices",
        "file",
        "email",
        "topic",
        "measure",
        "note",
    )
)


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    label_en: str = ""


@dataclass(frozen=True)
class Field:
    """One field. `least` and `most`: bounds of a number or of the length of a text, as they are written. `keep`: it
    begins with what the case knows under its name, for steps that one comes back to. `oparl`: what of a council's
    decision it is: `reference` (number of the paper), `date`, `body`, `text`, `url`."""

    name: str
    type: str
    label: str
    label_en: str = ""
    help: str = ""
    help_en: str = ""
    required: bool = False
    least: str = ""
    most: str = ""
    keep: bool = False
    options: tuple[Option, ...] = ()
    oparl: str = ""


@dataclass(frozen=True)
class Form:
    fields: tuple[Field, ...] = ()


def _own(element: Any, name: str) -> Iterator[Any]:
    yield from element.iterchildren(f"{{{OWN}}}{name}")


def form_of(extensions: Any) -> Form:
    """The form in the `extensionElements` of a step (None: there are none). Fields of unknown type are texts."""
    forms = [] if extensions is None else list(_own(extensions, "form"))
    return Form(tuple(_field(each) for form in forms for each in _own(form, "field") if each.get("name")))


def _field(element: Any) -> Field:
    told = element.get("type", "text")
    options = tuple(
        Option(each.get("value", ""), each.get("label") or each.get("value", ""), each.get("labelEn", ""))
        for each in _own(element, "option")
    )
    return Field(
        name=element.get("name"),
        type=told if told in TYPES else "text",
        label=element.get("label") or element.get("name"),
        label_en=element.get("labelEn", ""),
        help=element.get("help", ""),
        help_en=element.get("helpEn", ""),
        required=element.get("required") == "true",
        least=element.get("min", ""),
        most=element.get("max", ""),
        keep=element.get("keep") == "true",
        options=options,
        oparl=element.get("oparl", ""),
    )
