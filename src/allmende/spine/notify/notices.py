"""What this app itself has to tell."""

from django.utils.translation import gettext_lazy as _

from .enums import Cadence
from .topics import register

register(
    "notify.mail",
    _("Your e-mail address"),
    description=_("When e-mail to you is paused because your address refuses it."),
    default=Cadence.NEVER,
)
