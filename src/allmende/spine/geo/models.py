"""`Located`: what a record has that is somewhere."""

from typing import Any, Self

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

from allmende.spine.geo import core
from allmende.spine.geo.fields import BoxField, PointField


class Located(models.Model):
    """A geometry in lon/lat with its point and rectangle in metres; all three or none.

    Never set the three fields singly: `place_at`, `place_on`, or `unplace`.
    """

    geom = models.BinaryField(null=True, blank=True, editable=False)
    centre = PointField(null=True, blank=True, editable=False)
    extent = BoxField(null=True, blank=True, editable=False)
    # Metres on the ground from the position that was asked for; set by `geo.queries`.
    distance_m: float

    class Meta:
        abstract = True
        # Inherit this Meta (class Meta(Located.Meta)) or repeat the indexes: Django does not merge them.
        indexes = [
            GistIndex(fields=["centre"], name="%(app_label)s_%(class)s_at"),
            GistIndex(fields=["extent"], name="%(app_label)s_%(class)s_box"),
        ]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_located",
                condition=Q(geom=None, centre=None, extent=None)
                | Q(geom__isnull=False, centre__isnull=False, extent__isnull=False),
            )
        ]

    def place_on(self, geometry: Any, *, kinds: tuple[str, ...] = ("point", "line", "area")) -> Self:
        """Set the geometry from GeoJSON, WKB or shapely, in lon/lat. Raises `shape.GeometryError`."""
        from allmende.spine.geo import shape

        return self._take(shape.clean(geometry, kinds=kinds))

    def place_at(self, lon: float, lat: float) -> Self:
        """Set a single position. Raises `shape.GeometryError`."""
        from allmende.spine.geo import shape

        return self._take(shape.of_point(lon, lat))

    def unplace(self) -> Self:
        """Take the geometry away."""
        self.geom = self.centre = self.extent = None
        return self

    def _take(self, found: Any) -> Self:
        self.geom, self.centre, self.extent = found.wkb, found.centre, found.extent
        return self

    @property
    def geom_kind(self) -> str | None:
        """`point`, `line`, `area`, or None without a geometry."""
        return core.kind_of_wkb(bytes(self.geom)) if self.geom is not None else None

    @property
    def lonlat(self) -> core.LonLat | None:
        """The position to put a marker at: the point itself, the middle of the line, a point in the area."""
        if self.geom is None or self.centre is None:
            return None
        return core.lonlat_of_point_wkb(bytes(self.geom)) or core.to_lonlat(self.centre[0], self.centre[1])

    @property
    def geojson(self) -> dict[str, Any] | None:
        """The GeoJSON geometry, or None."""
        return core.geojson_of_wkb(bytes(self.geom)) if self.geom is not None else None
