"""Public grants as files for other programs: CSV, and JSON in the shape of 360Giving."""

import csv
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse

from allmende.programme.interfaces.exports import safe_cell
from allmende.spine.instance.domain.queries import current
from allmende.spine.people.access import access

from ..domain import queries, standard
from ..models import Grant

COLUMNS = (
    "id", "title", "scheme", "authority", "reference", "recipient", "ags", "notice_date", "amount_cents", "currency",
    "qualifier", "quota_basis_points", "quota_at_least", "own_share_cents", "from", "to", "phase", "source_title",
    "source_url", "note", "url", "changed",
)  # fmt: skip


def _row(grant: Grant, base: str) -> dict[str, str]:
    plain = {
        "id": str(grant.public_id),
        "notice_date": grant.notice_date,
        "amount_cents": grant.amount_cents,
        "currency": "EUR",
        "quota_basis_points": grant.quota,
        "quota_at_least": str(grant.quota_at_least).lower() if grant.quota is not None else "",
        "own_share_cents": grant.own_share_cents,
        "from": grant.starts,
        "to": grant.ends,
        "phase": grant.phase.number if grant.phase else "",
        "ags": grant.ags or current().ags,
        "url": base + grant.get_absolute_url(),
        "changed": grant.changed.isoformat(),
    }
    return {name: _text(plain[name] if name in plain else getattr(grant, name)) for name in COLUMNS}


def _text(value: object) -> str:
    return "" if value is None else safe_cell(str(value))


class _Echo:
    def write(self, value: str) -> str:
        return value


@access("public")
def grants_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Public grants as CSV; amounts in cents."""
    base = request.build_absolute_uri("/")[:-1]
    writer = csv.writer(_Echo(), delimiter=";")

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(COLUMNS)
        for grant in queries.published_grants().iterator(chunk_size=500):
            yield writer.writerow(_row(grant, base).values())

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="foerderung.csv"'
    return response


@access("public")
def grants_json(request: HttpRequest) -> HttpResponse:
    """Public grants as JSON in the shape of the 360Giving Data Standard."""
    package = standard.package(queries.with_shares(queries.published_grants()), request.build_absolute_uri("/")[:-1])
    return JsonResponse(package, json_dumps_params={"ensure_ascii": False})
