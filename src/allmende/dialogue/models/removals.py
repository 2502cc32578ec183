"""Removing contributions, with the eyes of two."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.spine.models import Record
from allmende.spine.moderation.enums import Reason
from allmende.spine.people.models import Account
from allmende.spine.privacy.register import personal

from ..enums import RemovalState, Shown
from .contributions import Contribution


@personal(
    title=_("Removals of contributions"),
    purpose=_("Remove only what a second person agrees to, with reasons"),
    legal_basis="Art. 6(1)(e) GDPR; Art. 17 DSA",
    retention_days=1095,
    subject="proposer|decider",
    fields=["proposer", "decider"],
    on_deletion="detach",
)
class Removal(Record):
    """One person proposes to remove a contribution, another one decides. `before`: what the public saw of it when it
    was proposed; what is unlawful goes out of sight at once and comes back when the second person disagrees."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="removals")
    reason = models.CharField(_("Reason"), max_length=20, choices=Reason.choices)
    statement = models.TextField(_("Statement of reasons"), max_length=3000)
    state = models.CharField(max_length=10, choices=RemovalState.choices, default=RemovalState.PROPOSED)
    before = models.CharField(max_length=10, choices=Shown.choices)
    proposer = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    decider = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    decided = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contribution"], condition=Q(state="proposed"), name="dialogue_removal_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())
