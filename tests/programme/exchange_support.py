"""A programme with everything in it, and files made of it."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

from django.db import connection
from openpyxl import load_workbook

from allmende.programme.domain import document
from allmende.programme.domain import measures as verbs
from allmende.programme.exchange import files, importing, listing, mapping
from allmende.programme.models import (
    Assessment,
    Definition,
    Figure,
    Indicator,
    Measure,
    Party,
    Phase,
    Programme,
    SeriesBreak,
    Target,
    Topic,
    Value,
)
from allmende.spine.people.enums import Role
from tests.factories import change_measure, make_account

EVIL = '=HYPERLINK("http://x";"Klick")'
UTC = dt.UTC


def make_world() -> Programme:
    """Every kind of row, texts that hurt, drafts beside what is published."""
    programme = Programme.objects.create(title="Herzlich digital", summary="Ein Satz.\n\nUnd noch einer.")
    phase = Phase.objects.create(programme=programme, number=1, title="Phase 1", starts="2017-01-01", ends="2019-12-31")
    Topic.objects.create(slug="energie", title="Energie", title_en="Energy", order=3)
    Topic.objects.create(slug="mobil", title="-mobil", order=4)
    Party.objects.create(slug="stadtwerke", name="Stadtwerke <AG>", kind="municipal", url="https://example.org")
    _indicators()
    office = make_account(Role.PROGRAMME_OFFICE)
    first = verbs.draft_measure(programme, _fauthweg(phase), actor=office)
    first = verbs.publish_measure(first, actor="demo")
    row = first.milestones.get(title="In Betrieb")
    plans = [{"id": str(row.public_id), "title": row.title, "baseline": "2019-06-01", "plan": "2019-08-12",
              "done": "2019-08-12", "note": ""}]  # fmt: skip
    change_measure(first, {"milestones": plans}, actor=office)
    second = verbs.draft_measure(
        programme,
        {"title": "Radweg", "summary": EVIL, "topic": "mobil", "code": "B-2", "reason": "'=schon geschützt\n_x000D_",
         "dependencies": [{"needs": str(first.public_id), "kind": "running", "note": "+1"}]},
        actor=office,
    )  # fmt: skip
    verbs.publish_measure(second, actor="demo")
    # Another draft of what is public: work under way.
    from allmende.programme.domain import revisions

    draft = revisions.begin(second, actor=office)
    revisions.edit(draft, {"summary": "Geheimer Entwurf."}, version=draft.version, actor=office)
    hidden = verbs.draft_measure(programme, {"title": "Geheim", "summary": "S.", "topic": "energie"}, actor=office)
    draft = revisions.begin(hidden, actor=office)
    revisions.edit(draft, {"summary": "Noch nicht öffentlich."}, version=draft.version, actor=office)
    Assessment.objects.create(measure=first, date="2020-01-01", light="good", reason="Läuft.")
    Figure.objects.create(
        programme=programme, key="mittel", matter="Mittel", value=Decimal("160000000"), unit="EUR", period="2017",
        source_title="Bescheid", source_url="https://example.org/b", qualifier="mehr als",
    )  # fmt: skip
    Figure.objects.create(
        programme=programme, measure=first, key="laenge", matter="Länge", value=Decimal("1200.5"), unit="m",
        source_title="Plan", source_url="https://example.org/p",
    )  # fmt: skip
    return programme


def _fauthweg(phase: Phase) -> dict[str, Any]:
    return {
        "code": "A-1", "title": "Fauthweg: Licht & mehr", "summary": "Eine Straße.", "reason": "Erster.\n\nZweiter.",
        "advice": "Früh fragen.\n\n- nicht „später“",
        "topic": "energie", "phase": phase.number, "since": "2019-08-12", "maturity": "operation",
        "geometry": {"type": "Point", "coordinates": [7.7667, 49.4353]}, "origin_kind": "contest",
        "milestones": [
            {"title": "In Betrieb", "baseline": "2019-06-01", "plan": "2019-06-01"},
            {"title": "@Auswertung", "baseline": "2030-01-01", "plan": "2030-02-01", "note": "-"},
        ],
        "decisions": [{"date": "2019-01-15", "body": "Stadtrat", "kind": "approve", "text": "#N/A"}],
        "involvements": [{"party": "stadtwerke", "role": "lead", "starts": "2018-01-01"}],
        "risks": [
            {"text": "Zu teuer", "likelihood": 1, "impact": 3, "response": "Rechnen"},
            {"text": "Erledigt", "likelihood": 2, "impact": 2, "closed": "2019-01-01", "occurred": "2018-05-31",
             "handling": "=SUMME(neu; gerechnet)"},
        ],
        "targets": [
            {"indicator": "strom", "level": "town", "area": "07312", "baseline": "12.5", "baseline_date": "2017-12-31",
             "value": "-3.000001", "due": "2030-12-31"},
        ],
    }  # fmt: skip


def _indicators() -> None:
    now = dt.datetime(2024, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
    for slug, published in (("strom", now), ("entwurf-kennzahl", None)):
        row = Indicator.objects.create(slug=slug, title=f"Kennzahl {slug}", published=published)
        one = Definition.objects.create(
            indicator=row, number=1, text="Was", unit="kWh", source="Stadtwerke", licence="dl-de/by-2-0"
        )
        two = Definition.objects.create(
            indicator=row, number=2, valid_from="2020-07-01", text="Neu", unit="kWh", source="S", licence="CC0"
        )
        SeriesBreak.objects.create(indicator=row, date="2020-07-01", reason="Neue Zähler")
        for year, value, vintage, definition in (
            (2018, "12.500000", 1, one), (2018, "12.600000", 2, one), (2019, None, 1, one),
            (2020, "12345678901234.123456", 1, two), (2021, "-0.000001", 1, two),
        ):  # fmt: skip
            Value.objects.create(
                indicator=row, definition=definition, level="town", area="07312", starts=f"{year}-01-01",
                ends=f"{year + 1}-01-01", value=value and Decimal(value), quality="final" if value else "missing",
                vintage=dt.datetime(2022, vintage, 1, tzinfo=UTC),
            )  # fmt: skip
        Target.objects.create(indicator=row, area="07312", value=Decimal("1"), due="2030-01-01", note="Alle")


def empty_programme() -> None:
    """As on the first day: no row of the programme. Accounts stay."""
    tables = [model._meta.db_table for model in _own_models()]
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {', '.join(tables)} CASCADE")


def _own_models() -> list[type[Any]]:
    from django.apps import apps

    return list(apps.get_app_config("programme").get_models())


def cells(data: bytes) -> dict[str, list[list[Any]]]:
    """Every cell of a workbook, sheet by sheet."""
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def source_of(data: bytes) -> Any:
    found = files.read(data)
    assert isinstance(found, files.Source)
    return found


def uploaded(office: Any, data: bytes, *, name: str = "liste.xlsx") -> Any:
    """A list of one's own on the sheet and under the headings that are proposed."""
    row = importing.upload(office, name, data)
    page = next(page for page in importing.pages_of(row) if page.title.startswith(("Maßnahmen", "CSV")))
    importing.choose_sheet(row, page.title, listing.propose(page))
    return row


def prepared(office: Any, data: bytes, *, topic: str = "energie", **answers: str) -> Any:
    """Uploaded, with the columns as they are proposed."""
    row = uploaded(office, data, name="liste.csv" if not data.startswith(b"PK") else "liste.xlsx")
    columns = mapping.guess(importing.listed(row).labels)
    importing.choose_columns(row, columns, topic, **answers)
    return row


def imported(office: Any, data: bytes, **more: Any) -> Any:
    """The row after its import."""
    row = prepared(office, data, **more)
    importing.start(row)
    row.refresh_from_db()
    return row


def docs() -> list[dict[str, Any]]:
    """The documents of all measures, by code."""
    return [document.dump(row) for row in Measure.objects.order_by("code", "pk")]


def problems(row: Any) -> list[tuple[str, str]]:
    """(cell, message) of what is wrong with a list."""
    return [(each.where.rpartition(" ")[2], each.message) for each in importing.plan(row).problems]
