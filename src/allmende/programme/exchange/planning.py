"""What importing a town's own list would do: row by row, with everything that is wrong by its cell. Writes nothing
but the frame that was asked for (`make_frame`)."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..domain import compare, document, frame, queries, revisions
from ..enums import PartyKind, RevisionState
from ..models import Measure, Party
from . import entries
from .entries import Entry, Reader
from .listing import Listed
from .mapping import Answers, Frame, fold, fold_code
from .measures_in import MOST_MEASURES
from .problems import Located, row_name
from .workbook import Cell


@dataclass
class Line:
    """A row of the list and what would become of it. `measure` None: a new one. `fields`: headings of what changes."""

    entry: Entry
    changes: document.Document
    measure: Measure | None = None
    fields: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """What an import would do. With `problems` it does nothing. `left_out`: (row, why).

    `reader` holds the names that nothing here has; `doubles`: (row, title) of new measures whose title is here already.
    """

    found: Listed
    reader: Reader
    lines: list[Line] = field(default_factory=list)
    problems: list[Located] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    doubles: list[tuple[int, str]] = field(default_factory=list)

    @property
    def new_topics(self) -> list[str]:
        """Those that will be made; so the next two."""
        answers, known = self.reader.answers, self.reader.frame.topics.values()
        missing = [text for name, text in self.reader.topics.items() if answers.topics.get(name) not in known]
        return missing if answers.make_topics else []

    @property
    def new_phases(self) -> list[str]:
        answers, known = self.reader.answers, self.reader.frame.phases.values()
        missing = [text for name, text in self.reader.phases.items() if answers.phases.get(name) not in known]
        return missing if answers.make_phases else []

    @property
    def new_parties(self) -> list[str]:
        return list(self.reader.parties.values())


def frame_now() -> Frame:
    """Topics, phases and parties as they are."""
    topics, phases = list(queries.topics()), list(queries.phases())
    words = {fold(word): topic.slug for topic in topics for word in (topic.title_en, topic.title, topic.slug) if word}
    numbers: dict[str, int] = {}
    for phase in phases:
        numbers |= {fold(phase.title): phase.number, f"phase {phase.number}": phase.number}
    numbers |= {str(phase.number): phase.number for phase in phases}
    parties = {fold(name): slug for name, slug in Party.objects.order_by("-pk").values_list("name", "slug")}
    return Frame(words, numbers, parties, [topic.title for topic in topics])


def plan(found: Listed, columns: dict[int, str], topic: str, answers: Answers) -> Plan:
    """What importing the list would do now. Raises ValidationError where sheet or columns do not fit."""
    if len(found.rows) > MOST_MEASURES:
        raise ValidationError(_("At most %(most)s measures fit into one file.") % {"most": MOST_MEASURES})
    reader = Reader(found, columns, frame_now(), topic, answers)
    result = Plan(found, reader)
    there = _Codes()
    seen: dict[str, int] = {}
    for number, cells in found.rows:
        if not any(_says(cells[index]) for index in columns if index < len(cells)):
            continue
        if reader.is_sum(cells):
            result.left_out.append((number, _("adds up other rows")))
            continue
        entry = reader.read(number, cells)
        measure = _known(entry, reader, there, seen)
        result.problems += [Located(found.page.cell(number, index), text) for index, text in entry.problems]
        if not entry.problems:
            _add(result, entry, measure)
    if not result.lines and not result.problems:
        raise ValidationError(_("Below this row there are no entries."))
    _find_doubles(result)
    return result


def _says(cell: Cell) -> bool:
    """Whether anything stands in a cell but blanks."""
    return bool(cell.value.strip()) if isinstance(cell.value, str) else cell.value is not None


class _Codes:
    """The measures by their codes, without regard to case and blanks."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Measure]] = {}
        for row in Measure.objects.exclude(code="").select_related("topic", "phase"):
            self.rows.setdefault(fold_code(row.code), []).append(row)

    def of(self, code: str) -> list[Measure]:
        """Those of this very spelling, else all that only differ in case and blanks."""
        rows = self.rows.get(fold_code(code), [])
        return [row for row in rows if row.code == code] or rows


def _known(entry: Entry, reader: Reader, there: _Codes, seen: dict[str, int]) -> Measure | None:
    """The measure that a row's code names. Notes in the entry where another row has it, or several measures."""
    code = str(entry.doc.get("code") or "")
    if not code:
        return None
    index = reader.by_target["code"]
    first = seen.setdefault(fold_code(code), entry.row)
    if first != entry.row:
        entry.problems.append((index, _("The code stands in row %(row)s already.") % {"row": first}))
        return None
    rows = there.of(code)
    if len(rows) > 1:
        names = "; ".join(row.code for row in rows)
        entry.problems.append((index, _("Several measures have this code: %(codes)s.") % {"codes": names}))
        return None
    if rows:
        entry.doc["code"] = rows[0].code  # as it is written here
    return rows[0] if rows else None


