from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ModelKind(models.TextChoices):
    PROCESS = "process", _("Process")
    DECISION = "decision", _("Decision")


class VersionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("process version", "Draft")
    REVIEW = "review", _("Waits for release")
    RELEASED = "released", _("Released")
    RETIRED = "retired", _("Retired")


class InstanceState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("process", "Running")
    DONE = "done", pgettext_lazy("process", "Ended")
    CANCELLED = "cancelled", pgettext_lazy("process", "Broken off")
    STUCK = "stuck", pgettext_lazy("process", "Stuck")


class ItemKind(models.TextChoices):
    """What a work item asks for, as the engine names it. A step of the system is seen by people only where it
    failed."""

    TASK = "task", pgettext_lazy("process", "Task")
    CHOICE = "choice", _("Choice of the way")
    COUNT = "count", _("How many")
    AGAIN = "again", _("Once more or not")
    EVENT = "event", _("Something has happened")
    ACTION = "action", _("Step of the system")
    PLAIN = "plain", _("Plain task")


class ItemState(models.TextChoices):
    OPEN = "open", pgettext_lazy("work item", "Open")
    DONE = "done", pgettext_lazy("work item", "Done")
    CANCELLED = "cancelled", pgettext_lazy("work item", "No longer needed")


class Happening(models.TextChoices):
    """What an entry of an instance's history says."""

    STARTED = "started", pgettext_lazy("process", "Started")
    PASSED = "passed", pgettext_lazy("process", "Passed")
    CLAIMED = "claimed", pgettext_lazy("process", "Taken on")
    GIVEN = "given", pgettext_lazy("process", "Handed on")
    RELEASED = "released", pgettext_lazy("process", "Put back")
    CHANGED = "changed", pgettext_lazy("process", "Changed")
    COMPLETED = "completed", pgettext_lazy("process", "Done by a person")
    ACTED = "acted", pgettext_lazy("process", "Done by the system")
    FAILED = "failed", pgettext_lazy("process", "Failed")
    RANG = "rang", pgettext_lazy("process", "A timer ran out")
    RECEIVED = "received", pgettext_lazy("process", "A message arrived")
    MIGRATED = "migrated", pgettext_lazy("process", "Moved to another version")
    REVERTED = "reverted", pgettext_lazy("process", "Moved back")
    CANCELLED = "cancelled", pgettext_lazy("process", "Broken off")
    ENDED = "ended", pgettext_lazy("process", "Ended")


class MigrationState(models.TextChoices):
    """What is being done with a migration, or was done last."""

    TRYING = "trying", pgettext_lazy("migration", "Being tried out")
    TRIED = "tried", pgettext_lazy("migration", "Tried out")
    MOVING = "moving", pgettext_lazy("migration", "Being moved")
    MOVED = "moved", pgettext_lazy("migration", "Moved")
    REVERTING = "reverting", pgettext_lazy("migration", "Being moved back")
    REVERTED = "reverted", pgettext_lazy("migration", "Moved back")


class MoveState(models.TextChoices):
    """Where one instance of a migration stands."""

    NEW = "new", _("Not tried out yet")
    FITS = "fits", _("Can be moved")
    STAYS = "stays", _("Stays where it is")
    MOVED = "moved", pgettext_lazy("migration", "Moved")
    REVERTED = "reverted", pgettext_lazy("migration", "Moved back")
    WENT_ON = "went_on", _("Went on since, stays")


class Rhythm(models.TextChoices):
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")
    YEARLY = "yearly", _("Every year")
    CYCLE = "cycle", _("By a repetition of ISO 8601")
