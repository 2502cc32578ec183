"""The kinds of rows that the whole programme consists of: one list each in JSON, one sheet each in XLSX.

Titles of sheets are part of the format and therefore German in every language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..domain.form import FIELDS, PARTS
from ..models import (
    Assessment,
    Definition,
    Figure,
    Indicator,
    Measure,
    Party,
    Phase,
    Programme,
    Replan,
    SeriesArea,
    SeriesBreak,
    Topic,
    Value,
)

FORMAT = "allmende-programm-1"
MARK = "Allmende"  # the sheet that says that a workbook is of this format
Kind = Literal["text", "choice", "int", "number", "date", "instant", "geometry"]

# What fields without a heading of their own are called.
_HEADINGS: dict[str, Any] = {
    "id": _("Identifier"),
    "slug": _("Part of the address"),
    "lang": _("Language"),
    "order": _("Order"),
    "number": pgettext_lazy("programme", "Number"),
    "published": _("Public since"),
    "geometry": _("Position"),
    "measure": _("Measure"),
    "milestone": _("Milestone"),
    "indicator": _("Indicator"),
    "definition": _("Definition"),
    "level": _("Level"),
    "plan": _("Planned for"),
    "until": _("Until"),
    "key": _("Key"),
}


@dataclass(frozen=True)
class Column:
    """`heading` for people (lazy); `help`: more on it, may be empty; `choices`: (value, label) where only these count.

    Kinds: dates are ISO days, instants ISO 8601 with offset, numbers and decimals without exponent.
    """

    key: str
    heading: Any
    kind: Kind
    help: Any = ""
    choices: tuple[tuple[Any, Any], ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class Sheet:
    """`key`: of the list in JSON. `model`: what a row becomes. `unique`: keys that together name a row."""

    key: str
    title: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ("id",)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.columns)

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


def _kind(field: Any) -> Kind:
    if isinstance(field, models.DateTimeField):
        return "instant"
    if isinstance(field, models.DateField):
        return "date"
    if isinstance(field, models.DecimalField):
        return "number"
    if isinstance(field, models.IntegerField):
        return "int"
    return "choice" if field.choices else "text"


def _column(model: type[models.Model], key: str) -> Column:
    special: dict[str, Kind] = {"id": "text", "geometry": "geometry", "definition": "int"}
    if key in special:
        return Column(key, _HEADINGS[key], special[key])
    field: Any = model._meta.get_field(key)
    if isinstance(field, models.ForeignKey):
        kind: Kind = "int" if key == "phase" else "text"
        return Column(key, _HEADINGS.get(key) or field.verbose_name, kind)
    # Django names a field after its attribute where nobody did.
    named = str(field.verbose_name) != key.replace("_", " ")
    heading = field.verbose_name if named or key not in _HEADINGS else _HEADINGS[key]
    return Column(key, heading, _kind(field), field.help_text, tuple(field.choices or ()))


def _sheet(
    key: str, title: str, model: type[models.Model], keys: Iterable[str], unique: tuple[str, ...] = ("id",)
) -> Sheet:
    return Sheet(key, title, model, tuple(_column(model, each) for each in keys), unique)


_PART_TITLES = {
    "decisions": "Beschlüsse",
    "milestones": "Meilensteine",
    "involvements": "Mitwirkung",
    "dependencies": "Abhängigkeiten",
    "risks": "Risiken",
    "targets": "Ziele",
}
FIGURE_KEYS = (
    "id", "measure", "key", "matter", "value", "unit", "qualifier", "period", "source_title", "source_url", "note",
    "order", "vintage",
)  # fmt: skip
DEFINITION_KEYS = (
    "number", "valid_from", "text", "unit", "decimals", "direction", "formula", "source", "source_url", "licence",
    "cadence", "level",
)  # fmt: skip
VALUE_KEYS = (
    "id", "indicator", "definition", "level", "area", "starts", "ends", "value", "quality", "vintage", "note",
)  # fmt: skip
AREA_KEYS = ("name", "source", "source_url", "licence")
TARGET_KEYS = next(part.fields for part in PARTS if part.name == "targets")

SHEETS = (
    _sheet("programme", "Programm", Programme, ("id", "title", "summary", "lang")),
    _sheet("phases", "Phasen", Phase, ("id", "number", "title", "focus", "starts", "ends"), ("number",)),
    _sheet("topics", "Themen", Topic, ("slug", "title", "title_en", "order"), ("slug",)),
    _sheet("parties", "Beteiligte", Party, ("id", "slug", "name", "kind", "url", "note"), ("slug",)),
    _sheet(
        "indicators", "Kennzahlen", Indicator, ("id", "slug", "title", "title_en", "common", "published"), ("slug",)
    ),
    _sheet("definitions", "Definitionen", Definition, ("indicator", *DEFINITION_KEYS), ("indicator", "number")),
    _sheet("breaks", "Brüche", SeriesBreak, ("indicator", "date", "reason"), ("indicator", "date")),
    _sheet("areas", "Gebiete", SeriesArea, ("indicator", "area", *AREA_KEYS), ("indicator", "area")),
    _sheet("measures", "Maßnahmen", Measure, ("id", "slug", "published", *FIELDS, "topic", "phase", "geometry")),
    *(_sheet(part.name, _PART_TITLES[part.name], part.model, ("measure", "id", *part.fields)) for part in PARTS),
    _sheet("replans", "Frühere Pläne", Replan, ("milestone", "plan", "until"), ("milestone", "until")),
    _sheet("assessments", "Einschätzungen", Assessment, ("measure", "id", "date", "light", "reason")),
    _sheet("values", "Werte", Value, VALUE_KEYS, ("indicator", "area", "starts", "ends", "vintage")),
    _sheet("figures", "Zahlen", Figure, FIGURE_KEYS),
)  # fmt: skip
BY_KEY = {sheet.key: sheet for sheet in SHEETS}
PART_NAMES = tuple(part.name for part in PARTS)
# Kinds that stand beside the measures in JSON; parts stand within a measure's document.
FLAT = tuple(sheet.key for sheet in SHEETS if sheet.key not in ("programme", "measures", *PART_NAMES))
