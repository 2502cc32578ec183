"""What happens to indicators besides definitions and values (`facts`)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact
from allmende.spine.ui.formats import within_quotes


@dataclass(frozen=True)
class IndicatorPublished(Fact):
    kind = "programme.indicator.published"
    public = True
    title: str

    def sentence(self) -> str:
        return _("The indicator “%(title)s” was published") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class IndicatorWithdrawn(Fact):
    kind = "programme.indicator.withdrawn"
    public = True
    title: str

    def sentence(self) -> str:
        return _("The indicator “%(title)s” was withdrawn from the public pages") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class SeriesBroken(Fact):
    """`date`: from this day on values do not compare with those before."""

    kind = "programme.indicator.broken"
    public = True
    title: str
    date: str

    def sentence(self) -> str:
        return _("The series “%(title)s” has a break") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class AreaDescribed(Fact):
    """`area`: code, `name`: what it is called."""

    kind = "programme.indicator.area_described"
    public = True
    title: str
    area: str
    name: str

    def sentence(self) -> str:
        return _("“%(title)s” can be compared with another area: %(name)s") % {
            "title": within_quotes(self.title),
            "name": self.name,
        }


@dataclass(frozen=True)
class TargetSet(Fact):
    """A target of the whole programme, for an `area`."""

    kind = "programme.target.set"
    public = True
    title: str
    area: str

    def sentence(self) -> str:
        return _("A target of the programme was set: “%(title)s”") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class TargetChanged(Fact):
    """`fields`: names of what changed."""

    kind = "programme.target.changed"
    public = True
    title: str
    area: str
    fields: list[str]

    def sentence(self) -> str:
        return _("A target of the programme was changed: “%(title)s”") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class TargetRemoved(Fact):
    kind = "programme.target.removed"
    public = True
    title: str
    area: str

    def sentence(self) -> str:
        return _("A target of the programme was given up: “%(title)s”") % {"title": within_quotes(self.title)}
