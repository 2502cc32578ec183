"""Search for programs."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Query, Schema

from allmende.spine.api import Router
from allmende.spine.people.access import access

from ..core.words import MAX_QUERY
from ..domain import queries

router = Router()


class HitOut(Schema):
    """`snippet` is plain text. `url` is relative to the town's address."""

    urn: str
    kind: str
    title: str
    url: str
    lang: str
    changed: datetime
    snippet: str


class ResultsOut(Schema):
    """`total` is how many were ranked, `many` says that more match; `some` that no document has all the words."""

    query: str
    meant: str
    kind: str
    page: int
    pages: int
    total: int
    many: bool
    some: bool
    results: list[HitOut]


@router.get("/", response=ResultsOut)
@access("public")
def search(
    request: HttpRequest, q: str = Query("", max_length=MAX_QUERY), kind: str = "", page: int = Query(1, ge=1, le=100)
) -> object:
    """Public things of this town, best match first, ten a page."""
    found = queries.search(q, kind, page)
    values = {name: getattr(found, name) for name in ResultsOut.model_fields if name != "results"}
    hits = [
        {name: getattr(hit, name) for name in HitOut.model_fields if name != "snippet"} | {"snippet": hit.excerpt}
        for hit in found
    ]
    return values | {"results": hits}
