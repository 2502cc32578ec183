"""Participations and their phases."""

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.spine.links import link
from allmende.spine.models import Record
from allmende.spine.people.models import Organisation
from allmende.spine.privacy.register import not_personal

from ..core.rules import Rules
from ..enums import Audience, ParticipationState, PhaseKind


@not_personal(contact="the address of an office", title="what people are asked about")
class Participation(Record):
    """What people are asked about, by whom and to what end. `subject`: URN of what it is about, mostly a measure."""

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(_("Title"), max_length=160)
    summary = models.TextField(_("In short"), max_length=600)
    purpose = models.TextField(_("What is open, what is settled, and what becomes of it"), max_length=8000, blank=True)
    easy = models.TextField(_("In plain language"), max_length=4000, blank=True)
    lang = models.CharField(max_length=8, default="de")
    subject = models.CharField(max_length=120, blank=True)
    office = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Office that answers"),
    )
    contact = models.EmailField(_("Address for questions"), blank=True)
    state = models.CharField(max_length=10, choices=ParticipationState.choices, default=ParticipationState.DRAFT)
    published = models.DateTimeField(null=True, editable=False)
    # What came of it, or why it was broken off.
    result = models.TextField(_("What came of it"), max_length=8000, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject"], name="dialogue_about", condition=~Q(subject="")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="dialogue_published_has_day", condition=Q(state="draft") | Q(published__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return link("dialogue:participation", self.slug)

    @property
    def change_url(self) -> str:
        return link("dialogue:change", str(self.public_id))

    def scopes(self) -> set[str]:
        found = {self.urn}
        if self.subject:
            found.add(self.subject)
        if self.office is not None:
            found.add(self.office.urn)
        return found


class Phase(Record):
    """A part of a participation in time. `frozen`: the hash of its rules since somebody has contributed."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="phases")
    number = models.PositiveSmallIntegerField(editable=False)
    title = models.CharField(_("Title"), max_length=160)
    text = models.TextField(_("What people are asked"), max_length=4000, blank=True)
    kind = models.CharField(pgettext_lazy("phase", "Kind"), max_length=12, choices=PhaseKind.choices)
    opens = models.DateTimeField(pgettext_lazy("phase", "Opens"))
    closes = models.DateTimeField(pgettext_lazy("phase", "Closes"))
    audience = models.CharField(_("Who may contribute"), max_length=10, choices=Audience.choices)
    # The other fields of `core.rules.Rules`.
    settings = models.JSONField(default=dict, blank=True)
    frozen = models.CharField(max_length=64, blank=True, editable=False)
    # Contributions are numbered by the phase, so that paper and screen speak of the same.
    last_number = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["participation_id", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["participation", "number"], name="dialogue_phase_number"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="dialogue_phase_ends",
                violation_error_message=_("The end lies before the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return link("dialogue:phase", self.participation.slug, self.number)

    def scopes(self) -> set[str]:
        return {self.urn} | self.participation.scopes()

    @property
    def rules(self) -> Rules:
        return Rules(kind=self.kind, opens=self.opens, closes=self.closes, audience=self.audience, **self.settings)

    def open_at(self, now: dt.datetime | None = None) -> bool:
        """Whether contributions are taken."""
        return self.participation.state == ParticipationState.PUBLISHED and self.rules.open_at(now or timezone.now())

    @property
    def standing(self) -> str:
        """ "coming", "open" or "over"."""
        now = timezone.now()
        if self.participation.state in (ParticipationState.EVALUATED, ParticipationState.WITHDRAWN):
            return "over"
        return "coming" if now < self.opens else "open" if now < self.closes else "over"

    def asks(self, name: str) -> Any:
        """One of the rules by its name, for templates."""
        return getattr(self.rules, name)
