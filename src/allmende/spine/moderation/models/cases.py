from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.spine.models import Record
from allmende.spine.privacy.register import personal

from ..enums import CaseKind, CaseState, Outcome, Reason
from .accessibility import Feedback
from .comments import Comment


@personal(
    title=_("Moderation cases"),
    purpose=_("Decide on comments and feedback, with reasons, and show that it was done fairly"),
    legal_basis="Art. 6(1)(e) GDPR; Art. 17, 20 DSA",
    retention_days=1095,
    subject="claimed_by|decided_by",
    fields=["claimed_by", "decided_by"],
    on_deletion="detach",
    counts_from="decided_at",
)
class Case(Record):
    """One thing that needs a human look."""

    kind = models.CharField(_("Kind"), max_length=10, choices=CaseKind.choices)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="cases")
    feedback = models.ForeignKey(Feedback, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases")
    appeal_of = models.OneToOneField("self", on_delete=models.CASCADE, null=True, blank=True, related_name="appeal")
    appeal_text = models.TextField(_("Why the decision should be changed"), max_length=3000, blank=True)
    state = models.CharField(_("State"), max_length=8, choices=CaseState.choices, default=CaseState.OPEN)
    due = models.DateTimeField()
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("Decision"), max_length=10, choices=Outcome.choices, blank=True)
    reason = models.CharField(_("Reason"), max_length=20, choices=Reason.choices, blank=True)
    statement = models.TextField(_("Statement of reasons"), max_length=3000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["due", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due", "id"], name="moderation_case_open", condition=Q(state="open")),
            models.Index(fields=["decided_at"], name="moderation_case_decided"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["comment"],
                name="moderation_case_one_open",
                condition=Q(state="open") & Q(kind__in=["held", "reported"]),
            ),
            models.CheckConstraint(
                name="moderation_case_decided_whole",
                condition=Q(state="open", outcome="", decided_at=None)
                | (Q(state="decided", decided_at__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


@personal(
    title=_("Reports of comments"),
    purpose=_("Look at what somebody reported as unlawful or against the rules"),
    legal_basis="Art. 6(1)(c) GDPR; Art. 16 DSA",
    retention_days=365,
    subject="reporter",
    fields=["reporter", "text"],
)
class Report(models.Model):
    """Somebody's hint at a comment. `reporter` is empty for a visitor."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("What is wrong with it"), max_length=20, choices=Reason.choices)
    text = models.TextField(_("More precisely"), max_length=1000, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["created", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "reporter"], name="moderation_report_once", condition=Q(reporter__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.reason
