"""Grants made through the verbs."""

from datetime import date
from typing import Any

from allmende.funding.domain import grants
from allmende.funding.models import Grant

_count = 0


def values(**changed: Any) -> dict[str, Any]:
    """What a complete notice says."""
    global _count
    _count += 1
    return {
        "title": f"Zuwendung {_count}",
        "scheme": "Digitale Stadt",
        "authority": "Ministerium",
        "recipient": "Musterstadt",
        "notice_date": date(2022, 5, 2),
        "amount_cents": 70_800_000,
        "starts": date(2022, 1, 1),
        "ends": date(2023, 12, 31),
        "source_title": "Pressemitteilung",
        "source_url": "https://quelle.example/bescheid",
    } | changed


def make_grant(public: bool = True, **changed: Any) -> Grant:
    """A public grant unless `public=False`."""
    row = grants.record_grant(values(**changed), actor="test")
    return grants.publish_grant(row, actor="test") if public else row
