from typing import ClassVar

from django.db import models


class Hour(models.Model):
    """The salt of one hour. With it goes, after the hour, every way to tell whose digests these were."""

    begins = models.DateTimeField(unique=True)
    salt = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return self.begins.isoformat()


class Hit(models.Model):
    """How often one sender, known by a salted digest only, came in this hour."""

    hour = models.ForeignKey(Hour, on_delete=models.CASCADE, related_name="hits")
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hour", "digest"], name="moderation_hit_once")
        ]

    def __str__(self) -> str:
        return self.digest[:8]
