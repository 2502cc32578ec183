import hashlib
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from allmende.spine.ids import uuid7
from allmende.spine.privacy.register import personal

from .enums import INSTANCE, TIME_LIMITED, Role


class Organisation(models.Model):
    """A department, company, club or other town that people act for."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=200)
    kind = models.CharField(
        _("Kind"),
        max_length=20,
        choices=[
            ("department", _("Department")),
            ("company", _("Municipal company")),
            ("club", _("Club or initiative")),
            ("business", _("Business")),
            ("town", _("Other town")),
            ("authority", _("Other authority")),
        ],
        default="department",
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def urn(self) -> str:
        return f"organisation:{self.public_id}"


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        """For libraries that make accounts (allauth). Allmende's own way is `domain.accounts.create_account`."""
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


@personal(
    purpose=_("Sign in and be reachable about one's own matters"),
    legal_basis="Art. 6(1)(e) GDPR, § 3 LDSG RLP",
    retention_days=730,
    subject="self",
    fields=["email", "name", "phone", "language", "last_login", "last_seen"],
    counts_from="last_seen|created",
)
class Account(AbstractBaseUser):
    """An identity: who signs in. Never shown in public."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    email = models.EmailField(_("E-mail address"), max_length=254, unique=True)
    name = models.CharField(_("Name"), max_length=200, blank=True)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    language = models.CharField(_("Language"), max_length=8, blank=True, default="")
    theme = models.CharField(_("Appearance"), max_length=8, blank=True, default="auto")
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    last_seen = models.DateField(null=True, blank=True, editable=False)
    # Part of every session's signature: raising it signs the account out on all devices, without a list of devices.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[AccountManager] = AccountManager()

    # Set on an account that acts through a token: its rights are narrowed to this role.
    token_role: str = ""
    via_token: bool = False
    # See `access.roles_of`.
    second_factor_missing: bool = False
    second_factor_elsewhere: bool = False

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="people_account_email_ci")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def urn(self) -> str:
        return f"account:{self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's hash of the password, and of `session_epoch`."""
        return salted_hmac(
            "allmende.people.session", f"{self.password}:{self.session_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]


@personal(
    purpose=_("Take part in public under a name of one's choice"),
    legal_basis="Art. 6(1)(a) GDPR",
    retention_days=None,
    subject="account",
    fields=["name", "account"],
    on_deletion="detach",
)
class Pseudonym(models.Model):
    """The public face of an account. After deletion of the account it stays, unnamed and pointing at nobody."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    account = models.OneToOneField(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="pseudonym")
    name = models.CharField(_("Public name"), max_length=60)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("name"), name="people_pseudonym_name_ci", condition=models.Q(account__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def urn(self) -> str:
        return f"pseudonym:{self.public_id}"


@personal(
    purpose=_("Show who may do what, and who decided that"),
    legal_basis="Art. 6(1)(e) GDPR",
    retention_days=3650,
    subject="account",
    fields=["account", "role", "scope", "reason"],
    counts_from="valid_to",
)
class Assignment(models.Model):
    """A role for an account in a scope, from a day until a day (inclusive)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(_("Role"), max_length=40, choices=Role.choices)
    # "instance", "organisation:<uuid>", "area:<uuid>" or the urn of one object
    scope = models.CharField(_("Scope"), max_length=100, default=INSTANCE)
    valid_from = models.DateField(_("From"))
    valid_to = models.DateField(_("Until"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    granted_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # "oidc" or "ldap" where the town's directory gave the role: it is renewed at each sign-in and else runs out.
    source = models.CharField(max_length=10, blank=True, default="", editable=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["account_id", "role", "pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["scope", "role"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="people_assignment_dates",
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=sorted(TIME_LIMITED)) | models.Q(valid_to__isnull=False),
                name="people_assignment_time_limited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} ({self.scope})"


@personal(
    purpose=_("Let a program act with a person's or a role's rights"),
    legal_basis="Art. 6(1)(e) GDPR",
    retention_days=365,
    subject="account",
    fields=["name"],
)
class Token(models.Model):
    """A key for the APIs. Only its SHA-256 is kept; the key itself is shown once."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("Name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # A token may carry one role only; empty means all the rights of the account.
    role = models.CharField(_("Role"), max_length=40, choices=Role.choices, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(_("Valid until"))
    last_used = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created"]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest_of(key: str) -> str:
        return hashlib.sha256(key.encode()).hexdigest()


@personal(
    purpose=_("Recognise a member of staff who signs in through the town's directory"),
    legal_basis="Art. 6(1)(e) GDPR",
    retention_days=730,
    subject="account",
    fields=["account", "uid"],
)
class DirectoryIdentity(models.Model):
    """Which entry of the town's LDAP directory an account belongs to, by the entry's lasting id, not its address."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="directory_identities")
    uid = models.CharField(max_length=200, unique=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.uid
