from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from allmende.spine.geo.models import Located
from allmende.spine.ids import uuid7
from allmende.spine.models import Record
from allmende.spine.people.models import Organisation
from allmende.spine.privacy.register import personal

from . import kinds
from .core import codes
from .enums import AssetState


class Asset(Record, Located):
    """One thing in public space. `owner_room` and `public` follow from the kind when it is saved by a verb."""

    code = models.CharField(max_length=7, unique=True, editable=False, default=codes.draw)
    kind = models.CharField(_("Kind"), max_length=30)
    number = models.CharField(_("Number of the thing"), max_length=40, help_text=_("As it stands on the thing."))
    sort_key = models.CharField(max_length=80, editable=False, default="")
    name = models.CharField(
        _("Name"), max_length=160, blank=True, help_text=_("Only where it has one besides its number.")
    )
    place_name = models.CharField(_("Where it stands"), max_length=200, blank=True)
    owner_room = models.CharField(max_length=30, editable=False, default="")
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="assets", verbose_name=_("Owner")
    )
    state = models.CharField(_("State"), max_length=16, choices=AssetState.choices, default=AssetState.IN_SERVICE)
    since = models.DateField(_("In service since"), null=True, blank=True)
    note = models.TextField(_("Note for staff"), blank=True)
    public = models.BooleanField(default=False, editable=False)

    class Meta(Located.Meta):
        ordering: ClassVar[list[str]] = ["kind", "sort_key", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            *Located.Meta.indexes,
            models.Index(fields=["kind", "sort_key", "id"], name="assets_asset_order"),
            models.Index(fields=["state", "kind"], name="assets_asset_state"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["owner_room", "kind", "number"], name="assets_asset_number", condition=~Q(state="removed")
            ),
        ]

    def __str__(self) -> str:
        return f"{kinds.get(self.kind).title} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("assets:asset", args=[self.code])

    def get_kind_display(self) -> str:
        return str(kinds.get(self.kind).title)

    @property
    def summary(self) -> str:
        return " · ".join(part for part in (self.name, self.place_name) if part)

    @property
    def spaced_code(self) -> str:
        return codes.spaced(self.code)

    def scopes(self) -> set[str]:
        """An assignment may name the thing itself or the organisation that owns it."""
        return {self.urn} | ({self.owner.urn} if self.owner else set())

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = codes.sort_key(self.number)
        super().save(*args, **kwargs)


@personal(
    title=_("Tables waiting to be imported"),
    purpose=_("Keep an uploaded table of things between upload and import"),
    legal_basis="Art. 6(1)(e) GDPR",
    retention_days=2,
    subject="account",
    fields=["account", "file_name"],
)
class ImportDraft(models.Model):
    """A table that somebody uploaded and has not imported yet."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    data = models.BinaryField()
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.file_name
