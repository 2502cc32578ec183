from typing import ClassVar

from django.db import models

from .kinds import sentence


class FactRow(models.Model):
    """One fact as stored. The table is made by SQL and append-only; this model only reads."""

    id = models.BigAutoField(primary_key=True)
    epoch = models.BigIntegerField()
    time = models.DateTimeField()
    actor = models.TextField()
    kind = models.TextField()
    subject = models.TextField()
    url = models.TextField()
    origin = models.TextField()
    payload = models.JSONField()
    public = models.BooleanField()

    class Meta:
        managed = False
        db_table = "facts_fact"
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def sentence(self) -> str:
        return sentence(self.kind, self.payload)
