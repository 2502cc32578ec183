import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from allmende.programme.domain.queries import measures_for
from allmende.programme.models import Measure
from allmende.spine.files.forms import CheckedFileField
from allmende.spine.ui.conflicts import Difference, differences
from allmende.spine.ui.fields import EuroField, PercentField, as_euro
from allmende.spine.ui.filters import Filter

from ..core import sums
from ..core.sums import Entry
from ..domain import queries
from ..domain.grants import EDITABLE
from ..enums import Counting
from ..models import Grant

_MONEY = ("amount_cents", "own_share_cents")


class CountingForm(Filter):
    by = forms.ChoiceField(label=_("Money counts"), required=False, choices=Counting.choices)

    def value(self, name: str) -> str:
        """What was asked for; empty where it makes no sense. One odd value does not spoil the others."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def counting(self) -> str:
        return self.value("by") or Counting.PERIOD


class FilterForm(CountingForm):
    """The choices are those that the grants have. `years`: of the way of counting that was asked for."""

    scheme = forms.ChoiceField(label=_("Funding programme"), required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)
    town = forms.ChoiceField(label=_("Town"), required=False)
    phase = forms.ChoiceField(label=_("Phase"), required=False)
    field_order = ("scheme", "year", "town", "phase", "by")

    def __init__(self, data: Any, entries: Sequence[Entry]) -> None:
        super().__init__(data)
        asked = self["by"].data
        counting = asked if asked in Counting.values else Counting.PERIOD
        schemes = sorted({entry.scheme for entry in entries}, key=str.casefold)
        towns = {entry.town: entry.recipient for entry in entries}
        phases = {entry.phase: entry.phase_title for entry in entries if entry.phase is not None}
        numbered = [(str(number), title) for number, title in sorted(phases.items())]
        years = sums.in_order({year for entry in entries for year in sums.years_of(entry, counting)})
        self._choose("scheme", _("All funding programmes"), [(name, name) for name in schemes])
        self._choose("year", _("All years"), [_year(year) for year in years])
        self._choose("town", _("All towns"), sorted(towns.items(), key=lambda item: item[1].casefold()))
        self._choose("phase", _("All phases"), [*numbered, (queries.NO_PHASE, _("No phase"))])
        if not phases:
            del self.fields["phase"]

    def _choose(self, name: str, every: Any, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = [("", every), *choices]  # type: ignore[attr-defined]

    def criteria(self) -> dict[str, str]:
        """For `queries.select`."""
        asked = {name: self.value(name) for name in ("scheme", "year", "town", "phase")}
        return asked | {"counting": self.counting}


def _year(year: int | None) -> tuple[str, Any]:
    return (queries.UNKNOWN, _("not known")) if year is None else (str(year), str(year))


class PortfolioForm(CountingForm):
    scheme = forms.ChoiceField(label=_("Funding programme"), required=False)
    field_order = ("scheme", "by")

    def __init__(self, data: Any, entries: Sequence[Entry]) -> None:
        super().__init__(data)
        names = sorted({entry.scheme for entry in entries}, key=str.casefold)
        choices = [("", _("All funding programmes")), *((name, name) for name in names)]
        self.fields["scheme"].choices = choices  # type: ignore[attr-defined]

    @property
    def until(self) -> int | None:
        """The last year to show, where a link to earlier or later ones was followed."""
        asked = self.data.get("until", "")
        return int(asked) if asked.isdecimal() and len(asked) == 4 else None


class StaffFilterForm(Filter):
    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    public = forms.ChoiceField(
        label=_("Public"), required=False, choices=[("", _("All")), ("yes", _("public")), ("no", _("not public"))]
    )

    def criteria(self) -> dict[str, str]:
        if not self.is_valid():
            return {}
        return {"text": self.cleaned_data["q"], "public": self.cleaned_data["public"]}


class GrantForm(forms.Form):
    """A notice as it is typed in. `version` travels along, so that two editors notice each other."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, data: Any = None, *, row: Grant | None = None) -> None:
        initial = self.stored(row) | {"version": row.version} if row else {"qualifier": "exact"}
        super().__init__(data, initial=initial)
        made: dict[str, Any] = fields_for_model(Grant, fields=EDITABLE)
        for name, field in made.items():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[name] = field
        for name in _MONEY:
            told = made[name]
            self.fields[name] = EuroField(label=told.label, help_text=told.help_text, required=told.required)
        self.fields["amount_cents"].help_text = _("In euro, as the notice says it.")
        self.fields["quota"] = PercentField(
            label=_("Funding quota"), required=False, help_text=_("In per cent of the costs that count.")
        )
        self.fields["note"].widget = forms.Textarea(attrs={"rows": 2})
        self.fields["phase"].empty_label = _("No phase")  # type: ignore[attr-defined]
        self.order_fields([*EDITABLE, "version"])

    @staticmethod
    def stored(row: Grant) -> dict[str, Any]:
        return {name: getattr(row, name) for name in EDITABLE}

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EDITABLE}

    def against(self, current: Grant) -> list[Difference]:
        """What was typed beside what is saved now; money as money."""
        return [
            dataclasses.replace(one, yours=as_euro(one.yours), saved=as_euro(one.saved)) if one.name in _MONEY else one
            for one in differences(self, self.stored(current))
        ]


