from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from allmende.spine.models import Record
from allmende.spine.privacy.register import not_personal, personal

from ..enums import Conformance, Method


def of_account(account: Any) -> QuerySet["Feedback"]:
    """Feedback that names the account's address: there is no other path, it is given without logging in."""
    return Feedback.objects.filter(email__iexact=account.email)


@personal(
    title=_("Accessibility feedback"),
    purpose=_("Remove barriers that somebody met, and answer them"),
    legal_basis="Art. 6(1)(c) GDPR; § 12b BGG, BITV RP",
    retention_days=180,
    subject="",
    fields=["email", "text", "page"],
    rows=of_account,
)
class Feedback(Record):
    """A barrier that somebody reports. The address is there only if they want an answer."""

    page = models.CharField(_("On which page?"), max_length=300, blank=True)
    text = models.TextField(_("What is the barrier?"), max_length=5000)
    email = models.EmailField(_("E-mail address for an answer"), blank=True)
    lang = models.CharField(max_length=8, default="de", editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]


@not_personal(
    contact_email="the town's own address",
    contact_phone="the town's own number",
    enforcement_email="the address of a public body",
)
class Statement(models.Model):
    """The accessibility statement of this site as data. There is one row (id 1)."""

    conformance = models.CharField(
        _("The site is"), max_length=8, choices=Conformance.choices, default=Conformance.PARTIAL
    )
    method = models.CharField(_("Based on"), max_length=8, choices=Method.choices, default=Method.SELF)
    made_on = models.DateField(_("Statement made on"), null=True, blank=True)
    reviewed_on = models.DateField(_("Last reviewed on"), null=True, blank=True)
    # [{"what": …, "why": …, "instead": …}], plain text
    limitations = models.JSONField(default=list, blank=True)
    contact_email = models.EmailField(_("Contact address"), blank=True)
    contact_phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    enforcement_name = models.CharField(_("Enforcement body"), max_length=300, blank=True)
    enforcement_email = models.EmailField(_("E-mail of the enforcement body"), blank=True)
    enforcement_url = models.URLField(_("Page of the enforcement body"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(pk=1), name="moderation_statement_one_row")
        ]

    def __str__(self) -> str:
        return "accessibility statement"

    @property
    def urn(self) -> str:
        return "moderation:accessibility_statement"
