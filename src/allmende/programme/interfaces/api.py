"""Measures for programs."""

import uuid
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Schema
from ninja.errors import HttpError
from ninja.pagination import paginate

from allmende.spine.api import Pages, Router
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, require, visible_to

from ..domain import queries, revisions
from ..enums import Maturity, RevisionState
from ..models import Measure, Revision

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
    """An open draft: everybody sees it once a second person has reviewed it. `document`: the whole measure."""

    measure: uuid.UUID
    number: int
    state: RevisionState
    version: int
    document: dict[str, Any]

    @staticmethod
    def resolve_measure(row: Revision) -> uuid.UUID:
        return row.measure.public_id


class DraftIn(Schema, extra="forbid"):
    """Keys of the document to put in; `version` is the draft's version that the change was made on."""

    version: int
    changes: dict[str, Any]


class SubmitIn(Schema, extra="forbid"):
    version: int
    note: str = ""


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
def patch_measure(request: HttpRequest, public_id: uuid.UUID, body: MeasureIn) -> Revision:
    """Begin a draft with these changes. 409: the measure changed since `version`, or a draft is open already."""
    values = {key: value for key, value in body.dict(exclude={"version"}).items() if value is not None}
    measure = _visible(request, public_id)
    require(request.user, "programme.change_measure", measure)
    if measure.version != body.version:
        raise HttpError(409, f"version is {measure.version}")
    draft = revisions.draft_of(measure)
    if draft.pk is not None and draft.base != draft.document:
        raise HttpError(409, f"draft {draft.number} is open: change it at …/draft")
    return _edit(draft, values, draft.version, request.user)


@router.get("/measures/{uuid:public_id}/draft", response=DraftOut)
@access("programme.change_measure")
def get_draft(request: HttpRequest, public_id: uuid.UUID) -> Revision:
    """The open draft of a measure."""
    return _draft(request, public_id)


@router.patch("/measures/{uuid:public_id}/draft", response=DraftOut)
@access("programme.change_measure")
def patch_draft(request: HttpRequest, public_id: uuid.UUID, body: DraftIn) -> Revision:
    """Change the open draft. 409: somebody else changed it since `version`."""
    return _edit(_draft(request, public_id), body.changes, body.version, request.user)


@router.post("/measures/{uuid:public_id}/draft/submit", response=DraftOut)
@access("programme.change_measure")
def submit_draft(request: HttpRequest, public_id: uuid.UUID, body: SubmitIn) -> Revision:
    """Give the open draft to review. 409: somebody else changed it since `version`."""
    draft = _draft(request, public_id)
    if draft.version != body.version:
        raise HttpError(409, f"draft version is {draft.version}")
    return revisions.submit(draft, note=body.note, actor=request.user)


def _draft(request: HttpRequest, public_id: uuid.UUID) -> Revision:
    measure = _visible(request, public_id)
    require(request.user, "programme.change_measure", measure)
    draft = revisions.open_revision(measure)
    if draft is None:
        raise HttpError(404, "no draft is open")
    return draft


def _edit(draft: Revision, values: dict[str, Any], version: int, person: Any) -> Revision:
    try:
        return revisions.save(draft, values, version=version, actor=person)
    except VersionConflict as conflict:
        raise HttpError(409, f"draft version is {conflict.current.version}") from None


from . import indicator_api as indicator_api  # noqa: E402 - puts its operations on the router above
from . import target_api as target_api  # noqa: E402
