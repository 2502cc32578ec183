"""What happens in participations. Contributions are named by their number: what people wrote is in no fact."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from allmende.spine.facts import Fact
from allmende.spine.ui.formats import within_quotes

from .enums import Standing


@dataclass(frozen=True)
class ParticipationDrafted(Fact):
    kind = "dialogue.participation.drafted"
    title: str

    def sentence(self) -> str:
        return _("The participation “%(title)s” was drafted") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class ParticipationPublished(Fact):
    kind = "dialogue.participation.published"
    public = True
    title: str

    def sentence(self) -> str:
        return _("The participation “%(title)s” was announced") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class ParticipationChanged(Fact):
    """`fields`: names of what changed."""

    kind = "dialogue.participation.changed"
    title: str
    fields: list[str]

    def sentence(self) -> str:
        return _("The participation “%(title)s” was changed") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class ParticipationEvaluated(Fact):
    kind = "dialogue.participation.evaluated"
    public = True
    title: str

    def sentence(self) -> str:
        return _("What came of “%(title)s” was published") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class ParticipationWithdrawn(Fact):
    kind = "dialogue.participation.withdrawn"
    public = True
    title: str

    def sentence(self) -> str:
        return _("The participation “%(title)s” was broken off") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class RulesFrozen(Fact):
    """`digest`: SHA-256 of the rules of a phase."""

    kind = "dialogue.phase.frozen"
    public = True
    title: str
    digest: str

    def sentence(self) -> str:
        return _("The rules of “%(title)s” hold from the first contribution on") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class ContributionReceived(Fact):
    kind = "dialogue.contribution.received"
    number: int
    participation: str

    def sentence(self) -> str:
        told = {"number": self.number, "title": within_quotes(self.participation)}
        return _("Contribution %(number)s to “%(title)s” was received") % told


@dataclass(frozen=True)
class ContributionChanged(Fact):
    kind = "dialogue.contribution.changed"
    number: int
    participation: str

    def sentence(self) -> str:
        told = {"number": self.number, "title": within_quotes(self.participation)}
        return _("Contribution %(number)s to “%(title)s” was changed by its author") % told


@dataclass(frozen=True)
class ContributionTakenBack(Fact):
    kind = "dialogue.contribution.taken_back"
    number: int
    participation: str

    def sentence(self) -> str:
        told = {"number": self.number, "title": within_quotes(self.participation)}
        return _("Contribution %(number)s to “%(title)s” was taken back by its author") % told


@dataclass(frozen=True)
class ContributionExamined(Fact):
    """`reviews`: how many experts were asked."""

    kind = "dialogue.contribution.examined"
    number: int
    participation: str
    reviews: int

    def sentence(self) -> str:
        told = {"number": self.number, "title": within_quotes(self.participation)}
        return _("Contribution %(number)s to “%(title)s” is being examined") % told


@dataclass(frozen=True)
class ReviewGiven(Fact):
    """The first is not public before the last: an expert shall not lean on another's judgement."""

    kind = "dialogue.review.given"
    number: int
    participation: str

    def sentence(self) -> str:
        told = {"number": self.number, "title": within_quotes(self.participation)}
        return _("An expert has judged contribution %(number)s to “%(title)s”") % told


@dataclass(frozen=True)
class ContributionAnswered(Fact):
    """`measure`: URN of the measure that it led to."""

    kind = "dialogue.contribution.answered"
    number: int
    participation: str
    standing: str
    measure: str

    def sentence(self) -> str:
        told = {
            "number": self.number,
            "title": within_quotes(self.participation),
            "answer": Standing(self.standing).label if self.standing in Standing else self.standing,
        }
        return pgettext("fact", "Contribution %(number)s to “%(title)s” was answered: %(answer)s") % told


@dataclass(frozen=True)
class ContributionShown(Fact):
    """It was held back or removed, and everybody sees it now."""

    kind = "dialogue.contribution.shown"
    public = True
    number: int
    participation: str

    def sentence(self) -> str:
        told = {"number": self.number, "title": within_quotes(self.participation)}
        return _("Contribution %(number)s to “%(title)s” is shown") % told


@dataclass(frozen=True)
class RemovalProposed(Fact):
    """`reason`: a code of `moderation.enums.Reason`. `out_of_sight`: nobody outside sees it until a second person has
    decided."""

    kind = "dialogue.removal.proposed"
    number: int
    participation: str
    reason: str
    out_of_sight: bool

    def sentence(self) -> str:
        told = {"number": self.number, "title": within_quotes(self.participation)}
        return _("It was proposed to remove contribution %(number)s to “%(title)s”") % told


@dataclass(frozen=True)
class RemovalRefused(Fact):
    kind = "dialogue.removal.refused"
    number: int
    participation: str

    def sentence(self) -> str:
        told = {"number": self.number, "title": within_quotes(self.participation)}
        return _("Contribution %(number)s to “%(title)s” is not removed") % told


@dataclass(frozen=True)
class ContributionRemoved(Fact):
    """The number stays, and is counted; the words are not shown. `reason`: a code of `moderation.enums.Reason`."""

    kind = "dialogue.contribution.removed"
    public = True
    number: int
    participation: str
    reason: str

    def sentence(self) -> str:
        told = {"number": self.number, "title": within_quotes(self.participation)}
        return _("Contribution %(number)s to “%(title)s” was removed") % told
