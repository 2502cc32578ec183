from django.db import models
from django.utils.translation import gettext_lazy as _


class AssetState(models.TextChoices):
    IN_SERVICE = "in_service", _("In service")
    OUT_OF_SERVICE = "out_of_service", _("Out of service")
    REMOVED = "removed", _("Removed")
