from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Maturity(models.TextChoices):
    """How far a measure has come, as recorded by a decision."""

    IDEA = "idea", _("Idea")
    PILOT = "pilot", _("Pilot")
    OPERATION = "operation", _("In operation")
    SCALED = "scaled", _("Rolled out")
    ENDED = "ended", _("Ended")


class State(models.TextChoices):
    """Where a measure stands, computed from its milestones, dates and decisions."""

    UNKNOWN = "unknown", _("No dates known")
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    LATE = "late", _("Late")
    PAUSED = "paused", pgettext_lazy("programme", "Paused")
    STOPPED = "stopped", _("Stopped")
    DROPPED = "dropped", _("Dropped")
    DONE = "done", pgettext_lazy("programme", "Done")


class DecisionKind(models.TextChoices):
    """What a decision does to a measure. A note changes nothing; approval begins it."""

    NOTE = "note", _("took note")
    APPROVE = "approve", _("approved")
    CHANGE = "change", _("changed")
    PAUSE = "pause", _("paused")
    RESUME = "resume", _("resumed")
    STOP = "stop", _("stopped")
    DROP = "drop", _("dropped")


class ArrivalState(models.TextChoices):
    """What became of a decision that a council information system told of."""

    NEW = "new", pgettext_lazy("council decision", "New")
    TAKEN = "taken", _("Taken over")
    IGNORED = "ignored", _("Does not concern us")


class PartyKind(models.TextChoices):
    OFFICE = "office", _("Office of the town")
    MUNICIPAL = "municipal", _("Municipal company")
    TOWN = "town", _("Other town or village")
    STATE = "state", _("State or federal authority")
    RESEARCH = "research", _("Research institute")
    COMPANY = "company", _("Company")
    CLUB = "club", _("Club or initiative")
    OTHER = "other", _("Other")


class InvolvementRole(models.TextChoices):
    """RACI-like roles, in the words of German project papers."""

    LEAD = "lead", _("Lead")
    PARTNER = "partner", _("Partner")
    FUNDER = "funder", _("Funding")
    CONTRACTOR = "contractor", _("Contractor")
    CONSULTED = "consulted", _("Consulted")
    USER = "user", _("Uses it")


class DependencyKind(models.TextChoices):
    FINISHED = "finished", _("needs it finished")
    RUNNING = "running", _("needs it running")


class Origin(models.TextChoices):
    CONTEST = "contest", _("Idea of the contest")
    PROMISE = "promise", _("Promise")
    COUNCIL = "council", _("Council")
    CITIZENS = "citizens", _("Citizens")
    OFFICE = "office", _("Administration")
    ADOPTED = "adopted", _("Taken over from elsewhere")


class Grade(models.IntegerChoices):
    LOW = 1, _("low")
    MIDDLE = 2, _("middle")
    HIGH = 3, _("high")


class Light(models.TextChoices):
    GOOD = "good", _("on course")
    WARN = "warn", _("at risk")
    BAD = "bad", _("off course")


class RevisionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    RETURNED = "returned", _("Returned")
    PUBLISHED = "published", _("Published")
    DISCARDED = "discarded", _("Discarded")


class Direction(models.TextChoices):
    UP = "up", _("more")
    DOWN = "down", _("less")
    NONE = "none", _("neither: it only describes")


class Cadence(models.TextChoices):
    MONTH = "month", _("monthly")
    QUARTER = "quarter", _("quarterly")
    YEAR = "year", _("yearly")
    BIENNIAL = "biennial", _("every two years")
    ONCE = "once", _("once")


class Level(models.TextChoices):
    """For which space a value speaks. Values of different levels never stand in one series."""

    SITE = "site", _("a place")
    DISTRICT = "district", _("a part of town")
    TOWN = "town", _("the town")
    COUNTY = "county", _("the county")
    STATE = "state", _("the state")
    NATION = "nation", _("Germany")


class Quality(models.TextChoices):
    FINAL = "final", _("final")
    PROVISIONAL = "provisional", _("provisional")
    ESTIMATE = "estimate", _("estimated")
    MISSING = "missing", _("not measured")


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
