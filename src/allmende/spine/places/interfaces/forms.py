from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from allmende.spine.geo import shape
from allmende.spine.places.domain import areas, places, search
from allmende.spine.places.enums import AreaKind, HitKind, PlaceKind
from allmende.spine.places.interfaces.texts import explain
from allmende.spine.places.models import Area, Place


class WhereForm(forms.Form):
    """Where something is: an address to look up, two coordinates, or a drawn geometry. The most exact one counts."""

    where = forms.CharField(
        label=_("Address"), max_length=200, required=False, help_text=_("Street and number; fills in the coordinates.")
    )
    lat = forms.FloatField(
        label=_("Latitude"), required=False, localize=True, help_text=_("For example 49.4361 (north)")
    )
    lon = forms.FloatField(
        label=_("Longitude"), required=False, localize=True, help_text=_("For example 7.7689 (east)")
    )
    geojson = forms.CharField(
        label=_("Outline or line (GeoJSON)"),
        required=False,
        max_length=shape.MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("Only where a point is not enough: the text of a GeoJSON geometry."),
    )
    kinds: tuple[str, ...] = ("point", "line", "area")
    needed = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            data["geometry"] = self._geometry(data)
        except shape.GeometryError as error:
            field = "geojson" if data.get("geojson") else "lat"
            self.add_error(field, ValidationError(explain(error), code=error.code))
        return data

    def _geometry(self, data: dict[str, Any]) -> Any:
        import shapely

        if data.get("geojson"):
            return shapely.from_wkb(shape.clean(data["geojson"], kinds=self.kinds).wkb)
        lon, lat = data.get("lon"), data.get("lat")
        if lon is not None and lat is not None:
            return shapely.from_wkb(shape.of_point(lon, lat).wkb)
        if (lon is None) != (lat is None) and not {"lon", "lat"} & set(self.errors):
            self.add_error("lon" if lon is None else "lat", _("Latitude and longitude belong together."))
            return None
        if data.get("where"):
            return self._looked_up(data["where"])
        if self.needed and not self.errors:
            self.add_error("where", _("Say where it is: by address, by coordinates, or by an outline."))
        return None

    def _looked_up(self, text: str) -> Any:
        import shapely

        hits = search.search_address(text, 3)
        exact = [
            hit for hit in hits if hit.score >= 0.9 and hit.kind in (HitKind.ADDRESS, HitKind.STREET, HitKind.PLACE)
        ]
        if not exact:
            near = "; ".join(hit.label for hit in hits)
            message = (
                _("This address is not known. Similar ones: %(near)s") if near else _("This address is not known.")
            )
            self.add_error("where", ValidationError(message, params={"near": near}))
            return None
        return shapely.Point(exact[0].lon, exact[0].lat)


class _RecordForm(WhereForm):
    """Our own fields first, then where it is, then the version that detects two editors."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    source = forms.CharField(
        label=_("Source"), max_length=200, required=False, help_text=_("Where these data come from.")
    )
    source_date = forms.DateField(
        label=_("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    editable: tuple[str, ...] = ()

    def __init__(self, *args: Any, row: Place | Area | None = None, **kwargs: Any) -> None:
        self.row = row
        if row is not None:
            kwargs["initial"] = self.stored(row) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        # Somebody who changes only the name leaves the place where it is.
        self.needed = row is None

    @classmethod
    def stored(cls, row: Place | Area) -> dict[str, Any]:
        """The row as the form shows it."""
        import json

        values: dict[str, Any] = {name: getattr(row, name) for name in cls.editable} | {"version": row.version}
        if row.geom_kind == "point" and (at := row.lonlat):
            values |= {"lon": round(at.lon, 6), "lat": round(at.lat, 6)}
        elif row.geom is not None:
            values["geojson"] = json.dumps(row.geojson)
        return values

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.editable}

    @property
    def geometry(self) -> Any:
        """The new geometry, or None where nothing about it was changed."""
        touched = {"where", "lon", "lat", "geojson"} & set(self.changed_data)
        if self.row is not None and "where" in touched and touched == {"where"} and self.cleaned_data.get("where"):
            return self._looked_up(self.cleaned_data["where"])
        return self.cleaned_data.get("geometry") if touched or self.row is None else None


class PlaceForm(_RecordForm):
    field_order = (
        "name",
        "kind",
        "summary",
        "address",
        "where",
        "lat",
        "lon",
        "geojson",
        "source",
        "source_date",
        "version",
    )
    editable = places.EDITABLE
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=PlaceKind.choices)
    summary = forms.CharField(
        label=_("Description"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    address = forms.CharField(label=_("Address in words"), max_length=200, required=False)


class AreaForm(_RecordForm):
    field_order = ("name", "kind", "key", "where", "lat", "lon", "geojson", "source", "source_date", "version")
    editable = areas.EDITABLE
    kinds = ("area", "point")
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=AreaKind.choices)
    key = forms.CharField(
        label=_("Official key"), max_length=12, required=False, help_text=_("AGS or ARS, where there is one.")
    )
