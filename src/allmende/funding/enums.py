from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Qualifier(models.TextChoices):
    """How a source states an amount."""

    EXACT = "exact", pgettext_lazy("amount", "exactly")
    MORE = "more", _("more than")
    ABOUT = "about", pgettext_lazy("amount", "about")
    UP_TO = "up_to", _("up to")


class Counting(models.TextChoices):
    """To which year money counts."""

    PERIOD = "period", _("spread evenly over the period")
    NOTICE = "notice", _("in the year of the notice")
