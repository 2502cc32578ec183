from django.db import models
from django.utils.translation import gettext_lazy as _


class AreaKind(models.TextChoices):
    """What an area is, from the largest to the smallest; postcodes lie across."""

    STATE = "state", _("Federal state")
    COUNTY = "county", _("County")
    ASSOCIATION = "association", _("Association of municipalities")
    MUNICIPALITY = "municipality", _("Municipality")
    DISTRICT = "district", _("District")
    VILLAGE = "village", _("Village")
    QUARTER = "quarter", _("Quarter")
    POSTCODE = "postcode", _("Postcode area")
    OTHER = "other", _("Other area")


class PlaceKind(models.TextChoices):
    """What a place of the town is."""

    OFFICE = "office", _("Office")
    SQUARE = "square", _("Square")
    PARK = "park", _("Park or green space")
    PATH = "path", _("Path or street")
    BUILDING = "building", _("Building")
    SCHOOL = "school", _("School or nursery")
    SITE = "site", _("Site of a project")
    MEETING = "meeting", _("Meeting place")
    OTHER = "other", _("Other place")


class ImportState(models.TextChoices):
    """A run goes from running to active and, with the next one, to replaced; or it fails."""

    RUNNING = "running", _("Running")
    ACTIVE = "active", _("In use")
    REPLACED = "replaced", _("Replaced")
    FAILED = "failed", _("Failed")


class HitKind(models.TextChoices):
    """How well an address hit fits."""

    ADDRESS = "address", _("Address")
    NEAREST_NUMBER = "nearest_number", _("Nearest house number")
    STREET = "street", _("Street")
    PLACE = "place", _("Place")
