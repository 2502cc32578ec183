"""All public data of the programme as one ZIP of CSV files: UTF-8, ISO days, decimal point, one header line.

Only what everybody sees on the pages: published measures and indicators with what their pages show of them. Written
straight into the response; nothing is held but the block in hand.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Lag
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from allmende.spine.facts.models import FactRow
from allmende.spine.instance.domain.queries import current
from allmende.spine.ui.tables import Column as Shown
from allmende.spine.ui.tables import table

from ..domain import queries
from ..facts import FrameChanged
from ..models import (
    Assessment,
    Decision,
    Definition,
    Dependency,
    Figure,
    Indicator,
    Involvement,
    Measure,
    Milestone,
    Phase,
    Programme,
    Replan,
    Risk,
    SeriesArea,
    SeriesBreak,
    Target,
    Topic,
    Value,
)
from .cells import defuse
from .sheets import BY_KEY, Column
from .whole import plain, rows_of

LICENCE = ("Datenlizenz Deutschland – Namensnennung – Version 2.0", "https://www.govdata.de/dl-de/by-2-0")
_FLUSH = 1 << 16
_CHUNK = 500
_TYPES = {"int": "integer", "number": "decimal", "date": "date", "instant": "datetime", "geometry": "geojson"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One CSV file. `title` for people; `rows` gives dictionaries with the keys of `columns`."""

    name: str
    title: Any
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Row]]


def _of(key: str, rows: Callable[[], QuerySet[Any]], *left_out: str) -> tuple[tuple[Column, ...], Any]:
    columns = tuple(column for column in BY_KEY[key].columns if column.key not in left_out)
    return columns, lambda: rows_of(key, rows())


_SHOWN = Q(measure__published__isnull=False)
_LIVE = Q(indicator__published__isnull=False)


def _measures() -> Iterator[Row]:
    """Published measures, each with its computed state."""
    rows = Measure.objects.filter(published__isnull=False).select_related("topic", "phase").order_by("pk")
    waiting = rows.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(waiting, _CHUNK)):
        standings = queries.standings(row.pk for row in chunk)
        for row in chunk:
            found = {column.key: _measure_value(row, column.key) for column in BY_KEY["measures"].columns}
            yield found | {"state": standings[row.pk].state}


def _measure_value(row: Measure, key: str) -> Any:
    if key == "geometry":
        return json.dumps(row.geojson) if row.geom is not None else None
    if key in ("topic", "phase"):
        return row.topic.slug if key == "topic" else (row.phase.number if row.phase else None)
    return plain(row.public_id if key == "id" else getattr(row, key))


def _assessments() -> QuerySet[Assessment]:
    """The newest of each measure: that is the one its page shows."""
    newest = Assessment.objects.filter(measure=OuterRef("measure")).order_by("-date", "-pk").values("pk")[:1]
    return Assessment.objects.filter(_SHOWN, pk=Subquery(newest)).order_by("pk")


def corrections() -> Iterator[Row]:
    """Every value that has an earlier vintage: what it was, what it is, since when."""
    same: dict[str, Any] = {
        "partition_by": [F(name) for name in ("indicator", "area", "starts", "ends")],
        "order_by": F("vintage").asc(),
    }
    rows = (
        Value.objects.filter(_LIVE)
        .annotate(
            earlier=Window(Lag("pk"), **same),
            was=Window(Lag("value"), **same),
            was_quality=Window(Lag("quality"), **same),
            known_from=Window(Lag("vintage"), **same),
        )
        .filter(earlier__isnull=False)
        .order_by("indicator__slug", "area", "starts", "vintage")
    )
    names = ("was", "was_quality", "value", "quality", "known_from", "vintage", "note")
    keys = ("indicator__slug", "level", "area", "starts", "ends", *names)
    for values in rows.values_list(*keys).iterator(chunk_size=2000):
        found = dict(zip(keys, map(plain, values), strict=True))
        yield {"indicator": found.pop("indicator__slug")} | found


