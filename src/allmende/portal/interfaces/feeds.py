"""Public activity for feed readers: Atom (RFC 4287) and JSON Feed 1.1."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.spine.facts.domain.queries import public_activity
from allmende.spine.facts.models import FactRow
from allmende.spine.instance.domain.queries import current
from allmende.spine.people.access import access

ENTRIES = 50


def _title() -> str:
    return _("%(name)s: activity") % {"name": current().name}


def _uri(row: FactRow) -> str:
    return f"urn:allmende:{current().public_id}:fact:{row.epoch}:{row.id}"


def _rows(request: HttpRequest) -> QuerySet[FactRow]:
    """All, or with `?thing=measure:…` what concerns one thing."""
    thing = request.GET.get("thing", "").replace("\0", "")[:120]
    rows = public_activity()
    return (rows.filter(subject=thing) if thing else rows)[:ENTRIES]


@access("public")
def atom(request: HttpRequest) -> HttpResponse:
    """Public activity, of the town or of one thing, as an Atom feed (RFC 4287)."""
    page = request.build_absolute_uri(reverse("portal:activity"))
    feed = Atom1Feed(
        title=_title(), link=page, description=current().claim, language=get_language(),
        feed_url=request.build_absolute_uri(), author_name=current().name,
    )  # fmt: skip
    for row in _rows(request):
        feed.add_item(
            title=row.sentence,
            link=request.build_absolute_uri(row.url) if row.url else f"{page}#f{row.id}",
            description=row.sentence,
            unique_id=_uri(row),
            pubdate=row.time,
            updateddate=row.time,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@access("public")
def json_feed(request: HttpRequest) -> HttpResponse:
    """Public activity, of the town or of one thing, as a JSON Feed 1.1."""
    page = request.build_absolute_uri(reverse("portal:activity"))
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(),
        "home_page_url": page,
        "feed_url": request.build_absolute_uri(),
        "language": get_language(),
        "items": [
            {
                "id": _uri(row),
                "url": request.build_absolute_uri(row.url) if row.url else f"{page}#f{row.id}",
                "title": row.sentence,
                "content_text": row.sentence,
                "date_published": row.time.isoformat(),
            }
            for row in _rows(request)
        ],
    }
    return JsonResponse(feed, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False})
