"""The fields of forms as a model names them: from what people type to values that FEEL knows.

| type | value |
|---|---|
| text, long_text, email | text, without control characters |
| number, integer | number |
| money | euro as a number with at most two places: 1200.5 |
| yes_no | true or false |
| date | text, ISO 8601 |
| choice, topic | text: the value of the option, the topic's slug |
| choices | list of texts |
| measure | text: public id of a measure that the person may see |
| file | text: URN of a file of this task |
"""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    URLValidator,
)
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from allmende.programme.models import Measure, Topic
from allmende.spine.files.core.kinds import MB
from allmende.spine.files.forms import CheckedFileField
from allmende.spine.people.access import visible_to
from allmende.spine.ui.formats import english

from ..core.forms import Field, Option

FILES = {"image", "document", "table"}
_MOST_TEXT, _MOST_LONG, _MOST_BYTES = 500, 20_000, 25
# JSON numbers are read as binary fractions, which keep fifteen decimal digits as they are.
_DIGITS = 15
_LONGEST = 40
# Control characters save tab and line ends, and halves of surrogate pairs: no database or XML takes them.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# 1.600.000,50 (German) or 1,600,000.50 (English); without grouping either mark may stand before the places.
_GROUPED = {
    False: re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?"),
    True: re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"),
}
_PLAIN = re.compile(r"[+-]?\d+([.,]\d+)?")


def clean(text: str) -> str:
    """A text without what no text has."""
    return _NO_TEXT.sub("", text)


def label_of(told: Field | Option) -> str:
    """The label in the reader's language."""
    return (english() and told.label_en) or told.label


def bound(text: str) -> Decimal | None:
    """A limit as a model writes it; None where it is none, or too large to be meant."""
    try:
        found = Decimal(text)
    except ArithmeticError:
        return None
    return found if found.is_finite() and found.adjusted() <= _DIGITS else None


def day(text: str) -> dt.date | None:
    """A limit of dates: a day, or "today"."""
    if text == "today":
        return timezone.localdate()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _length(text: str, usual: int, least: int = 1) -> int:
    found = bound(text)
    return usual if found is None else max(least, min(int(found), usual))


class Text(forms.CharField):
    def to_python(self, value: Any) -> str:
        return str(super().to_python(clean(value) if isinstance(value, str) else value))


class Email(forms.EmailField):
    def to_python(self, value: Any) -> str:
        return str(super().to_python(clean(value) if isinstance(value, str) else value))


class Number(forms.DecimalField):
    """A number as people write it in their language."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        text = re.sub(r"[\s\u00a0\u202f']", "", clean(str(value))).removesuffix("€") if value is not None else ""
        if not text:
            return None
        if len(text) <= _LONGEST and _GROUPED[english()].fullmatch(text):
            group, mark = (",", ".") if english() else (".", ",")
            text = text.replace(group, "").replace(mark, ".")
        elif len(text) > _LONGEST or not _PLAIN.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(text.replace(",", "."))

    def prepare_value(self, value: Any) -> Any:
        """A number that the case knows, as it is read again; what was typed stays as it is."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        text = f"{Decimal(str(value)):f}"
        return text if english() else text.replace(".", ",")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}


class Whole(Number):
    default_error_messages = forms.IntegerField.default_error_messages

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        if found is not None and found != found.to_integral_value():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class YesNo(forms.TypedChoiceField):
    def prepare_value(self, value: Any) -> Any:
        return ("yes" if value else "no") if isinstance(value, bool) else value