_CORRECTIONS = (
    *(column for column in BY_KEY["values"].columns if column.key in ("indicator", "level", "area", "starts", "ends")),
    Column("was", gettext_lazy("Value before"), "number"),
    Column("was_quality", gettext_lazy("Quality before"), "choice"),
    Column("value", gettext_lazy("Value since"), "number"),
    Column("quality", gettext_lazy("Quality since"), "choice"),
    Column("known_from", gettext_lazy("Value before: known from"), "instant"),
    Column("vintage", gettext_lazy("Corrected on"), "instant"),
    Column("note", gettext_lazy("Note"), "text"),
)
_STATE = Column("state", gettext_lazy("State, computed from milestones and decisions"), "text")


def tables() -> list[Table]:
    """The files of the archive, in order."""
    measures = (*BY_KEY["measures"].columns, _STATE)
    children: list[tuple[str, str, Any, Callable[[], QuerySet[Any]]]] = [
        ("meilensteine", "milestones", gettext_lazy("Milestones"), lambda: _children(Milestone)),
        ("fruehere-plaene", "replans", gettext_lazy("Earlier plans of milestones"), lambda: Replan.objects.filter(
            milestone__measure__published__isnull=False).order_by("pk")),
        ("beschluesse", "decisions", gettext_lazy("Decisions"), lambda: _children(Decision)),
        ("mitwirkung", "involvements", gettext_lazy("Involved parties"), lambda: _children(Involvement)),
        ("abhaengigkeiten", "dependencies", gettext_lazy("Dependencies"), lambda: _children(Dependency).filter(
            needs__published__isnull=False)),
        ("risiken", "risks", gettext_lazy("Open risks"), lambda: _children(Risk).filter(closed__isnull=True)),
        ("einschaetzungen", "assessments", gettext_lazy("Newest assessments"), _assessments),
    ]  # fmt: skip
    frame: list[tuple[str, str, Any, Callable[[], QuerySet[Any]]]] = [
        ("programm", "programme", gettext_lazy("Programme"), lambda: Programme.objects.order_by("pk")),
        ("phasen", "phases", gettext_lazy("Phases"), lambda: Phase.objects.order_by("number")),
        ("themen", "topics", gettext_lazy("Topics"), lambda: Topic.objects.order_by("slug")),
        ("beteiligte", "parties", gettext_lazy("Who takes part"), lambda: queries.public_parties().order_by("slug")),
        ("kennzahlen", "indicators", gettext_lazy("Indicators"), lambda: Indicator.objects.filter(
            published__isnull=False).order_by("slug")),
        ("definitionen", "definitions", gettext_lazy("Definitions of indicators"), lambda: Definition.objects.filter(
            _LIVE).order_by("indicator__slug", "number")),
        ("brueche", "breaks", gettext_lazy("Breaks of series"), lambda: SeriesBreak.objects.filter(
            _LIVE).order_by("indicator__slug", "date")),
        ("gebiete", "areas", gettext_lazy("Names of areas to compare with"), lambda: SeriesArea.objects.filter(
            _LIVE).order_by("indicator__slug", "area")),
        ("werte", "values", gettext_lazy("Values with all vintages"), lambda: Value.objects.filter(
            _LIVE).order_by("indicator__slug", "area", "starts", "ends", "vintage")),
        ("ziele", "targets", gettext_lazy("Targets"), lambda: Target.objects.filter(
            _LIVE, Q(measure=None) | _SHOWN).order_by("pk")),
        ("zahlen", "figures", gettext_lazy("Figures"), lambda: Figure.objects.filter(
            Q(measure=None) | _SHOWN).order_by("order", "key", "pk")),
    ]  # fmt: skip
    found = [Table("massnahmen.csv", gettext_lazy("Measures"), measures, _measures)]
    found += [Table(f"{name}.csv", title, *_of(key, rows)) for name, key, title, rows in [*children, *frame]]
    found.append(Table("berichtigungen.csv", gettext_lazy("Corrections of values"), _CORRECTIONS, corrections))
    return found


def _children(model: type[Any]) -> QuerySet[Any]:
    return model.objects.filter(_SHOWN).order_by("measure_id", "pk")  # type: ignore[no-any-return]


def dictionary() -> list[Row]:
    """The data dictionary: file, column, what it means in German and English, type and unit."""
    found = []
    for one in tables():
        for column in one.columns:
            row: Row = {"file": one.name, "column": column.key}
            for language in ("de", "en"):
                with override(language):
                    row[f"meaning_{language}"] = _meaning(column)
            row |= {"type": _TYPES.get(column.kind, "text"), "unit": _unit(one, column)}
            found.append(row)
    return found


