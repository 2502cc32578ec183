"""Rows of a town's own list, read by one mapping: what each says of a measure, and what is wrong with its cells."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.spine.ui.formats import money

from ..core.table_values import parse_day, parse_money, parse_period
from ..enums import DecisionKind, Maturity
from ..models import Decision, Measure, Party, Topic
from . import headings
from .fields import Wrong, clean
from .listing import Listed
from .mapping import (
    MILESTONES,
    PARTIES,
    PLAIN,
    Answers,
    Frame,
    as_text,
    day_of,
    fold,
    in_the_past,
    is_milestone,
    refuse_errors,
    text_of,
)
from .workbook import Cell, unknown_result

_SUMS = re.compile(r"(?:summen?|gesamt(?:summe)?|insgesamt|total|zwischensumme|anzahl)\b", re.IGNORECASE)
_COST = "Kosten laut Liste: "
# Said before an amount: kept, for the amount is not meant to the cent.
_ABOUT = re.compile(
    r"(ca\.?|circa|rd\.?|rund|etwa|ungefähr|max\.?|maximal|höchstens|bis zu|mind\.?|mindestens|mehr als|weniger als|"
    r"über|unter|[~≈<>≤≥])\s*(?=[\d€])",
    re.IGNORECASE,
)
TO_MAKE = "+"  # before the name of a topic that is made before the rows are imported
_PHASE = re.compile(r"(?:(?:förder|projekt)?phase )?(\d{1,3})")


@dataclass
class Resolution:
    """A decision as a row tells it. `kind` is empty where the row says nothing; then `otherwise` is meant."""

    date: date
    body: str
    kind: str
    otherwise: str
    text: str


@dataclass
class Entry:
    """What a row of the list says. `doc`: keys of a measure's document; `milestones`: (title, plan, done); `parties`:
    (name, role).

    `problems`: (index of the column, message).
    """

    row: int
    doc: dict[str, Any] = field(default_factory=dict)
    milestones: list[tuple[str, date, date | None]] = field(default_factory=list)
    parties: list[tuple[str, str]] = field(default_factory=list)
    decision: Resolution | None = None
    cost: str = ""
    problems: list[tuple[int, str]] = field(default_factory=list)


def _words(choices: type[models.TextChoices]) -> dict[str, str]:
    """The values by what people write for them, German or English."""
    found = {fold(choice.value): str(choice.value) for choice in choices}
    for language in ("en", "de"):
        with override(language):
            found |= {fold(str(choice.label)): str(choice.value) for choice in choices}
    return found


class Reader:
    """Reads rows of one list by one mapping. `topic`: the slug where a row names none.

    Names that nothing here has are gathered, folded -> as written: `topics` and `phases` whatever was answered about
    them, `parties` because they will be made.
    """

    def __init__(self, found: Listed, columns: dict[int, str], frame: Frame, topic: str, answers: Answers) -> None:
        self.found, self.columns, self.frame, self.topic, self.answers = found, columns, frame, topic, answers
        self.by_target = {target: index for index, target in sorted(columns.items(), reverse=True)}
        self.stages, self.kinds = _words(Maturity), _words(DecisionKind)
        self.topics: dict[str, str] = {}
        self.phases: dict[str, str] = {}
        self.parties: dict[str, str] = {}
        self._unknown = set(found.page.unknown)

    def is_sum(self, cells: list[Cell]) -> bool:
        """Whether a row adds up the others: no title, or "Summe" where a title or code should be."""
        texts = [_at(cells, self.by_target[name]) for name in ("code", "title") if name in self.by_target]
        first = next((text for text in texts if text), "")
        lead = next((text for index in range(len(cells)) if (text := _at(cells, index))), "")
        return bool(_SUMS.match(first) or (not first and _SUMS.match(lead)))

    def read(self, row: int, cells: list[Cell]) -> Entry:
        entry = Entry(row)
        dates: dict[str, Any] = {}
        decision: dict[str, Any] = {}
        for index, target in self.columns.items():
            cell = cells[index] if index < len(cells) else Cell(None)
            try:
                value = self._value(row, index, target, cell)
            except Wrong as wrong:
                entry.problems.append((index, str(wrong)))
                continue
            if is_milestone(target):
                dates[target] = value
            elif target in PARTIES:
                entry.parties += [(name, target.partition(".")[2]) for name in value]
            elif target.startswith("decision."):
                decision[target.partition(".")[2]] = value
            elif target == "cost":
                entry.cost = value
            else:
                entry.doc[target] = value
        self._milestones(entry, dates)
        self._decision(entry, decision)
        if not entry.doc.get("topic"):
            entry.doc["topic"] = self.topic
        return entry

    def _value(self, row: int, index: int, target: str, cell: Cell) -> Any:
        if (row, index) in self._unknown:
            raise Wrong(unknown_result())
        refuse_errors(cell)
        special: dict[str, Any] = {
            "topic": self._topic, "phase": self._phase, "maturity": self._stage, "cost": _cost,
            "decision.date": lambda cell: in_the_past(day_of(cell)), "decision.kind": self._kind,
        }  # fmt: skip
        if target in special:
            return special[target](cell)
        if target in PARTIES:
            return self._names(text_of(cell))
        if target == "since":
            return _iso(in_the_past(day_of(cell)))
        if target.endswith(".plan"):
            period = day_of(cell, parse_period)
            return period.last if period else None
        if target.endswith(".done"):
            return in_the_past(day_of(cell, lambda value: parse_day(value, end=True)))
        return self._text(target, text_of(cell))

    def _text(self, target: str, text: str) -> str:
        if target == "decision.body":
            clean(Decision, "body", text or "–")
        elif target in PLAIN:
            if target == "title" and not text:
                raise Wrong(_("The title is missing."))
            clean(Measure, target, text or ("–" if target == "summary" else ""))
        elif is_milestone(target):
            _not_longer(text, 160)
        return text

    def _topic(self, cell: Cell) -> str:
        text = text_of(cell)
        name = fold(text)
        if not text:
            if not self.topic:
                raise Wrong(_("The topic is missing. Choose one for rows that name none."))
            return ""
        if name in self.frame.topics:
            return self.frame.topics[name]
        _not_longer(text, Topic._meta.get_field("title").max_length or 0)
        self.topics.setdefault(name, text)
        if (slug := self.answers.topics.get(name)) in self.frame.topics.values():
            return str(slug)
        if not self.answers.make_topics:
            told = {"name": text[:60], "known": ", ".join(self.frame.titles)[:300]}
            raise Wrong(_("There is no topic “%(name)s”. There are: %(known)s") % told)
        return TO_MAKE + name

    def _phase(self, cell: Cell) -> int | None:
        text = text_of(cell)
        name = fold(text)
        if not text:
            return None
        if name in self.frame.phases:
            return self.frame.phases[name]
        _not_longer(text, 160)
        self.phases.setdefault(name, text)
        if (number := self.answers.phases.get(name)) in self.frame.phases.values():
            return number
        if not self.answers.make_phases:
            raise Wrong(_("There is no such phase."))
        return None

    def _stage(self, cell: Cell) -> str:
        text = fold(text_of(cell))
        if not text:
            return str(Maturity.IDEA)
        if text not in self.stages:
            known = ", ".join(str(stage.label) for stage in Maturity)
            raise Wrong(_("There is no such stage. There are: %(known)s") % {"known": known})
        return self.stages[text]

    def _kind(self, cell: Cell) -> str:
        text = fold(text_of(cell))
        if text and text not in self.kinds:
            known = ", ".join(str(kind.label) for kind in DecisionKind)
            raise Wrong(_("What this decision did is not known here. There are: %(known)s") % {"known": known})
        return self.kinds.get(text, "")

    def _names(self, text: str) -> list[str]:
        """The parties of a cell, each as the first row wrote it."""
        found = []
        for part in re.split(r"[;\n]", text):
            written = " ".join(part.split())
            if not written or written in ("-", "–", "—"):
                continue
            _not_longer(written, Party._meta.get_field("name").max_length or 0)
            if (name := fold(written)) not in self.frame.parties:
                self.parties.setdefault(name, written)
            found.append(written)
        return found

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

    def _decision(self, entry: Entry, said: dict[str, Any]) -> None:
        """The decision of a row. What columns for all rows say alone makes none."""
        wrong = {index for index, _text in entry.problems}
        where = self.by_target.get("decision.date")
        if where is None or where in wrong or not any(said.get(name) for name in ("date", "number", "text")):
            return
        if said.get("date") is None:
            entry.problems.append((where, _("The day of the decision is missing.")))
            return
        body = said.get("body") or self.answers.decision_body
        if not body:
            at = self.by_target.get("decision.body", where)
            if at not in wrong:
                entry.problems.append((at, _("Who decided is missing.")))
            return
        kind, otherwise = said.get("kind") or "", self.answers.decision_kind
        if not kind and not otherwise:
            at = self.by_target.get("decision.kind", where)
            if at not in wrong:
                entry.problems.append((at, _("What the decision did is missing.")))
            return
        text = ": ".join(part for name in ("number", "text") if (part := said.get(name)))
        entry.decision = Resolution(said["date"], body, kind, otherwise, text)


def phase_number(name: str) -> int | None:
    """The number that a folded name of a phase says: "phase 3" and "3" are 3."""
    match = _PHASE.fullmatch(name)
    return int(match[1]) if match else None


def _at(cells: list[Cell], index: int) -> str:
    return as_text(cells[index].value) if index < len(cells) else ""


def _not_longer(text: str, longest: int) -> None:
    if len(text) > longest:
        raise Wrong(_("The text is longer than %(longest)s signs.") % {"longest": longest})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _cost(cell: Cell) -> str:
    """An amount as a sentence of "What goes in"; "ca." stays."""
    if cell.kind == "%":
        raise Wrong(_("%(text)s is a share, not an amount.") % {"text": text_of(cell)})
    value, about = cell.value, ""
    if isinstance(value, str) and (match := _ABOUT.match(value.strip())):
        about, value = match[1] + " ", value.strip()[match.end() :]
    try:
        cents = parse_money(value)
    except ValueError:
        raise Wrong(
            _("“%(text)s” is no amount. Write 1.600.000,00 € or 1,6 Mio. €.") % {"text": text_of(cell)[:40]}
        ) from None
    if cents is None:
        return ""
    with override("de"):
        return _COST + about + money(cents)


def with_cost(text: str, cost: str) -> str:
    """`text` with the sentence on costs, in the place of an earlier one."""
    if not cost:
        return text
    kept = [line for line in text.split("\n") if not line.startswith(_COST)]
    return "\n".join([*kept, cost]).strip()
