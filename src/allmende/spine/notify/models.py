from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.spine.ids import uuid7
from allmende.spine.privacy.register import personal

from .enums import Cadence

_BASIS = "Art. 6(1)(a) GDPR"


@personal(
    purpose=_("Tell people about what they follow, as often as they want"),
    legal_basis=_BASIS,
    retention_days=None,
    subject="account",
    fields=["topic", "subject", "cadence", "created"],
)
class Subscription(models.Model):
    """How often an account wants e-mail about a topic (`subject` empty), or one thing it follows (`cadence` empty: as
    the topic)."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions")
    topic = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True, default="")
    cadence = models.CharField(max_length=12, choices=Cadence.choices, blank=True, default="")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "topic", "subject"], name="notify_subscription_once"),
            models.CheckConstraint(
                condition=Q(subject="", cadence__in=Cadence.values) | (~Q(subject="") & Q(cadence="")),
                name="notify_subscription_choice_or_follow",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["topic", "subject"], name="notify_followers")]

    def __str__(self) -> str:
        return f"{self.topic} {self.subject}".strip()


@personal(
    purpose=_("Send e-mail when it suits, and not to addresses that refuse it"),
    legal_basis=_BASIS,
    retention_days=None,
    subject="account",
    fields=["quiet_from", "quiet_to", "bounces", "paused"],
)
class MailSettings(models.Model):
    """Quiet hours by the clock of the town, and what became of mail to this account."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_settings")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    # Refusals for good by the receiving server, in a row.
    bounces = models.PositiveSmallIntegerField(default=0, editable=False)
    paused = models.DateTimeField(null=True, blank=True, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="notify_quiet_both_or_none",
            )
        ]

    def __str__(self) -> str:
        return f"{self.quiet_from}–{self.quiet_to}"


@personal(
    purpose=_("Prove that and when an e-mail was sent, and send none twice"),
    legal_basis=_BASIS,
    retention_days=365,
    subject="account",
    fields=["created", "sent", "failed", "error"],
)
class Delivery(models.Model):
    """One e-mail. Its Message-ID is fixed before the first try, so that a second copy (after a crash) is recognisable
    as one."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120, unique=True)
    message_id = models.CharField(max_length=200, unique=True)
    created = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent = models.DateTimeField(null=True, blank=True)
    failed = models.DateTimeField(null=True, blank=True)
    # A word or the SMTP code; never the server's text, which may name the address.
    error = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["created"], name="notify_delivery_open", condition=Q(sent__isnull=True, failed__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.key


@personal(
    purpose=_("Tell people what concerns them"),
    legal_basis=_BASIS,
    retention_days=365,
    subject="account",
    fields=["topic", "title", "text", "url", "created", "read"],
)
class Notice(models.Model):
    """A message to one account, shown on the site. `cadence` is fixed when it is made, `delivery` the e-mail it went
    out with."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True, default="")
    url = models.CharField(max_length=500, blank=True, default="")
    created = models.DateTimeField(default=timezone.now)
    read = models.DateTimeField(null=True, blank=True)
    cadence = models.CharField(max_length=12, choices=Cadence.choices)
    delivery = models.ForeignKey(Delivery, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "key"], name="notify_notice_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-id"], name="notify_notice_list"),
            models.Index(fields=["account"], name="notify_notice_unread", condition=Q(read__isnull=True)),
            models.Index(
                fields=["cadence", "account"],
                name="notify_notice_to_mail",
                condition=Q(delivery__isnull=True, read__isnull=True) & ~Q(cadence="never"),
            ),
        ]

    def __str__(self) -> str:
        return self.title
