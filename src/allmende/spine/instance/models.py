from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.spine.ids import uuid7

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
    state = models.CharField(_("State"), max_length=2, choices=STATES, default="", blank=True)
    name = models.CharField(_("Name of the programme"), max_length=80, default="Allmende")
    claim = models.CharField(_("Claim"), max_length=160, blank=True, default="")
    sign = models.CharField(
        _("Sign"), max_length=20, default="heart", choices=[("heart", _("Heart")), ("none", _("No sign"))]
    )
    colours = models.JSONField(default=dict, blank=True)
    languages = models.JSONField(default=default_languages)
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
