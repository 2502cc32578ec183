"""Drafts under review, and what was published before."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.spine.links import link
from allmende.spine.models import Record
from allmende.spine.people.models import Account
from allmende.spine.privacy.register import personal

from ..enums import RevisionState
from .measures import Measure

_BASIS = "Art. 6(1)(e) GDPR"


@personal(
    purpose=_("Show who wrote and who reviewed what the town publishes"),
    legal_basis=_BASIS,
    retention_days=3650,
    subject="author",
    fields=["author", "reviewer"],
    on_deletion="detach",
)
class Revision(Record):
    """The whole measure as a document. One open one (draft, in review, returned) a measure."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    # What was published when the draft was begun: by it one sees what the draft changes.
    base = models.JSONField()
    # The measure's version that the draft was begun on.
    based_on = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=RevisionState.choices, default=RevisionState.DRAFT)
    note = models.CharField(_("What changes, and why"), max_length=300, blank=True)
    author = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    submitted = models.DateTimeField(null=True, editable=False)
    reviewer = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    decided = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["measure", "number"], name="programme_revision_number"),
            models.UniqueConstraint(
                fields=["measure"],
                condition=Q(state__in=["draft", "review", "returned"]),
                name="programme_revision_one_open",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["submitted"], name="programme_revision_queue", condition=Q(state="review"))
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}/{self.number}"

    def scopes(self) -> set[str]:
        return self.measure.scopes()

    @property
    def review_url(self) -> str:
        return link("programme:review", str(self.public_id))

    @property
    def open(self) -> bool:
        return self.state in (RevisionState.DRAFT, RevisionState.REVIEW, RevisionState.RETURNED)


@personal(
    purpose=_("Talk about a draft before it is published"),
    legal_basis=_BASIS,
    retention_days=1095,
    subject="author",
    fields=["author"],
    on_deletion="detach",
)
class RevisionComment(models.Model):
    """A remark between author and reviewer."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("Comment"), max_length=5000)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["created", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