def _add(result: Plan, entry: Entry, measure: Measure | None) -> None:
    shown = revisions.draft_of(measure) if measure is not None else None
    before = shown.document if shown is not None else document.empty()
    changes = _changes(entry, before, result.reader, new=measure is None)
    line = Line(entry, changes, measure)
    if shown is not None:
        line.fields = compare.titles(before, document.tidy(before | changes))
        if line.fields and shown.state == RevisionState.REVIEW:
            where = row_name(result.found.page.title, entry.row)
            result.problems.append(Located(where, in_review()))
    result.lines.append(line)


def in_review() -> str:
    return _("The draft of this measure is in review. Take it back to change it.")


def _find_doubles(result: Plan) -> None:
    titles = {fold(title) for title in Measure.objects.values_list("title", flat=True)}
    for line in result.lines:
        title = str(line.entry.doc["title"])
        if line.measure is None and fold(title) in titles:
            result.doubles.append((line.entry.row, title))


def _changes(entry: Entry, before: document.Document, reader: Reader, *, new: bool) -> document.Document:
    """The keys of a measure's document that a row sets."""
    doc = {key: value for key, value in entry.doc.items() if new or key in reader.by_target}
    if new and not doc.get("summary"):
        doc["summary"] = str(doc["title"])
    if not new and doc.get("summary") == "":
        del doc["summary"]
    if "topic" in doc and not doc["topic"]:
        del doc["topic"]
    if entry.cost:
        doc["input"] = entries.with_cost(str(doc.get("input", before["input"])), entry.cost)
    if entry.milestones:
        doc["milestones"] = _milestones(before["milestones"], entry)
    if entry.parties:
        doc["involvements"] = _involvements(before["involvements"], entry, reader.frame)
    if entry.decision:
        doc["decisions"] = _decisions(before["decisions"], entry.decision)
    return doc


def _milestones(before: list[document.Document], entry: Entry) -> list[document.Document]:
    """The milestones of the draft with those of the row: the same title is the same milestone."""
    rows = [dict(each) for each in before]
    by_title = {str(each.get("title", "")).casefold(): each for each in rows}
    for title, planned, done in entry.milestones:
        day, reached = planned.isoformat(), done.isoformat() if done else None
        if (known := by_title.get(title.casefold())) is not None:
            known |= {"plan": day, "done": reached or known.get("done")}
        else:
            rows.append({"title": title, "baseline": day, "plan": day, "done": reached, "note": ""})
    return rows


def _involvements(before: list[document.Document], entry: Entry, names: Frame) -> list[document.Document]:
    """Who takes part in the draft and by the row: each once in a role. Parties to be made have no slug yet."""
    rows = [dict(each) for each in before]
    there = {(each.get("party"), each.get("role")) for each in rows}
    for name, role in entry.parties:
        party = names.parties.get(fold(name), entries.TO_MAKE + fold(name))
        if (party, role) not in there:
            rows.append({"party": party, "role": role, "starts": None, "ends": None})
            there.add((party, role))
    return rows


def _decisions(before: list[document.Document], said: entries.Resolution) -> list[document.Document]:
    """The decisions of the draft with that of the row: the same body on the same day decided the same."""
    rows = [dict(each) for each in before]
    day = said.date.isoformat()
    known = next(
        (row for row in rows if row.get("date") == day and fold(str(row.get("body"))) == fold(said.body)), None
    )
    if known is None:
        kind = said.kind or said.otherwise
        rows.append({"date": day, "body": said.body, "kind": kind, "text": said.text, "url": ""})
    else:
        # What was said for all rows that say nothing is no reason to change one.
        known |= {"kind": said.kind or known.get("kind"), "text": said.text or known.get("text", "")}
    return rows


def make_frame(made: Plan, *, actor: Any) -> dict[str, int]:
    """Make the topics, phases and parties that the plan needs; how many of each. Raises PermissionDenied,
    ValidationError."""
    phases = _numbered(made.new_phases, {*made.reader.frame.phases.values()})
    for title in made.new_topics:
        frame.put("topic", {"title": title}, actor=actor)
    for number, title in phases:
        frame.put("phase", {"number": number, "title": title}, actor=actor)
    for name in made.new_parties:
        frame.put("party", {"name": name, "kind": PartyKind.OTHER}, actor=actor)
    counts = {"topics": len(made.new_topics), "phases": len(phases), "parties": len(made.new_parties)}
    return {kind: number for kind, number in counts.items() if number}


def _numbered(titles: list[str], taken: set[int]) -> list[tuple[int, str]]:
    """Phases with their numbers: the one they say, else the next free one. "3" becomes "Phase 3"."""
    said: dict[int, str] = {}
    others = []
    for title in titles:
        number = entries.phase_number(fold(title))
        if number is None:
            others.append(title)
        else:
            said.setdefault(number, title if not title.isdecimal() else f"Phase {title}")
    found = list(said.items())
    taken = taken | said.keys()
    for title in others:
        number = max(taken, default=0) + 1
        taken = taken | {number}
        found.append((number, title))
    return found
