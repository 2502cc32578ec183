"""What happens to decisions of councils. Titles of agenda items may name people: they stand in no fact."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from allmende.spine.facts import Fact
from allmende.spine.ui.formats import within_quotes

from ..enums import ArrivalState


@dataclass(frozen=True)
class CouncilDecisionReceived(Fact):
    """`reference`: of the paper, empty where it has none. `body`: who decided."""

    kind = "programme.council_decision.received"
    reference: str
    body: str

    def sentence(self) -> str:
        if not self.reference:
            return _("A decision arrived: %(body)s") % {"body": self.body}
        return _("A decision on paper %(reference)s arrived: %(body)s") % {
            "reference": self.reference, "body": self.body,
        }  # fmt: skip


@dataclass(frozen=True)
class CouncilDecisionSorted(Fact):
    """`state`: new (put back), taken (into the draft of a measure) or ignored."""

    kind = "programme.council_decision.sorted"
    reference: str
    state: str

    def sentence(self) -> str:
        what = self.reference or pgettext("council decision", "without a paper")
        if self.state == ArrivalState.TAKEN:
            return _("A decision of the council was taken over (%(what)s)") % {"what": what}
        if self.state == ArrivalState.IGNORED:
            return _("A decision of the council was put aside (%(what)s)") % {"what": what}
        return _("A decision of the council was put back among the new ones (%(what)s)") % {"what": what}


@dataclass(frozen=True)
class CouncilSourceChanged(Fact):
    """`how`: added, changed or removed."""

    kind = "programme.council_source.changed"
    name: str
    how: str

    def sentence(self) -> str:
        name = {"name": within_quotes(self.name)}
        if self.how == "added":
            return _("The council information system “%(name)s” was added") % name
        if self.how == "removed":
            return _("The council information system “%(name)s” was removed") % name
        return _("The council information system “%(name)s” was changed") % name
