"""What people read when a geometry cannot be stored."""

from django.utils.translation import gettext_lazy as _

from allmende.spine.geo.shape import GeometryError

GEOMETRY = {
    "not_geojson": _("This is not a GeoJSON geometry."),
    "empty": _("The geometry is empty."),
    "too_large": _("The geometry is too large: draw it with fewer points."),
    "not_finite": _("A coordinate is not a number."),
    "swapped": _("Latitude and longitude are swapped: please exchange them."),
    "out_of_range": _("The position is outside Europe: please check the coordinates."),
    "kind": _("This kind of geometry does not fit here."),
    "invalid": _("The geometry has no length or no surface."),
}


def explain(error: GeometryError) -> str:
    return str(GEOMETRY.get(error.code, error))
