"""What starts cases without a person at a desk: the calendar, and facts of other rooms."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.spine.links import link
from allmende.spine.models import Record
from allmende.spine.people.models import Account
from allmende.spine.privacy.register import personal

from ..enums import Rhythm
from .running import Instance
from .versions import Model

_BASIS = "Art. 6(1)(e) GDPR"


class Occasion(Record):
    """What schedules and triggers have in common. Cases begin in the name of the owner, by the released version of the
    model; where that is not possible it pauses and says why."""

    model = models.ForeignKey(Model, on_delete=models.CASCADE, related_name="%(class)ss")
    owner = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    active = models.BooleanField(default=True, editable=False)
    trouble = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.model)


@personal(
    purpose=_("Know in whose name cases begin by themselves"),
    legal_basis=_BASIS,
    retention_days=3650,
    subject="owner",
    fields=["owner"],
    on_deletion="detach",
)
class Schedule(Occasion):
    """Begins a case again and again. `cycle`: ISO 8601, only for that rhythm; `day`: of the week (1 Monday to 7) or of
    the month, `month`: of the year. `next_run`: when it is due."""

    title = models.CharField(
        _("Title of the cases"),
        max_length=200,
        help_text=_("May hold {date}, {month}, {quarter} and {year}, for example “Report {quarter}/{year}”."),
    )
    rhythm = models.CharField(_("How often"), max_length=10, choices=Rhythm.choices)
    at = models.TimeField(_("At what time"), default="07:00")
    day = models.PositiveSmallIntegerField(
        pgettext_lazy("schedule", "Day"),
        null=True,
        blank=True,
        help_text=_("Weekly: 1 is Monday. Monthly, quarterly and yearly: the day of the month, 31 is the last one."),
    )
    month = models.PositiveSmallIntegerField(
        pgettext_lazy("schedule", "Month"),
        null=True,
        blank=True,
        help_text=_("Yearly: which one. Quarterly: 1 to 3, which of the quarter."),
    )
    working_day = models.BooleanField(_("Else on the next working day"), default=True)
    cycle = models.CharField(
        _("Repetition"), max_length=100, blank=True, help_text=_("ISO 8601, for example R/2026-01-05T08:00/P2W.")
    )
    subject = models.CharField(max_length=120, blank=True, editable=False)
    next_run = models.DateTimeField(null=True, editable=False)
    last_run = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["next_run", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_run"], name="process_schedule_due", condition=Q(active=True))
        ]

    def get_absolute_url(self) -> str:
        return link("process:schedule", str(self.public_id))


@personal(
    purpose=_("Know in whose name cases begin by themselves"),
    legal_basis=_BASIS,
    retention_days=3650,
    subject="owner",
    fields=["owner"],
    on_deletion="detach",
)
class Trigger(Occasion):
    """Begins a case when something happens in another room. `condition`: FEEL over the fact's payload; `since`: facts
    from before are none of its business."""

    fact_kind = models.CharField(_("When this happens"), max_length=100)
    condition = models.CharField(
        _("Only if"),
        max_length=500,
        blank=True,
        help_text=_("A FEEL expression over what is told of it, for example: amount > 1000"),
    )
    title = models.CharField(
        _("Title of the cases"),
        max_length=200,
        help_text=_("May hold names of what is told of it, for example {title}."),
    )
    since = models.DateTimeField(editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["fact_kind", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["fact_kind"], name="process_trigger_kind", condition=Q(active=True))
        ]

    def get_absolute_url(self) -> str:
        return link("process:trigger", str(self.public_id))


class Begun(models.Model):
    """A case that a trigger began for a fact: never a second one for the same."""

    trigger = models.ForeignKey(Trigger, on_delete=models.CASCADE, related_name="begun")
    fact = models.BigIntegerField()
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="+")
    time = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["trigger", "fact"], name="process_begun_once")
        ]

    def __str__(self) -> str:
        return f"{self.trigger} {self.fact}"
