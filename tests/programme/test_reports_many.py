"""Measures with more targets than people read: the page and the PDF show the worst, the document keeps all."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from allmende.programme.domain.indicators import record_values
from allmende.programme.models import Measure, Report, Target
from allmende.programme.reports import parts, pdf
from allmende.programme.reports.freeze import make_report
from tests.factories import make_measure
from tests.support import pdf as read

from .indicator_support import make_indicator, our_town, row

pytestmark = pytest.mark.django_db
LAST_YEAR = timezone.localdate().year - 1


def measure_with(values: list[str | None], due: dt.date | None = dt.date(2030, 1, 1)) -> Measure:
    """A measure with a target for each of the values (None: not measured), on the way from 100 (2010) to 200."""
    our_town()
    measure = make_measure(title="Viel <b>vor</b>")
    for place, value in enumerate(values):
        indicator = make_indicator(title=f"Kennzahl {place:02}")
        if value is not None:
            record_values([row(indicator, "2019", value)], actor="test")
        Target.objects.create(
            indicator=indicator, measure=measure, area="07312", baseline=Decimal(100),
            baseline_date=dt.date(2010, 1, 1), value=Decimal(200), due=due,
        )  # fmt: skip
    return measure


def targets(report: Report, measure: Measure) -> dict[str, Any]:
    chapter = next(each for each in report.document["chapters"] if each["key"] == "indicators")
    found: dict[str, Any] = next(each for each in chapter["tables"] if each["key"] == f"targets-{measure.public_id}")
    return found


def main_of(client: Client, report: Report) -> str:
    body = client.get(report.get_absolute_url()).content.decode()
    return body[body.index("<main") : body.index("</main>")]


# On 1 January 2020 an even course has gone half of the way.
MIXED = ["250", "200", "151", "150", "149", "120", "100", "90", None, None, "199", "160", "140", "130"]


def test_the_worst_are_printed_first_and_all_are_kept(client: Client) -> None:
    measure = measure_with(MIXED)
    report = make_report(LAST_YEAR, actor="test")
    found = targets(report, measure)
    names = [cells[0]["text"][-2:] for cells in found["rows"]]
    assert names == ["07", "06", "05", "13", "12", "04", "08", "09", "03", "02", "11", "10", "00", "01"]
    assert (found["printed"], found["more"]) == (12, "2 weitere Ziele stehen in der Datendatei.")
    assert parts.counted(found) == "14 Ziele: 2 erreicht, 4 auf Kurs, 6 im Rückstand, 2 nicht gemessen"
    assert sum(cell["value"] for cell in found["counts"][1:]) == found["counts"][0]["value"] == 14
    named = {f"target:{each.public_id}" for each in measure.targets.all()}
    assert {urn for cell in found["counts"][1:] for urn in cell["rows"]} == set(found["counts"][0]["rows"]) == named
    page, printed = main_of(client, report), bytes(report.pdf)
    for text in (*(cells[0]["text"] for cells in found["rows"][:12]), parts.counted(found), found["more"]):
        assert text in page and read.has(printed, text)
    for cells in found["rows"][12:]:
        # Once in the table of newest values, which names every indicator; not among the targets.
        assert page.count(cells[0]["text"]) == 1
    data = client.get(f"{report.get_absolute_url()}daten.json").json()
    assert len(parts.rows_of(data, "indicators", f"targets-{measure.public_id}")) == 14
    assert "Viel &lt;b&gt;vor&lt;/b&gt;" in page


def test_where_it_should_stand_counts_from_the_due_day_on() -> None:
    measure = measure_with(["199"] * 13, due=dt.date(2021, 1, 1))
    found = targets(make_report(LAST_YEAR, actor="test"), measure)
    assert parts.counted(found) == "13 Ziele: 13 im Rückstand"
    assert found["more"] == "1 weiteres Ziel steht in der Datendatei."


def test_twelve_are_shown_as_they_are(client: Client) -> None:
    measure = measure_with(MIXED[:12])
    found = targets(make_report(LAST_YEAR, actor="test"), measure)
    assert found.keys() == {"key", "title", "columns", "rows"}
    assert [cells[0]["text"][-2:] for cells in found["rows"]] == [f"{place:02}" for place in range(12)]


def test_reports_of_the_first_schema_show_all_of_their_rows(client: Client) -> None:
    measure = measure_with(MIXED)
    report = make_report(LAST_YEAR, actor="test")
    found = targets(report, measure)
    for key in ("printed", "counts", "more"):
        del found[key]
    report.document["schema"] = 1
    old = Report.objects.create(
        year=LAST_YEAR, title="Alt", as_known_on=report.as_known_on, document=report.document, sha256="0" * 64, pdf=b""
    )
    page = main_of(client, old)
    assert "weitere Ziele" not in page and "im Rückstand" not in page.split("<h3>Ziele")[1]
    assert all(page.count(cells[0]["text"]) == 2 for cells in found["rows"])
    printed = pdf.render(old.document, old.sha256)
    assert all(read.has(printed, cells[0]["rows"][0] if "rows" in cells[0] else cells[2]["rows"][0])
               for cells in found["rows"])  # fmt: skip
