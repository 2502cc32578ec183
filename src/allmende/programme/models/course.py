"""The course of a measure: who decided, who takes part, what is due, what may go wrong, what is to be done."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.spine.ids import uuid7
from allmende.spine.people.models import Account
from allmende.spine.privacy.register import personal

from ..enums import DecisionKind, DependencyKind, Grade, InvolvementRole, Light
from .base import Party
from .measures import Measure


class Child(models.Model):
    """A row that belongs to one measure and travels in its document."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)

    class Meta:
        abstract = True


class Decision(Child):
    """What a body decided about a measure. Pause, resume, stop and drop make its state."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="decisions")
    date = models.DateField(_("Date"))
    body = models.CharField(_("Who decided"), max_length=120, help_text=_("The council, a committee, the mayor."))
    kind = models.CharField(_("What"), max_length=8, choices=DecisionKind.choices, default=DecisionKind.NOTE)
    text = models.TextField(_("In words"), blank=True, help_text=_("Where something ends: because of what."))
    url = models.URLField(_("Address of the paper"), max_length=500, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["date", "pk"]
        verbose_name = pgettext_lazy("programme", "Decision")

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()}"


class Milestone(Child):
    """Something that is to be reached on a day. `baseline` is the first day ever planned and never changes, so that
    slip is `(done or plan) − baseline`."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("What is reached"), max_length=160)
    baseline = models.DateField(_("First planned for"))
    plan = models.DateField(_("Now planned for"))
    done = models.DateField(_("Reached on"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["plan", "pk"]
        verbose_name = _("Milestone")

    def __str__(self) -> str:
        return self.title

    @property
    def slip(self) -> dt.timedelta:
        """How much later (negative: earlier) than first planned; an open one past its plan slips with every day."""
        from ..core.state import slip_of

        return slip_of(self.baseline, self.plan, self.done, timezone.localdate())


class Replan(models.Model):
    """A milestone's plan as it was before a new one was published."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="replans")
    plan = models.DateField()
    until = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["until", "pk"]

    def __str__(self) -> str:
        return str(self.plan)


class Involvement(Child):
    """A party's role in a measure over a time."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="involvements")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="involvements", verbose_name=_("Party"))
    role = models.CharField(_("Role"), max_length=12, choices=InvolvementRole.choices)
    starts = models.DateField(pgettext_lazy("programme", "From"), null=True, blank=True)
    ends = models.DateField(_("To"), null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["starts", "pk"]
        verbose_name = _("Involved party")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="programme_involvement_dates",
                violation_error_message=_("The end lies before the beginning."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.party} ({self.get_role_display()})"


class Dependency(Child):
    """`measure` needs `needs`. Never in a circle."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="dependencies")
    needs = models.ForeignKey(
        Measure, on_delete=models.PROTECT, related_name="needed_by", verbose_name=_("Other measure")
    )
    kind = models.CharField(_("How"), max_length=12, choices=DependencyKind.choices, default=DependencyKind.FINISHED)
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        verbose_name = _("Dependency")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["measure", "needs"], name="programme_dependency_once"),
            models.CheckConstraint(
                condition=~Q(measure=F("needs")),
                name="programme_dependency_other",
                violation_error_message=_("A measure does not depend on itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} → {self.needs_id}"


class Risk(Child):
    """What may go wrong, how likely, how bad, what is done about it; whether it came true, and what was done then."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="risks")
    text = models.CharField(_("What may go wrong"), max_length=300)
    likelihood = models.PositiveSmallIntegerField(_("How likely"), choices=Grade.choices)
    impact = models.PositiveSmallIntegerField(_("How bad"), choices=Grade.choices)
    response = models.CharField(_("What is done about it"), max_length=300, blank=True)
    occurred = models.DateField(_("Came true on"), null=True, blank=True)
    handling = models.CharField(_("What was done then"), max_length=500, blank=True)
    closed = models.DateField(_("No longer since"), null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["closed", "-impact", "-likelihood", "pk"]
        verbose_name = _("Risk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(occurred__isnull=True) | Q(closed__gte=F("occurred")),
                name="programme_risk_dates",
                violation_error_message=_("It came true after the day since which it is no risk any more."),
            ),
            models.CheckConstraint(
                condition=Q(handling="") | Q(occurred__isnull=False),
                name="programme_risk_handled",
                violation_error_message=_("Say also on which day it came true."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


@personal(
    purpose=_("Know who does what until when"),
    legal_basis="Art. 6(1)(e) GDPR",
    retention_days=1095,
    subject="assignee",
    fields=["assignee"],
    on_deletion="detach",
    counts_from="due",
)
class Task(Child):
    """Something to be done by a day. For staff; not part of the reviewed text."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(_("What is to be done"), max_length=200)
    due = models.DateField(_("Until"))
    assignee = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Who")
    )
    done = models.DateTimeField(null=True, blank=True, editable=False)
    reminded = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["done", "due", "pk"]
        verbose_name = _("Task")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due"], name="programme_task_due", condition=Q(done__isnull=True))
        ]

    def __str__(self) -> str:
        return self.title


class Assessment(Child):
    """How a human judges the measure on a day, and why. Stands beside the computed state, never in its place."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="assessments")
    date = models.DateField(_("As of"))
    light = models.CharField(_("Judgement"), max_length=8, choices=Light.choices)
    reason = models.CharField(_("Because"), max_length=500)

    class Meta:
        ordering: ClassVar[list[str]] = ["-date", "-pk"]
        verbose_name = _("Assessment")

    def __str__(self) -> str:
        return f"{self.date} {self.get_light_display()}"
