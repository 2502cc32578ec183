"""Indicators: what is measured, how, and what was known when."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from allmende.spine.ids import uuid7
from allmende.spine.links import link
from allmende.spine.models import Record

from ..enums import Cadence, Direction, Level, Quality
from .measures import Measure


class Indicator(Record):
    """Something that is measured again and again. What exactly, and how, stands in its newest definition.

    `common`: an identifier shared between towns (`inkar:q_pkw_bev`), by which values can be compared.
    """

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(_("Title"), max_length=160)
    title_en = models.CharField(_("Title in English"), max_length=160, blank=True)
    common = models.CharField(_("Shared identifier"), max_length=120, blank=True)
    published = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["title"]
        verbose_name = _("Indicator")

    def __str__(self) -> str:
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title

    def get_absolute_url(self) -> str:
        return link("programme:indicator", self.slug)


class Definition(models.Model):
    """What an indicator means from a day on. A new meaning is a new row; values name the one they follow."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="definitions")
    number = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    text = models.TextField(_("What is measured"))
    unit = models.CharField(
        _("Unit"), max_length=40, help_text=_("As it is read aloud: percent, euros per inhabitant.")
    )
    decimals = models.PositiveSmallIntegerField(_("Decimals shown"), default=1)
    direction = models.CharField(_("Better is"), max_length=8, choices=Direction.choices, default=Direction.UP)
    formula = models.TextField(_("Formula"), blank=True)
    source = models.CharField(_("Source"), max_length=200)
    source_url = models.URLField(_("Address of the source"), max_length=500, blank=True)
    licence = models.CharField(_("Licence"), max_length=120)
    cadence = models.CharField(_("How often"), max_length=10, choices=Cadence.choices, default=Cadence.YEAR)
    level = models.CharField(_("Measured for"), max_length=10, choices=Level.choices, default=Level.TOWN)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        verbose_name = _("Definition")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["indicator", "number"], name="programme_definition_number")
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.number}"


class SeriesBreak(models.Model):
    """From this day on, values do not compare with those before."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="breaks")
    date = models.DateField(pgettext_lazy("programme", "From"))
    reason = models.CharField(_("Because"), max_length=300)

    class Meta:
        ordering: ClassVar[list[str]] = ["date"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["indicator", "date"], name="programme_break_once")
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.reason}"


class Value(models.Model):
    """What was known from `vintage` on about an area in a period. Never changed: a correction is a later vintage.

    `value` None with quality "missing" says that nothing was measured. Periods are half-open: [starts, ends).
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="values")
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, choices=Level.choices)
    area = models.CharField(_("Area"), max_length=40, help_text=_("Official code, or a name for smaller places."))
    starts = models.DateField(_("Period from"))
    ends = models.DateField(_("Period to"))
    value = models.DecimalField(_("Value"), max_digits=20, decimal_places=6, null=True, blank=True)
    quality = models.CharField(_("Quality"), max_length=12, choices=Quality.choices, default=Quality.FINAL)
    vintage = models.DateTimeField(_("Known from"))
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["starts", "vintage", "pk"]
        verbose_name = _("Value")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["indicator", "area", "starts", "ends", "vintage"], name="programme_value_vintage"
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="programme_value_period",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(quality="missing"), name="programme_value_or_missing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.area} {self.starts}"


class SeriesArea(models.Model):
    """What an area of an indicator is called, and where its values come from where that is not the source of the
    definition: another town's, to compare with."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="areas")
    area = models.CharField(_("Area"), max_length=40)
    name = models.CharField(_("Name of the area"), max_length=120)
    source = models.CharField(_("Source"), max_length=200, blank=True)
    source_url = models.URLField(_("Address of the source"), max_length=500, blank=True)
    licence = models.CharField(_("Licence"), max_length=120, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        verbose_name = _("Area")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["indicator", "area"], name="programme_series_area_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.area})"


class Target(models.Model):
    """What a measure (or the whole programme) wants an indicator to reach, from where, and by when."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, null=True, blank=True, related_name="targets")
    level = models.CharField(_("For"), max_length=10, choices=Level.choices, default=Level.TOWN)
    area = models.CharField(_("Area"), max_length=40)
    baseline = models.DecimalField(
        pgettext_lazy("programme", "From"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    baseline_date = models.DateField(_("As of"), null=True, blank=True)
    value = models.DecimalField(_("Target"), max_digits=20, decimal_places=6, null=True, blank=True)
    due = models.DateField(pgettext_lazy("programme", "By"), null=True, blank=True)
    note = models.CharField(_("How it is connected"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        verbose_name = _("Target")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["measure", "indicator", "area"], name="programme_target_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} → {self.value}"
