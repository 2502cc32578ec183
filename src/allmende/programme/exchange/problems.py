"""What is wrong with a file, and where."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.spine.imports import ImportRefused

Path = tuple[str | int, ...]
SHOWN = 200  # more are counted, not listed


@dataclass(frozen=True)
class Located:
    """`where`: as people find it, e.g. "Blatt Maßnahmen, Zelle D7"."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class FileRefused(ImportRefused):
    """The file as a whole cannot be read: `code` says why, the text says it to people."""


class ImportProblems(ImportRefused):
    """Nothing was imported; `problems` says what is wrong, place by place, `count` how much in all."""

    def __init__(self, problems: Iterable[Located]) -> None:
        found = list(problems)
        self.problems, self.count = found[:SHOWN], len(found)
        lines = [str(problem) for problem in self.problems]
        if self.count > SHOWN:
            more = self.count - SHOWN
            lines.append(ngettext("… and %(number)s more.", "… and %(number)s more.", more) % {"number": more})
        super().__init__("rows", _("Nothing was imported. This is wrong:") + "\n" + "\n".join(lines))


def cell_name(sheet: str, letter: str, row: int) -> str:
    return _("Sheet %(sheet)s, cell %(cell)s") % {"sheet": sheet, "cell": f"{letter}{row}"}


def row_name(sheet: str, row: int) -> str:
    return _("Sheet %(sheet)s, row %(row)s") % {"sheet": sheet, "row": row}
