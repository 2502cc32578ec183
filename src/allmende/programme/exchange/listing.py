"""A town's own list as rows under their headings: where the headings stand, and what the columns are called."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from . import headings
from .fields import Wrong
from .workbook import Cell, Page

_LOOKED_AT = 40  # rows, for the one with the headings
_DEEPEST = 3  # rows that headings take
_WIDEST = 6  # columns under the heading of a group


@dataclass
class Listed:
    """Rows under their headings. `labels[i]` names column i, the heading of its group included."""

    page: Page
    header: int
    labels: list[str]
    rows: list[tuple[int, list[Cell]]]

    @property
    def hidden_rows(self) -> list[int]:
        """Of the rows that are read."""
        return [number for number, _cells in self.rows if number in self.page.hidden_rows]


def propose(page: Page) -> int:
    """The row that looks most like headings: many different texts, some of them known, rows below; of headings over
    several rows the last. 0 without rows."""
    return _last_heading_row(page, _best_row(page)[1])


def propose_page(pages: list[Page]) -> Page | None:
    """The sheet that looks most like a list; one that is shown before a hidden one. None where all are empty."""
    filled = [page for page in pages if page.rows]
    return max(filled, key=lambda page: (not page.hidden, _best_row(page)[0]), default=None)


def _best_row(page: Page) -> tuple[float, int]:
    """(how much it looks like headings, its number)."""
    best, found = 0.0, page.rows[0][0] if page.rows else 0
    for number, cells in page.rows[:_LOOKED_AT]:
        texts = {str(cell.value).strip() for cell in cells if isinstance(cell.value, str) and cell.value.strip()}
        others = sum(1 for cell in cells if cell.value is not None and not isinstance(cell.value, str))
        known = sum(1 for text in texts if headings.known(text))
        score = len(texts) + 3 * known - 2 * others - sum(len(text) > 60 for text in texts)
        if len(texts) > 1 and score > best:
            best, found = score, number
    return best, found


def _last_heading_row(page: Page, found: int) -> int:
    """Headings that go on below `found`: merged downwards, or "planned" and "reached" under their group."""
    own = dict(page.rows)
    below = [bottom for left, top, right, bottom in page.merged if top == found and bottom - top < _DEEPEST]
    if below and (last := max(below)) in own:
        return last
    following = [_text_at(own.get(found + 1), index) for index in range(len(own.get(found + 1, ())))]
    texts = [text for text in following if text]
    if len(texts) > 1 and all(headings.is_qualifier(text) for text in texts):
        return found + 1
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
    text, merged = _text_at(own[header], index), False
    for left, top, right, bottom in page.merged:
        if left <= index + 1 <= right:
            if top <= header <= bottom and not text:
                text = _text_at(own.get(top), left - 1)  # one heading over several rows or columns
                merged = merged or bool(text)
            elif bottom == header - 1 and right - left < _WIDEST and (group := _text_at(own.get(top), left - 1)):
                text = f"{group} {text}".strip()
                merged = True
    return text if merged else _below_another(own, header, index, text)


def _below_another(own: dict[int, list[Cell]], header: int, index: int, text: str) -> str:
    """The heading of a column whose name stands in the row above, where that one holds headings too and nothing is
    merged: "Inbetriebnahme" above "geplant" and "erreicht"."""
    above = own.get(header - 1)
    if above is None or not any(headings.known(_text_at(above, each)) for each in range(len(above))):
        return text
    if not text:
        return _text_at(above, index)
    if not headings.is_qualifier(text):
        return text
    for left in range(index, max(index - _WIDEST, -1), -1):
        if not headings.is_qualifier(_text_at(own[header], left)):
            break
        if group := _text_at(above, left):
            return f"{group} {text}"
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
