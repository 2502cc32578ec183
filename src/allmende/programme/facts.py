from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact
from allmende.spine.ui.formats import within_quotes

from .enums import DecisionKind, Light


@dataclass(frozen=True)
class MeasureDrafted(Fact):
    kind = "programme.measure.drafted"
    title: str

    def sentence(self) -> str:
        return _("The measure “%(title)s” was drafted") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class DraftEdited(Fact):
    """`fields`: keys of the document that were sent."""

    kind = "programme.measure.edited"
    title: str
    fields: list[str]

    def sentence(self) -> str:
        return _("The draft of “%(title)s” was edited") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class MeasureSubmitted(Fact):
    kind = "programme.measure.submitted"
    title: str
    number: int

    def sentence(self) -> str:
        return _("A draft of “%(title)s” was given to review") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class MeasureReturned(Fact):
    kind = "programme.measure.returned"
    title: str
    number: int

    def sentence(self) -> str:
        return _("The draft of “%(title)s” was returned with comments") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class MeasurePublished(Fact):
    kind = "programme.measure.published"
    public = True
    title: str

    def sentence(self) -> str:
        return _("The measure “%(title)s” was published") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class MeasureChanged(Fact):
    """`fields`: keys of the measure's document that differ."""

    kind = "programme.measure.changed"
    title: str
    fields: list[str]
    version: int

    def sentence(self) -> str:
        return _("The measure “%(title)s” was changed") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class MilestoneReached(Fact):
    kind = "programme.milestone.reached"
    public = True
    title: str
    milestone: str

    def sentence(self) -> str:
        return _("“%(title)s” reached a milestone: %(milestone)s") % {
            "title": within_quotes(self.title), "milestone": self.milestone,
        }  # fmt: skip


@dataclass(frozen=True)
class DecisionTaken(Fact):
    kind = "programme.decision.taken"
    public = True
    title: str
    decision: str
    body: str

    def sentence(self) -> str:
        return _("“%(title)s” was %(decision)s: %(body)s") % {
            "title": within_quotes(self.title),
            "decision": dict(DecisionKind.choices).get(self.decision, self.decision),
            "body": self.body,
        }


@dataclass(frozen=True)
class MeasureWithdrawn(Fact):
    kind = "programme.measure.withdrawn"
    public = True
    title: str

    def sentence(self) -> str:
        return _("The measure “%(title)s” was withdrawn from the public pages") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class MeasureDeleted(Fact):
    kind = "programme.measure.deleted"
    title: str

    def sentence(self) -> str:
        return _("The measure “%(title)s” was deleted") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class ValuesRecorded(Fact):
    """`corrected`: how many of the `count` values replace an earlier vintage."""

    kind = "programme.indicator.recorded"
    public = True
    title: str
    count: int
    corrected: int

    def sentence(self) -> str:
        if self.corrected:
            return _("Values of “%(title)s” were corrected") % {"title": within_quotes(self.title)}
        return _("New values of “%(title)s”") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class IndicatorDefined(Fact):
    """`number`: of the definition; above 1 the indicator was redefined."""

    kind = "programme.indicator.defined"
    public = True
    title: str
    number: int

    def sentence(self) -> str:
        if self.number > 1:
            return _("The indicator “%(title)s” was redefined") % {"title": within_quotes(self.title)}
        return _("The indicator “%(title)s” was defined") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class FrameChanged(Fact):
    """`what`: topic, phase or party; `made`: it is new."""

    kind = "programme.frame.changed"
    what: str
    title: str
    made: bool

    def sentence(self) -> str:
        if self.made:
            return _("“%(title)s” was added to the frame of the programme") % {"title": within_quotes(self.title)}
        return _("“%(title)s” in the frame of the programme was changed") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class TaskSet(Fact):
    """Says nothing of who and what: tasks are among colleagues."""

    kind = "programme.task.set"
    due: str

    def sentence(self) -> str:
        return _("A task was set")


@dataclass(frozen=True)
class TaskFinished(Fact):
    kind = "programme.task.finished"
    due: str

    def sentence(self) -> str:
        return _("A task was done")


@dataclass(frozen=True)
class MeasureAssessed(Fact):
    kind = "programme.measure.assessed"
    title: str
    light: str

    def sentence(self) -> str:
        return _("“%(title)s” was assessed: %(light)s") % {
            "title": within_quotes(self.title),
            "light": dict(Light.choices).get(self.light, self.light),
        }


# Kinds that stand beside their verbs: known wherever this module is loaded (the pump loads nothing else of a room).
from .council.facts import CouncilDecisionReceived as CouncilDecisionReceived  # noqa: E402
from .council.facts import CouncilDecisionSorted as CouncilDecisionSorted  # noqa: E402
from .council.facts import CouncilSourceChanged as CouncilSourceChanged  # noqa: E402
from .exchange.facts import ProgrammeImported as ProgrammeImported  # noqa: E402
from .indicator_facts import AreaDescribed as AreaDescribed  # noqa: E402
from .indicator_facts import IndicatorPublished as IndicatorPublished  # noqa: E402
from .indicator_facts import IndicatorWithdrawn as IndicatorWithdrawn  # noqa: E402
from .indicator_facts import SeriesBroken as SeriesBroken  # noqa: E402
from .indicator_facts import TargetChanged as TargetChanged  # noqa: E402
from .indicator_facts import TargetRemoved as TargetRemoved  # noqa: E402
from .indicator_facts import TargetSet as TargetSet  # noqa: E402
from .reports.facts import ReportMade as ReportMade  # noqa: E402
