"""What happens to reports."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact
from allmende.spine.ui.formats import within_quotes


@dataclass(frozen=True)
class ReportMade(Fact):
    """`again`: there was a report of this year before; it stays readable."""

    kind = "programme.report.made"
    public = True
    title: str
    year: int
    again: bool

    def sentence(self) -> str:
        if self.again:
            return _("The report “%(title)s” was made anew") % {"title": within_quotes(self.title)}
        return _("The report “%(title)s” was made") % {"title": within_quotes(self.title)}


@dataclass(frozen=True)
class WordTemplateChanged(Fact):
    """`paper`: which paper it is for; `own`: the town's own, else the one that comes along."""

    kind = "programme.word_template.changed"
    paper: str
    own: bool

    def sentence(self) -> str:
        return _("The template for papers was changed")
