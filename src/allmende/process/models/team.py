"""Who does the tasks of somebody who is away."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.spine.models import Record
from allmende.spine.people.models import Account
from allmende.spine.privacy.register import personal


@personal(
    purpose=_("Let tasks be done while somebody is away, and show who did them for whom"),
    legal_basis="Art. 6(1)(e) GDPR",
    retention_days=3650,
    subject="person|substitute",
    fields=["person", "substitute", "author"],
    counts_from="last",
)
class Substitution(Record):
    """`substitute` does the tasks of `person` from the first to the last day (both included). Says nothing about why
    somebody is away."""

    person = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("Who is away"))
    substitute = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("Substitute"))
    first = models.DateField(_("From"))
    last = models.DateField(pgettext_lazy("until and including", "Until"))
    author = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-last", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["substitute", "last"], name="process_stands_in"),
            models.Index(fields=["person", "last"], name="process_is_away"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="process_substitution_days"),
            models.CheckConstraint(condition=~Q(person=F("substitute")), name="process_substitution_other"),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.substitute}"

    @property
    def begun(self) -> bool:
        return self.first <= timezone.localdate()

    @property
    def over(self) -> bool:
        return self.last < timezone.localdate()
