"""Form fields for money and quotas as people write them."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.spine.ui.formats import english, number

# 1.600.000,50 (German) or 1,600,000.50 (English); without grouping either mark may stand before the cents.
_GROUPED = {False: re.compile(r"\d{1,3}(\.\d{3})+(,\d{1,2})?"), True: re.compile(r"\d{1,3}(,\d{3})+(\.\d{1,2})?")}
_PLAIN = re.compile(r"\d{1,14}([.,]\d{1,2})?")


def read_number(text: str) -> Decimal | None:
    """A number with at most two places; None where it is none, or could mean two things."""
    text = re.sub(r"[\s\u00a0\u202f']", "", text)
    if _GROUPED[english()].fullmatch(text):
        group, mark = (",", ".") if english() else (".", ",")
        return Decimal(text.replace(group, "").replace(mark, "."))
    return Decimal(text.replace(",", ".")) if _PLAIN.fullmatch(text) else None


class _Hundredths(forms.CharField):
    """An integer of hundredths, written as a number with two places."""

    unit = ""
    wrong: Any = ""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=40, empty_value=None, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return number(Decimal(value) / 100, 0 if value % 100 == 0 else 2)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if text is None:
            return None
        found = read_number(text.replace(self.unit, ""))
        if found is None:
            raise ValidationError(self.wrong)
        return int(found * 100)

    def run_validators(self, value: Any) -> None:
        """Those of texts do not fit what `to_python` made; the limits are the verb's."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class EuroField(_Hundredths):
    """Euro as people write them; the value is integer cents."""

    unit = "€"
    wrong = gettext_lazy("Write the amount in euro, for example 1.600.000 or 950,50.")


class PercentField(_Hundredths):
    """Per cent; the value is in basis points."""

    unit = "%"
    wrong = gettext_lazy("Write the quota in per cent, for example 90 or 66,67.")


def as_euro(cents: Any) -> str:
    return "" if cents in (None, "") else _("%(amount)s euro") % {"amount": number(Decimal(int(cents)) / 100)}
