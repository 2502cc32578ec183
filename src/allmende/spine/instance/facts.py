from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact


@dataclass(frozen=True)
class InstanceChanged(Fact):
    kind = "instance.settings.changed"
    fields: list[str]

    def sentence(self) -> str:
        return _("The settings of the instance were changed")


@dataclass(frozen=True)
class InstanceSetUp(Fact):
    kind = "instance.setup.finished"
    public = True
    name: str

    def sentence(self) -> str:
        return _("%(name)s went into service") % {"name": self.name}


@dataclass(frozen=True)
class MailTested(Fact):
    """A test mail was tried from the settings page; the recipient is not told here."""

    kind = "instance.mail.tested"
    outcome: str

    def sentence(self) -> str:
        return _("The mail server was tested")


@dataclass(frozen=True)
class BrandPermissionGranted(Fact):
    kind = "instance.brand_permission.granted"
    valid_from: str
    valid_to: str

    def sentence(self) -> str:
        return _("A partner was allowed to use the brand until %(date)s") % {"date": self.valid_to}


@dataclass(frozen=True)
class BrandPermissionExtended(Fact):
    kind = "instance.brand_permission.extended"
    valid_to: str

    def sentence(self) -> str:
        return _("A partner's permission to use the brand was extended until %(date)s") % {"date": self.valid_to}


@dataclass(frozen=True)
class BrandPermissionRevoked(Fact):
    kind = "instance.brand_permission.revoked"

    def sentence(self) -> str:
        return _("A partner's permission to use the brand was revoked")
