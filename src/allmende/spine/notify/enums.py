from django.db import models
from django.utils.translation import gettext_lazy as _


class Cadence(models.TextChoices):
    """When a notice of a topic also goes out by e-mail."""

    IMMEDIATELY = "immediately", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("No e-mail")
