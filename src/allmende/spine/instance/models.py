from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.spine.ids import uuid7
from allmende.spine.models import Record
from allmende.spine.privacy.register import personal

from .enums import EXPIRING_DAYS, PermissionState

STATES = [
    ("BW", "Baden-Württemberg"),
    ("BY", "Bayern"),
    ("BE", "Berlin"),
    ("BB", "Brandenburg"),
    ("HB", "Bremen"),
    ("HH", "Hamburg"),
    ("HE", "Hessen"),
    ("MV", "Mecklenburg-Vorpommern"),
    ("NI", "Niedersachsen"),
    ("NW", "Nordrhein-Westfalen"),
    ("RP", "Rheinland-Pfalz"),
    ("SL", "Saarland"),
    ("SN", "Sachsen"),
    ("ST", "Sachsen-Anhalt"),
    ("SH", "Schleswig-Holstein"),
    ("TH", "Thüringen"),
]


def default_languages() -> list[str]:
    return ["de", "en"]


class Instance(models.Model):
    """The settings of this town. There is one row (id 1)."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    town = models.CharField(_("Municipality"), max_length=120, default="")
    ags = models.CharField(_("Municipality key (AGS)"), max_length=8, default="", blank=True)
    state = models.CharField(
        pgettext_lazy("federal state", "State"), max_length=2, choices=STATES, default="", blank=True
    )
    name = models.CharField(_("Name of the programme"), max_length=80, default="Allmende")
    claim = models.CharField(_("Claim"), max_length=160, blank=True, default="")
    sign = models.CharField(
        _("Sign"), max_length=20, default="heart", choices=[("heart", _("Heart")), ("none", _("No sign"))]
    )
    colours = models.JSONField(_("Colours"), default=dict, blank=True)
    languages = models.JSONField(_("Languages"), default=default_languages)
    imprint = models.TextField(_("Imprint"), blank=True, default="")
    privacy = models.TextField(_("Privacy notice: additions of the town"), blank=True, default="")
    contact_email = models.EmailField(_("Contact address"), blank=True, default="")
    base_url = models.URLField(_("Public address"), blank=True, default="")
    behind_proxy = models.BooleanField(_("Behind a reverse proxy"), default=False)
    rooms_off = models.JSONField(default=list, blank=True)
    # host, port, security, user, sender; the password is in secrets.json
    mail = models.JSONField(default=dict, blank=True)
    backup_target = models.CharField(_("Backup folder"), max_length=300, blank=True, default="")
    demo = models.BooleanField(default=False, editable=False)
    set_up = models.DateTimeField(null=True, blank=True, editable=False)
    changed = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(pk=1), name="instance_one_row")
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @property
    def urn(self) -> str:
        return f"instance:{self.public_id}"

    @property
    def css_version(self) -> str:
        return f"{self.version}-{int(self.changed.timestamp()) if self.changed else 0}"


class SetupDraft(models.Model):
    """What the set-up wizard has been told so far, a row a step; gone when the town is set up."""

    step = models.CharField(max_length=20, unique=True)
    values = models.JSONField(default=dict)
    saved = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.step


@personal(
    purpose=_("Show who allowed a partner to use the town's brand"),
    legal_basis="Art. 6(1)(e) GDPR",
    retention_days=3650,
    subject="granted_by",
    fields=["granted_by"],
    on_deletion="detach",
)
class BrandPermission(Record):
    """A partner may use the brand for a purpose, from a day until a day (inclusive)."""

    organisation = models.ForeignKey(
        "people.Organisation",
        on_delete=models.PROTECT,
        related_name="brand_permissions",
        verbose_name=_("Partner"),
    )
    purpose = models.CharField(_("Purpose"), max_length=300, help_text=_("What the partner may use the brand for."))
    contact_role = models.CharField(
        _("Contact at the partner"),
        max_length=120,
        help_text=_("A role or office, not a person, for example press office."),
    )
    valid_from = models.DateField(_("From"))
    valid_to = models.DateField(_("Until"), help_text=_("The last day. A permission always has a term."))
    granted_by = models.ForeignKey(
        "people.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    revoked = models.DateTimeField(null=True, blank=True, editable=False)
    revoke_reason = models.CharField(_("Reason"), max_length=300, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["valid_to", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="instance_permission_dates"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.purpose}"

    def state_on(self, day: date) -> PermissionState:
        """What the permission is worth on `day`."""
        if self.revoked is not None:
            return PermissionState.REVOKED
        if day < self.valid_from:
            return PermissionState.PLANNED
        if day > self.valid_to:
            return PermissionState.EXPIRED
        if self.valid_to - day < timedelta(days=EXPIRING_DAYS):
            return PermissionState.EXPIRING
        return PermissionState.VALID

    @property
    def state(self) -> PermissionState:
        return self.state_on(timezone.localdate())


class ReachCount(models.Model):
    """How often a public page was called on one local day. Nothing about who called it is known."""

    day = models.DateField()
    route = models.CharField(max_length=80)
    # The readable part of the address ("fauthweg"), or empty.
    thing = models.CharField(max_length=120, blank=True, default="")
    views = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day", "route", "thing"], name="instance_reach_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.route} {self.thing}: {self.views}"
