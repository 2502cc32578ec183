"""Forms of people who read and contribute."""

import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.programme.models import Topic
from allmende.spine.files.forms import CheckedFileField
from allmende.spine.geo.shape import GeometryError, of_point
from allmende.spine.moderation.domain.comments import pseudonym_of
from allmende.spine.moderation.interfaces.forms import Guarded
from allmende.spine.places.domain.queries import describe
from allmende.spine.places.domain.search import AddressHit, search_address
from allmende.spine.places.enums import HitKind
from allmende.spine.ui.filters import Filter

from ..domain.contributing import PICTURES
from ..domain.overview import COMING, OPEN, OVER
from ..enums import ANSWERS, Placed, Standing
from ..models import Contribution, Phase
from ..models.contributions import TEXT, TITLE

PLACE = 160
# Offered where a name fits several places; what fits worse is no answer to what was typed.
HITS, ALIKE, SURE, APART = 5, 0.6, 0.9, 0.02
NOWHERE = "-"


class ParticipationFilter(Filter):
    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    stage = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All states")),
            (OPEN, pgettext_lazy("participation", "open")),
            (COMING, pgettext_lazy("participation", "announced")),
            (OVER, pgettext_lazy("participation", "over")),
        ],
    )

    def criteria(self) -> dict[str, str]:
        if not self.is_valid():
            return {}
        return {"text": self.cleaned_data["q"], "stage": self.cleaned_data["stage"]}


