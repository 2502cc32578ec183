from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact
from allmende.spine.ui.formats import within_quotes


@dataclass(frozen=True)
class ModelImported(Fact):
    kind = "process.model.imported"
    title: str
    number: int

    def sentence(self) -> str:
        return _("Version %(number)d of “%(title)s” was imported") % {
            "number": self.number,
            "title": within_quotes(self.title),
        }


@dataclass(frozen=True)
class VersionReleased(Fact):
    """From now on instances start by this version."""

    kind = "process.version.released"
    title: str
    number: int
    sha256: str

    def sentence(self) -> str:
        return _("Version %(number)d of “%(title)s” was released") % {
            "number": self.number,
            "title": within_quotes(self.title),
        }


@dataclass(frozen=True)
class DecisionTableChanged(Fact):
    """A table of a draft was changed in the browser."""

    kind = "process.decision.changed"
    title: str
    table: str
    number: int

    def sentence(self) -> str:
        return _("In version %(number)d of “%(title)s” the table “%(table)s” was changed") % {
            "number": self.number,
            "title": within_quotes(self.title),
            "table": within_quotes(self.table),
        }


@dataclass(frozen=True)
class DecisionCaseKept(Fact):
    kind = "process.decision_case.kept"
    title: str
    case: str

    def sentence(self) -> str:
        return _("“%(title)s” has the test case “%(case)s”") % {
            "title": within_quotes(self.title),
            "case": within_quotes(self.case),
        }


@dataclass(frozen=True)
class DecisionCaseRemoved(Fact):
    kind = "process.decision_case.removed"
    title: str
    case: str

    def sentence(self) -> str:
        return _("“%(title)s” no longer has the test case “%(case)s”") % {
            "title": within_quotes(self.title),
            "case": within_quotes(self.case),
        }


@dataclass(frozen=True)
class InstanceStarted(Fact):
    kind = "process.instance.started"
    title: str
    about: str

    def sentence(self) -> str:
        return _("The process “%(title)s” was started") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class InstanceEnded(Fact):
    """`state`: done or cancelled."""

    kind = "process.instance.ended"
    title: str
    about: str
    state: str

    def sentence(self) -> str:
        return _("The process “%(title)s” has ended") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class InstanceStuck(Fact):
    kind = "process.instance.stuck"
    title: str

    def sentence(self) -> str:
        return _("The process “%(title)s” cannot go on by itself") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class InstanceMoved(Fact):
    """`number`: of the version of its model by which it runs from then on."""

    kind = "process.instance.moved"
    title: str
    number: int

    def sentence(self) -> str:
        return _("The process “%(title)s” runs by version %(number)d from now on") % {
            "title": within_quotes(self.title),
            "number": self.number,
        }


@dataclass(frozen=True)
class ItemDone(Fact):
    """`element`: id of the element in the model; empty for a plain task."""

    kind = "process.item.done"
    title: str
    element: str

    def sentence(self) -> str:
        return _("“%(title)s” was done") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class SubstituteNamed(Fact):
    """From and until which day, as ISO 8601; says not who."""

    kind = "process.substitute.named"
    first: str
    last: str

    def sentence(self) -> str:
        return _("A substitute was named")


@dataclass(frozen=True)
class SubstitutionEnded(Fact):
    kind = "process.substitution.ended"

    def sentence(self) -> str:
        return _("A substitution was ended early")


@dataclass(frozen=True)
class ItemAdded(Fact):
    """A plain task, in a case or without one."""

    kind = "process.item.added"
    title: str

    def sentence(self) -> str:
        return _("The task “%(title)s” was added") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class StartChanged(Fact):
    """Something that begins cases by itself was set up, changed or stopped. `active`: whether it begins any now."""

    kind = "process.start.changed"
    title: str
    active: bool

    def sentence(self) -> str:
        if self.active:
            return _("“%(title)s” begins by itself") % {"title": within_quotes(self.title)}
        return _("“%(title)s” no longer begins by itself") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class AgreementRecorded(Fact):
    kind = "process.agreement.recorded"
    title: str

    def sentence(self) -> str:
        return _("A staff agreement was recorded: “%(title)s”") % {"title": within_quotes(self.title)}
