from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    DONE = "done", _("Carried out")
    FAILED = "failed", _("Failed")
