"""Annual reports: frozen, with every number's row and vintage."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.programme.domain.indicators import record_values, redefine
from allmende.programme.domain.measures import delete_measure
from allmende.programme.models import Decision, Measure, Milestone, Report, Target, Task, Topic, Value
from allmende.programme.reports import parts, pdf
from allmende.programme.reports.freeze import make_report
from allmende.spine.facts.models import FactRow
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure
from tests.support import pdf as read

from .indicator_support import make_indicator, our_town, row

pytestmark = pytest.mark.django_db
LAST_YEAR = timezone.localdate().year - 1
LONG_AGO = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def office() -> Any:
    return make_account(Role.PROGRAMME_OFFICE)


def whole() -> Measure:
    """A measure with all that a report tells, and things that it must not."""
    our_town()
    measure = make_measure(title="Licht am Fauthweg")
    Milestone.objects.create(
        measure=measure, title="Masten stehen", baseline=dt.date(2022, 1, 10), plan=dt.date(2022, 2, 1),
        done=dt.date(2022, 2, 22),
    )  # fmt: skip
    Milestone.objects.create(
        measure=measure, title="Messung <b>fertig</b>", baseline=dt.date(2022, 5, 1), plan=dt.date(LAST_YEAR + 2, 5, 1)
    )
    Decision.objects.create(measure=measure, date=dt.date(LAST_YEAR, 3, 1), body="Stadtrat", kind="approve")
    Decision.objects.create(measure=measure, date=dt.date(LAST_YEAR - 1, 3, 1), body="Ausschuss", kind="note")
    indicator = make_indicator()
    values = [row(indicator, str(year), value) for year, value in ((2015, "500"), (2020, "480.5"))]
    record_values(values, vintage=LONG_AGO, actor="test")
    Target.objects.create(
        indicator=indicator, measure=measure, area="07312", baseline=Decimal(500), baseline_date=dt.date(2015, 1, 1),
        value=Decimal(450), due=dt.date(2030, 12, 31),
    )  # fmt: skip
    Task.objects.create(measure=measure, title="INTERN anrufen", due=dt.date(2030, 1, 1))
    make_measure(title="GEHEIMER Entwurf", published=None)
    make_indicator(published=False, title="GEHEIME Kennzahl")
    return measure


def table(document: dict[str, Any], chapter: str, key: str) -> list[list[str]]:
    return [[cell["text"] for cell in cells.values()] for cells in parts.rows_of(document, chapter, key)]


def test_what_a_report_says() -> None:
    measure = whole()
    document = make_report(LAST_YEAR, actor="test").document
    assert [each["key"] for each in document["chapters"] if each["key"] != "funding"] == [
        "overview", "measures", "milestones", "decisions", "figures", "indicators", "corrections",
    ]  # fmt: skip
    assert table(document, "overview", "by_state") == [["Läuft", "1", "100\u00a0%"]]
    assert table(document, "measures", f"topic-{measure.topic.slug}") == [
        ["Licht am Fauthweg", "–", "Läuft", "22. Februar 2022", "–", "Idee"]
    ]
    assert table(document, "milestones", "milestones")[0] == [
        "Masten stehen", "Licht am Fauthweg", "10. Januar 2022", "1. Februar 2022", "22. Februar 2022",
        "43 Tage später",
    ]  # fmt: skip
    assert [cells[2] for cells in table(document, "decisions", "decisions")] == ["Stadtrat"]
    assert table(document, "indicators", "newest") == [
        [
            "Pkw-Dichte", "480,5\u00a0Pkw je 1.000 Menschen, 2020", "Kaiserslautern", "lange überfällig", "1",
            "INKAR, © BBSR",
        ]
    ]  # fmt: skip
    assert table(document, "indicators", f"targets-{measure.public_id}")[0][5] == "39\u00a0% des Weges zum Ziel."


def test_states_are_those_of_the_last_day_of_the_year() -> None:
    measure = make_measure()
    Milestone.objects.create(
        measure=measure, title="Fertig", baseline=dt.date(LAST_YEAR, 6, 1), plan=dt.date(LAST_YEAR, 6, 1),
        done=dt.date(LAST_YEAR + 1, 1, 1),
    )  # fmt: skip
    document = make_report(LAST_YEAR, actor="test").document
    assert document["as_of"] == f"{LAST_YEAR}-12-31"
    assert table(document, "overview", "by_state") == [["In Verzug", "1", "100\u00a0%"]]
    assert table(document, "milestones", "milestones")[0][4:] == ["noch nicht", "213 Tage später"]


def test_values_of_later_periods_are_left_to_the_next_report() -> None:
    our_town()
    indicator = make_indicator()
    record_values([row(indicator, "2020", "1"), row(indicator, "2021", "2")], vintage=LONG_AGO, actor="test")
    assert table(make_report(2020, actor="test").document, "indicators", "newest")[0][1].endswith(", 2020")
    assert table(make_report(2021, actor="test").document, "indicators", "newest")[0][1].endswith(", 2021")


def numbers(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Every number in a document, with what holds it."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield (*path, key), node
        elif isinstance(value, dict | list):
            yield from numbers(value, (*path, key))


def test_every_number_names_row_and_vintage() -> None:
    whole()
    document = make_report(LAST_YEAR, actor="test").document
    # Besides, tables say how many of their rows are printed.
    found = [(path, holder) for path, holder in numbers(document) if len(path) > 1 and path[-1] != "printed"]
    assert len(found) > 5
    cells = [
        cell
        for chapter in document["chapters"]
        for part in chapter["tables"]
        for cells in part["rows"]
        for cell in cells
    ]
    for cell in [holder for _path, holder in found] + [cell for cell in cells if "value" in cell]:
        assert cell["rows"] and all(re.fullmatch(r"[a-z]+:[0-9a-f-]{36}", urn) for urn in cell["rows"])
        assert dt.datetime.fromisoformat(cell["vintage"]).utcoffset() == dt.timedelta(0)
    value = Value.objects.get(starts__year=2020)
    newest = parts.rows_of(document, "indicators", "newest")[0]["newest"]
    assert (newest["value"], newest["rows"], newest["vintage"]) == (
        "480.5", [f"value:{value.public_id}"], LONG_AGO.isoformat(),
    )  # fmt: skip


def test_shares_as_shown_add_up_to_100() -> None:
    for number in range(3):
        topic = Topic.objects.create(slug=f"t{number}", title=f"Thema {number}")
        make_measure(topic=topic)
    found = parts.rows_of(make_report(LAST_YEAR, actor="test").document, "overview", "by_topic")
    assert [cells["share"]["text"] for cells in found] == ["34\u00a0%", "33\u00a0%", "33\u00a0%"]


def main_of(client: Client, report: Report) -> str:
    body = client.get(report.get_absolute_url()).content.decode()
    return body[body.index("<main") : body.index("</main>")]


def test_a_report_stays_what_it_was(client: Client) -> None:
    measure = whole()
    report = make_report(LAST_YEAR, actor="test")
    before = (main_of(client, report), bytes(report.pdf), report.sha256)
    indicator = measure.targets.get().indicator
    record_values([row(indicator, "2020", "999", note="Fehler")], actor="test")
    redefine(indicator, {"text": "Etwas anderes."}, valid_from=dt.date(2021, 7, 1), reason="Neu gezählt.", actor="test")
    Measure.objects.update(title="Anders")
    delete_measure(measure, actor="test")
    report = Report.objects.get()
    assert (main_of(client, report), bytes(report.pdf), report.sha256) == before
    # The document alone makes them, whatever the rows say now.
    assert pdf.render(report.document, report.sha256) == before[1]
    assert parts.digest(report.document) == before[2]


def test_the_data_file_has_the_hash_that_is_printed(client: Client) -> None:
    whole()
    report = make_report(LAST_YEAR, actor="test")
    data = client.get(f"{report.get_absolute_url()}daten.json").content
    assert hashlib.sha256(data).hexdigest() == report.sha256
    assert json.loads(data) == report.document
    assert read.has(bytes(report.pdf), report.sha256)
    assert report.sha256 in main_of(client, report)


def test_pdf_and_page_are_twins(client: Client) -> None:
    whole()
    report = make_report(LAST_YEAR, actor="test")
    printed = bytes(client.get(f"{report.get_absolute_url()}bericht.pdf").content)
    page = main_of(client, report)
    document = read.reader(printed)
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.trailer["/Root"]["/Lang"] == "de"
    assert b"pdfuaid:part" in read.everything(printed)
    assert document.metadata is not None and document.metadata.title.startswith(f"Jahresbericht {LAST_YEAR}")
    for chapter in report.document["chapters"]:
        assert read.has(printed, chapter["title"]) and f"<h2>{chapter['title']}</h2>" in page
        for part in chapter["tables"]:
            for cells in part["rows"]:
                for cell in cells:
                    assert read.has(printed, cell["text"])
                    for urn in cell.get("rows", ())[:3]:
                        assert read.has(printed, urn) and urn in page
    assert "Messung &lt;b&gt;fertig&lt;/b&gt;" in page and "<b>" not in page


def test_what_is_not_public_is_not_in_it(client: Client) -> None:
    whole()
    report = make_report(LAST_YEAR, actor="test")
    for text in (
        json.dumps(report.document, ensure_ascii=False),
        main_of(client, report),
        read.text(bytes(report.pdf)),
    ):
        assert "GEHEIM" not in text and "INTERN" not in text


def test_the_second_report_of_a_year_says_what_it_replaces(client: Client) -> None:
    whole()
    first, second = make_report(LAST_YEAR, actor="test"), make_report(LAST_YEAR, actor="test")
    assert second.document["replaces"] == {
        "row": first.urn, "title": first.title, "sha256": first.sha256,
        "as_known_on": first.as_known_on.astimezone(dt.UTC).isoformat(),
    }  # fmt: skip
    assert "Ersetzt" in main_of(client, second) and "Ersetzt" not in main_of(client, first)
    facts = FactRow.objects.filter(kind="programme.report.made").order_by("id")
    assert [(fact.payload["again"], fact.public) for fact in facts] == [(False, True), (True, True)]


def test_what_was_corrected_since_the_last_report() -> None:
    measure = whole()
    gone = make_measure(title="Verworfen")
    make_report(LAST_YEAR - 1, actor="test")
    indicator = measure.targets.get().indicator
    record_values([row(indicator, "2020", "470", note="Tippfehler"), row(indicator, "2021", "460")], actor="test")
    redefine(indicator, {"text": "Anders."}, valid_from=dt.date(2021, 7, 1), reason="Neu gezählt.", actor="test")
    delete_measure(gone, actor="test")
    document = make_report(LAST_YEAR, actor="test").document
    assert table(document, "corrections", "values") == [
        [
            "Pkw-Dichte, Kaiserslautern", "2020", "480,5\u00a0Pkw je 1.000 Menschen",
            "470,0\u00a0Pkw je 1.000 Menschen", "Tippfehler",
        ]
    ]  # fmt: skip
    assert table(document, "corrections", "definitions") == [["Pkw-Dichte", "1", "2"]]
    assert table(document, "corrections", "gone") == [["Verworfen"]]
    again = make_report(LAST_YEAR, actor="test").document
    assert again["chapters"][-1]["text"][-1] == "Nichts wurde berichtigt."
    assert again["chapters"][-1]["tables"] == []


def test_a_programme_with_nothing_in_it() -> None:
    report = make_report(LAST_YEAR, actor="test")
    assert [part for chapter in report.document["chapters"] for part in chapter["tables"]] == []
    assert read.pages(bytes(report.pdf)) == 2


@pytest.mark.parametrize("year", [1989, timezone.localdate().year + 1])
def test_no_report_about_years_that_cannot_be(year: int) -> None:
    with pytest.raises(ValidationError) as error:
        make_report(year, actor="test")
    assert list(error.value.message_dict) == ["year"]
    assert Report.objects.count() == 0


def test_only_the_office_makes_reports(client: Client) -> None:
    with pytest.raises(PermissionDenied):
        make_report(LAST_YEAR, actor=make_account(Role.EDITOR))
    client.force_login(make_account(Role.EDITOR))
    assert client.get("/intern/berichte/").status_code == 403
    assert client.post("/intern/berichte/machen/", {"year": LAST_YEAR}).status_code == 403
    assert Report.objects.count() == 0


def test_a_preview_is_not_kept(client: Client, office: Any) -> None:
    whole()
    client.force_login(office)
    assert "Vorschau" not in client.get("/intern/berichte/").content.decode()
    body = client.get("/intern/berichte/", {"year": LAST_YEAR}).content.decode()
    assert "Vorschau" in body and "Licht am Fauthweg" in body
    assert Report.objects.count() == 0
    answer = client.post("/intern/berichte/machen/", {"year": LAST_YEAR})
    assert (answer.status_code, answer["Location"]) == (302, Report.objects.get().get_absolute_url())


@pytest.mark.parametrize("year", ["", "MMXX", "1800", "99999999999999999999"])
def test_years_that_cannot_be_read_are_said_at_the_field(year: str, client: Client, office: Any) -> None:
    client.force_login(office)
    for answer in (
        client.get("/intern/berichte/", {"year": year}),
        client.post("/intern/berichte/machen/", {"year": year}),
    ):
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["year"])


def test_numbers_lead_to_their_rows_while_they_exist(client: Client) -> None:
    measure = whole()
    report = make_report(LAST_YEAR, actor="test")
    value = Value.objects.get(starts__year=2020)
    of = {
        measure.urn: measure.get_absolute_url(),
        f"milestone:{measure.milestones.all()[0].public_id}": measure.get_absolute_url(),
        f"value:{value.public_id}": value.indicator.get_absolute_url(),
    }
    for urn, page in of.items():
        answer = client.get(f"{report.get_absolute_url()}quelle/{urn}/")
        assert (answer.status_code, answer["Location"]) == (302, page)
    delete_measure(measure, actor="test")
    gone = client.get(f"{report.get_absolute_url()}quelle/{measure.urn}/")
    assert gone.status_code == 410 and measure.urn in gone.content.decode()
    draft = Measure.objects.get(published=None)
    assert client.get(f"{report.get_absolute_url()}quelle/{draft.urn}/").status_code == 410
    assert client.get(f"{report.get_absolute_url()}quelle/unsinn/").status_code == 404


def test_the_list_asks_as_much_for_three_as_for_one(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            body = client.get("/berichte/").content.decode()
        assert body.count("<tr>") == Report.objects.count() + 1
        return len(queries)

    make_report(LAST_YEAR, actor="test")
    client.get("/berichte/")
    one = asked()
    make_report(LAST_YEAR, actor="test")
    make_report(LAST_YEAR - 1, actor="test")
    assert asked() == one


def test_rows_of_a_cell_stand_below_each_other(client: Client) -> None:
    from allmende.programme.templatetags.reports import _proof

    report = Report(public_id="00000000-0000-0000-0000-000000000001")
    when = "2026-01-01T00:00:00+00:00"
    cells: Any = [{"text": "1", "value": 1, "rows": [f"value:{n}"], "vintage": when} for n in range(2)]
    shown = _proof(cells, report)
    assert "&lt;" not in shown
    assert shown.count("<br>") == shown.count("<a ") - 1
