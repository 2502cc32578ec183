from django.db import models
from django.utils.translation import gettext_lazy as _


class CommentState(models.TextChoices):
    VISIBLE = "visible", _("Visible")
    HELD = "held", _("Held for a look")
    HIDDEN = "hidden", _("Hidden")
    DELETED = "deleted", _("Deleted by its author")


class Hold(models.TextChoices):
    """Why a comment waits."""

    LINKS = "links", _("contains several links")
    FIRST = "first", _("is the first comment of this person")
    WORDS = "words", _("contains a listed word")


class CaseKind(models.TextChoices):
    HELD = "held", _("Held comment")
    REPORTED = "reported", _("Reported comment")
    APPEAL = "appeal", _("Appeal")
    FEEDBACK = "feedback", _("Accessibility feedback")


class CaseState(models.TextChoices):
    OPEN = "open", _("Open")
    DECIDED = "decided", _("Decided")


class Outcome(models.TextChoices):
    SHOWN = "shown", _("The comment is shown")
    HIDDEN = "hidden", _("The comment is hidden")
    UPHELD = "upheld", _("The decision stands")
    REVERSED = "reversed", _("The decision is reversed")
    ANSWERED = "answered", _("Answered")
    NO_ACTION = "no_action", _("No answer needed")


OUTCOMES: dict[str, tuple[Outcome, ...]] = {
    CaseKind.HELD: (Outcome.SHOWN, Outcome.HIDDEN),
    CaseKind.REPORTED: (Outcome.SHOWN, Outcome.HIDDEN),
    CaseKind.APPEAL: (Outcome.UPHELD, Outcome.REVERSED),
    CaseKind.FEEDBACK: (Outcome.ANSWERED, Outcome.NO_ACTION),
}


class Reason(models.TextChoices):
    """Reason codes; the label is the public wording."""

    INSULT = "insult", _("Insult or degradation")
    HATE = "hate", _("Incitement to hatred or discrimination")
    THREAT = "threat", _("Threat or call to violence")
    PERSONAL_DATA = "personal_data", _("Personal data of others")
    FALSE_CLAIM = "false_claim", _("False claim about a person")
    ILLEGAL = "illegal", _("Other unlawful content")
    SPAM = "spam", _("Advertising or spam")
    OFF_TOPIC = "off_topic", _("Has nothing to do with the subject")
    COPYRIGHT = "copyright", _("Violates copyright")


# What a decision rests on: the law, or the house rules of the site (Art. 17(3)(d) and (e) DSA).
UNLAWFUL = frozenset(
    {
        Reason.HATE,
        Reason.THREAT,
        Reason.PERSONAL_DATA,
        Reason.FALSE_CLAIM,
        Reason.ILLEGAL,
        Reason.COPYRIGHT,
        Reason.INSULT,
    }
)


class Conformance(models.TextChoices):
    """How far the site meets the standard (Implementing Decision (EU) 2018/1523)."""

    FULL = "full", _("fully compliant")
    PARTIAL = "partial", _("partially compliant")
    NONE = "none", _("not compliant")


class Method(models.TextChoices):
    SELF = "self", _("self-assessment")
    EXTERNAL = "external", _("assessment by a third party")
