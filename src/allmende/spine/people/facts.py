from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact


@dataclass(frozen=True)
class AccountCreated(Fact):
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
class AccountDeleted(Fact):
    kind = "people.account.deleted"

    def sentence(self) -> str:
        return _("An account was deleted")


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
class RoleEnded(Fact):
    kind = "people.role.ended"
    role: str
    scope: str

    def sentence(self) -> str:
        return _("A role ended")


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
