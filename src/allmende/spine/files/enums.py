from django.db import models
from django.utils.translation import gettext_lazy as _


class Scan(models.TextChoices):
    """What the virus scan said. `not_scanned`: the town runs none."""

    WAITING = "waiting", _("waiting for the virus scan")
    CLEAN = "clean", _("scanned, nothing found")
    REFUSED = "refused", _("refused by the virus scan")
    NOT_SCANNED = "not_scanned", _("not scanned")


READABLE = frozenset({Scan.CLEAN, Scan.NOT_SCANNED})
