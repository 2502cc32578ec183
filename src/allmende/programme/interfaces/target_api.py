"""Targets on indicators for programs. Importing this module puts its operations on the room's router."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access

from ..core.series import Point
from ..domain import aims as reading
from ..domain import targets as verbs
from ..domain.aims import Aim
from ..enums import Level
from ..models import Target
from .api import router
from .indicator_api import ValueOut, visible

Word = Literal[
    "unmeasured", "unmeasured_since", "incomparable", "no_scale", "backwards", "unchanged", "under_way", "reached",
    "held", "not_held",
]  # fmt: skip


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


class TargetOut(Schema):
    """`measure` null: of the whole programme. Numbers as strings with a point. `progress`: per cent of the way from
    `baseline` to `value`, negative backwards, null where there is no way to measure along. `version`: the indicator's,
    to be sent along with a change."""

    id: uuid.UUID
    indicator: str
    measure: uuid.UUID | None
    level: Level
    area: str
    baseline: str | None
    baseline_date: dt.date | None
    value: str | None
    due: dt.date | None
    note: str
    now: ValueOut | None
    verdict: Word
    progress: str | None
    overdue: bool
    staleness: Literal["stale", "none", "due", "fresh", "timeless"]
    version: int

    @staticmethod
    def resolve_id(row: Aim) -> uuid.UUID:
        return row.target.public_id

    @staticmethod
    def resolve_indicator(row: Aim) -> str:
        return row.target.indicator.slug

    @staticmethod
    def resolve_measure(row: Aim) -> uuid.UUID | None:
        return row.target.measure.public_id if row.target.measure else None

    @staticmethod
    def resolve_level(row: Aim) -> str:
        return row.target.level

    @staticmethod
    def resolve_area(row: Aim) -> str:
        return row.target.area

    @staticmethod
    def resolve_baseline(row: Aim) -> str | None:
        return _plain(row.target.baseline)

    @staticmethod
    def resolve_baseline_date(row: Aim) -> dt.date | None:
        return row.target.baseline_date

    @staticmethod
    def resolve_value(row: Aim) -> str | None:
        return _plain(row.target.value)

    @staticmethod
    def resolve_due(row: Aim) -> dt.date | None:
        return row.target.due

    @staticmethod
    def resolve_note(row: Aim) -> str:
        return row.target.note

    @staticmethod
    def resolve_now(row: Aim) -> Point | None:
        return row.now

    @staticmethod
    def resolve_verdict(row: Aim) -> str:
        return row.verdict.word

    @staticmethod
    def resolve_progress(row: Aim) -> str | None:
        return _plain(row.verdict.percent)

    @staticmethod
    def resolve_version(row: Aim) -> int:
        return row.target.indicator.version


class TargetFields(Schema, extra="forbid"):
    """`version`: of the indicator as it was read."""

    version: int
    baseline: Decimal | None = None
    baseline_date: dt.date | None = None
    due: dt.date | None = None
    note: str = Field("", max_length=300)


class TargetIn(TargetFields):
    """`level`: that of the indicator's definition unless named."""

    area: str = Field(min_length=1, max_length=40)
    value: Decimal
    level: Level | None = None


class TargetPatch(TargetFields):
    """Only the fields that are sent change."""

    area: str = Field("", max_length=40)
    value: Decimal = Decimal(0)
    level: Level = Level.TOWN


def _aim(target: Target) -> Aim:
    return reading.aims([Target.objects.select_related("indicator", "measure").get(pk=target.pk)])[0]


@router.get("/indicators/{slug:slug}/targets", response=list[TargetOut])
@access("public")
def get_targets(request: HttpRequest, slug: str) -> list[Aim]:
    """What the programme and published measures want of an indicator, and how far it is."""
    rows = reading.targets_of(visible(request, slug))
    return reading.aims(list(rows.defer(None)))


@router.post("/indicators/{slug:slug}/targets", response={201: TargetOut})
@access("programme.change_indicator")
def post_target(request: HttpRequest, slug: str, body: TargetIn) -> Status[Aim]:
    """Set a target of the whole programme. 409: somebody changed the indicator since `version`."""
    row = visible(request, slug)
    values = {key: value for key, value in body.dict(exclude={"version"}).items() if (key, value) != ("level", None)}
    try:
        target = verbs.set_target(row, values, version=body.version, actor=request.user)
    except VersionConflict as conflict:
        raise _outdated(conflict) from None
    return Status(201, _aim(target))


def _outdated(conflict: VersionConflict) -> HttpError:
    return HttpError(409, f"version of the indicator is {conflict.current.version}")


def _target(public_id: uuid.UUID) -> Target:
    row = Target.objects.filter(public_id=public_id, measure__isnull=True).first()
    if row is None:
        raise HttpError(404, "no such target of the programme")
    return row


@router.patch("/targets/{uuid:public_id}", response=TargetOut)
@access("programme.change_indicator")
def patch_target(request: HttpRequest, public_id: uuid.UUID, body: TargetPatch) -> Aim:
    """Change a target of the whole programme. 409: somebody changed the indicator since `version`."""
    values: dict[str, Any] = body.dict(exclude_unset=True)
    try:
        target = verbs.change_target(
            _target(public_id), values, version=values.pop("version"), actor=request.user
        )  # fmt: skip
    except VersionConflict as conflict:
        raise _outdated(conflict) from None
    return _aim(target)


@router.delete("/targets/{uuid:public_id}", response={204: None})
@access("programme.change_indicator")
def delete_target(request: HttpRequest, public_id: uuid.UUID, version: int) -> Status[None]:
    """Give a target of the whole programme up. 409: somebody changed the indicator since `version`."""
    try:
        verbs.remove_target(_target(public_id), version=version, actor=request.user)
    except VersionConflict as conflict:
        raise _outdated(conflict) from None
    return Status(204, None)
