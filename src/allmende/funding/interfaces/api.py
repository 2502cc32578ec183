"""Grants for programs. Amounts in euro cents, quotas in basis points."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema, Status
from ninja.errors import HttpError
from ninja.pagination import paginate
from pydantic import Field

from allmende.spine.api import Pages, Router
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, visible_to

from ..domain import grants as verbs
from ..domain import queries
from ..enums import Qualifier
from ..models import MOST_CENTS, Grant

router = Router()


class ShareOut(Schema):
    """What a published measure gets; null: the notice names no amount."""

    measure: uuid.UUID
    amount_cents: int | None

    @staticmethod
    def resolve_measure(row: Any) -> uuid.UUID:
        found: uuid.UUID = row.measure.public_id
        return found


class GrantOut(Schema):
    id: uuid.UUID
    title: str
    scheme: str
    scheme_url: str
    authority: str
    recipient: str
    ags: str = Field(description="Municipality key of the recipient; empty: this town")
    reference: str
    notice_date: date | None
    amount_cents: int
    currency: str = "EUR"
    qualifier: Qualifier
    quota: int | None = Field(description="Basis points: 9000 is 90 per cent")
    quota_at_least: bool
    own_share_cents: int | None
    starts: date | None
    ends: date | None
    phase: int | None = Field(description="Number of the phase")
    document_url: str
    source_title: str
    source_url: str
    note: str
    shares: list[ShareOut]
    url: str
    version: int
    changed: datetime
    published: bool

    @staticmethod
    def resolve_id(row: Grant) -> uuid.UUID:
        return row.public_id

    @staticmethod
    def resolve_phase(row: Grant) -> int | None:
        return row.phase.number if row.phase else None

    @staticmethod
    def resolve_shares(row: Any) -> Any:
        return row.public_shares

    @staticmethod
    def resolve_url(row: Grant) -> str:
        return row.get_absolute_url()

    @staticmethod
    def resolve_published(row: Grant) -> bool:
        return row.published is not None


Line = Annotated[str, Field(min_length=1, max_length=200)]
Address = Annotated[str, Field(max_length=500)]
Cents = Annotated[int, Field(ge=1, le=MOST_CENTS)]


class GrantFields(Schema, extra="forbid"):
    """What may be left out. `phase`: its number, or null."""

    scheme_url: Address = ""
    recipient: str = Field("", max_length=160)
    ags: str = Field("", pattern="^([0-9]{8})?$", description="Empty: this town")
    reference: str = Field("", max_length=80)
    notice_date: date | None = None
    qualifier: Qualifier = Qualifier.EXACT
    quota: int | None = Field(None, ge=0, le=10_000)
    quota_at_least: bool = False
    own_share_cents: int | None = Field(None, ge=0, le=MOST_CENTS)
    starts: date | None = None
    ends: date | None = None
    phase: int | None = Field(None, ge=0, le=32_767)
    document_url: Address = ""
    note: str = Field("", max_length=300)


class GrantIn(GrantFields):
    """A grant as it stands in the notice; besides, the dates have to be in order and the number new."""

    title: Line
    scheme: Line
    authority: Line
    amount_cents: Cents
    source_title: Line
    source_url: Address


class GrantPatch(GrantFields):
    """Only the fields that are sent change; `version`: of the grant that the change was made on."""

    version: int
    title: Line = ""
    scheme: Line = ""
    authority: Line = ""
    amount_cents: Cents = 1
    source_title: Line = ""
    source_url: Address = ""


def _rows(request: HttpRequest) -> Any:
    return queries.with_shares(queries.grants_for(request.user))


def _visible(request: HttpRequest, public_id: uuid.UUID) -> Grant:
    row = visible_to(request.user, _rows(request)).filter(public_id=public_id).first()
    if row is None:
        raise HttpError(404, "no such grant")
    return row


@router.get("/grants", response=list[GrantOut])
@paginate(Pages)
@access("public")
def list_grants(request: HttpRequest) -> object:
    """Grants that the caller may see, last changed first."""
    return _rows(request)


@router.get("/grants/{uuid:public_id}", response=GrantOut)
@access("public")
def get_grant(request: HttpRequest, public_id: uuid.UUID) -> Grant:
    """One grant."""
    return _visible(request, public_id)


@router.post("/grants", response={201: GrantOut})
@access("funding.change_grant")
def post_grant(request: HttpRequest, body: GrantIn) -> Status[Grant]:
    """Record a grant. Nobody outside sees it before it is published."""
    row = verbs.record_grant(body.dict(), actor=request.user)
    return Status(201, _visible(request, row.public_id))


@router.patch("/grants/{uuid:public_id}", response=GrantOut)
@access("funding.change_grant")
def patch_grant(request: HttpRequest, public_id: uuid.UUID, body: GrantPatch) -> Grant:
    """Change a grant. 409: it was changed since `version`."""
    values = body.dict(exclude_unset=True)
    row = _visible(request, public_id)
    try:
        verbs.change_grant(row, values, version=values.pop("version"), actor=request.user)
    except VersionConflict as conflict:
        raise HttpError(409, f"version is {conflict.current.version}") from None
    return _visible(request, public_id)
