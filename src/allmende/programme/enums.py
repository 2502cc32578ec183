from django.db import models
from django.utils.translation import gettext_lazy as _


class Maturity(models.TextChoices):
    """How far a measure has come, as recorded by a decision."""

    IDEA = "idea", _("Idea")
    PILOT = "pilot", _("Pilot")
    OPERATION = "operation", _("In operation")
    SCALED = "scaled", _("Rolled out")
    ENDED = "ended", _("Ended")


class Unit(models.TextChoices):
    EURO_CENT = "EUR", _("euro")
    METRE = "m", _("metres")
    PERCENT = "percent", _("per cent")
    PERSONS = "persons", _("persons")
    TOWNS = "towns", _("towns")
    PIECES = "pieces", _("pieces")
    MONTHS = "months", _("months")
    DAYS = "days", _("days")
    WATTS = "W", _("watts")
    KILOWATT_HOURS = "kWh", _("kilowatt hours")
