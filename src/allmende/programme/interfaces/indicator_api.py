"""Indicators and their values for programs. Importing this module puts its operations on the room's router."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Schema
from ninja.errors import HttpError
from ninja.pagination import paginate
from pydantic import AwareDatetime, Field

from allmende.spine.api import Pages
from allmende.spine.people.access import access

from ..core.series import Point
from ..domain import areas
from ..domain import indicators as verbs
from ..domain import series as reading
from ..domain.series import Key, Middle
from ..enums import Cadence, Direction, Level, Quality
from ..models import Definition, Indicator, SeriesArea
from .api import router


class IndicatorOut(Schema):
    """`common`: an identifier shared between towns. `version`: counts every change, those of values included."""

    id: uuid.UUID
    slug: str
    title: str
    common: str
    url: str
    published: bool
    version: int

    @staticmethod
    def resolve_id(row: Indicator) -> uuid.UUID:
        return row.public_id

    @staticmethod
    def resolve_url(row: Indicator) -> str:
        return row.get_absolute_url()

    @staticmethod
    def resolve_published(row: Indicator) -> bool:
        return row.published is not None


class DefinitionOut(Schema):
    number: int
    valid_from: dt.date | None
    text: str
    unit: str
    direction: Direction
    formula: str
    source: str
    source_url: str
    licence: str
    cadence: Cadence
    level: Level


class BreakOut(Schema):
    """From `date` on values do not compare with those before."""

    date: dt.date
    reason: str


class SeriesOut(Schema):
    """`name`, `source`, `source_url`, `licence`: what is said of the area. Empty where that is nothing: then the source
    is that of the definition."""

    level: Level
    area: str
    name: str
    source: str
    source_url: str
    licence: str


class IndicatorWhole(IndicatorOut):
    definitions: list[DefinitionOut]
    breaks: list[BreakOut]
    series: list[SeriesOut]

    @staticmethod
    def resolve_definitions(row: Indicator) -> list[Definition]:
        return list(row.definitions.order_by("number"))

    @staticmethod
    def resolve_breaks(row: Indicator) -> list[Any]:
        return list(row.breaks.all())

    @staticmethod
    def resolve_series(row: Indicator) -> list[dict[str, Any]]:
        said = areas.described([row.pk])
        return [_series(key, said.get((row.pk, key.area))) for key in reading.areas_of(row)]


def _series(key: Key, said: SeriesArea | None) -> dict[str, Any]:
    return {"level": key.level, "area": key.area} | {name: getattr(said, name, "") for name in areas.FIELDS}


class ValueOut(Schema):
    """`ends` is the first day after the period. `value` as a string with a point; null: not measured."""

    starts: dt.date
    ends: dt.date
    value: str | None
    quality: Quality
    definition: int
    known_from: dt.datetime
    break_before: bool
    note: str

    @staticmethod
    def resolve_value(row: Point) -> str | None:
        return None if row.value is None else format(row.value.normalize(), "f")

    @staticmethod
    def resolve_known_from(row: Point) -> dt.datetime:
        return row.vintage

    @staticmethod
    def resolve_break_before(row: Point) -> bool:
        return row.broken_before


class ValueIn(Schema, extra="forbid"):
    """`period` as people write it (`2024`, `2024-03`, `2024-Q2`), or `starts` and `ends` (exclusive). `value` null with
    quality "missing" says that nothing was measured."""

    area: str
    level: Level | None = None
    period: str | None = None
    starts: dt.date | None = None
    ends: dt.date | None = None
    value: Decimal | None = None
    quality: Quality | None = None
    note: str = ""
    definition: int | None = None


class AreaIn(Schema, extra="forbid"):
    """What another area is called, and the source of its values where it is not that of the definition."""

    area: str
    name: str = ""
    source: str = ""
    source_url: str = ""
    licence: str = ""


class ValuesIn(Schema, extra="forbid"):
    """`known_from`: since when the values are known, else now. `areas`: what is said of areas; what is not sent
    stays."""

    values: list[ValueIn] = Field(min_length=1, max_length=10_000)
    areas: list[AreaIn] = Field([], max_length=1_000)
    known_from: AwareDatetime | None = None


class ComparedOut(SeriesOut):
    values: list[ValueOut]


class MiddleOut(Schema):
    """The exact median of so many `areas` in a period; `ends` is the first day after it."""

    starts: dt.date
    ends: dt.date
    value: str
    areas: int

    @staticmethod
    def resolve_value(row: Middle) -> str:
        return format(row.value.normalize(), "f")


class ComparisonOut(Schema):
    """`series`: the town's own (or that of `area`) first, then the one asked for. `median`: of all areas of the level,
    from three on."""

    series: list[ComparedOut]
    median: list[MiddleOut]


class RecordedOut(Schema):
    """How many values are new, how many replace an earlier one, how many were known already."""

    new: int
    corrected: int
    same: int


def visible(request: HttpRequest, slug: str) -> Indicator:
    """The indicator at an address, if the caller may see it; 404 else."""
    row = reading.indicators_for(request.user).filter(slug=slug).first()
    if row is None:
        raise HttpError(404, "no such indicator")
    return row


@router.get("/indicators", response=list[IndicatorOut])
@paginate(Pages)
@access("public")
def list_indicators(request: HttpRequest) -> object:
    """Indicators that the caller may see, by title."""
    return reading.indicators_for(request.user)


@router.get("/indicators/{slug:slug}", response=IndicatorWhole)
@access("public")
def get_indicator(request: HttpRequest, slug: str) -> Indicator:
    """One indicator with its definitions, breaks and the series that there are."""
    return visible(request, slug)


@router.get("/indicators/{slug:slug}/values", response=list[ValueOut])
@access("public")
def get_values(request: HttpRequest, slug: str, area: str = "", as_known_on: dt.date | None = None) -> list[Point]:
    """One series in order of time: that of `area`, else the town's own; as it was known at the end of a day."""
    row = visible(request, slug)
    key = reading.overviews([row.pk])[row.pk].key
    if area:
        key = next((each for each in reading.areas_of(row) if each.area == area), key._replace(area=area))
    return reading.series_of([key], as_known_on)[key]


