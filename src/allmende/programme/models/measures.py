"""Measures: what is done, why, where, and how far it has come."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.spine.geo.models import Located
from allmende.spine.links import link
from allmende.spine.models import Record

from ..enums import Maturity, Origin
from .base import Phase, Programme, Topic


class Measure(Record, Located):
    """A measure (Maßnahme) as it is published, or, where `published` is empty, as it was first drafted.

    Its state (planned, running, late, …) is computed (`core.state`), never stored.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="measures")
    phase = models.ForeignKey(
        Phase, on_delete=models.PROTECT, null=True, blank=True, related_name="measures", verbose_name=_("Phase")
    )
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="measures", verbose_name=_("Topic"))
    slug = models.SlugField(max_length=120, unique=True)
    code = models.CharField(
        _("Code"), max_length=40, blank=True, help_text=_("As in the town's own list; no other measure has it.")
    )
    title = models.CharField(_("Title"), max_length=160)
    summary = models.CharField(_("In one sentence"), max_length=300)
    reason = models.TextField(
        _("Why: which quality of life it should raise"),
        blank=True,
        help_text=_("Plain text; an empty line starts a paragraph."),
    )
    course = models.TextField(_("What has happened so far"), blank=True)
    result = models.TextField(_("What it led to"), blank=True, help_text=_("Also what did not work."))
    easy = models.TextField(_("In plain language"), blank=True)
    maturity = models.CharField(_("Stage"), max_length=12, choices=Maturity.choices, default=Maturity.IDEA)
    since = models.DateField(_("In this stage since"), null=True, blank=True)
    place_name = models.CharField(_("Place"), max_length=160, blank=True)
    source_url = models.URLField(_("Source"), max_length=500, blank=True)
    origin_kind = models.CharField(_("Where it comes from"), max_length=12, choices=Origin.choices, blank=True)
    origin_text = models.CharField(_("More on its origin"), max_length=300, blank=True)
    origin_url = models.URLField(_("Address of its origin"), max_length=500, blank=True)
    adopted_from = models.CharField(_("Taken over from"), max_length=160, blank=True, help_text=_("Town and version."))
    # Theory of change: what goes in, what is done, what comes of it, what changes, and for what quality of life.
    input = models.TextField(_("What goes in"), blank=True)
    activity = models.TextField(_("What is done"), blank=True)
    output = models.TextField(_("What comes of it"), blank=True)
    outcome = models.TextField(_("What changes through it"), blank=True)
    quality = models.TextField(_("Which quality of life gains"), blank=True)
    assumptions = models.TextField(
        _("What has to hold for that"), blank=True, help_text=_("The assumptions, so that they can be doubted.")
    )
    advice = models.TextField(
        _("What others should know"), blank=True,
        help_text=_("For other towns: what you would do again, and what not."),
    )  # fmt: skip
    lang = models.CharField(max_length=8, default="de")
    published = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Located.Meta):
        ordering: ClassVar[list[str]] = ["-changed", "-pk"]
        verbose_name = _("Measure")
        indexes: ClassVar[list[models.Index]] = [
            *Located.Meta.indexes,
            models.Index(
                fields=["-changed", "-id"], name="programme_measure_recent", condition=models.Q(published__isnull=False)
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["programme", "code"],
                condition=~models.Q(code=""),
                name="programme_measure_code",
                violation_error_message=_("Another measure has this code."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return link("programme:measure", self.slug)

    @property
    def change_url(self) -> str:
        """Where staff work on it."""
        return link("programme:change_measure", str(self.public_id))
