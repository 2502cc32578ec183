"""What happens in moderation. No texts, no names: the rows are referred to."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact
from allmende.spine.ui.formats import within_quotes


@dataclass(frozen=True)
class CommentPosted(Fact):
    """`public` is set by the verb: a held comment is nobody's business yet."""

    kind = "moderation.comment.posted"
    about: str
    title: str

    def sentence(self) -> str:
        return _("A comment on “%(title)s” was written") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class CommentHeld(Fact):
    kind = "moderation.comment.held"
    about: str
    holds: list[str]

    def sentence(self) -> str:
        return _("A comment is held for a look")


@dataclass(frozen=True)
class CommentEdited(Fact):
    kind = "moderation.comment.edited"
    about: str

    def sentence(self) -> str:
        return _("A comment was edited")


@dataclass(frozen=True)
class CommentDeleted(Fact):
    kind = "moderation.comment.deleted"
    about: str

    def sentence(self) -> str:
        return _("A comment was deleted by its author")


@dataclass(frozen=True)
class CommentReported(Fact):
    kind = "moderation.comment.reported"
    about: str
    reason: str

    def sentence(self) -> str:
        return _("A comment was reported")


@dataclass(frozen=True)
class CaseClaimed(Fact):
    kind = "moderation.case.claimed"

    def sentence(self) -> str:
        return _("A moderation case was taken on")


@dataclass(frozen=True)
class CaseReleased(Fact):
    kind = "moderation.case.released"

    def sentence(self) -> str:
        return _("A moderation case was given back")


@dataclass(frozen=True)
class CommentDecided(Fact):
    """`comment` and `case` are public ids; `shown` says whether the comment is visible now."""

    kind = "moderation.comment.decided"
    comment: str
    about: str
    outcome: str
    reason: str
    shown: bool

    def sentence(self) -> str:
        return _("A decision on a comment was made")


@dataclass(frozen=True)
class AppealFiled(Fact):
    kind = "moderation.appeal.filed"
    comment: str

    def sentence(self) -> str:
        return _("An appeal against a moderation decision was filed")


@dataclass(frozen=True)
class FeedbackGiven(Fact):
    kind = "moderation.feedback.given"
    wants_answer: bool

    def sentence(self) -> str:
        return _("Accessibility feedback was given")


@dataclass(frozen=True)
class FeedbackAnswered(Fact):
    kind = "moderation.feedback.answered"
    outcome: str

    def sentence(self) -> str:
        return _("Accessibility feedback was dealt with")


@dataclass(frozen=True)
class HoldRulesChanged(Fact):
    kind = "moderation.rules.changed"
    fields: list[str]

    def sentence(self) -> str:
        return _("The rules that hold comments were changed")


@dataclass(frozen=True)
class StatementChanged(Fact):
    kind = "moderation.statement.changed"
    public = True
    fields: list[str]

    def sentence(self) -> str:
        return _("The accessibility statement was changed")