@router.get("/indicators/{slug:slug}/comparison", response=ComparisonOut)
@access("public")
def get_comparison(
    request: HttpRequest, slug: str, beside: str, area: str = "", as_known_on: dt.date | None = None
) -> dict[str, Any]:
    """Two areas of the same level side by side, with the median of all: `area` (else the town) and `beside`."""
    row = visible(request, slug)
    home = reading.overviews([row.pk])[row.pk].key
    known = [key for key in reading.areas_of(row) if key.level == home.level]
    chosen = [next((key for key in known if key.area == code), None) for code in (area or home.area, beside)]
    keys = [key for key in chosen if key is not None]
    if len(keys) < 2:
        raise HttpError(404, "no such area")
    said = areas.described([row.pk])
    found = reading.series_of(keys, as_known_on)
    return {
        "series": [_series(key, said.get((row.pk, key.area))) | {"values": found[key]} for key in keys],
        "median": reading.median(row, home.level, as_known_on) if len(known) >= reading.ENOUGH else [],
    }


@router.post("/indicators/{slug:slug}/values", response=RecordedOut)
@access("programme.record_value")
def post_values(request: HttpRequest, slug: str, body: ValuesIn) -> verbs.Recorded:
    """Add values, all or none. 422 names every problem as `<row>.<field>`, rows counted from 0."""
    row = visible(request, slug)
    rows = [{"indicator": row, **each.dict(exclude_none=True)} for each in body.values]
    said = {each.area: each.dict(exclude={"area"}, exclude_unset=True) for each in body.areas}
    return areas.record_series(row, rows, said, vintage=body.known_from, actor=request.user)
