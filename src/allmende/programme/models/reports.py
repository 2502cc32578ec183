"""Reports that do not change any more."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.spine.links import link
from allmende.spine.models import Record


class Report(Record):
    """An annual report, frozen: what it says stands in `document`, each number with its row and vintage."""

    year = models.PositiveSmallIntegerField(_("Year"))
    title = models.CharField(_("Title"), max_length=200)
    as_known_on = models.DateTimeField(_("As known on"))
    document = models.JSONField()
    sha256 = models.CharField(max_length=64, editable=False)
    pdf = models.BinaryField(editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-year", "-pk"]
        verbose_name = _("Annual report")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return link("programme:report", str(self.public_id))