class Upload(CheckedFileField):
    """A file that was stored before the form is checked: its URN stands in the draft, which is the form's initial
    value."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return super().clean(data, initial) or ""


def _text(told: Field, common: dict[str, Any]) -> forms.Field:
    most = _length(told.most, _MOST_TEXT)
    least = _length(told.least, most, 0) if told.least else None
    # What a decision takes as its address would be refused there, when nobody can mend it any more.
    limits = [URLValidator(["http", "https"])] if told.oparl == "url" else []
    return Text(max_length=most, min_length=least, validators=limits, **common)


def _long_text(told: Field, common: dict[str, Any]) -> forms.Field:
    most = _length(told.most, _MOST_LONG)
    least = _length(told.least, most, 0) if told.least else None
    return Text(widget=forms.Textarea(attrs={"rows": 5}), max_length=most, min_length=least, **common)


def _number(told: Field, common: dict[str, Any]) -> forms.Field:
    return Number(min_value=bound(told.least), max_value=bound(told.most), max_digits=_DIGITS, **common)


def _integer(told: Field, common: dict[str, Any]) -> forms.Field:
    return Whole(min_value=bound(told.least), max_value=bound(told.most), max_digits=_DIGITS, **common)


def _money(told: Field, common: dict[str, Any]) -> forms.Field:
    least = bound(told.least)
    return Number(
        min_value=Decimal(0) if least is None else least,
        max_value=bound(told.most),
        max_digits=_DIGITS,
        decimal_places=2,
        **common,
    )


def _yes_no(told: Field, common: dict[str, Any]) -> forms.Field:
    choices = [("yes", pgettext("answer", "Yes")), ("no", pgettext("answer", "No"))]
    if not told.required:
        choices.append(("", _("not said")))
    return YesNo(
        choices=choices, coerce=lambda value: value == "yes", empty_value=None, widget=forms.RadioSelect, **common
    )


def _date(told: Field, common: dict[str, Any]) -> forms.Field:
    attrs = {"type": "date"}
    limits: list[Callable[[Any], None]] = []
    if least := day(told.least):
        attrs["min"] = least.isoformat()
        text = _("Not before %(day)s.") % {"day": date_format(least, "DATE_FORMAT")}
        limits.append(MinValueValidator(least, text))
    if most := day(told.most):
        attrs["max"] = most.isoformat()
        text = _("Not after %(day)s.") % {"day": date_format(most, "DATE_FORMAT")}
        limits.append(MaxValueValidator(most, text))
    widget = forms.DateInput(attrs=attrs, format="%Y-%m-%d")
    return forms.DateField(widget=widget, validators=limits, **common)


def _options(told: Field) -> list[tuple[str, str]]:
    return [(each.value, label_of(each)) for each in told.options]


def _choice(told: Field, common: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", "–"), *_options(told)], **common)


class _AtLeast(MinLengthValidator):
    message = gettext_lazy("Choose at least %(limit_value)d.")


class _AtMost(MaxLengthValidator):
    message = gettext_lazy("Choose at most %(limit_value)d.")


def _choices(told: Field, common: dict[str, Any]) -> forms.Field:
    field = forms.MultipleChoiceField(choices=_options(told), widget=forms.CheckboxSelectMultiple, **common)
    if (least := bound(told.least)) is not None:
        field.validators.append(_AtLeast(int(least)))
    if (most := bound(told.most)) is not None:
        field.validators.append(_AtMost(int(most)))
    return field


def _email(told: Field, common: dict[str, Any]) -> forms.Field:
    return Email(**common)


def _topic(told: Field, common: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", "–"), *((each.slug, str(each)) for each in Topic.objects.all())], **common)


def _file(told: Field, common: dict[str, Any]) -> forms.Field:
    limit = bound(told.most)
    most = _MOST_BYTES if limit is None else max(1, min(int(limit), _MOST_BYTES))
    return Upload(kinds=FILES, max_bytes=most * MB, **common)


def _measure(person: Any, common: dict[str, Any]) -> forms.Field:
    rows = visible_to(person, Measure.objects.all()).order_by("title", "pk").values_list("public_id", "title")
    return forms.ChoiceField(choices=[("", "–"), *((str(key), title) for key, title in rows)], **common)


_MAKERS: dict[str, Callable[[Field, dict[str, Any]], forms.Field]] = {
    "long_text": _long_text,
    "number": _number,
    "integer": _integer,
    "money": _money,
    "yes_no": _yes_no,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "email": _email,
    "topic": _topic,
    "file": _file,
}


def field(told: Field, person: Any) -> forms.Field:
    """The field of a form for a person."""
    help_text = (english() and told.help_en) or told.help
    common: dict[str, Any] = {"label": label_of(told), "help_text": help_text, "required": told.required}
    if told.type == "measure":
        return _measure(person, common)
    return _MAKERS.get(told.type, _text)(told, common)


def plain(value: Any) -> Any:
    """As JSON knows it: numbers as they are where that is exact, days as ISO 8601."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def entered(value: Any) -> Any:
    """A value of JSON as a form takes it: numbers with the decimal mark of the active language."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        text = f"{Decimal(str(value)):f}"
        return text if english() else text.replace(".", ",")
    if isinstance(value, list):
        return [entered(each) for each in value]
    return "" if value is None else value
