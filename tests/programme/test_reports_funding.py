"""What the room of grants tells in an annual report and of a measure's cost."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from allmende.funding.models import Share
from allmende.programme.reports import parts, sections
from allmende.programme.reports.freeze import make_report
from tests.factories import make_measure
from tests.funding.makers import make_grant

pytestmark = pytest.mark.django_db


def grants(year: int) -> list[dict[str, Any]]:
    return parts.rows_of(make_report(year, actor="test").document, "funding", "grants")


def test_public_grants_with_what_counts_to_the_year() -> None:
    exact = make_grant(title="Genau")
    rough = make_grant(title="Etwa", amount_cents=100_000_000, qualifier="about", starts=None, ends=None)
    make_grant(public=False, title="GEHEIM")
    make_grant(title="Später", notice_date=dt.date(2024, 1, 2))
    found = grants(2022)
    assert [row["grant"]["text"] for row in found] == ["Genau", "Etwa", "Alle Zuwendungen"]
    assert [row["amount"]["value"] for row in found] == [70_800_000, 100_000_000, 170_800_000]
    assert [row["year"].get("value") for row in found] == [35_400_000, None, 35_400_000]
    assert found[-1]["amount"]["text"].startswith("rund ")
    assert found[-1]["amount"]["rows"] == [exact.urn, rough.urn]


def test_without_grants_the_chapter_says_so() -> None:
    chapter = next(each for each in make_report(2022, actor="test").document["chapters"] if each["key"] == "funding")
    assert (chapter["text"], chapter["tables"]) == (["Keine Zuwendung ist öffentlich."], [])


def test_what_a_measure_costs_is_what_is_public() -> None:
    measure, other = make_measure(), make_measure()
    shown, hidden = make_grant(), make_grant(public=False)
    Share.objects.create(grant=shown, measure=measure, amount_cents=500_000)
    Share.objects.create(grant=hidden, measure=measure, amount_cents=900_000)
    found = sections.costs([measure, other])
    assert [(cost.cents, cost.urn) for cost in found[measure.pk]] == [(500_000, shown.urn)]
    assert found[other.pk] == []


def test_a_grant_leads_to_its_page(client: Client) -> None:
    grant = make_grant()
    report = make_report(2022, actor="test")
    answer = client.get(f"{report.get_absolute_url()}quelle/{grant.urn}/")
    assert (answer.status_code, answer["Location"]) == (302, grant.get_absolute_url())
