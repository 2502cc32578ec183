from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.spine.privacy.register import personal

from .enums import RunState


@personal(
    purpose=_("Show who let the house do what, and that it was done once"),
    legal_basis="Art. 6(1)(e) GDPR",
    retention_days=3650,
    subject="actor",
    fields=["actor"],
    on_deletion="detach",
    counts_from="finished",
)
class Run(models.Model):
    """One action under its key. `params` and `result` as JSON; `error` is {code, text} of the last failure."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=100)
    params = models.JSONField()
    state = models.CharField(max_length=10, choices=RunState.choices)
    result = models.JSONField(null=True)
    error = models.JSONField(null=True)
    tries = models.PositiveIntegerField(default=1)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    started = models.DateTimeField()
    finished = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-finished", "-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-finished", "-id"], name="actions_run_recent")]

    def __str__(self) -> str:
        return f"{self.name} ({self.key})"
