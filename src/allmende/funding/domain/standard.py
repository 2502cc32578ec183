"""Grants in the shape of the 360Giving Data Standard 1.4 (https://standard.threesixtygiving.org).

Where the standard has no field (qualifier, quota, own share), the description says it. The standard asks for the date
of the award; a grant whose notice has no known date stands apart, in the same shape without that date, because an
invented one would be read as a fact.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify

from allmende.spine.instance.domain.queries import current
from allmende.spine.ui.formats import money

from ..enums import Qualifier
from ..models import Grant

PREFIX = "360G-allmende"
APART = "grantsWithoutAwardDate"


def package(rows: Iterable[Grant], base: str) -> dict[str, Any]:
    """The document. `rows` as `queries.with_shares` gives them; `base`: address of this site without a slash."""
    grants: list[dict[str, Any]] = []
    apart: list[dict[str, Any]] = []
    for row in rows:
        (grants if row.notice_date else apart).append(grant_of(row, base))
    return {"version": "1.4", "publisher": {"name": current().town or current().name}, "grants": grants, APART: apart}


def grant_of(row: Any, base: str) -> dict[str, Any]:
    """One grant; amounts in euro. Keys without a value are left out."""
    here = current()
    ags = row.ags or here.ags
    dates = {"startDate": _iso(row.starts), "endDate": _iso(row.ends)}
    found = {
        "id": f"{PREFIX}-{row.public_id}",
        "title": row.title,
        "description": _description(row),
        "currency": "EUR",
        "amountAwarded": row.amount_cents / 100,
        "awardDate": _iso(row.notice_date),
        "url": base + row.get_absolute_url(),
        "plannedDates": [_without_empty(dates)] if row.starts else [],
        "recipientOrganization": [
            {"id": f"XI-AGS-{ags}" if ags else _own_id(row.recipient or here.town), "name": row.recipient or here.town}
        ],
        "fundingOrganization": [{"id": _own_id(row.authority), "name": row.authority}],
        "grantProgramme": [_without_empty({"title": row.scheme, "url": row.scheme_url})],
        "relatedActivity": [f"{base}{share.measure.get_absolute_url()}" for share in row.public_shares],
        "relatedDocument": [{"id": "notice", "url": row.document_url}] if row.document_url else [],
        "dateModified": row.changed.isoformat(),
        "dataSource": row.source_url,
    }
    return _without_empty(found)


def _own_id(name: str) -> str:
    """For an organisation without a public number."""
    return f"{PREFIX}-org-{slugify(name) or 'unnamed'}"


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _description(row: Grant) -> str:
    """In the words of whoever asks; the title where there is nothing more to say."""
    parts = [f"{row.scheme} – {row.title}."]
    if row.qualifier != Qualifier.EXACT:
        parts.append(f"{Qualifier(row.qualifier).label} {money(row.amount_cents)}.")
    if row.note:
        parts.append(row.note)
    return " ".join(parts)
