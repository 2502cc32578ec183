from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact


@dataclass(frozen=True)
class NotifySettingsChanged(Fact):
    """What somebody follows is nobody's business: the fact names the kind of change, not the thing."""

    kind = "notify.settings.changed"
    fields: list[str]

    def sentence(self) -> str:
        return _("Somebody changed how they want to be told about news")


@dataclass(frozen=True)
class MailPaused(Fact):
    """An address refused mail for good several times in a row."""

    kind = "notify.mail.paused"

    def sentence(self) -> str:
        return _("E-mail to an account was paused because its address refuses it")
