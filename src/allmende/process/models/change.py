"""Instances that are moved to another version of their model, and what was agreed about figures of work."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.spine.links import link
from allmende.spine.models import Record
from allmende.spine.people.models import Account
from allmende.spine.privacy.register import personal

from ..enums import MigrationState, MoveState
from .running import Instance
from .versions import Version

_BASIS = "Art. 6(1)(e) GDPR"


@personal(
    purpose=_("Show who moved cases to another version"),
    legal_basis=_BASIS,
    retention_days=3650,
    subject="author",
    fields=["author"],
    on_deletion="detach",
)
class Migration(Record):
    """Instances of `source` on their way to `target`. `mapping`: element of the old version -> of the new one."""

    source = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=MigrationState.choices, default=MigrationState.TRYING)
    author = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.source.model} {self.source.number} → {self.target.number}"

    def get_absolute_url(self) -> str:
        return link("process:migration", str(self.public_id))


class Move(models.Model):
    """One instance of a migration. `why`: {code, element, name} of what keeps it where it is.

    `kept`: what is needed to move it back (`domain/migrating_one.py`); `at_version`: the instance's version right
    after it moved, another one says that it went on since.
    """

    migration = models.ForeignKey(Migration, on_delete=models.CASCADE, related_name="moves")
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=MoveState.choices, default=MoveState.NEW)
    why = models.JSONField(default=dict)
    kept = models.JSONField(null=True, editable=False)
    at_version = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["migration", "instance"], name="process_move_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["migration", "state"], name="process_move_state")]

    def __str__(self) -> str:
        return f"{self.instance} {self.state}"


@personal(
    purpose=_("Show who recorded the staff agreement"),
    legal_basis=_BASIS,
    retention_days=3650,
    subject="recorder",
    fields=["recorder"],
    on_deletion="detach",
)
class StaffAgreement(Record):
    """What employer and staff council agreed on about figures of work (Dienstvereinbarung). Without one, figures that
    could single out somebody stay off."""

    title = models.CharField(_("Title"), max_length=200)
    day = models.DateField(_("Agreed on"))
    scope = models.TextField(_("What it allows"), max_length=2000)
    document = models.URLField(_("Where it is written"), max_length=500, blank=True)
    ends = models.DateField(pgettext_lazy("staff agreement", "Until"), null=True, blank=True)
    recorder = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "-pk"]

    def __str__(self) -> str:
        return self.title
