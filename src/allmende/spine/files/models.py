from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from allmende.spine.models import Record
from allmende.spine.privacy.register import personal

from . import retention
from .enums import READABLE, Scan


@personal(
    title=_("Uploaded files"),
    purpose=_("Keep pictures and documents that people add to a matter"),
    legal_basis="Art. 6(1)(e) GDPR",
    # A file lives as long as the matter it belongs to; that room's rule ends both.
    retention_days=None,
    until=_("as long as the matter it belongs to"),
    subject="owner",
    fields=["owner", "name", "alt", "subject", "media_type", "size"],
    on_deletion="detach",
    erase=retention.let_go,
    blob=retention.blob,
)
class StoredFile(Record):
    """One upload, as one record refers to it. Several may share a blob."""

    sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    size = models.PositiveBigIntegerField(_("Size"), editable=False)
    media_type = models.CharField(_("Type"), max_length=100, editable=False)
    name = models.CharField(_("File name"), max_length=140, editable=False)
    alt = models.CharField(_("What the picture shows"), max_length=300, blank=True)
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Uploaded by"),
    )
    # The URN of the record it belongs to.
    subject = models.CharField(_("Belongs to"), max_length=120, blank=True, db_index=True)
    scan = models.CharField(_("Virus scan"), max_length=12, choices=Scan.choices, default=Scan.NOT_SCANNED)
    scanned = models.DateTimeField(null=True, blank=True, editable=False)
    public = models.BooleanField(_("Public"), default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def urn(self) -> str:
        return f"file:{self.public_id}"

    @property
    def readable(self) -> bool:
        """Whether the virus scan lets it be downloaded."""
        return self.scan in READABLE

    @property
    def is_picture(self) -> bool:
        return self.width is not None

    def scopes(self) -> set[str]:
        return {self.urn, self.subject} if self.subject else {self.urn}

    def get_absolute_url(self) -> str:
        return reverse("files:download", args=[self.public_id, self.name])
