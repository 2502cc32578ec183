"""Measures for programs."""

import uuid
from datetime import date, datetime

from django.http import HttpRequest
from ninja import Schema
from ninja.errors import HttpError
from ninja.pagination import paginate

from allmende.spine.api import Pages, Router
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, visible_to

from ..domain import queries, revisions
from ..enums import Maturity
from ..models import Measure

router = Router()


class MeasureOut(Schema):
    id: uuid.UUID
    title: str
    summary: str
    topic: str
    stage: Maturity
    since: date | None
    place: str
    url: str
    version: int
    changed: datetime
    published: bool

    @staticmethod
    def resolve_id(row: Measure) -> uuid.UUID:
        return row.public_id

    @staticmethod
    def resolve_topic(row: Measure) -> str:
        return row.topic.slug

    @staticmethod
    def resolve_stage(row: Measure) -> str:
        return row.maturity

    @staticmethod
    def resolve_place(row: Measure) -> str:
        return row.place_name

    @staticmethod
    def resolve_url(row: Measure) -> str:
        return row.get_absolute_url()

    @staticmethod
    def resolve_published(row: Measure) -> bool:
        return row.published is not None


class MeasureIn(Schema, extra="forbid"):
    """Fields to change, as in the measure's document; `version`: of the measure that the change was made on."""

    version: int
    title: str | None = None
    code: str | None = None
    summary: str | None = None
    reason: str | None = None
    course: str | None = None
    result: str | None = None
    easy: str | None = None
    place_name: str | None = None


class DraftOut(Schema):
    """A draft after a change: everybody sees it once a second person has reviewed it."""

    measure: uuid.UUID
    draft: int
    state: str
    url: str


@router.get("/measures", response=list[MeasureOut])
@paginate(Pages)
@access("public")
def list_measures(request: HttpRequest) -> object:
    """Measures that the caller may see, last changed first."""
    return queries.measures_for(request.user)


def _visible(request: HttpRequest, public_id: uuid.UUID) -> Measure:
    row = visible_to(request.user, Measure.objects.select_related("topic")).filter(public_id=public_id).first()
    if row is None:
        raise HttpError(404, "no such measure")
    return row


@router.get("/measures/{uuid:public_id}", response=MeasureOut)
@access("public")
def get_measure(request: HttpRequest, public_id: uuid.UUID) -> Measure:
    """One measure."""
    return _visible(request, public_id)


@router.patch("/measures/{uuid:public_id}", response=DraftOut)
@access("programme.change_measure")
def patch_measure(request: HttpRequest, public_id: uuid.UUID, body: MeasureIn) -> DraftOut:
    """Change the draft of a measure. 409: something else was published since `version`."""
    values = {key: value for key, value in body.dict(exclude={"version"}).items() if value is not None}
    measure = _visible(request, public_id)
    if measure.version != body.version:
        raise HttpError(409, f"version is {measure.version}")
    try:
        draft = revisions.begin(measure, actor=request.user)
        draft = revisions.edit(draft, values, version=draft.version, actor=request.user)
    except VersionConflict as conflict:
        raise HttpError(409, f"draft version is {conflict.current.version}") from None
    url = request.build_absolute_uri(measure.change_url)
    return DraftOut(measure=measure.public_id, draft=draft.number, state=draft.state, url=url)
