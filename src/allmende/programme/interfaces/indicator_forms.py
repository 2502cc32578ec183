"""Forms of indicators: filters, definition, break, values."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import fields_for_model
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.spine.ui.filters import Filter

from ..core.series import read_number, read_period, write_period
from ..domain.areas import FIELDS as DESCRIBED
from ..domain.indicators import MEANT, OWN, RowProblem
from ..domain.queries import topics
from ..domain.targets import FIELDS
from ..enums import Level, Quality
from ..models import Definition, Indicator, Target
from ..templatetags.indicators import STALENESS


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class IndicatorFilter(Filter):
    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    staleness = forms.ChoiceField(
        label=_("How old"),
        required=False,
        choices=[("", _("– all –")), *((grade, text) for grade, (text, _kind) in STALENESS.items())],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [("", _("All topics")), *((topic.slug, str(topic)) for topic in topics())]
        self.fields["topic"].choices = found  # type: ignore[attr-defined]

    def criteria(self) -> dict[str, str]:
        if not self.is_valid():
            return {}
        data = self.cleaned_data
        return {"text": data["q"], "topic": data["topic"], "staleness": data["staleness"]}


class Asked(NamedTuple):
    """Codes of the area and of the one to compare with (empty: none named); as known on a day."""

    area: str
    beside: str
    stand: dt.date | None


class AskForm(Filter):
    """Which area, beside which other one, and as known on which day."""

    gebiet = forms.ChoiceField(label=_("Area"), required=False)
    vergleich = forms.ChoiceField(label=_("Compare with"), required=False)
    stand = _day(label=_("As known on"), required=False)

    def asked(self) -> Asked:
        """What stands in the address; what cannot be read does not count."""
        try:
            stand = self.fields["stand"].clean(self.data.get("stand"))
        except ValidationError:
            stand = None
        return Asked(self.data.get("gebiet", ""), self.data.get("vergleich", ""), stand)

    def offer(self, areas: list[tuple[str, str]], chosen: str) -> None:
        """Name the areas there are; with one there is nothing to choose."""
        if len(areas) < 2:
            del self.fields["gebiet"], self.fields["vergleich"]
            return
        areas = sorted(areas, key=lambda one: one[1].casefold())
        self.fields["gebiet"].choices = areas  # type: ignore[attr-defined]
        others = [("", _("– nothing –")), *(one for one in areas if one[0] != chosen)]
        self.fields["vergleich"].choices = others  # type: ignore[attr-defined]
        if not self.data.get("gebiet"):
            self.data = {name: self.data.get(name, "") for name in self.fields} | {"gebiet": chosen}


def _definition_fields() -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    found |= fields_for_model(Indicator, fields=OWN)  # type: ignore[arg-type]
    found |= fields_for_model(Definition, fields=MEANT)  # type: ignore[arg-type]
    for name in ("text", "formula"):
        found[name].widget = forms.Textarea(attrs={"rows": 3})
    return found


class DefinitionForm(forms.Form):
    """What an indicator is called and means. With an indicator: its next definition."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, indicator: Indicator | None, meant: Definition | None, data: Any = None) -> None:
        initial: dict[str, Any] = {}
        if indicator is not None and meant is not None:
            initial = {name: getattr(indicator, name) for name in OWN} | {name: getattr(meant, name) for name in MEANT}
            initial |= {"version": indicator.version, "valid_from": timezone.localdate()}
        super().__init__(data, initial=initial)
        self.fields |= _definition_fields()
        if indicator is not None:
            del self.fields["level"]
            self.fields["valid_from"] = _day(label=_("The new definition is valid from"))
            self.fields["reason"] = forms.CharField(
                label=_("Why values before and after do not compare"),
                required=False,
                max_length=300,
                help_text=_("Needed where what is measured, the unit or the formula changes: the series breaks then."),
            )

    def meant(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*OWN, *MEANT) if name in self.cleaned_data}


