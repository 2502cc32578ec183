"""The form of a work item: fields as the model names them, checked as Django checks forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from allmende.programme.models import Topic

from ..core import outline
from ..core.engine.script import MAX_ITEMS
from ..core.forms import Field, Option
from ..enums import ItemKind
from ..models import Version, WorkItem

# Not a name that a form of a model can have.
WAYS = "ways-taken"

_MOST_TEXT, _MOST_LONG = 500, 20_000


def outline_of(version: Version) -> Mapping[str, outline.Step]:
    """The steps of a version by their ids in the model."""
    return outline.outline(version.sha256, bytes(version.xml))


def step_of(item: WorkItem) -> outline.Step:
    """What the model says of an item's step; nothing for plain ones."""
    if item.instance is None:
        return outline.Step("", item.title)
    return outline_of(item.instance.version_of).get(item.element) or outline.Step(item.element, item.title)


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _bound(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except ArithmeticError:
        return None


def label_of(told: Field | Option) -> str:
    """The label in the reader's language."""
    return (_english() and told.label_en) or told.label


def _field(told: Field) -> forms.Field:
    label = label_of(told)
    help_text = (_english() and told.help_en) or told.help
    common: dict[str, Any] = {"label": label, "help_text": help_text, "required": told.required}
    least, most = _bound(told.least), _bound(told.most)
    options = [(each.value, label_of(each)) for each in told.options]
    if told.type == "long_text":
        return forms.CharField(widget=forms.Textarea, max_length=int(most or _MOST_LONG), **common)
    if told.type == "number":
        return forms.DecimalField(min_value=least, max_value=most, max_digits=20, localize=True, **common)
    if told.type == "integer":
        return forms.IntegerField(
            min_value=None if least is None else int(least), max_value=None if most is None else int(most), **common
        )
    if told.type == "money":
        return forms.DecimalField(
            min_value=least or 0, max_value=most, max_digits=15, decimal_places=2, localize=True, **common
        )
    if told.type == "yes_no":
        return forms.TypedChoiceField(
            choices=[("", "–"), ("yes", pgettext("answer", "Yes")), ("no", pgettext("answer", "No"))],
            coerce=lambda value: value == "yes",
            empty_value=None,
            **common,
        )
    if told.type == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
    if told.type == "choice":
        return forms.ChoiceField(choices=[("", "–"), *options], **common)
    if told.type == "choices":
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **common)
    if told.type == "topic":
        return forms.ChoiceField(
            choices=[("", "–"), *((each.slug, str(each)) for each in Topic.objects.all())], **common
        )
    if told.type == "email":
        return forms.EmailField(**common)
    return forms.CharField(max_length=int(most or _MOST_TEXT), **common)


def _asked(item: WorkItem) -> dict[str, forms.Field]:
    """What the engine itself wants to know: the way, how many, once more."""
    if item.kind == ItemKind.COUNT:
        return {"count": forms.IntegerField(label=_("How many?"), min_value=0, max_value=MAX_ITEMS)}
    if item.kind == ItemKind.AGAIN:
        choices = [("yes", _("Yes, once more")), ("no", _("No, go on"))]
        return {"again": forms.ChoiceField(label=_("Is it done once more?"), choices=choices, widget=forms.RadioSelect)}
    if item.kind != ItemKind.CHOICE:
        return {}
    ways = [(way, label or way) for way, label in item.ways.get("ways", [])]
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


def build(item: WorkItem, data: Mapping[str, Any] | None = None) -> forms.Form:
    """The form of an item, filled with its draft where no `data` are sent."""
    fields = {each.name: _field(each) for each in step_of(item).form.fields if each.type != "note"}
    made: type[forms.Form] = type("StepForm", (forms.Form,), fields | _asked(item))
    return made(data, initial=item.draft)


def _plain(value: Any) -> Any:
    """As JSON knows it: numbers as they are where that is exact, days as ISO 8601."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


@dataclass(frozen=True)
class Entered:
    """`values` for the process, `ways` of a choice."""

    values: dict[str, Any]
    ways: list[str]


def checked(item: WorkItem, data: Mapping[str, Any]) -> Entered:
    """What was entered. Raises ValidationError by field."""
    form = build(item, data)
    if not form.is_valid():
        raise ValidationError({name: list(texts) for name, texts in form.errors.items()})
    values = {name: _plain(value) for name, value in form.cleaned_data.items()}
    ways = values.pop(WAYS, [])
    if item.kind == ItemKind.AGAIN:
        values["again"] = values["again"] == "yes"
    return Entered(values, [each for each in ([ways] if isinstance(ways, str) else ways) if each])
