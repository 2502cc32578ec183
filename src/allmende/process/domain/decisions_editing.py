"""A decision table as it is edited on a page: some of its rules, with what somebody typed into them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from allmende.spine.ui.conflicts import Difference

from ..core.dmn.check import Fault
from ..core.dmn.sheets import ANYTHING, Column, Row, Sheet
from . import decisions_words as words

# Fields that a page sends at most; the house takes 2,000.
_MOST_FIELDS = 1_500
_MOST_LINES = 50
# Columns stand in this order.
KINDS = ("input", "output", "note")


@dataclass
class Line:
    """A rule on the page. `uid`: its id, or its place where it has none; empty for a new one. `number`: where it stands
    or is to stand, from 1. `faults`: column -> what is wrong."""

    uid: str
    number: int
    cells: list[str]
    gone: bool = False
    faults: dict[int, str] = field(default_factory=dict)


def uid(row: Row, place: int) -> str:
    return row.id or f"#{place}"


def per_page(sheet: Sheet) -> int:
    """How many rules fit on a page."""
    return max(1, min(_MOST_LINES, _MOST_FIELDS // (len(sheet.columns) + 3)))


def lines(sheet: Sheet, first: int) -> list[Line]:
    """The rules of a page that begins with the rule `first`, from 1."""
    rows = list(enumerate(sheet.rows))[first - 1 : first - 1 + per_page(sheet)]
    return [Line(uid(row, place), place + 1, list(row.cells)) for place, row in rows]


def new_line(sheet: Sheet, number: int) -> Line:
    """An empty rule."""
    return Line("", number, [ANYTHING if each.kind == "input" else "" for each in sheet.columns])


def merge(sheet: Sheet, page: Sequence[Line]) -> tuple[Sheet, list[int | None]]:
    """The table with the lines of a page in it, and where each line stands in it, from 0; None for those that go.

    A line that has another number moves there. What somebody else took away meanwhile comes back as a new rule.
    """
    order: list[tuple[int | None, Row]] = [(None, row) for row in sheet.rows]
    known = {uid(row, place): place for place, row in enumerate(sheet.rows)}
    added = []
    for at, line in enumerate(page):
        cells = tuple(" ".join(text.split("\n")).strip() for text in line.cells)
        place = known.get(line.uid) if line.uid else None
        if place is None:
            added.append((at, Row(cells)))
        else:
            order[place] = (at, replace(sheet.rows[place], cells=cells))
    order += added
    for at, line in enumerate(page):
        here = next(place for place, (mark, _row) in enumerate(order) if mark == at)
        if not line.gone and line.number - 1 != here and (not line.uid or known.get(line.uid) != line.number - 1):
            order.insert(max(0, min(line.number - 1, len(order) - 1)), order.pop(here))
    order = [(mark, row) for mark, row in order if mark is None or not page[mark].gone]
    places = {mark: place for place, (mark, _row) in enumerate(order) if mark is not None}
    return replace(sheet, rows=tuple(row for _mark, row in order)), [places.get(at) for at in range(len(page))]


def with_columns(sheet: Sheet, columns: Sequence[Column], policy: str, aggregation: str) -> Sheet:
    """The table with these columns, in this order; each rule has a cell for each, what is new says nothing yet."""
    places = {(each.kind, each.key): place for place, each in enumerate(sheet.columns)}
    from_ = [places.get((each.kind, each.key)) if each.key else None for each in columns]
    blank = [ANYTHING if each.kind == "input" else "" for each in columns]

    def cells(row: Row) -> tuple[str, ...]:
        return tuple(blank[at] if place is None else row.cells[place] for at, place in enumerate(from_))

    rows = tuple(replace(row, cells=cells(row)) for row in sheet.rows)
    aggregation = aggregation if policy == "COLLECT" else ""
    return replace(sheet, columns=tuple(columns), rows=rows, policy=policy, aggregation=aggregation)


def mark(page: Sequence[Line], places: Sequence[int | None], found: Iterable[Fault]) -> list[str]:
    """Write what is wrong to the cells of a page; what is wrong elsewhere comes back in words."""
    by_place = {place: line for line, place in zip(page, places, strict=True) if place is not None}
    elsewhere = []
    for each in found:
        line = by_place.get(each.row) if each.row is not None else None
        if line is not None and each.column is not None:
            line.faults.setdefault(each.column, words.fault(each))
        elif each.row is not None:
            elsewhere.append(_("Rule %(number)d: %(text)s") % {"number": each.row + 1, "text": words.fault(each)})
        else:
            elsewhere.append(words.fault(each))
    return elsewhere


def differences(page: Sequence[Line], saved: Sheet) -> list[Difference]:
    """Cells of a page that are not as they are saved by now."""
    known = {uid(row, place): (place, row) for place, row in enumerate(saved.rows)}
    found = []
    for line in page:
        place, row = known.get(line.uid, (None, None))
        if row is None:
            continue
        for at, (column, yours, theirs) in enumerate(zip(saved.columns, line.cells, row.cells, strict=False)):
            if yours.strip() != theirs:
                label = cell_label((place or 0) + 1, column, at)
                found.append(Difference(f"{line.uid}-{at}", label, yours, theirs))
    return found


def cell_label(number: int, column: Column, at: int) -> str:
    """The name of a cell for who does not see the table."""
    return _("Rule %(number)d, %(column)s") % {"number": number, "column": column_title(column, at)}


def column_title(column: Column, at: int) -> str:
    if column.title:
        return column.title
    if column.kind == "note":
        return _("Remark")
    return _("Result") if column.kind == "output" else _("Column %(number)d") % {"number": at + 1}
