"""What two documents of a measure differ in, in words that people read."""

import difflib
import re
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.spine.ui.conflicts import Difference

from ..models import Indicator, Measure, Party, Topic
from .document import FIELDS, PARTS, Document, Part, changes, upgraded


@dataclass(frozen=True)
class Change:
    """`pieces`: (kind, text) with kind "same", "gone" or "new", in reading order."""

    label: str
    pieces: list[tuple[str, str]]


def label_of(key: str) -> str:
    """The heading of a key of the document."""
    special = {
        "geometry": _("Position"),
        "decisions": _("Decisions"),
        "milestones": _("Milestones"),
        "involvements": _("Involved parties"),
        "dependencies": _("Dependencies"),
        "risks": _("Risks"),
        "targets": _("Targets"),
    }
    return special.get(key) or str(Measure._meta.get_field(key).verbose_name)  # type: ignore[union-attr]


def titles(before: Document, after: Document) -> list[str]:
    """The headings of what differs."""
    return [label_of(key) for key in changes(before, after) if key != "schema"]


def diff(before: Document, after: Document) -> list[Change]:
    """Word by word for texts, row by row for tables."""
    found = []
    before, after = upgraded(before), upgraded(after)
    names = _names(before, after)
    for key in changes(before, after):
        if key == "schema":
            continue
        part = next((part for part in PARTS if part.name == key), None)
        if part is not None:
            pieces = _rows(part, before.get(key) or [], after.get(key) or [], names)
        else:
            pieces = _words(_field(key, before.get(key), names), _field(key, after.get(key), names))
        found.append(Change(label_of(key), pieces))
    return found


def rows_as_differences(saved: Document, typed: Document, parts: tuple[str, ...]) -> list[Difference]:
    """Tables that differ between what was typed and what is saved now, as whole texts."""
    names = _names(saved, typed)
    out = []
    for part in PARTS:
        if part.name not in parts:
            continue
        mine = "\n".join(row_text(part, row, names) for row in typed.get(part.name) or [])
        theirs = "\n".join(row_text(part, row, names) for row in saved.get(part.name) or [])
        if mine != theirs:
            out.append(Difference(part.name, label_of(part.name), mine, theirs))
    return out


def _words(before: str, after: str) -> list[tuple[str, str]]:
    old, new = re.findall(r"\S+\s*|\s+", before), re.findall(r"\S+\s*|\s+", after)
    pieces: list[tuple[str, str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(old[a:b])))
            continue
        if a < b:
            pieces.append(("gone", "".join(old[a:b])))
        if c < d:
            pieces.append(("new", "".join(new[c:d])))
    return pieces


def _rows(part: Part, before: list[Document], after: list[Document], names: dict[str, str]) -> list[tuple[str, str]]:
    old = {row.get("id"): row for row in before}
    new = {row.get("id"): row for row in after}
    pieces: list[tuple[str, str]] = []
    for key, row in old.items():
        if key not in new:
            pieces.append(("gone", row_text(part, row, names) + "\n"))
        elif new[key] != row:
            pieces.append(("gone", row_text(part, row, names) + "\n"))
            pieces.append(("new", row_text(part, new[key], names) + "\n"))
    pieces += [("new", row_text(part, row, names) + "\n") for key, row in new.items() if key not in old]
    return pieces


def row_text(part: Part, row: Document, names: dict[str, str]) -> str:
    """One row in a line: what stands in it, in the order of its columns."""
    told = (_value(part.model, name, row.get(name), names) for name in part.fields)
    return " · ".join(text for text in told if text)


def _field(key: str, value: Any, names: dict[str, str]) -> str:
    if key == "geometry":
        return "" if not value else f"{value.get('type')} {value.get('coordinates')}"
    if key == "topic":
        return names.get(f"topic {value}", str(value or ""))
    if key == "phase":
        return "" if value is None else str(value)
    return _value(Measure, key, value, names) if key in FIELDS else str(value or "")


def _value(model: Any, name: str, value: Any, names: dict[str, str]) -> str:
    if value is None or value == "":
        return ""
    column = model._meta.get_field(name)
    if column.is_relation:
        return names.get(f"{name} {value}", str(value))
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if column.get_internal_type() == "DateField":
        day = parse_date(str(value))
        return date_format(day, "SHORT_DATE_FORMAT") if day else str(value)
    return str(value)


def _names(*docs: Document) -> dict[str, str]:
    """Readable names of everything that the documents refer to. At most four queries."""
    asked: dict[str, set[str]] = {"party": set(), "needs": set(), "indicator": set()}
    for doc in docs:
        for part in PARTS:
            for name in part.references:
                asked[name] |= {str(row.get(name)) for row in doc.get(part.name) or [] if row.get(name)}
    names = {f"topic {row.slug}": str(row) for row in Topic.objects.filter(slug__in=[doc.get("topic") for doc in docs])}
    if asked["party"]:
        names |= {f"party {row.slug}": row.name for row in Party.objects.filter(slug__in=asked["party"])}
    if asked["indicator"]:
        names |= {f"indicator {row.slug}": str(row) for row in Indicator.objects.filter(slug__in=asked["indicator"])}
    if asked["needs"]:
        rows = Measure.objects.filter(public_id__in=asked["needs"]).values_list("public_id", "title")
        names |= {f"needs {public_id}": title for public_id, title in rows}
    return names
