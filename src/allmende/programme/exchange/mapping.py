"""A town's own list: which row holds the headings, what each column is, what a row becomes."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.spine.ui.formats import money

from ..core.table_values import parse_day, parse_money, parse_period
from ..enums import Maturity
from ..models import Measure
from . import headings
from .fields import Wrong, clean
from .workbook import Cell, Page, unknown_result

PLAIN = (
    "code", "title", "summary", "reason", "course", "result", "easy", "place_name", "source_url", "origin_text",
    "adopted_from", "input", "activity", "output", "outcome", "quality", "assumptions",
)  # fmt: skip
MILESTONES = 8
TARGETS = (
    *PLAIN, "topic", "phase", "maturity", "since", "cost",
    *(f"m{number}.{what}" for number in range(1, MILESTONES + 1) for what in ("title", "plan", "done")),
)  # fmt: skip
_SUMS = re.compile(r"(?:summen?|gesamt(?:summe)?|insgesamt|total|zwischensumme|anzahl)\b", re.IGNORECASE)
_COST = "Kosten laut Liste: "


@dataclass
class Listed:
    """Rows under their headings. `labels[i]` names column i, the heading of its group included."""

    page: Page
    header: int
    labels: list[str]
    rows: list[tuple[int, list[Cell]]]


def propose(page: Page) -> int:
    """The row that looks most like headings: many different texts, some of them known, rows below. 0 without rows."""
    best, found = 0.0, page.rows[0][0] if page.rows else 0
    for number, cells in page.rows[:40]:
        texts = {str(cell.value).strip() for cell in cells if isinstance(cell.value, str) and cell.value.strip()}
        others = sum(1 for cell in cells if cell.value is not None and not isinstance(cell.value, str))
        known = sum(1 for text in texts if headings.known(text))
        score = len(texts) + 3 * known - 2 * others - sum(len(text) > 60 for text in texts)
        if len(texts) > 1 and score > best:
            best, found = score, number
    return found


def listed(page: Page, header: int) -> Listed:
    """The list under the heading row `header`. Merged cells count for every row they span; group headings above are
    put before those they span. Raises Wrong where there is no such row, or nothing below it."""
    own = dict(page.rows)
    if header not in own:
        raise Wrong(_("This row is empty. Choose the row with the headings."))
    width = max(len(cells) for number, cells in page.rows if number >= header)
    labels = [_label(page, own, header, index) for index in range(width)]
    rows = [(number, list(cells)) for number, cells in page.rows if number > header]
    if not rows:
        raise Wrong(_("Below this row there are no entries."))
    _fill_merged(page, rows, header)
    return Listed(page, header, labels, rows)


def _text_at(cells: list[Cell] | None, index: int) -> str:
    value = cells[index].value if cells and index < len(cells) else None
    return " ".join(str(value).split()) if value is not None else ""


def _label(page: Page, own: dict[int, list[Cell]], header: int, index: int) -> str:
    text = _text_at(own[header], index)
    for left, top, right, bottom in page.merged:
        if left <= index + 1 <= right:
            if top <= header <= bottom and not text:
                text = _text_at(own.get(top), left - 1)  # one heading over several rows or columns
            elif bottom == header - 1 and right - left < 6 and (group := _text_at(own.get(top), left - 1)):
                text = f"{group} {text}".strip()
    return text


def _fill_merged(page: Page, rows: list[tuple[int, list[Cell]]], header: int) -> None:
    """One cell merged over several rows counts in each of them."""
    own = dict(rows)
    for left, top, right, bottom in page.merged:
        if top <= header or left != right or top not in own or left > len(own[top]):
            continue
        for number in range(top + 1, bottom + 1):
            cells = own.get(number)
            if cells is None:
                continue
            cells += [Cell(None) for _missing in range(left - len(cells))]
            cells[left - 1] = own[top][left - 1]


def guess(labels: list[str]) -> dict[int, str]:
    """What the columns are by their headings: index -> target. No target is proposed twice."""
    found: dict[int, str] = {}
    stems: dict[str, int] = {}
    for index, label in enumerate(labels):
        target = headings.field_of(label)
        if target is None and (date_of := headings.milestone_of(label)) is not None:
            stem, what = date_of
            number = stems.setdefault(stem, len(stems) + 1)
            target = f"m{number}.{what}" if number <= MILESTONES else None
        if target is not None and target not in found.values():
            found[index] = target
    return found


@dataclass
class Entry:
    """What a row of the list says. `doc`: keys of a measure's document; `milestones`: (title, plan, done).

    `problems`: (index of the column, message).
    """

    row: int
    doc: dict[str, Any] = field(default_factory=dict)
    milestones: list[tuple[str, date, date | None]] = field(default_factory=list)
    cost: str = ""
    problems: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Frame:
    """What rows may name: folded words -> slug of a topic or number of a phase; `titles` of the topics."""

    topics: dict[str, str]
    phases: dict[str, int]
    titles: list[str]


class Reader:
    """Reads rows of one list by one mapping. `topic`: the slug where a row names none."""

    def __init__(self, found: Listed, columns: dict[int, str], frame: Frame, topic: str) -> None:
        self.found, self.columns, self.frame, self.topic = found, columns, frame, topic
        self.by_target = {target: index for index, target in columns.items()}
        self.unknown = set(found.page.unknown)
        with override("de"):
            german = {str(stage.label).casefold(): stage.value for stage in Maturity}
        english = {str(stage.value): stage.value for stage in Maturity}
        self.stages = german | english | {str(stage.label).casefold(): stage.value for stage in Maturity}

    def is_sum(self, cells: list[Cell]) -> bool:
        """Whether a row adds up the others: no title, or "Summe" where a title or code should be."""
        texts = [_text_at(cells, self.by_target[name]) for name in ("code", "title") if name in self.by_target]
        first = next((text for text in texts if text), "")
        lead = next((text for index in range(len(cells)) if (text := _text_at(cells, index))), "")
        return bool(_SUMS.match(first) or (not first and _SUMS.match(lead)))

    def read(self, row: int, cells: list[Cell]) -> Entry:
        entry = Entry(row)
        dates: dict[str, Any] = {}
        for index, target in self.columns.items():
            cell = cells[index] if index < len(cells) else Cell(None)
            try:
                value = self._value(row, index, target, cell)
            except Wrong as wrong:
                entry.problems.append((index, str(wrong)))
                continue
            if target.startswith("m") and target[1:2].isdigit():
                dates[target] = value
            elif target == "cost":
                entry.cost = value
            else:
                entry.doc[target] = value
        self._milestones(entry, dates)
        if not entry.doc.get("topic"):
            entry.doc["topic"] = self.topic
        return entry

    def _value(self, row: int, index: int, target: str, cell: Cell) -> Any:
        if (row, index) in self.unknown:
            raise Wrong(unknown_result())
        if cell.kind == "e":
            raise Wrong(_("There is an error value in this cell: %(value)s") % {"value": str(cell.value)[:40]})
        special: dict[str, Any] = {"topic": self._topic, "phase": self._phase, "maturity": self._stage, "cost": _cost}
        if target in special:
            return special[target](cell.value)
        if target == "since":
            return _iso(_in_the_past(_day(cell.value, parse_day)))
        if target.endswith(".plan"):
            period = _day(cell.value, parse_period)
            return period.last if period else None
        if target.endswith(".done"):
            return _in_the_past(_day(cell.value, lambda value: parse_day(value, end=True)))
        text = as_text(cell.value)
        if target in PLAIN:
            if target == "title" and not text:
                raise Wrong(_("The title is missing."))
            clean(Measure, target, text or ("–" if target == "summary" else ""))
        elif len(text) > 160:
            raise Wrong(_("The text is longer than %(longest)s signs.") % {"longest": 160})
        return text

    def _topic(self, value: Any) -> str:
        text = as_text(value)
        if not text:
            if not self.topic:
                raise Wrong(_("The topic is missing. Choose one for rows that name none."))
            return ""
        if text.casefold() not in self.frame.topics:
            told = {"name": text[:60], "known": ", ".join(self.frame.titles)[:300]}
            raise Wrong(_("There is no topic “%(name)s”. There are: %(known)s") % told)
        return self.frame.topics[text.casefold()]

    def _phase(self, value: Any) -> int | None:
        text = as_text(value).casefold()
        if not text:
            return None
        if text not in self.frame.phases:
            raise Wrong(_("There is no such phase."))
        return self.frame.phases[text]

    def _stage(self, value: Any) -> str:
        text = as_text(value).casefold()
        if not text:
            return str(Maturity.IDEA)
        if text not in self.stages:
            known = ", ".join(str(stage.label) for stage in Maturity)
            raise Wrong(_("There is no such stage. There are: %(known)s") % {"known": known})
        return self.stages[text]

    def _milestones(self, entry: Entry, dates: dict[str, Any]) -> None:
        for number in range(1, MILESTONES + 1):
            title, plan, done = (dates.get(f"m{number}.{what}") for what in ("title", "plan", "done"))
            day = plan or done
            if day is not None:
                entry.milestones.append((title or self.milestone_title(number), day, done))

    def milestone_title(self, number: int) -> str:
        """What the headings call a milestone that the rows do not name."""
        for what in ("plan", "done"):
            index = self.by_target.get(f"m{number}.{what}")
            if index is not None:
                stem = headings.stem(self.found.labels[index])
                return stem[:160] or self.found.labels[index][:160] or "Abschluss"
        return "Abschluss"


def as_text(value: Any) -> str:
    """A cell's value as a person would write it."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    return text if "\n" in text else " ".join(text.split())


def _day(value: Any, read: Any) -> Any:
    try:
        return read(value)
    except (ValueError, OverflowError):
        raise Wrong(
            _("“%(text)s” is not a date. Write 12.08.2019 or 2019-08-12.") % {"text": as_text(value)[:40]}
        ) from None


def _in_the_past(day: date | None) -> date | None:
    if day is not None and day > timezone.localdate():
        raise Wrong(_("This day lies in the future."))
    return day


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _cost(value: Any) -> str:
    """An amount as a sentence of "What goes in"."""
    try:
        cents = parse_money(value)
    except ValueError:
        raise Wrong(
            _("“%(text)s” is no amount. Write 1.600.000,00 € or 1,6 Mio. €.") % {"text": as_text(value)[:40]}
        ) from None
    if cents is None:
        return ""
    with override("de"):
        return _COST + money(cents)


def with_cost(text: str, cost: str) -> str:
    """`text` with the sentence on costs, in the place of an earlier one."""
    if not cost:
        return text
    kept = [line for line in text.split("\n") if not line.startswith(_COST)]
    return "\n".join([*kept, cost]).strip()