class DocumentForm(forms.Form):
    file = CheckedFileField(kinds={"document"}, label=_("File of the notice"), required=False)
    public = forms.BooleanField(
        label=_("Everybody may read the file"),
        required=False,
        help_text=_("Only where it names no clerk and nothing confidential, and once the grant is public."),
    )


class ShareForm(forms.Form):
    measure = forms.ModelChoiceField(Measure.objects.none(), label=_("Measure"), empty_label=_("– please choose –"))
    amount = EuroField(label=_("Amount"), required=False, help_text=_("Empty where the notice names none."))

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measure: Any = self.fields["measure"]
        measure.queryset = choices.queryset
        # One query for all rows of the form, not one for each.
        measure.choices = choices.options


class _Choices:
    def __init__(self, person: Any) -> None:
        self.queryset = measures_for(person).select_related(None).order_by("title", "pk")
        rows = self.queryset.only("title")
        self.options = [("", _("– please choose –")), *((row.pk, row.title) for row in rows)]


class SharesForm:
    """All shares of a grant as rows, and the version that they are laid on."""

    def __init__(self, grant: Grant, person: Any, data: Any = None) -> None:
        initial = [{"measure": row.measure_id, "amount": row.amount_cents} for row in grant.shares.all()]
        factory: Any = forms.formset_factory(ShareForm, extra=3, can_delete=True, max_num=200, absolute_max=220)
        self.formset = factory(
            data, prefix="shares", initial=initial, form_kwargs={"choices": _Choices(person)}
        )  # fmt: skip
        self.formset.deletion_widget = forms.CheckboxInput
        self.meta = VersionForm(data, initial={"version": grant.version})
        self._kept: list[forms.Form] = []

    def is_valid(self) -> bool:
        return all([self.meta.is_valid(), self.formset.is_valid()])

    @property
    def version(self) -> int:
        return int(self.meta.cleaned_data["version"])

    def shares(self) -> list[tuple[Measure, int | None]]:
        """What was typed, without rows to delete and rows left empty; remembers which form made which row."""
        self._kept = [
            form
            for form in self.formset.forms
            if form.cleaned_data.get("measure") and not form.cleaned_data.get("DELETE")
        ]
        return [(form.cleaned_data["measure"], form.cleaned_data["amount"]) for form in self._kept]

    def take_errors(self, error: ValidationError) -> None:
        """Each problem to the row it is about."""
        for one in error.error_list:
            params: Any = one.params
            row = params["row"]
            form: forms.Form = self.meta if row is None else self._kept[row]
            form.add_error(params["field"] if row is not None else None, one.message)

    @property
    def all_forms(self) -> list[forms.Form]:
        return [self.meta, *self.formset.forms]

    @property
    def errors(self) -> bool:
        return any(form.errors for form in self.all_forms)


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def texts_of(shares: Iterable[tuple[Measure, int | None]]) -> list[str]:
    """Shares as lines, to be shown beside those that somebody else has saved."""
    return [f"{measure}: {as_euro(cents) or '–'}" for measure, cents in shares]
