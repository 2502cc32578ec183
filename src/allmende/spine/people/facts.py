from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact


@dataclass(frozen=True)
class AccountCreated(Fact):
    """`how`: signup, administration, demo, oidc, ldap, setup, terminal."""

    kind = "people.account.created"
    how: str

    def sentence(self) -> str:
        return _("An account was created")


@dataclass(frozen=True)
class AccountChanged(Fact):
    kind = "people.account.changed"
    fields: list[str]

    def sentence(self) -> str:
        return _("An account was changed")


@dataclass(frozen=True)
class AccountDisabled(Fact):
    kind = "people.account.disabled"

    def sentence(self) -> str:
        return _("An account was disabled")


@dataclass(frozen=True)
class AccountEnabled(Fact):
    kind = "people.account.enabled"

    def sentence(self) -> str:
        return _("An account was enabled again")


@dataclass(frozen=True)
class AccountDeleted(Fact):
    kind = "people.account.deleted"

    def sentence(self) -> str:
        return _("An account was deleted")


@dataclass(frozen=True)
class SignedOutEverywhere(Fact):
    kind = "people.account.signed_out_everywhere"

    def sentence(self) -> str:
        return _("An account was signed out on all other devices")


@dataclass(frozen=True)
class Invited(Fact):
    kind = "people.account.invited"

    def sentence(self) -> str:
        return _("Somebody was invited by e-mail")


@dataclass(frozen=True)
class PseudonymChosen(Fact):
    kind = "people.pseudonym.chosen"

    def sentence(self) -> str:
        return _("A public name was chosen")


@dataclass(frozen=True)
class RoleAssigned(Fact):
    kind = "people.role.assigned"
    role: str
    scope: str
    valid_from: str
    valid_to: str | None

    def sentence(self) -> str:
        return _("A role was given")


@dataclass(frozen=True)
class RoleRenewed(Fact):
    """The town's directory named the role again at a sign-in."""

    kind = "people.role.renewed"
    role: str
    scope: str
    valid_to: str

    def sentence(self) -> str:
        return _("A role was renewed by the directory")


@dataclass(frozen=True)
class RoleEnded(Fact):
    kind = "people.role.ended"
    role: str
    scope: str

    def sentence(self) -> str:
        return _("A role ended")


@dataclass(frozen=True)
class OrganisationAdded(Fact):
    kind = "people.organisation.added"
    name: str

    def sentence(self) -> str:
        return _("The organisation “%(name)s” was added") % {"name": self.name}


@dataclass(frozen=True)
class OrganisationChanged(Fact):
    kind = "people.organisation.changed"
    name: str

    def sentence(self) -> str:
        return _("The organisation “%(name)s” was changed") % {"name": self.name}


@dataclass(frozen=True)
class OrganisationRemoved(Fact):
    kind = "people.organisation.removed"
    name: str

    def sentence(self) -> str:
        return _("The organisation “%(name)s” was removed") % {"name": self.name}


@dataclass(frozen=True)
class TokenCreated(Fact):
    kind = "people.token.created"
    role: str

    def sentence(self) -> str:
        return _("An access token was created")


@dataclass(frozen=True)
class TokenRevoked(Fact):
    kind = "people.token.revoked"

    def sentence(self) -> str:
        return _("An access token was revoked")
