from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.spine.people.models import Organisation
from allmende.spine.places.interfaces.forms import WhereForm
from allmende.spine.ui.filters import Filter

from .. import kinds
from ..core.table import FIELDS, guess
from ..domain.assets import EDITABLE
from ..domain.labels import SHEETS
from ..enums import AssetState
from ..models import Asset
from .texts import field_names


class FilterForm(Filter):
    q = forms.CharField(label=_("Number, name, place or code"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *AssetState.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("All kinds")), *kinds.choices()]  # type: ignore[attr-defined]

    def criteria(self) -> dict[str, str]:
        if not self.is_valid():
            return {}
        return {"text": self.cleaned_data["q"], "kind": self.cleaned_data["kind"], "state": self.cleaned_data["state"]}


class AssetForm(WhereForm):
    """A thing's record. `version` travels along, so that two editors notice each other."""

    field_order = ("kind", "number", "name", "place_name", "where", "lat", "lon", "geojson", "owner", "since", "note")
    kind = forms.ChoiceField(label=_("Kind"))
    number = forms.CharField(label=_("Number of the thing"), max_length=40, help_text=_("As it stands on the thing."))
    name = forms.CharField(
        label=_("Name"), max_length=160, required=False, help_text=_("Only where it has one besides its number.")
    )
    place_name = forms.CharField(label=_("Where it stands"), max_length=200, required=False)
    owner = forms.ModelChoiceField(Organisation.objects.all(), label=_("Owner"), required=False, empty_label="–")
    since = forms.DateField(
        label=_("In service since"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note for staff"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    needed = False

    def __init__(self, *args: Any, row: Asset | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = self.stored(row)
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["kind"].choices = kinds.choices()  # type: ignore[attr-defined]
        if row is not None:
            # A thing stays what it is; its number and label hang on it.
            del self.fields["kind"]

    @staticmethod
    def stored(row: Asset) -> dict[str, Any]:
        import json

        values: dict[str, Any] = {name: getattr(row, name) for name in EDITABLE} | {"version": row.version}
        if row.geom_kind == "point" and (at := row.lonlat):
            values |= {"lon": round(at.lon, 6), "lat": round(at.lat, 6)}
        elif row.geom is not None:
            values["geojson"] = json.dumps(row.geojson)
        return values

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EDITABLE}

    @property
    def geometry(self) -> Any:
        """The new geometry, or None where nothing about it was changed."""
        if self.row is not None and not {"where", "lon", "lat", "geojson"} & set(self.changed_data):
            return None
        return self.cleaned_data.get("geometry")


class LookupForm(forms.Form):
    q = forms.CharField(
        label=_("Number or code"),
        max_length=60,
        help_text=_("As on the label, for example “Luminaire 11” or 4K7 9XTR."),
    )


class LabelForm(forms.Form):
    size = forms.ChoiceField(
        label=_("Size of a label"), choices=[(name, f"{name.replace('x', ' × ')} mm") for name in SHEETS]
    )
    skip = forms.IntegerField(
        label=_("Labels already used on the first sheet"), min_value=0, max_value=23, initial=0, required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        skip = data.get("skip") or 0
        if "size" in data and skip >= SHEETS[data["size"]].fits:
            self.add_error("skip", _("The sheet has fewer labels than that."))
        return data


class UploadForm(forms.Form):
    file = forms.FileField(label=_("Table (CSV file)"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))


class MappingForm(forms.Form):
    """Which column is what, for the columns of one table."""

    def __init__(self, data: Any, columns: list[str]) -> None:
        self.columns = columns
        proposed = guess(columns)
        super().__init__(data, initial={name: str(index) for name, index in proposed.items()})
        self.fields["kind"] = forms.ChoiceField(label=_("What are these things?"), choices=kinds.choices())
        titles = field_names()
        options = [("", _("– not in the table –")), *((str(i), c or f"({i + 1})") for i, c in enumerate(columns))]
        for name in FIELDS:
            required = name == "number"
            self.fields[name] = forms.ChoiceField(
                label=titles[name], choices=options[1:] if required else options, required=required
            )

    def mapping(self) -> dict[str, int]:
        return {name: int(self.cleaned_data[name]) for name in FIELDS if self.cleaned_data[name] != ""}
