"""Single numbers as their sources state them."""

import datetime as dt
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.spine.ids import uuid7

from ..enums import Unit
from .base import Programme
from .measures import Measure


def not_later(moment: dt.datetime) -> None:
    """Nothing is known from a later moment on. Clocks differ by minutes. Raises ValidationError."""
    if moment > timezone.now() + dt.timedelta(minutes=5):
        raise ValidationError(_("This day lies in the future."))


class Figure(models.Model):
    """One number as one source states it. `value` is in whole units (euro cents where the unit is EUR); `vintage` is
    since when it is known here."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="figures")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, null=True, blank=True, related_name="figures")
    key = models.SlugField(max_length=80)
    matter = models.CharField(_("Matter"), max_length=200)
    value = models.DecimalField(_("Value"), max_digits=18, decimal_places=2)
    unit = models.CharField(_("Unit"), max_length=10, choices=Unit.choices)
    qualifier = models.CharField(_("More precisely"), max_length=60, blank=True)
    period = models.CharField(_("Period"), max_length=60, blank=True)
    source_title = models.CharField(_("Source"), max_length=200)
    source_url = models.URLField(_("Address of the source"), max_length=500)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=100)
    vintage = models.DateTimeField(_("Known from"), default=timezone.now, editable=False, validators=[not_later])

    class Meta:
        ordering: ClassVar[list[str]] = ["order", "key", "period", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(source_url=""), name="programme_figure_has_source")
        ]

    def __str__(self) -> str:
        return f"{self.matter} {self.period}".strip()

    @property
    def urn(self) -> str:
        return f"figure:{self.public_id}"

    @property
    def is_money(self) -> bool:
        return self.unit == Unit.EURO_CENT
