from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allmende.programme.models import Measure, Phase
from allmende.spine.files.models import StoredFile
from allmende.spine.links import link
from allmende.spine.models import Record

from .enums import Qualifier

MOST_CENTS = 10**14


class Grant(Record):
    """What one notice of an authority gives one town. Amounts in euro cents, quota in basis points (9000 = 90 %)."""

    slug = models.SlugField(max_length=120, unique=True, editable=False)
    title = models.CharField(_("Title"), max_length=200)
    scheme = models.CharField(
        _("Funding programme"), max_length=200, help_text=_("As the authority calls it, for example “Digitale Stadt”.")
    )
    scheme_url = models.URLField(_("Page of the funding programme"), max_length=500, blank=True)
    authority = models.CharField(_("Granting authority"), max_length=200)
    recipient = models.CharField(
        _("Recipient town"), max_length=160, blank=True, help_text=_("Leave empty where it is this town.")
    )
    ags = models.CharField(
        _("Municipality key (AGS)"),
        max_length=8,
        blank=True,
        help_text=_("Eight digits; empty means this town."),
        validators=[RegexValidator(r"^[0-9]{8}$", _("A municipality key has eight digits, for example 07312000."))],
    )
    reference = models.CharField(
        _("Reference number"), max_length=80, blank=True, help_text=_("As it stands on the notice.")
    )
    notice_date = models.DateField(
        _("Date of the notice"), null=True, blank=True, help_text=_("Empty where it is not known.")
    )
    amount_cents = models.BigIntegerField(
        _("Amount"),
        validators=[
            MinValueValidator(1, _("The amount must be above zero.")),
            MaxValueValidator(MOST_CENTS, _("No grant is that large.")),
        ],
    )
    qualifier = models.CharField(
        _("The amount is stated as"), max_length=8, choices=Qualifier.choices, default=Qualifier.EXACT
    )
    quota = models.PositiveIntegerField(
        _("Funding quota"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(10_000, _("The quota lies between 0 and 100 per cent."))],
    )
    quota_at_least = models.BooleanField(_("The quota is a lower bound"), default=False)
    own_share_cents = models.BigIntegerField(
        _("Own share"),
        null=True,
        blank=True,
        help_text=_("What the town pays itself, in euro."),
        validators=[
            MinValueValidator(0, _("The own share cannot be negative.")),
            MaxValueValidator(MOST_CENTS, _("No own share is that large.")),
        ],
    )
    starts = models.DateField(_("Funding period from"), null=True, blank=True)
    ends = models.DateField(_("Funding period to"), null=True, blank=True)
    phase = models.ForeignKey(
        Phase, on_delete=models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("Phase")
    )
    document = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    document_public = models.BooleanField(default=False, editable=False)
    document_url = models.URLField(_("Address of the notice"), max_length=500, blank=True)
    source_title = models.CharField(
        _("Source"), max_length=200, help_text=_("Where the amount is stated, so that everybody can check it.")
    )
    source_url = models.URLField(_("Address of the source"), max_length=500)
    note = models.CharField(_("Note"), max_length=300, blank=True, help_text=_("Everybody sees it with the grant."))
    published = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed", "-pk"]
        verbose_name = _("Grant")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["authority", "reference"], condition=~Q(reference=""), name="funding_grant_reference"
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="funding_grant_amount"),
            models.CheckConstraint(
                condition=Q(own_share_cents__isnull=True) | Q(own_share_cents__gte=0), name="funding_grant_own_share"
            ),
            models.CheckConstraint(condition=Q(quota__isnull=True) | Q(quota__lte=10_000), name="funding_grant_quota"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="funding_grant_period",
            ),
            models.CheckConstraint(condition=~Q(source_url="") & ~Q(source_title=""), name="funding_grant_has_source"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return link("funding:grant", self.slug)

    @property
    def change_url(self) -> str:
        """Where staff work on it."""
        return link("funding:change_grant", str(self.public_id))

    @property
    def exact(self) -> bool:
        """Whether the source names the amount itself."""
        return self.qualifier == Qualifier.EXACT

    @property
    def computed_quota(self) -> int | None:
        """Basis points of amount ÷ (amount + own share), half up; None where the own share is not known."""
        if self.own_share_cents is None:
            return None
        whole = self.amount_cents + self.own_share_cents
        return (20_000 * self.amount_cents + whole) // (2 * whole)


class Share(models.Model):
    """What a measure gets of a grant. `amount_cents` None: the notice names the measure, but no amount for it."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="shares")
    # A measure that is deleted takes its shares along; the money stays with the grant.
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="shares", verbose_name=_("Measure"))
    amount_cents = models.BigIntegerField(
        _("Amount"), null=True, blank=True, validators=[MinValueValidator(1, _("The amount must be above zero."))]
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["grant", "measure"], name="funding_share_once"),
            models.CheckConstraint(
                condition=Q(amount_cents__isnull=True) | Q(amount_cents__gt=0), name="funding_share_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} ← {self.grant}"
