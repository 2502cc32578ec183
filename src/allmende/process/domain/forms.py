"""The form of a work item: fields as the model names them, checked as Django checks forms."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from allmende.spine.ui.formats import english

from ..core import outline
from ..core.bpmn.names import WITHIN
from ..core.engine.script import MAX_ITEMS
from ..enums import ItemKind
from ..models import Version, WorkItem
from . import fields, library

# Not a name that a form of a model can have.
WAYS = "ways-taken"


def outline_of(version: Version) -> Mapping[str, outline.Step]:
    """The steps of a version by their ids in the model."""
    return outline.outline(version.sha256, bytes(version.xml))


def step_of(item: WorkItem) -> outline.Step:
    """What the model says of an item's step; nothing for plain ones."""
    if item.instance is None or not item.element:
        return outline.Step("", item.title)
    return library.outline_of(item.instance).get(item.element) or outline.Step(item.element, item.title)


def shown(title: str, title_en: str) -> str:
    """A title of the model in the reader's language."""
    return (english() and title_en) or title


def stamp(item: WorkItem) -> str:
    """The form's own mark, 16 hexadecimal digits: another one after a new version changed what is asked for."""
    return hashlib.sha256(repr(step_of(item).form).encode()).hexdigest()[:16]


def _asked(item: WorkItem) -> dict[str, forms.Field]:
    """What the engine itself wants to know: the way, how many, once more."""
    if item.kind == ItemKind.COUNT:
        return {"count": forms.IntegerField(label=_("How many?"), min_value=0, max_value=MAX_ITEMS)}
    if item.kind == ItemKind.AGAIN:
        choices = [("yes", _("Yes, once more")), ("no", _("No, go on"))]
        return {"again": forms.ChoiceField(label=_("Is it done once more?"), choices=choices, widget=forms.RadioSelect)}
    if item.kind != ItemKind.CHOICE:
        return {}
    ways = [(way, label or way) for way, label in _ways(item)]
    label = _("Which way does it go on?")
    if item.ways.get("many"):
        return {
            WAYS: forms.MultipleChoiceField(
                label=label,
                choices=ways,
                widget=forms.CheckboxSelectMultiple,
                required=not item.ways.get("none"),
                help_text=_("Several ways can be taken at the same time."),
            )
        }
    if item.ways.get("none"):
        ways.append(("", _("It ends here")))
    return {
        WAYS: forms.ChoiceField(label=label, choices=ways, widget=forms.RadioSelect, required=not item.ways.get("none"))
    }


def _ways(item: WorkItem) -> list[tuple[str, str]]:
    """The ways of a choice in the reader's language, as far as the model has names in it."""
    told = [(way, label) for way, label in item.ways.get("ways", [])]
    if not english() or item.instance is None:
        return told
    known = library.outline_of(item.instance)
    before = "".join(item.element.rpartition(WITHIN)[:2])
    steps = ((way, label, known.get(before + way)) for way, label in told)
    return [(way, (step.name_en if step else "") or label) for way, label, step in steps]


def build(
    item: WorkItem, data: Mapping[str, Any] | None = None, *, person: Any, typed: Mapping[str, Any] | None = None
) -> forms.Form:
    """The form of an item for a person, filled with its draft where no `data` are sent; with what was `typed` besides.

    Files are always those of the draft: they are stored before the form is sent on (`attachments.py`).
    """
    made = {each.name: fields.field(each, person) for each in step_of(item).form.fields if each.type != "note"}
    form: type[forms.Form] = type("StepForm", (forms.Form,), made | _asked(item))
    return form(data, initial=item.draft | dict(typed or {}))


@dataclass(frozen=True)
class Part:
    """What stands in a form: a field, or a note without one."""

    field: forms.BoundField | None = None
    note: str = ""
    note_help: str = ""


def parts(item: WorkItem, form: forms.Form) -> list[Part]:
    """The fields of a form with the notes between them, in the order of the model."""
    found = []
    for each in step_of(item).form.fields:
        if each.type == "note":
            help_text = (english() and each.help_en) or each.help
            found.append(Part(note=fields.label_of(each), note_help=help_text))
        else:
            found.append(Part(form[each.name]))
    return found + [Part(form[name]) for name in _asked(item)]


def typed(form: forms.Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent for the fields of a form, unchecked, without control characters. Files are no part of it."""
    found: dict[str, Any] = {}
    for name, each in form.fields.items():
        if isinstance(each, fields.Upload):
            continue
        value = each.widget.value_from_datadict(data, MultiValueDict(), name)
        texts = [fields.clean(str(one)) for one in value] if isinstance(value, list) else fields.clean(str(value or ""))
        found[name] = texts
    return found


@dataclass(frozen=True)
class Entered:
    """`values` for the process, `ways` of a choice."""

    values: dict[str, Any]
    ways: list[str]


def checked(item: WorkItem, data: Mapping[str, Any], *, person: Any) -> Entered:
    """What was entered. Raises ValidationError by field."""
    form = build(item, data, person=person)
    if not form.is_valid():
        raise ValidationError({name: list(texts) for name, texts in form.errors.items()})
    values = {name: fields.plain(value) for name, value in form.cleaned_data.items()}
    ways = values.pop(WAYS, [])
    if item.kind == ItemKind.AGAIN:
        values["again"] = values["again"] == "yes"
    return Entered(values, [each for each in ([ways] if isinstance(ways, str) else ways) if each])
