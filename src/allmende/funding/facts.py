from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact
from allmende.spine.ui.formats import within_quotes


@dataclass(frozen=True)
class GrantRecorded(Fact):
    kind = "funding.grant.recorded"
    title: str
    amount_cents: int

    def sentence(self) -> str:
        return _("The grant “%(title)s” was recorded") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class GrantPublished(Fact):
    kind = "funding.grant.published"
    public = True
    title: str
    amount_cents: int

    def sentence(self) -> str:
        return _("The grant “%(title)s” was published") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class GrantChanged(Fact):
    """`fields`: names of what changed; `shares` and `document` stand for the rows beside the grant."""

    kind = "funding.grant.changed"
    title: str
    fields: list[str]
    version: int

    def sentence(self) -> str:
        return _("The grant “%(title)s” was changed") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class GrantWithdrawn(Fact):
    kind = "funding.grant.withdrawn"
    public = True
    title: str

    def sentence(self) -> str:
        return _("The grant “%(title)s” was withdrawn from the public pages") % {"title": within_quotes(self.title)}