class ContributionFilter(Filter):
    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    standing = forms.ChoiceField(
        label=_("What becomes of it"),
        required=False,
        choices=[
            ("", _("Everything")),
            ("open", _("not answered yet")),
            ("overdue", _("overdue")),
            *((each.value, Standing(each).label) for each in ANSWERS),
        ],
    )
    sort = forms.ChoiceField(label=_("Order"), required=False)

    def __init__(self, *args: Any, topics: Sequence[Topic], support: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if topics:
            choices = [("", _("All topics")), *((each.slug, str(each)) for each in topics)]
            self.fields["topic"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["topic"]
        orders = [("", _("Newest first")), ("alt", _("Oldest first"))]
        if support:
            orders.insert(1, ("zuspruch", _("Most support first")))
        self.fields["sort"].choices = orders  # type: ignore[attr-defined]

    def criteria(self) -> dict[str, str]:
        if not self.is_valid():
            return {}
        asked = {name: self.cleaned_data.get(name, "") for name in ("topic", "standing", "sort")}
        return {"text": self.cleaned_data["q"], **asked}

    def query(self) -> str:
        """What was asked for, for another address of the same contributions."""
        if not self.is_valid():
            return ""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name) or []


class PicturesField(CheckedFileField):
    """Up to `most` pictures; each is checked as one would be."""

    widget = SeveralFiles

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(kinds=PICTURES, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | ({"multiple": True} if self.most > 1 else {})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if len(data) > self.most:
            raise ValidationError(now("At most %(number)s pictures.") % {"number": self.most})
        return [super(PicturesField, self).clean(each, initial) for each in data]


class PlacedForm(forms.Form):
    """A title, a text, and where: a point on the map, or a name that is looked up."""

    title = forms.CharField(label=_("Your idea in a few words"), max_length=TITLE)
    text = forms.CharField(label=_("Your idea"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 8}))
    topic = forms.ChoiceField(label=_("Topic"))
    place_name = forms.CharField(
        label=_("Where"), max_length=PLACE, required=False, help_text=_("Name of a place or street, or click the map.")
    )
    hit = forms.ChoiceField(label=_("Which one do you mean?"), required=False, widget=forms.RadioSelect)
    lon = forms.FloatField(
        label=_("Longitude"), required=False, localize=True, help_text=_("For example 7.7689 (east)")
    )
    lat = forms.FloatField(
        label=_("Latitude"), required=False, localize=True, help_text=_("For example 49.4361 (north)")
    )

    def __init__(self, *args: Any, phase: Phase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = phase.rules
        topics = list(Topic.objects.filter(slug__in=self.rules.topics)) if self.rules.topics else []
        self.topics = {each.slug: each for each in topics}
        if topics:
            choices = [("", _("– please choose –")), *((each.slug, str(each)) for each in topics)]
            self.fields["topic"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["topic"]
        self.asked: list[AddressHit] = []
        if self.rules.place == Placed.NO:
            for name in ("place_name", "hit", "lon", "lat"):
                del self.fields[name]
            return
        self._offer()

    @property
    def needed(self) -> bool:
        return self.rules.place == Placed.REQUIRED

    def _offer(self) -> None:
        """Put the places into the form that what was typed may mean, where it is not clear."""
        typed = str(self.data.get("place_name", "")).strip()[:PLACE] if self.is_bound else ""
        if typed and (not self.data.get("lon") or self.left_behind):
            self.asked = [each for each in search_address(typed, HITS) if each.score >= ALIKE]
        choices = [(_key(each), each.label) for each in self.asked]
        if choices and not self.needed:
            choices.append((NOWHERE, now("None of these: only as text")))
        self.fields["hit"].choices = choices  # type: ignore[attr-defined]

    @property
    def left_behind(self) -> bool:
        """Whether the point belongs to another name than the one that stands beside it now."""
        return "place_name" in self.changed_data and not {"lon", "lat"} & set(self.changed_data)

    @property
    def unclear(self) -> bool:
        """Whether the choice between places is to be shown."""
        return "hit" in self.errors or bool(self.is_bound and self.data.get("hit") and self.asked)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "place_name" not in self.fields:
            return data
        if self.left_behind:
            data |= {"lon": None, "lat": None}
        lon, lat = data.get("lon"), data.get("lat")
        if (lon is None) != (lat is None) and not {"lon", "lat"} & set(self.errors):
            self.add_error("lon" if lon is None else "lat", _("Latitude and longitude belong together."))
        elif lon is None and data.get("place_name"):
            self._look_up(data)
        elif lon is None and self.needed and not {"lon", "lat"} & set(self.errors):
            self.add_error("place_name", _("Say where, on the map or by the name of a place or street."))
        elif lon is not None and lat is not None and not data.get("place_name"):
            data["place_name"] = _named(lon, lat)
        return data

    def _look_up(self, data: dict[str, Any]) -> None:
        # What was chosen may have belonged to another name.
        self.errors.pop("hit", None)
        chosen = data.get("hit", "")
        found = next((each for each in self.asked if _key(each) == chosen), None) or _sure(self.asked, chosen)
        if found is not None:
            data |= {"lon": found.lon, "lat": found.lat, "place_name": found.label[:PLACE]}
        elif chosen == NOWHERE or (not self.asked and not self.needed):
            return
        elif self.asked:
            self.add_error("hit", _("Several places fit this name. Please choose one."))
        else:
            self.add_error("place_name", _("This place is not known. Try another name, or click the map."))

    def values(self) -> dict[str, Any]:
        """For the verbs."""
        data = self.cleaned_data
        told: dict[str, Any] = {"title": data["title"], "text": data["text"]}
        if self.topics:
            told["topic"] = self.topics.get(data["topic"])
        if "place_name" in self.fields:
            told |= {name: data.get(name) for name in ("place_name", "lon", "lat")}
        return told


def _key(hit: AddressHit) -> str:
    return f"{hit.lon:.6f},{hit.lat:.6f}"


def _named(lon: float, lat: float) -> str:
    """A point in words, for who only clicked the map; nothing where the verb will refuse it."""
    try:
        of_point(lon, lat)
    except GeometryError:
        return ""
    return describe(lon, lat).label[:PLACE]


def _sure(hits: list[AddressHit], chosen: Any) -> AddressHit | None:
    """The one that is clearly meant."""
    exact = [each for each in hits if each.score >= SURE and each.kind != HitKind.NEAREST_NUMBER]
    if chosen or not exact or (len(exact) > 1 and exact[0].score - exact[1].score < APART):
        return None
    return exact[0]


class ContributionForm(Guarded, PlacedForm):
    """What somebody puts in. `key`: of this form, so that it counts once however often it is sent. Who writes for the
    first time chooses a public name."""

    field_order = ("pseudonym", "title", "text", "topic", "place_name", "hit", "lat", "lon", "pictures", "alt")
    pseudonym = forms.CharField(
        label=_("Your public name"), max_length=60, help_text=_("Everybody sees it. It need not be your real name.")
    )
    alt = forms.CharField(
        label=_("What the pictures show"),
        max_length=300,
        required=False,
        help_text=_("For people who cannot see them."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, phase: Phase, account: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, phase=phase, **kwargs)
        if pseudonym_of(account) is not None:
            del self.fields["pseudonym"]
        most = phase.rules.pictures
        if most:
            self.fields["pictures"] = PicturesField(most=most, label=_("Pictures"), required=False)
            self.order_fields(self.field_order)
        else:
            del self.fields["alt"]


class ChangeForm(PlacedForm):
    """One's own words, later. `version`: of what they were changed from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @staticmethod
    def stored(row: Contribution) -> dict[str, Any]:
        """The row as the form shows it."""
        at = row.lonlat
        return {
            "title": row.title,
            "text": row.text,
            "topic": row.topic.slug if row.topic else "",
            "place_name": row.place_name,
            "lon": round(at.lon, 6) if at else None,
            "lat": round(at.lat, 6) if at else None,
            "version": row.version,
        }
