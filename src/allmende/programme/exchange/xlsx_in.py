"""A workbook of our own format as the one JSON document, each place of it known by its cell."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl.utils import get_column_letter

from .fields import Wrong, from_cell
from .problems import FileRefused, Located, Path, cell_name, row_name
from .sheets import BY_KEY, FORMAT, MARK, PART_NAMES, SHEETS, Column, Sheet
from .whole import Row, Whole
from .workbook import Cell, Page, unknown_result

_FIRST = 3  # the row after keys and headings


@dataclass
class Source:
    """A whole that was read, and how to name its places. `problems`: what was wrong with single cells already."""

    whole: Whole
    problems: list[Located] = field(default_factory=list)
    rows: dict[Path, tuple[str, int]] = field(default_factory=dict)  # path of a row -> (key of its sheet, row)
    letters: dict[tuple[str, str], str] = field(default_factory=dict)  # (key of a sheet, column) -> letter
    from_xlsx: bool = False

    def where(self, path: Path) -> str:
        """The cell of a path of the document, or the row, or the path as it stands in JSON."""
        if not self.from_xlsx:
            return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
        for length in range(len(path), 0, -1):
            if (found := self.rows.get(path[:length])) is None:
                continue
            key, number = found
            letter = self.letters.get((key, str(path[length]))) if len(path) > length else None
            title = BY_KEY[key].title
            return cell_name(title, letter, number) if letter else row_name(title, number)
        known = BY_KEY.get(str(path[0])) if path else None
        return _("Sheet %(sheet)s") % {"sheet": known.title} if known else ""


def is_own(pages: list[Page]) -> bool:
    """Whether a workbook says that it is of our format."""
    return any(page.title == MARK and page.rows and _texts(page.rows[0][1])[:1] == ["format"] for page in pages)


def _texts(cells: list[Cell]) -> list[str]:
    return ["" if cell.value is None else str(cell.value).strip() for cell in cells]


def read(pages: list[Page]) -> Source:
    """The document of a workbook. Raises FileRefused where it is of another format."""
    mark = next(page for page in pages if page.title == MARK)
    told = {texts[0]: texts[1] for _number, cells in mark.rows if len(texts := _texts(cells)) > 1}
    if told.get("format") != FORMAT:
        raise FileRefused("format", _("The file is of a format that this version does not know."))
    source = Source({"format": FORMAT, "exported": told.get("exported", "")}, from_xlsx=True)
    by_title = {page.title.casefold(): page for page in pages}
    tables: dict[str, list[tuple[int, Row]]] = {}
    for sheet in SHEETS:
        page = by_title.pop(sheet.title.casefold(), None)
        tables[sheet.key] = _table(source, sheet, page) if page else []
    for page in by_title.values():
        if page.title != MARK and page.rows:
            source.problems.append(
                Located(_("Sheet %(sheet)s") % {"sheet": page.title}, _("This format has no such sheet."))
            )
    _join(source, tables)
    return source


def _table(source: Source, sheet: Sheet, page: Page) -> list[tuple[int, Row]]:
    source.problems += [Located(page.cell(*place), unknown_result()) for place in page.unknown]
    if not page.rows:
        return []
    number, heads = page.rows[0]
    columns = []
    for index, text in enumerate(_texts(heads)):
        column, letter = sheet.column(text), get_column_letter(index + 1)
        where = cell_name(sheet.title, letter, number)
        if text and column is None:
            source.problems.append(Located(where, _("There is no such column: %(name)s") % {"name": text[:40]}))
        elif column and (sheet.key, text) in source.letters:
            source.problems.append(Located(where, _("This column stands here twice.")))
        if column:
            source.letters.setdefault((sheet.key, text), letter)
        columns.append(column)
    if not any(columns):
        return []
    found = []
    for number, cells in page.rows[2 if _are_headings(columns, page.rows[1:2]) else 1 :]:
        row: Row = dict.fromkeys(sheet.keys)
        for column, cell in zip(columns, cells, strict=False):
            if column is None:
                continue
            try:
                row[column.key] = from_cell(column, cell)
            except Wrong as wrong:
                where = cell_name(sheet.title, source.letters[sheet.key, column.key], number)
                source.problems.append(Located(where, str(wrong)))
        if any(value is not None for value in row.values()):
            found.append((number, row))
    return found


def _are_headings(columns: list[Column | None], rows: list[tuple[int, list[Cell]]]) -> bool:
    """Whether the row after the keys is the one for people, which somebody may have deleted."""
    texts = _texts(rows[0][1]) if rows else []
    with override("de"):
        return any(column and str(column.heading) == text for column, text in zip(columns, texts, strict=False))


def _join(source: Source, tables: dict[str, list[tuple[int, Row]]]) -> None:
    """Rows into lists, parts into the documents of their measures, names of measures into identifiers."""
    whole = source.whole
    for key, rows in tables.items():
        if key in ("programme", "measures", *PART_NAMES):
            continue
        whole[key] = [row for _number, row in rows]
        source.rows |= {(key, index): (key, number) for index, (number, _row) in enumerate(rows)}
    programme = tables["programme"][:1]
    whole["programme"] = programme[0][1] if programme else {}
    source.rows[("programme",)] = ("programme", programme[0][0] if programme else _FIRST)
    if len(tables["programme"]) > 1:
        where = row_name(BY_KEY["programme"].title, tables["programme"][1][0])
        source.problems.append(Located(where, _("There is one programme in a file.")))
    names = _measures(source, tables["measures"])
    for part in PART_NAMES:
        _parts(source, part, tables[part], names)
    for key in ("assessments", "figures"):
        for row in whole[key]:
            row["measure"] = names[0].get(row["measure"] or "", row["measure"])


def _measures(source: Source, rows: list[tuple[int, Row]]) -> tuple[dict[str, str], dict[str, int]]:
    """(code or identifier -> identifier, the same -> place in the list). A measure without an identifier is named by
    its code."""
    from ..domain.form import SCHEMA

    ids: dict[str, str] = {}
    places: dict[str, int] = {}
    whole: list[Row] = []
    for index, (number, row) in enumerate(rows):
        own = {key: row.pop(key) for key in ("id", "slug", "published")}
        document: Row = {"schema": SCHEMA} | {key: "" if value is None else value for key, value in row.items()}
        for key in ("phase", "geometry", "since"):
            document[key] = row[key]
        document |= {part: [] for part in PART_NAMES}
        whole.append(own | {"document": document})
        source.rows["measures", index] = ("measures", number)
        for name in (row["code"], own["id"]):
            if name:
                ids.setdefault(name, own["id"] or name)
                places.setdefault(name, index)
    source.whole["measures"] = whole
    return ids, places


def _parts(
    source: Source, part: str, rows: list[tuple[int, Row]], names: tuple[dict[str, str], dict[str, int]]
) -> None:
    ids, places = names
    whole = source.whole
    own = whole.setdefault("targets", [])
    for number, row in rows:
        name = row.pop("measure")
        row = {key: "" if value is None and _is_text(part, key) else value for key, value in row.items()}
        if row.get("needs"):
            row["needs"] = ids.get(row["needs"], row["needs"])
        if part == "targets" and name is None:
            source.rows["targets", len(own)] = (part, number)
            own.append(row)
            continue
        index = places.get(name or "")
        if index is None:
            where = cell_name(BY_KEY[part].title, source.letters.get((part, "measure"), "A"), number)
            source.problems.append(Located(where, _("There is no such measure in the sheet of measures.")))
            continue
        into: list[Any] = whole["measures"][index]["document"][part]
        source.rows["measures", index, part, len(into)] = (part, number)
        into.append(row)


def _is_text(part: str, key: str) -> bool:
    column = BY_KEY[part].column(key)
    return column is not None and column.kind in ("text", "choice") and key != "id"