def _meaning(column: Column) -> str:
    text = str(column.heading)
    if column.help:
        text += f" – {column.help}"
    if column.choices:
        text += ": " + ", ".join(f"{key} = {label}" for key, label in column.choices)
    return text


def _unit(one: Table, column: Column) -> str:
    if column.kind != "number":
        return ""
    return "unit" if one.name == "zahlen.csv" else "definitionen.csv: unit"


class _Pipe(io.RawIOBase):
    """What the ZIP writes, to be taken away block by block."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.blocks.append(bytes(data))
        self.size += len(data)
        return len(data)

    def take(self) -> bytes:
        data = b"".join(self.blocks)
        self.blocks, self.size = [], 0
        return data


def stream() -> Iterator[bytes]:
    """The ZIP, block by block, from one snapshot of the database."""
    pipe = _Pipe()
    made = timezone.localtime()
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as whole:  # type: ignore[arg-type]
            for one in tables():
                with whole.open(_entry(one.name, made), "w") as file:
                    for block in _csv([column.key for column in one.columns], one.rows()):
                        file.write(block)
                        if pipe.size >= _FLUSH:
                            yield pipe.take()
            words = dictionary()
            with whole.open(_entry("datenlexikon.csv", made), "w") as file:
                for block in _csv(list(words[0]), words):
                    file.write(block)
            whole.writestr(_entry("datenlexikon.json", made), json.dumps(words, ensure_ascii=False, indent=1) + "\n")
            whole.writestr(_entry("LIESMICH.txt", made), read_me(made))
            yield pipe.take()
        yield pipe.take()


def _entry(name: str, made: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, made.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _csv(keys: list[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Lines in blocks. Texts that a spreadsheet would take for a formula begin with an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(keys)
    for row in rows:
        writer.writerow(["" if (value := row.get(key)) is None else _safe(key, value) for key in keys])
        if buffer.tell() > _FLUSH:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _safe(key: str, value: Any) -> Any:
    if not isinstance(value, str) or key in ("value", "was", "baseline"):
        return value
    return defuse(value)


def read_me(made: datetime) -> str:
    """Date, licence, and how the files are to be read; German, then English."""
    town, name = current().town or current().name, current().name
    parts = []
    for language in ("de", "en"):
        with override(language):
            parts.append(
                _(
                    "%(name)s: all public data of the programme, as of %(day)s.\n"
                    "Licence: %(licence)s (%(address)s). Name as source: %(town)s. Values of indicators come under the "
                    "licence that stands in definitionen.csv.\n"
                    "CSV in UTF-8, separated by commas; days as 2026-01-31, decimal point. datenlexikon.csv explains "
                    "every column, berichtigungen.csv lists every value that was corrected.\n"
                    "A text that a spreadsheet would take for a formula begins with an apostrophe."
                )
                % {
                    "name": name,
                    "day": made.date().isoformat(),
                    "licence": LICENCE[0],
                    "address": LICENCE[1],
                    "town": town,
                }
            )
    return "\n\n".join(parts) + "\n"


def contents_table() -> SafeString:
    """What is in the archive, for its page."""
    columns = [
        Shown(_("File"), lambda one: one.name, heading=True),
        Shown(_("What is in it"), lambda one: one.title),
        Shown(_("Columns"), lambda one: len(one.columns), number=True),
    ]
    return table(_("Files of the archive"), columns, tables())


def newest() -> datetime | None:
    """When something public last changed; None where nothing is public. What was withdrawn, and what came by a way that
    stamps no row, is told by facts."""
    shown = [
        Measure.objects.filter(published__isnull=False), Indicator.objects.filter(published__isnull=False),
        queries.public_parties().order_by(), Programme.objects.all(), Phase.objects.all(),
    ]  # fmt: skip
    if not any(rows.exists() for rows in shown[:2]):
        return None
    stamped: datetime = max(day for rows in shown if (day := rows.aggregate(last=Max("changed"))["last"]))
    told = FactRow.objects.filter(
        Q(public=True) | Q(kind=FrameChanged.kind), kind__startswith="programme.", time__gt=stamped
    )
    return told.order_by("-time").values_list("time", flat=True).first() or stamped
