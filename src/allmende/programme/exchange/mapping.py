"""A town's own list: what its columns are, what each is read as."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ..core.table_values import NoSuchDay, NoYear, parse_day
from ..enums import InvolvementRole
from . import headings
from .cells import restore
from .fields import Wrong
from .workbook import Cell

PLAIN = (
    "code", "title", "summary", "reason", "course", "result", "easy", "place_name", "source_url", "origin_text",
    "adopted_from", "input", "activity", "output", "outcome", "quality", "assumptions", "advice",
)  # fmt: skip
MILESTONES = 8
DECISION = ("date", "body", "kind", "number", "text")
# Several columns may name parties of the same role; of all else there is one column each.
PARTIES = tuple(f"party.{role}" for role in InvolvementRole.values)
TARGETS = (
    *PLAIN, "topic", "phase", "maturity", "since", "cost", *PARTIES, *(f"decision.{what}" for what in DECISION),
    *(f"m{number}.{what}" for number in range(1, MILESTONES + 1) for what in ("title", "plan", "done")),
)  # fmt: skip
# Error values as people copy them out of German and English spreadsheets.
_ERROR = re.compile(
    r"#(?:NV|N/A|BEZUG!|REF!|WERT!|VALUE!|NAME\?|DIV/0!|NULL!|ZAHL!|NUM!|ÜBERLAUF!|SPILL!)", re.IGNORECASE
)
_TEXT_MARK = re.compile(r"'\d")


@dataclass
class Frame:
    """What rows may name, by folded words: slugs of topics, numbers of phases, slugs of parties. `titles`: of the
    topics."""

    topics: dict[str, str]
    phases: dict[str, int]
    parties: dict[str, str]
    titles: list[str]


@dataclass
class Answers:
    """What a person said about what the list does not say.

    `topics`, `phases`: a folded name that nothing here has -> slug or number of what is meant; `make_topics`,
    `make_phases`: whether the others are to be made. `decision_body`, `decision_kind`: where no column says.
    """

    topics: dict[str, str] = field(default_factory=dict)
    phases: dict[str, int] = field(default_factory=dict)
    make_topics: bool = False
    make_phases: bool = False
    decision_body: str = ""
    decision_kind: str = ""


def fold(text: str) -> str:
    """A name as it is compared: without regard to case and blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def fold_code(code: str) -> str:
    """A code as it is compared: "d - 01" is "D-01"."""
    return "".join(fold(code).split())


def is_milestone(target: str) -> bool:
    return target.startswith("m") and target[1:2].isdigit()


def guess(labels: list[str]) -> dict[int, str]:
    """What the columns are by their headings: index -> target. Only roles of parties are proposed twice."""
    found: dict[int, str] = {}
    stems: dict[str, int] = {}
    for index, label in enumerate(labels):
        target = headings.field_of(label)
        if target is None and (date_of := headings.milestone_of(label)) is not None:
            stem, what = date_of
            number = stems.setdefault(stem, len(stems) + 1)
            target = f"m{number}.{what}" if number <= MILESTONES else None
        if target is not None and (target not in found.values() or target in PARTIES):
            found[index] = target
    if "decision.date" not in found.values():
        # A decision has a day: without one there is nothing to make of the rest.
        found = {index: target for index, target in found.items() if not target.startswith("decision.")}
    return found


def refuse_errors(cell: Cell) -> None:
    """Raises Wrong for an error value, also one that was copied as text."""
    if cell.kind == "e" or (isinstance(cell.value, str) and _ERROR.fullmatch(cell.value.strip())):
        raise Wrong(_("There is an error value in this cell: %(value)s") % {"value": str(cell.value).strip()[:40]})


def as_text(value: Any) -> str:
    """A cell's value as a person would write it; a leading apostrophe that marks a text is none of it."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, float):
        value = int(value) if value.is_integer() else format(value, ".15g")
    text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n").strip()
    text = text[1:] if _TEXT_MARK.match(text) else restore(text)
    return text if "\n" in text else " ".join(text.split())


def text_of(cell: Cell) -> str:
    """`as_text`, with per cent as they are shown."""
    if cell.kind == "%":
        return f"{format(100 * cell.value, '.12g').replace('.', ',')} %"
    return as_text(cell.value)


def day_of(cell: Cell, read: Any = parse_day) -> Any:
    """What `read` makes of a cell. Raises Wrong, with the reason where there is one that can be told."""
    if cell.kind == "%":
        raise _no_day(cell)
    try:
        return read(cell.value)
    except NoSuchDay:
        raise Wrong(_("“%(text)s”: there is no such day.") % {"text": text_of(cell)[:40]}) from None
    except NoYear:
        raise Wrong(_("“%(text)s”: the year is missing.") % {"text": text_of(cell)[:40]}) from None
    except (ValueError, OverflowError):
        raise _no_day(cell) from None


def _no_day(cell: Cell) -> Wrong:
    return Wrong(_("“%(text)s” is not a date. Write 12.08.2019 or 2019-08-12.") % {"text": text_of(cell)[:40]})


def in_the_past(day: date | None) -> date | None:
    """Raises Wrong for a day to come."""
    if day is not None and day > timezone.localdate():
        raise Wrong(_("This day lies in the future."))
    return day
