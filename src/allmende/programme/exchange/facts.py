"""What an import says of itself."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact


@dataclass(frozen=True)
class ProgrammeImported(Fact):
    """`created`, `changed`: measures; `values`: new rows of indicators."""

    kind = "programme.list.imported"
    created: int
    changed: int
    values: int

    def sentence(self) -> str:
        return _("A list was imported: %(created)s new measures, %(changed)s changed ones") % {
            "created": self.created,
            "changed": self.changed,
        }
