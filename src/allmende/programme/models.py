from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.spine.geo.models import Located
from allmende.spine.links import link
from allmende.spine.models import Record

from .enums import Maturity, Unit


class Programme(Record):
    """The town's overall programme; its phases and grants come with the room's growth."""

    title = models.CharField(_("Title"), max_length=200)
    summary = models.TextField(_("Summary"), blank=True)
    lang = models.CharField(max_length=8, default="de")

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return self.title


class Topic(models.Model):
    """A field of action (Handlungsfeld)."""

    slug = models.SlugField(unique=True)
    title = models.CharField(_("Title"), max_length=120)
    title_en = models.CharField(_("Title in English"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering: ClassVar[list[str]] = ["order", "title"]

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title


class Measure(Record, Located):
    """A measure (Maßnahme): what is done, why, where, and how far it has come."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="measures")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="measures", verbose_name=_("Topic"))
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(_("Title"), max_length=160)
    summary = models.CharField(_("In one sentence"), max_length=300)
    reason = models.TextField(
        _("Why: which quality of life it should raise"),
        blank=True,
        help_text=_("Plain text; an empty line starts a paragraph."),
    )
    course = models.TextField(_("What has happened so far"), blank=True)
    easy = models.TextField(_("In plain language"), blank=True)
    maturity = models.CharField(_("Stage"), max_length=12, choices=Maturity.choices, default=Maturity.IDEA)
    since = models.DateField(_("In this stage since"), null=True, blank=True)
    place_name = models.CharField(_("Place"), max_length=160, blank=True)
    source_url = models.URLField(_("Source"), max_length=500, blank=True)
    lang = models.CharField(max_length=8, default="de")
    published = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Located.Meta):
        ordering: ClassVar[list[str]] = ["-changed", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            *Located.Meta.indexes,
            models.Index(
                fields=["-changed", "-id"], name="programme_measure_recent", condition=models.Q(published__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return link("programme:measure", self.slug)


class FormerSlug(models.Model):
    """An address that a measure once had; it redirects."""

    slug = models.SlugField(max_length=120, unique=True)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug


class Figure(models.Model):
    """One number as one source states it. `value` is in whole units (euro cents where the unit is EUR)."""

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

    class Meta:
        ordering: ClassVar[list[str]] = ["order", "key", "period", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(source_url=""), name="programme_figure_has_source")
        ]

    def __str__(self) -> str:
        return f"{self.matter} {self.period}".strip()

    @property
    def is_money(self) -> bool:
        return self.unit == Unit.EURO_CENT
