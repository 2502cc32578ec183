from django.db import models
from django.utils.translation import gettext_lazy as _


class Decision(models.TextChoices):
    OPEN = "open", _("not decided")
    TAKEN = "taken", _("taken over by the archive")
    DECLINED = "declined", _("declined by the archive")


class CopyState(models.TextChoices):
    WAITING = "waiting", _("being prepared")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")
