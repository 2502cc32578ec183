"""What happened in an instance, each entry bound to the one before it by a hash."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.spine.people.models import Account
from allmende.spine.privacy.register import personal

from ..enums import Happening
from .running import Instance, WorkItem

_BASIS = "Art. 6(1)(e) GDPR"


@personal(
    purpose=_("Show who did which step of a process"),
    legal_basis=_BASIS,
    retention_days=3650,
    subject="actor",
    fields=["actor", "salt"],
    on_deletion="detach",
    counts_from="time",
    detached={"salt": str},
)
class Event(models.Model):
    """One entry. `mark` is a salted hash of who did it (`core/chain.py`) and part of the chained hash; without the
    salt it points at nobody, and the chain stays whole."""

    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    time = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Happening.choices)
    element = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    payload = models.JSONField(default=dict)
    actor = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    salt = models.CharField(max_length=32, blank=True)
    mark = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["instance", "number"], name="process_event_number")
        ]

    def __str__(self) -> str:
        return f"{self.instance_id}/{self.number} {self.kind}"


@personal(
    purpose=_("Talk about a task while it is worked on"),
    legal_basis=_BASIS,
    retention_days=1095,
    subject="author",
    fields=["author"],
    on_deletion="detach",
)
class ItemComment(models.Model):
    """A remark about a work item."""

    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("Comment"), max_length=5000)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["created", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
