"""The contributions of a phase for other programs: what everybody sees of them."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from allmende.programme.interfaces.exports import safe_cell
from allmende.spine.people.access import access

from ..domain import queries
from ..models import Contribution
from .public import phase_at

COLUMNS = (
    "number", "id", "title", "text", "by", "channel", "topic", "place", "lon", "lat", "standing", "due", "support",
    "created", "url",
)  # fmt: skip
CHUNK = 500


def row_of(row: Contribution, base: str) -> dict[str, Any]:
    at = row.lonlat
    return {
        "number": row.number,
        "id": str(row.public_id),
        "title": row.title,
        "text": row.text,
        "by": row.by,
        "channel": row.channel,
        "topic": row.topic.slug if row.topic else "",
        "place": row.place_name,
        "lon": round(at.lon, 6) if at else None,
        "lat": round(at.lat, 6) if at else None,
        "standing": row.standing,
        "due": row.due.isoformat(),
        "support": row.support,
        "created": row.created.isoformat(),
        "url": base + row.get_absolute_url(),
    }


class _Echo:
    def write(self, value: str) -> str:
        return value


@access("public")
@require_safe
def phase_csv(request: HttpRequest, slug: str, number: int) -> StreamingHttpResponse:
    """Contributions as CSV, oldest first."""
    found = phase_at(request, slug, number)
    base = request.build_absolute_uri("/")[:-1]
    writer = csv.writer(_Echo(), delimiter=";")

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(COLUMNS)
        for row in queries.contributions(found).order_by("pk").iterator(chunk_size=CHUNK):
            told = row_of(row, base)
            yield writer.writerow([safe_cell("" if told[name] is None else str(told[name])) for name in COLUMNS])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-{number}.csv"'
    return response


@access("public")
@require_safe
def phase_json(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Contributions as JSON, oldest first."""
    found = phase_at(request, slug, number)
    base = request.build_absolute_uri("/")[:-1]
    rows = queries.contributions(found).order_by("pk").iterator(chunk_size=CHUNK)
    return JsonResponse(
        {"contributions": [row_of(row, base) for row in rows]}, json_dumps_params={"ensure_ascii": False}
    )
