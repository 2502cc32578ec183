"""Participations for programs: what everybody sees, and putting something in with a token."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status
from ninja.errors import HttpError
from ninja.pagination import paginate
from pydantic import Field

from allmende.programme.models import Topic
from allmende.spine.api import Pages, Router
from allmende.spine.moderation.domain.throttle import allowed
from allmende.spine.people.access import access

from ..domain import contributing, overview, queries
from ..enums import Audience, Channel, ParticipationState, PhaseKind, Placed, Shown, Standing
from ..models import Contribution, Participation, Phase
from ..models.contributions import TEXT, TITLE
from .contribute import AN_HOUR

router = Router()


class PhaseOut(Schema):
    """`rules_digest`: SHA-256 of the rules, once they hold; `rules_url`: the bytes it is made of."""

    number: int
    title: str
    text: str
    kind: PhaseKind
    opens: datetime
    closes: datetime
    open: bool
    audience: Audience
    comments: bool
    support: bool
    place: Placed
    topics: list[str]
    pictures: int
    reviews: int
    criteria: list[str]
    answer_days: int
    rules_digest: str
    url: str


def phase_out(row: Phase) -> dict[str, Any]:
    rules = row.rules
    told = {name: getattr(rules, name) for name in PhaseOut.model_fields if hasattr(rules, name)}
    return told | {
        "number": row.number,
        "title": row.title,
        "text": row.text,
        "open": row.open_at(),
        "rules_digest": row.frozen,
        "url": row.get_absolute_url(),
    }


class ParticipationOut(Schema):
    """`about`: URN of what it is about, mostly a measure; `contributions`: how many are shown."""

    id: uuid.UUID
    slug: str
    title: str
    summary: str
    purpose: str
    easy: str
    lang: str
    about: str
    office: str
    state: ParticipationState
    stage: str
    published: datetime | None
    result: str
    contributions: int
    phases: list[PhaseOut]
    url: str


def participation_out(row: Any) -> dict[str, Any]:
    """Of a row of `overview.with_numbers`."""
    names = ("slug", "title", "summary", "purpose", "easy", "lang", "state", "stage", "published", "result")
    return {name: getattr(row, name) for name in names} | {
        "id": row.public_id,
        "about": row.subject,
        "office": str(row.office) if row.office is not None else "",
        "contributions": row.number,
        "phases": [phase_out(phase) for phase in row.phases.all()],
        "url": row.get_absolute_url(),
    }


class ContributionOut(Schema):
    """`shown`: "held" for the author of what waits for a look. `due`: day by which the answer is owed."""

    id: uuid.UUID
    number: int
    title: str
    text: str
    lang: str
    by: str
    channel: Channel
    topic: str | None
    place: str
    lon: float | None
    lat: float | None
    shown: Shown
    standing: Standing
    due: date
    support: int
    created: datetime
    url: str


def contribution_out(row: Contribution) -> dict[str, Any]:
    at = row.lonlat
    names = ("number", "title", "text", "lang", "by", "channel", "shown", "standing", "due", "support", "created")
    return {name: getattr(row, name) for name in names} | {
        "id": row.public_id,
        "topic": row.topic.slug if row.topic else None,
        "place": row.place_name,
        "lon": round(at.lon, 6) if at else None,
        "lat": round(at.lat, 6) if at else None,
        "url": row.get_absolute_url(),
    }


Slug = Annotated[str, Field(pattern="^[-a-zA-Z0-9_]+$", max_length=120)]


class ContributionIn(Schema, extra="forbid"):
    """`topic`: its slug, where the phase asks for one; `key`: sent twice with the same one, it is there once."""

    title: str = Field(min_length=1, max_length=TITLE)
    text: str = Field(min_length=1, max_length=TEXT)
    topic: str | None = Field(None, max_length=50)
    place: str = Field("", max_length=160)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    lang: str = Field("de", pattern="^(de|en)$")
    key: uuid.UUID | None = None


class Listed(Pages):
    """Rows become plain values by the page, not all of them at once."""

    def paginate_queryset(self, queryset: Any, pagination: Any, request: HttpRequest, **params: Any) -> Any:
        make, rows = queryset
        found = super().paginate_queryset(rows, pagination, request=request, **params)
        return found | {"items": make(list(found["items"]))}


def _participations(rows: Any) -> list[dict[str, Any]]:
    return [participation_out(row) for row in overview.with_numbers(rows)]


def _contributions(rows: Any) -> list[dict[str, Any]]:
    return [contribution_out(row) for row in rows]


def _phase(request: HttpRequest, slug: str, number: int) -> Phase:
    found = queries.participation_by_slug(request.user, slug)
    phase = overview.phase_at(found, number) if found is not None and 0 < number < 32_768 else None
    if phase is None:
        raise HttpError(404, "no such phase")
    return phase


@router.get("/participations", response=list[ParticipationOut])
@paginate(Listed)
@access("public")
def list_participations(request: HttpRequest) -> object:
    """Announced participations: open ones first, then those to come, then those that are over."""
    return _participations, overview.staged().select_related("office")


@router.get("/participations/{slug}", response=ParticipationOut)
@access("public")
def get_participation(request: HttpRequest, slug: Slug) -> object:
    """One announced participation with its phases and their rules."""
    row: Participation | None = overview.staged().select_related("office").filter(slug=slug).first()
    if row is None:
        raise HttpError(404, "no such participation")
    return _participations([row])[0]


@router.get("/participations/{slug}/phases/{number}/contributions", response=list[ContributionOut])
@paginate(Listed)
@access("public")
def list_contributions(request: HttpRequest, slug: Slug, number: int) -> object:
    """Contributions to a phase that are shown, newest first."""
    return _contributions, queries.contributions(_phase(request, slug, number))


@router.post("/participations/{slug}/phases/{number}/contributions", response={201: ContributionOut})
@access("signed_in")
def post_contribution(request: HttpRequest, slug: Slug, number: int, body: ContributionIn) -> Status[dict[str, Any]]:
    """Put something in under one's public name, while the phase is open. 422 names the fields; `pseudonym`: no public
    name was chosen yet."""
    phase = _phase(request, slug, number)
    if not allowed(f"account:{request.user.pk}", AN_HOUR, what="contribution"):
        raise ValidationError(_("You have written a lot this hour. Please go on in the next."))
    topic = Topic.objects.filter(slug=body.topic).first() if body.topic else None
    values = {"title": body.title, "text": body.text, "lang": body.lang, "place_name": body.place, "topic": topic}
    row = contributing.submit(phase, values | {"lon": body.lon, "lat": body.lat}, key=body.key, actor=request.user)
    return Status(201, contribution_out(row))


@router.get("/contributions/{uuid:public_id}", response=ContributionOut)
@access("public")
def get_contribution(request: HttpRequest, public_id: uuid.UUID) -> object:
    """One contribution that the caller may see."""
    row = queries.contribution_of(request.user, public_id)
    if row is None or row.shown == Shown.WITHDRAWN:
        raise HttpError(404, "no such contribution")
    return contribution_out(row)
