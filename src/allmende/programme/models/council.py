"""What a council decided, as its information system tells by OParl. Of persons nothing is kept."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.spine.links import link
from allmende.spine.models import Record

from ..enums import ArrivalState
from .measures import Measure


class CouncilSource(Record):
    """A council information system. Below `enabled`: how far it was read."""

    name = models.CharField(_("Name"), max_length=160, help_text=_("For example: council information system."))
    url = models.URLField(
        _("Address of the interface"),
        max_length=500,
        help_text=_("The OParl address of the system or of a body: whoever runs the system knows it."),
    )
    earliest = models.DateField(_("Meetings from"), help_text=_("What was decided before this day does not arrive."))
    hours = models.PositiveSmallIntegerField(
        _("Ask every … hours"), default=6, validators=[MinValueValidator(1), MaxValueValidator(168)]
    )
    enabled = models.BooleanField(_("Ask this source"), default=True)
    # `modified_since` of the next round: only moved when a round has come to its end.
    since = models.DateTimeField(null=True, editable=False)
    # Where a round goes on that did not come to its end, since when it runs, and which pages it had (hashes).
    page = models.TextField(blank=True, editable=False)
    begun = models.DateTimeField(null=True, editable=False)
    seen = models.JSONField(default=list, editable=False)
    tried = models.DateTimeField(null=True, editable=False)
    succeeded = models.DateTimeField(null=True, editable=False)
    # A code of council/problems.py, and whom or what it is about.
    problem = models.CharField(max_length=20, blank=True, editable=False)
    problem_about = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return link("programme:council_source", str(self.public_id))


class CouncilDecision(Record):
    """An agenda item with a result. `key`: the paper's reference for comparing. `row`: id of the decision in the
    document of `measure`, once it was taken over."""

    source = models.ForeignKey(CouncilSource, on_delete=models.CASCADE, related_name="decisions")
    oparl_id = models.CharField(max_length=500, unique=True, editable=False)
    meeting = models.CharField(max_length=500, db_index=True, editable=False)
    title = models.CharField(_("Agenda item"), max_length=500)
    reference = models.CharField(_("Paper"), max_length=120)
    key = models.CharField(max_length=120, db_index=True, editable=False)
    paper = models.CharField(_("Title of the paper"), max_length=500)
    body = models.CharField(_("Body"), max_length=160)
    date = models.DateField(_("Day"), null=True)
    result = models.CharField(_("Result"), max_length=300)
    text = models.TextField(_("Wording"))
    url = models.URLField(max_length=500)
    modified = models.DateTimeField(null=True)
    state = models.CharField(_("State"), max_length=8, choices=ArrivalState.choices, default=ArrivalState.NEW)
    measure = models.ForeignKey(Measure, on_delete=models.SET_NULL, null=True, related_name="+")
    row = models.UUIDField(null=True, editable=False)
    # Meeting, body or paper could not be read yet; the next round asks again.
    partial = models.BooleanField(default=False)
    # Deleted there after it was taken over here.
    gone = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-date", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-date", "-id"], name="programme_arrived"),
            models.Index(fields=["source"], name="programme_arrived_partial", condition=Q(partial=True)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return link("programme:council_decision", str(self.public_id))
