"""The measures list as a table for other programs."""

import csv
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse

from allmende.spine.people.access import access

from ..domain.queries import published_measures
from ..models import Measure

COLUMNS = ("id", "title", "summary", "topic", "stage", "since", "place", "url", "changed")


def row_of(measure: Measure, base: str) -> dict[str, str | None]:
    return {
        "id": str(measure.public_id),
        "title": measure.title,
        "summary": measure.summary,
        "topic": measure.topic.slug,
        "stage": measure.maturity,
        "since": measure.since.isoformat() if measure.since else None,
        "place": measure.place_name,
        "url": base + measure.get_absolute_url(),
        "changed": measure.changed.isoformat(),
    }


class _Echo:
    def write(self, value: str) -> str:
        return value


def safe_cell(value: str | None) -> str:
    """A cell that no spreadsheet takes for a formula (CWE-1236)."""
    text = value or ""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@access("public")
def measures_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Published measures as CSV."""
    base = request.build_absolute_uri("/")[:-1]
    writer = csv.writer(_Echo(), delimiter=";")

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(COLUMNS)
        for measure in published_measures().iterator(chunk_size=500):
            row = row_of(measure, base)
            yield writer.writerow([safe_cell(row[column]) for column in COLUMNS])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="massnahmen.csv"'
    return response


@access("public")
def measures_json(request: HttpRequest) -> HttpResponse:
    """Published measures as JSON."""
    base = request.build_absolute_uri("/")[:-1]
    return JsonResponse(
        {"measures": [row_of(measure, base) for measure in published_measures()]},
        json_dumps_params={"ensure_ascii": False},
    )
