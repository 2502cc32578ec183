"""Lists on their way into the programme."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.spine.ids import uuid7
from allmende.spine.people.models import Account
from allmende.spine.privacy.register import personal


class ImportState(models.TextChoices):
    """How far a list is."""

    NEW = "new", _("Uploaded")
    CHECKING = "checking", _("Being checked")
    WAITING = "waiting", _("Waits for its turn")
    RUNNING = "running", _("Being imported")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Not imported")


@personal(
    title=_("Lists waiting to be imported"),
    purpose=_("Keep an uploaded list of measures between upload and import"),
    legal_basis="Art. 6(1)(e) GDPR",
    retention_days=2,
    subject="account",
    fields=["account", "file_name"],
)
class ListImport(models.Model):
    """A file that somebody uploaded, what was said about it since, and how far its import is.

    `columns`: index of a column (as text) -> what it is (`exchange.mapping`). `answers`: what was said about what the
    list does not say (`exchange.mapping.Answers`). `report`: what importing a file of our own format would do
    (`exchange.tally.Tally.as_json`), null until it is checked. `problems`: [where, message].
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    data = models.BinaryField()
    whole = models.BooleanField(default=False)  # of our own format: nothing has to be said about columns
    sheet = models.CharField(max_length=100, blank=True)
    header = models.PositiveIntegerField(default=0)
    columns = models.JSONField(default=dict)
    topic = models.CharField(max_length=50, blank=True)
    answers = models.JSONField(default=dict)
    report = models.JSONField(null=True)
    language = models.CharField(max_length=8, default="de")
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.NEW)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created"]

    def __str__(self) -> str:
        return self.file_name
