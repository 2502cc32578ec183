"""Areas and places are records with a life of their own; streets, addresses, buildings and landmarks are what the map
source says today, replaced as a whole by the next import. See README.md."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from allmende.spine.geo.models import Located
from allmende.spine.models import Record
from allmende.spine.places.enums import AreaKind, ImportState, PlaceKind


class Import(Record):
    """One run of an importer over one file: a generation of streets, addresses, buildings, landmarks and a base map."""

    importer = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.RUNNING)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    data_date = models.DateField(null=True, blank=True)
    credit = models.CharField(max_length=200)
    counts = models.JSONField(default=dict)
    map_file = models.CharField(max_length=100, blank=True, default="")
    finished = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            # One map of the town at a time: the swap of two imports is one statement away from being seen.
            models.UniqueConstraint(fields=["state"], condition=Q(state=ImportState.ACTIVE), name="places_one_active"),
        ]

    def __str__(self) -> str:
        return f"{self.importer} {self.file_name} ({self.get_state_display()})"


class Area(Record, Located):
    """A part of the town. Keeps its identity over imports (by `ref`), so rooms may point at it.

    The geometry is the outline or, where only that is known, a point in the middle.
    """

    kind = models.CharField(max_length=20, choices=AreaKind)
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=12, blank=True, default="")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts")
    ref = models.CharField(max_length=250, blank=True, default="", editable=False)
    source = models.CharField(max_length=200, blank=True, default="")
    source_date = models.DateField(null=True, blank=True)
    credit = models.CharField(max_length=200, blank=True, default="")
    current = models.BooleanField(default=True, editable=False)

    class Meta(Located.Meta):
        constraints = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["ref"], condition=~Q(ref=""), name="places_area_ref"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("places:area", args=[self.public_id])


class Place(Record, Located):
    """A named point, line or area that the town itself entered."""

    kind = models.CharField(max_length=20, choices=PlaceKind, default=PlaceKind.OTHER)
    name = models.CharField(max_length=200)
    summary = models.TextField(max_length=600, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    source = models.CharField(max_length=200, blank=True, default="")
    source_date = models.DateField(null=True, blank=True)

    class Meta(Located.Meta):
        pass

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("places:place", args=[self.public_id])


class Imported(Located):
    """A row of one generation. Never the target of a foreign key: keep its text and position instead."""

    generation = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=40)

    class Meta(Located.Meta):
        abstract = True


class Street(Imported):
    """The ways of one name that belong together; two streets of one name far apart are two rows."""

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    postcode = models.CharField(max_length=5, blank=True, default="")
    city = models.CharField(max_length=100, blank=True, default="")
    district = models.CharField(max_length=200, blank=True, default="")

    class Meta(Located.Meta):
        indexes = [
            *Located.Meta.indexes,
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="places_street_name_trgm"),
        ]

    def __str__(self) -> str:
        return self.name


class Address(Imported):
    """A house number at its position."""

    street = models.ForeignKey(Street, on_delete=models.CASCADE, related_name="addresses", db_constraint=False)
    number = models.PositiveSmallIntegerField()
    suffix = models.CharField(max_length=1, blank=True, default="")
    number_to = models.PositiveSmallIntegerField(null=True)
    postcode = models.CharField(max_length=5, blank=True, default="")
    city = models.CharField(max_length=100, blank=True, default="")
    district = models.CharField(max_length=200, blank=True, default="")

    class Meta(Located.Meta):
        pass

    def __str__(self) -> str:
        return self.house_number

    @property
    def house_number(self) -> str:
        """As it is written: 12, 12a, 12–14."""
        text = f"{self.number}{self.suffix}"
        return f"{text}–{self.number_to}" if self.number_to else text


class Building(Imported):
    """The outline of a building."""

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True, default="")
    levels = models.PositiveSmallIntegerField(null=True)

    class Meta(Located.Meta):
        pass


class Landmark(Imported):
    """A named thing of the map source that people look for: a station, a school, a square."""

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    rank = models.PositiveSmallIntegerField(default=3)

    class Meta(Located.Meta):
        indexes = [
            *Located.Meta.indexes,
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="places_landmark_name_trgm"),
        ]

    def __str__(self) -> str:
        return self.name


LANDMARK_KINDS = {
    "townhall": _("Town hall"),
    "station": _("Railway station"),
    "hospital": _("Hospital"),
    "university": _("University"),
    "stadium": _("Stadium"),
    "fire_station": _("Fire station"),
    "police": _("Police"),
    "theatre": _("Theatre"),
    "library": _("Library"),
    "museum": _("Museum"),
    "school": _("School"),
    "kindergarten": _("Nursery school"),
    "church": _("Place of worship"),
    "castle": _("Castle"),
    "monument": _("Monument"),
    "community_centre": _("Community centre"),
    "social_facility": _("Social facility"),
    "public_building": _("Public building"),
    "cinema": _("Cinema"),
    "square": _("Square"),
    "park": _("Park"),
    "cemetery": _("Cemetery"),
    "playground": _("Playground"),
    "sports_centre": _("Sports centre"),
    "pool": _("Pool"),
    "pharmacy": _("Pharmacy"),
    "post_office": _("Post office"),
    "stop": _("Bus stop"),
    "peak": _("Peak"),
    "information": _("Information"),
    "viewpoint": _("Viewpoint"),
    "water": _("Water"),
    "fountain": _("Fountain"),
}
