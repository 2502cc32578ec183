"""The frame that measures stand in: programme, phases, topics, parties."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from allmende.spine.links import link
from allmende.spine.models import Record

from ..enums import PartyKind


class Programme(Record):
    """The town's overall programme."""

    title = models.CharField(_("Title"), max_length=200)
    summary = models.TextField(_("Summary"), blank=True)
    lang = models.CharField(max_length=8, default="de")

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return self.title


class Phase(Record):
    """A part of the programme in time (Förderphase)."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="phases")
    number = models.PositiveSmallIntegerField(pgettext_lazy("programme", "Number"))
    title = models.CharField(_("Title"), max_length=160)
    focus = models.TextField(_("Focus"), blank=True)
    starts = models.DateField(pgettext_lazy("programme", "From"), null=True, blank=True)
    ends = models.DateField(_("To"), null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["programme_id", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["programme", "number"], name="programme_phase_number"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="programme_phase_dates",
                violation_error_message=_("The end lies before the beginning."),
            ),
        ]

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
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title

    def get_absolute_url(self) -> str:
        return link("programme:topic", self.slug)


class Party(Record):
    """An organisation that takes part: office, company, club, research institute, another town. Never a person."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(_("Name"), max_length=160)
    kind = models.CharField(_("Kind"), max_length=12, choices=PartyKind.choices, default=PartyKind.OTHER)
    url = models.URLField(_("Website"), max_length=300, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        verbose_name = _("Party")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return link("programme:party", self.slug)


class FormerSlug(models.Model):
    """An address that a measure once had; it redirects."""

    slug = models.SlugField(max_length=120, unique=True)
    measure = models.ForeignKey("programme.Measure", on_delete=models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug
