"""What runs: instances, the engine's state as rows, and what they wait for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.spine.ids import uuid7
from allmende.spine.links import link
from allmende.spine.models import Record
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account
from allmende.spine.privacy.register import personal

from ..enums import InstanceState, ItemKind, ItemState
from .versions import Version

_BASIS = "Art. 6(1)(e) GDPR"


@personal(
    purpose=_("Know who started a process and may be asked about it"),
    legal_basis=_BASIS,
    retention_days=3650,
    subject="starter",
    fields=["starter"],
    on_deletion="detach",
)
class Instance(Record):
    """One run of a version. `subject`: URN of what it is about, for example a measure; rooms above keep their own."""

    version_of = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="instances")
    process = models.CharField(max_length=200)
    title = models.CharField(_("Title"), max_length=200)
    subject = models.CharField(max_length=120, blank=True)
    # The versions of other models that it calls, see `domain/library.py`.
    called = models.JSONField(default=dict, blank=True, editable=False)
    state = models.CharField(max_length=10, choices=InstanceState.choices, default=InstanceState.RUNNING)
    starter = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    ended = models.DateTimeField(null=True, editable=False)
    # Why it is stuck, in words.
    trouble = models.TextField(blank=True)
    # The engine's state that belongs to no task (core/engine/rows.py), as JSON text; the hash of the last event.
    head = models.TextField(editable=False)
    last_hash = models.CharField(max_length=64, blank=True, editable=False)
    events_written = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject"], name="process_instance_subject", condition=~Q(subject="")),
            models.Index(fields=["version_of", "state"], name="process_instance_version"),
        ]

    def __str__(self) -> str:
        return self.title

    def scopes(self) -> set[str]:
        return {self.urn, self.subject} if self.subject else {self.urn}

    def get_absolute_url(self) -> str:
        return link("process:instance", str(self.public_id))


class TaskRow(models.Model):
    """One part of an instance's state, see `core/engine/rows.py`."""

    pk = models.CompositePrimaryKey("instance_id", "key")
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="rows")
    key = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    doc = models.TextField()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]

    def __str__(self) -> str:
        return f"{self.instance_id}/{self.key}"


@personal(
    purpose=_("Know who does what until when"),
    legal_basis=_BASIS,
    retention_days=3650,
    subject="assignee|doer",
    fields=["assignee", "doer", "draft"],
    on_deletion="detach",
    counts_from="closed",
    detached={"draft": dict},
)
class WorkItem(Record):
    """What somebody has to do: a task of an instance, or a plain one about `subject` without a process."""

    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, null=True, blank=True, related_name="items")
    # The engine's task, and the element of the model.
    task = models.UUIDField(null=True, editable=False)
    element = models.CharField(max_length=200, blank=True, editable=False)
    kind = models.CharField(max_length=10, choices=ItemKind.choices, default=ItemKind.TASK)
    title = models.CharField(_("What is to be done"), max_length=200)
    # As the model names the step in English; empty where it does not.
    title_en = models.CharField(max_length=200, blank=True, editable=False)
    subject = models.CharField(max_length=120, blank=True)
    role = models.CharField(_("Role"), max_length=40, choices=Role.choices, blank=True)
    assignee = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Who")
    )
    due = models.DateField(pgettext_lazy("task", "Due"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.OPEN)
    opened = models.DateTimeField(auto_now_add=True)
    claimed = models.DateTimeField(null=True, editable=False)
    closed = models.DateTimeField(null=True, editable=False)
    doer = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    # Of a choice: {"ways": [[flow id, label], …], "many": may several be taken, "none": may it end here}.
    ways = models.JSONField(default=dict, blank=True, editable=False)
    # What was entered into the form and not yet sent.
    draft = models.JSONField(default=dict, blank=True)
    trouble = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["due", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["task"], name="process_item_task"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["assignee", "due", "id"], name="process_item_mine", condition=Q(state="open")),
            models.Index(
                fields=["role", "due", "id"],
                name="process_item_queue",
                condition=Q(state="open", assignee__isnull=True),
            ),
            models.Index(fields=["instance", "state"], name="process_item_instance"),
            models.Index(fields=["subject"], name="process_item_subject", condition=~Q(subject="")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def urn(self) -> str:
        return f"item:{self.public_id}"

    def scopes(self) -> set[str]:
        found = {self.urn}
        if self.subject:
            found.add(self.subject)
        if self.instance is not None:
            found |= self.instance.scopes()
        return found

    def get_absolute_url(self) -> str:
        return link("process:item", str(self.public_id))


class Timer(models.Model):
    """When an instance has to be looked at again."""

    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="timers")
    task = models.UUIDField(unique=True)
    element = models.CharField(max_length=200)
    due = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["due"], name="process_timer_due")]

    def __str__(self) -> str:
        return f"{self.element} {self.due:%Y-%m-%d %H:%M}"


class Subscription(models.Model):
    """A message or signal that an instance waits for; found without loading the instance."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="subscriptions")
    task = models.UUIDField()
    element = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[("message", _("Message")), ("signal", _("Signal"))])
    name = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["kind", "name"], name="process_waits_for")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["task", "kind", "name"], name="process_subscription_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
