from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.spine.models import Record

from . import hooks
from .enums import CopyState, Decision
from .register import personal


@personal(
    title=_("Access log"),
    purpose=_("Show who looked at personal data and what for"),
    legal_basis="Art. 5(2), Art. 32 GDPR",
    retention_days=365,
    subject="about|viewer",
    fields=["about", "viewer", "viewer_roles", "subject_urn", "purpose", "time"],
    on_deletion="keep",
    counts_from="time",
    recipients=_("Data protection officer, auditor"),
)
class AccessLogEntry(models.Model):
    """Somebody looked at a record with personal data."""

    time = models.DateTimeField(_("Time"), default=timezone.now, editable=False)
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("Who looked")
    )
    # As they were at that time, comma-separated: what the person concerned is told instead of a name.
    viewer_roles = models.CharField(_("In which role"), max_length=200, blank=True)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("About whom")
    )
    subject_urn = models.CharField(_("Record"), max_length=120)
    purpose = models.CharField(_("Purpose"), max_length=120)

    class Meta:
        ordering: ClassVar[list[str]] = ["-time", "-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-time", "-id"], name="privacy_access_recent")]

    def __str__(self) -> str:
        return f"{self.subject_urn} {self.time:%Y-%m-%d %H:%M}"


@personal(
    title=_("Copies of one's data"),
    purpose=_("Hand out the copy of their data that a person asked for"),
    legal_basis="Art. 15, Art. 20 GDPR",
    retention_days=None,
    until=_("seven days"),
    subject="account",
    fields=["account", "state", "size", "finished"],
    erase=hooks.delete_copy,
)
class DataCopy(Record):
    """A copy of one's data that is too large to make while one waits. The ZIP lies in DATA/exports, and is gone after
    seven days."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=8, default="de")
    state = models.CharField(_("State"), max_length=8, choices=CopyState.choices, default=CopyState.WAITING)
    size = models.PositiveBigIntegerField(_("Size"), null=True)
    finished = models.DateTimeField(_("Finished"), null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], name="privacy_one_copy_waiting", condition=models.Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.urn} {self.state}"


@personal(
    title=_("Warnings before an unused account is deleted"),
    purpose=_("Warn people before their unused account is deleted"),
    legal_basis="Art. 5(1)(e) GDPR",
    retention_days=None,
    until=_("until the account is used again or deleted"),
    subject="account",
    fields=["account", "sent"],
)
class UnusedWarning(models.Model):
    """The mail that says: this account will go. Void as soon as the account is used again."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent = models.DateTimeField(_("Sent"), default=timezone.now)

    def __str__(self) -> str:
        return f"{self.account_id} {self.sent:%Y-%m-%d}"


@personal(
    title=_("Decisions of the archive"),
    purpose=_("Prove that data were offered to the archive before they were deleted"),
    legal_basis="Art. 6(1)(e) GDPR, § 7 LArchG RLP",
    retention_days=None,
    until=_("permanently, as proof; the name goes with the account"),
    subject="decided_by",
    fields=["decided_by"],
    on_deletion="keep",
)
class ArchiveOffer(Record):
    """Data of one line of the register at the end of their time, offered to the archive. Holds no personal data of
    those concerned."""

    model = models.CharField(_("Kind of data"), max_length=100, editable=False)
    description = models.CharField(_("Description"), max_length=300, editable=False)
    count = models.PositiveIntegerField(_("Number"), editable=False)
    oldest = models.DateField(_("Oldest"), editable=False)
    # Rows dated up to this day are offered; rows used again in the meantime are no longer theirs.
    newest = models.DateField(_("Newest"), editable=False)
    decision = models.CharField(_("Decision"), max_length=8, choices=Decision.choices, default=Decision.OPEN)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("Decided by")
    )
    decided = models.DateTimeField(_("Decided"), null=True)
    package_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    downloaded = models.DateTimeField(_("Package downloaded"), null=True)
    handed_over = models.DateTimeField(_("Receipt confirmed"), null=True)
    deleted_count = models.PositiveIntegerField(_("Deleted"), default=0)
    executed = models.DateTimeField(_("Deletion finished"), null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["model"], name="privacy_one_open_offer", condition=models.Q(executed__isnull=True)
            ),
            models.CheckConstraint(
                condition=models.Q(decision="open") | (models.Q(decided__isnull=False) & ~models.Q(reason="")),
                name="privacy_decision_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(executed__isnull=True)
                | models.Q(decision="declined")
                | models.Q(decision="taken", handed_over__isnull=False),
                name="privacy_deleted_after_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.created:%Y-%m-%d}"

    @property
    def title(self) -> str:
        """What is offered, in the active language; as recorded where this version no longer knows the model."""
        from . import register
        from .domain.queries import title_of  # the domain imports the models

        try:
            return title_of(register.line_of(self.model))
        except KeyError:
            return self.description

    @property
    def may_be_deleted(self) -> bool:
        """Whether the archive has said no, or has what it wanted."""
        return self.decision == Decision.DECLINED or (self.decision == Decision.TAKEN and self.handed_over is not None)
