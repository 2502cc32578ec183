from django.db import models
from django.utils.translation import gettext_lazy as _

# From so many days before its end a permission counts as expiring.
EXPIRING_DAYS = 60


class PermissionState(models.TextChoices):
    """Follows from the dates and from whether it was revoked; it is never stored."""

    PLANNED = "planned", _("Begins later")
    VALID = "valid", _("Valid")
    EXPIRING = "expiring", _("Ends soon")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


class Security(models.TextChoices):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls", _("STARTTLS (usually port 587)")
    TLS = "tls", _("TLS from the start (usually port 465)")
    NONE = "none", _("None (only inside the own network, usually port 25)")
