"""What people put in, and what they are told."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.programme.models import Topic
from allmende.spine.geo.models import Located
from allmende.spine.links import link
from allmende.spine.models import Record
from allmende.spine.people.models import Account, Organisation, Pseudonym
from allmende.spine.privacy.register import personal

from ..enums import OPEN, Channel, Shown, Standing
from .participations import Phase

TITLE, TEXT = 120, 6_000


def take_back(row: Any) -> None:
    """What deletion of a person means for what they put in: it stays without name, since the town answers it in
    public; what they took back or what was never shown goes."""
    row.author = None
    if row.shown != Shown.VISIBLE:
        row.title, row.text = "–", ""
        row.unplace()
    row.version += 1
    row.save()


@personal(
    title=_("Contributions to participations"),
    purpose=_("Take part in what the town plans, and be answered"),
    legal_basis="Art. 6(1)(e) GDPR",
    retention_days=3650,
    subject="author__account",
    fields=["author", "title", "text"],
    on_deletion="detach",
    erase=take_back,
)
class Contribution(Record, Located):
    """What somebody put in. `voice`: the organisation that speaks; else it is the author's public name."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="contributions")
    number = models.PositiveIntegerField(editable=False)
    title = models.CharField(_("Your idea in a few words"), max_length=TITLE)
    text = models.TextField(_("Your idea"), max_length=TEXT)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Topic"))
    place_name = models.CharField(_("Where"), max_length=160, blank=True)
    lang = models.CharField(max_length=8, default="de")
    author = models.ForeignKey(Pseudonym, on_delete=models.SET_NULL, null=True, related_name="contributions")
    voice = models.ForeignKey(Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.ONLINE)
    shown = models.CharField(max_length=10, choices=Shown.choices, default=Shown.VISIBLE)
    # Why it waits for a look: codes of the rules that hold it back.
    holds = models.JSONField(default=list, blank=True, editable=False)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.NEW)
    due = models.DateField(_("Answer due"))
    support = models.PositiveIntegerField(default=0, editable=False)
    # Of a form that was sent: sent twice, it is there once.
    key = models.UUIDField(null=True, unique=True, editable=False)

    class Meta(Located.Meta):
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[models.Index]] = [
            GistIndex(fields=["centre"], name="dialogue_contribution_at"),
            GistIndex(fields=["extent"], name="dialogue_contribution_box"),
            models.Index(fields=["phase", "-id"], name="dialogue_contribution_new", condition=Q(shown="visible")),
            models.Index(
                fields=["phase", "-support", "-id"], name="dialogue_contribution_top", condition=Q(shown="visible")
            ),
            models.Index(fields=["due", "id"], name="dialogue_contribution_owed", condition=Q(standing__in=list(OPEN))),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["phase", "number"], name="dialogue_contribution_number"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return link("dialogue:contribution", str(self.public_id))

    def scopes(self) -> set[str]:
        return {self.urn} | self.phase.scopes()

    @property
    def by(self) -> str:
        """Who speaks, for the public."""
        if self.voice is not None:
            return str(self.voice)
        return str(self.author) if self.author is not None else str(_("somebody"))

    @property
    def overdue(self) -> bool:
        return self.standing in OPEN and self.shown == Shown.VISIBLE and self.due < timezone.localdate()


@personal(
    title=_("Support of contributions"),
    purpose=_("Show how many people find a contribution good, each counted once"),
    legal_basis="Art. 6(1)(a) GDPR",
    retention_days=1095,
    subject="account",
    fields=["account"],
)
class Support(models.Model):
    """Somebody finds a contribution good. Nobody sees who; the number stays when the row goes."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="supporters")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contribution", "account"], name="dialogue_support_once")
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}"


@personal(
    title=_("Answers to contributions"),
    purpose=_("Know inside the administration who wrote an answer"),
    legal_basis="Art. 6(1)(e) GDPR",
    retention_days=3650,
    subject="author",
    fields=["author"],
    on_deletion="detach",
)
class Answer(Record):
    """What the office said to a contribution, with its reason. The last one counts; earlier ones stay. The public
    sees the office, never the person."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="answers")
    standing = models.CharField(_("What becomes of it"), max_length=10, choices=Standing.choices)
    reason = models.TextField(_("Why"), max_length=6000)
    # URN of the measure that it led to.
    measure = models.CharField(max_length=120, blank=True)
    office = models.CharField(max_length=200)
    author = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return self.reason[:60]
