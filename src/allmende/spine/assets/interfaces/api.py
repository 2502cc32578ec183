"""Things for programs. Without a token: what everybody may know of."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Schema
from ninja.errors import HttpError
from ninja.pagination import paginate
from pydantic import Field

from allmende.spine.api import Pages, Router
from allmende.spine.geo.core import MAX_LAT, MAX_LON, MIN_LAT, MIN_LON
from allmende.spine.people.access import access

from ..domain import queries
from ..enums import AssetState
from ..models import Asset

router = Router()


class AssetOut(Schema):
    id: uuid.UUID
    code: str
    kind: str
    number: str
    name: str
    place: str
    owner: str | None
    state: AssetState
    since: date | None
    lon: float | None
    lat: float | None
    url: str
    version: int
    changed: datetime

    @staticmethod
    def resolve_id(row: Asset) -> uuid.UUID:
        return row.public_id

    @staticmethod
    def resolve_place(row: Asset) -> str:
        return row.place_name

    @staticmethod
    def resolve_owner(row: Asset) -> str | None:
        return row.owner.name if row.owner else None

    @staticmethod
    def resolve_lon(row: Asset) -> float | None:
        return round(row.lonlat.lon, 6) if row.lonlat else None

    @staticmethod
    def resolve_lat(row: Asset) -> float | None:
        return round(row.lonlat.lat, 6) if row.lonlat else None

    @staticmethod
    def resolve_url(row: Asset) -> str:
        return row.get_absolute_url()


class NearOut(AssetOut):
    distance_m: float = Field(description="Metres on the ground")

    @staticmethod
    def resolve_distance_m(row: Any) -> float:
        return round(row.distance_m, 1)


class NearQuery(Schema):
    lon: float = Field(ge=MIN_LON, le=MAX_LON, description="Degrees east")
    lat: float = Field(ge=MIN_LAT, le=MAX_LAT, description="Degrees north")
    kind: str = ""
    limit: int = Field(5, ge=1, le=50)


@router.get("/", response=list[AssetOut])
@paginate(Pages)
@access("public")
def list_assets(request: HttpRequest, kind: str = "", state: str = "", q: str = "") -> object:
    """Things that the caller may see, by kind and number."""
    return queries.filtered(queries.assets_for(request.user), q[:100], kind, state)


@router.get("/nearest", response=list[NearOut])
@access("public")
def nearest_assets(request: HttpRequest, where: Annotated[NearQuery, Query()]) -> list[Asset]:
    """Standing things nearest to a position, nearest first."""
    return queries.nearest(request.user, where.lon, where.lat, kind=where.kind, limit=where.limit)


@router.get("/{str:code}", response=AssetOut)
@access("public")
def get_asset(request: HttpRequest, code: str) -> Asset:
    """One thing by the code on its label."""
    found = queries.by_code(request.user, code)
    if found is None:
        raise HttpError(404, "no such thing")
    return found
