from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact
from allmende.spine.ui.formats import within_quotes


@dataclass(frozen=True)
class MeasureDrafted(Fact):
    kind = "programme.measure.drafted"
    title: str

    def sentence(self) -> str:
        return _("The measure “%(title)s” was drafted") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class MeasurePublished(Fact):
    kind = "programme.measure.published"
    public = True
    title: str

    def sentence(self) -> str:
        return _("The measure “%(title)s” was published") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class MeasureChanged(Fact):
    """`public` is set by the verb: a change to a draft is nobody's business."""

    kind = "programme.measure.changed"
    title: str
    fields: list[str]
    version: int

    def sentence(self) -> str:
        return _("The measure “%(title)s” was changed") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class MeasureWithdrawn(Fact):
    kind = "programme.measure.withdrawn"
    public = True
    title: str

    def sentence(self) -> str:
        return _("The measure “%(title)s” was withdrawn from the public pages") % {"title": within_quotes(self.title)}
