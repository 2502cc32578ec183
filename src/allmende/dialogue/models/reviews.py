"""What experts say of a contribution."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allmende.spine.links import link
from allmende.spine.models import Record
from allmende.spine.people.models import Account
from allmende.spine.privacy.register import personal

from ..enums import Feasibility, ReviewState
from .contributions import Contribution


@personal(
    title=_("Reviews by experts"),
    purpose=_("Judge contributions by published criteria, with conflicts of interest stated"),
    legal_basis="Art. 6(1)(e) GDPR",
    retention_days=3650,
    subject="expert",
    fields=["expert", "name", "interests"],
    on_deletion="detach",
    detached={"name": str, "interests": str},
)
class Review(Record):
    """One expert on one contribution. `scores`: 1 to 5 by criterion, in the order of the phase's rules. Until all
    reviews of a contribution are given, an expert sees no other one."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="reviews")
    expert = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    # As what the expert is named in public, by own choice: name, function or institution.
    name = models.CharField(_("Named in public as"), max_length=160, blank=True)
    state = models.CharField(max_length=8, choices=ReviewState.choices, default=ReviewState.ASKED)
    scores = models.JSONField(default=list, blank=True)
    feasibility = models.CharField(_("Feasible"), max_length=12, choices=Feasibility.choices, blank=True)
    cost_low_cents = models.PositiveBigIntegerField(_("Costs at least"), null=True, blank=True)
    cost_high_cents = models.PositiveBigIntegerField(_("Costs at most"), null=True, blank=True)
    text = models.TextField(_("Judgement"), max_length=6000, blank=True)
    interests = models.TextField(
        _("Conflicts of interest"),
        max_length=1000,
        blank=True,
        help_text=_("Ties to who would gain or lose, in words; “none” where there are none. Shown in public."),
    )
    given = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contribution", "expert"], name="dialogue_review_once"),
            models.CheckConstraint(
                name="dialogue_review_costs",
                condition=Q(cost_low_cents=None)
                | Q(cost_high_cents=None)
                | Q(cost_high_cents__gte=F("cost_low_cents")),
                violation_error_message=_("The upper cost lies below the lower one."),
            ),
            models.CheckConstraint(
                name="dialogue_review_whole", condition=~Q(state="given") | (Q(given__isnull=False) & ~Q(text=""))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}"

    def get_absolute_url(self) -> str:
        return link("dialogue:review", str(self.public_id))

    def scopes(self) -> set[str]:
        return self.contribution.scopes()
