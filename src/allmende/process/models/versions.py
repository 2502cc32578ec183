"""Models of processes and decisions, and their versions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.spine.links import link
from allmende.spine.models import Record
from allmende.spine.people.models import Account
from allmende.spine.privacy.register import personal
from allmende.spine.ui.formats import english

from ..enums import ModelKind, VersionState


class Model(Record):
    """A process or a decision that the town has drawn."""

    slug = models.SlugField(max_length=120, unique=True, editable=False)
    title = models.CharField(_("Title"), max_length=200)
    title_en = models.CharField(_("Title in English"), max_length=200, blank=True)
    purpose = models.TextField(_("What it is for"), blank=True)
    kind = models.CharField(max_length=10, choices=ModelKind.choices, default=ModelKind.PROCESS)

    class Meta:
        ordering: ClassVar[list[str]] = ["title", "pk"]

    def __str__(self) -> str:
        return (english() and self.title_en) or self.title

    def get_absolute_url(self) -> str:
        return link("process:model", self.slug)


@personal(
    purpose=_("Show who drew and who released how the town works"),
    legal_basis="Art. 6(1)(e) GDPR",
    retention_days=3650,
    subject="author|releaser",
    fields=["author", "releaser"],
    on_deletion="detach",
)
class Version(Record):
    """One state of a model: the file as it was given, and what of it runs. Once released it never changes."""

    model = models.ForeignKey(Model, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    filename = models.CharField(max_length=200, blank=True)
    source = models.BinaryField()
    # The runnable XML, and its SHA-256 as hex digits.
    xml = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    # What had to be changed: {code, level, element, name, detail, before, after} each.
    findings = models.JSONField(default=list)
    accepted = models.JSONField(default=list)
    # [name of a lane in the model, role that works in it], in the order of the drawing.
    lanes = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    note = models.CharField(_("What is new"), max_length=300, blank=True)
    author = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    releaser = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    released = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["model", "number"], name="process_version_number"),
            models.UniqueConstraint(
                fields=["model"], condition=Q(state__in=["draft", "review"]), name="process_version_one_open"
            ),
            models.UniqueConstraint(
                fields=["model"], condition=Q(state="released"), name="process_version_one_released"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.number}"

    def get_absolute_url(self) -> str:
        return link("process:version", str(self.public_id))