class BreakForm(forms.Form):
    date = _day(label=pgettext_lazy("programme", "From"))
    reason = forms.CharField(label=_("Because"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class NumberField(forms.CharField):
    """A number as people of the active language write it: `1.234,5`."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **more)

    def clean(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_number(text, decimal=str(get_format("DECIMAL_SEPARATOR")))
        except ValueError:
            raise ValidationError(_("This is no number. Write it like 1,234.5.")) from None


class TargetForm(forms.Form):
    """What the whole programme wants an indicator to reach. `version`: the indicator's."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    area = forms.CharField(label=_("Area"), max_length=40, help_text=_("Official code, or a name for smaller places."))
    level = forms.ChoiceField(label=_("For"), choices=Level.choices)
    baseline = NumberField(label=_("Value at the beginning"), required=False)
    baseline_date = _day(label=_("As of"), required=False)
    value = NumberField(label=_("Target"))
    due = _day(label=_("To be reached by"), required=False)
    note = forms.CharField(label=_("How it is connected"), max_length=300, required=False)

    def __init__(self, indicator: Indicator, target: Target, data: Any = None) -> None:
        initial: dict[str, Any] = {name: getattr(target, name) for name in FIELDS} | {"version": indicator.version}
        for name in ("baseline", "value"):
            if initial[name] is not None:
                separator = str(get_format("DECIMAL_SEPARATOR"))
                initial[name] = format(initial[name].normalize(), "f").replace(".", separator)
        super().__init__(data, initial=initial)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class ValueForm(forms.Form):
    """One value. An empty row does not count."""

    period = forms.CharField(
        label=pgettext_lazy("programme", "Period"), max_length=40, help_text=_("2024, 03/2024, Q2 2024 or two days")
    )
    value = NumberField(label=_("Value"), required=False)
    quality = forms.ChoiceField(label=_("Quality"), choices=Quality.choices, initial=Quality.FINAL)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def clean_period(self) -> str:
        text: str = self.cleaned_data["period"]
        try:
            return write_period(read_period(text))
        except (ValueError, OverflowError):
            raise ValidationError(_("This is no period.")) from None


class SeriesForm(forms.Form):
    """For which area, and since when what is entered is known."""

    area = forms.CharField(label=_("Area"), max_length=40, help_text=_("Official code, or a name for smaller places."))
    level = forms.ChoiceField(label=_("Measured for"), choices=Level.choices)
    known_from = _day(label=_("Known from"), required=False, help_text=_("Empty: from now on."))
    name = forms.CharField(
        label=_("Name of the area"), max_length=120, required=False,
        help_text=_("For another town or area to compare with. Empty: as it is called already."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source"), max_length=200, required=False, help_text=_("Where it is not the source of the indicator.")
    )
    source_url = forms.URLField(label=_("Address of the source"), max_length=500, required=False)
    licence = forms.CharField(label=_("Licence"), max_length=120, required=False)

    def areas(self) -> dict[str, dict[str, str]]:
        """What is said of the area, where anything is."""
        said = {name: self.cleaned_data[name] for name in DESCRIBED if self.cleaned_data[name]}
        return {self.cleaned_data["area"]: said} if said else {}

    def clean_known_from(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["known_from"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("This day lies in the future."))
        return day

    def vintage(self) -> dt.datetime | None:
        """The end of the named day, or now where that has not come yet."""
        day = self.cleaned_data["known_from"]
        if day is None:
            return None
        night = timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59, 59)))
        return min(night, timezone.now())


ROWS = 5
ValueFormSet = forms.formset_factory(ValueForm, extra=ROWS, max_num=100, validate_max=True)


class RecordForms:
    """The area with a table of values, sent together."""

    def __init__(self, area: str, level: str, data: Any = None) -> None:
        self.series = SeriesForm(data, initial={"area": area, "level": level})
        self.rows = ValueFormSet(data, prefix="rows")
        for form in self.rows:
            form.fields["period"].widget.attrs.pop("required", None)

    @property
    def all_forms(self) -> list[forms.Form]:
        return [self.series, *self.rows]

    @property
    def errors(self) -> bool:
        return self.series.is_bound and any(form.errors for form in self.all_forms)

    def is_valid(self) -> bool:
        valid = [self.series.is_valid(), self.rows.is_valid()]
        for message in self.rows.non_form_errors():
            self.series.add_error(None, message)
        if all(valid) and not self._filled():
            self.series.add_error(None, _("Enter at least one value."))
            return False
        return all(valid)

    def _filled(self) -> list[forms.Form]:
        return [form for form in self.rows if form.has_changed()]

    def values(self, indicator: Indicator) -> list[dict[str, Any]]:
        data = self.series.cleaned_data
        common = {"indicator": indicator, "area": data["area"], "level": data["level"]}
        return [common | form.cleaned_data for form in self._filled()]

    def take(self, problems: list[RowProblem]) -> None:
        """Put what the verb found wrong to the fields it is about."""
        filled = self._filled()
        for problem in problems:
            form: forms.Form = filled[problem.row] if problem.row >= 0 else self.series
            if problem.field in form.fields:
                form.add_error(problem.field, problem.message)
            else:
                name = {"vintage": "known_from"}.get(problem.field, problem.field)
                self.series.add_error(name if name in self.series.fields else None, problem.message)
