"""Pages, downloads, picture and API of indicators."""

import csv
import io
import xml.etree.ElementTree as ET
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allmende.programme.domain.aims import MeasureIndicators
from allmende.programme.domain.indicators import add_break, record_values, redefine
from allmende.programme.models import Measure, Target
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .indicator_support import at, make_indicator, our_town, row, shown, text_of

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_account(Role.PROGRAMME_OFFICE))
    return client


def test_the_page_says_value_source_break_and_correction(client: Client) -> None:
    body = text_of(client.get(shown().get_absolute_url()))
    for said in (
        "478,1\u00a0Pkw je 1.000 Menschen, 2008 (Kaiserslautern)",
        '<a href="https://www.inkar.de">INKAR, © BBSR</a>',
        '<a href="https://www.govdata.de/dl-de/by-2-0" rel="license">dl-de/by-2-0</a>',
        "Ab 1. Januar 2008 sind die Werte nicht mit denen davor vergleichbar: Ohne stillgelegte Fahrzeuge",
        "2008, davor Bruch der Reihe",
        "nicht gemessen",
        "1.540,4",
        '<td data-label="Vorher">478,3\u00a0Pkw je 1.000 Menschen</td>',
        "Tippfehler",
        "lange überfällig",
    ):
        assert said in body, said
    assert body.count("<h1>") == 1
    assert "al-chart__break" in body


def test_as_known_on_an_earlier_day(client: Client) -> None:
    address = shown().get_absolute_url()
    assert "478,3\u00a0Pkw je 1.000 Menschen, 2008" in text_of(client.get(address + "?stand=2024-01-03"))
    before = text_of(client.get(address + "?stand=2023-01-01"))
    assert "478" not in before
    assert "noch nicht gemessen" in before
    assert "478,1\u00a0Pkw je 1.000 Menschen, 2008" in text_of(client.get(address + "?stand=unsinn"))


def test_html_in_texts_stays_text(client: Client) -> None:
    our_town()
    evil = "<script>alert(1)</script>"
    indicator = make_indicator(title=evil, text=evil, unit="<b>", source=evil, licence=evil, slug="boese")
    record_values(
        [row(indicator, "2020", 1, note=evil), row(indicator, "2020", 1, area=evil, level="nation")], actor="t"
    )
    record_values([row(indicator, "2020", 2, note=evil)], actor="t")
    add_break(indicator, date=date(2020, 1, 1), reason=evil, actor="t")
    measure = make_measure()
    Target.objects.create(measure=measure, indicator=indicator, area="07312", note=evil)
    for address in ("/kennzahlen/", "/kennzahlen/boese/", "/kennzahlen/boese/bild.svg"):
        body = text_of(client.get(address))
        assert "<script>alert" not in body, address
        assert "&lt;script&gt;alert" in body, address


def test_a_draft_leaks_nowhere(client: Client) -> None:
    make_indicator()
    secret = make_indicator(published=False, title="Streng Geheim", slug="streng-geheim")
    record_values([row(secret, "2020", 1)], actor="test")
    for address in ("/kennzahlen/", "/kennzahlen/?q=Geheim", "/api/programme/indicators", "/aktuelles/"):
        assert "Streng Geheim" not in text_of(client.get(address)), address
    for address in (
        "/kennzahlen/streng-geheim/", "/kennzahlen/streng-geheim/werte.csv", "/kennzahlen/streng-geheim/werte.json",
        "/kennzahlen/streng-geheim/bild.svg", "/api/programme/indicators/streng-geheim",
        "/api/programme/indicators/streng-geheim/values",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    client.force_login(make_account(Role.EDITOR))
    assert client.get("/kennzahlen/streng-geheim/").status_code == 200
    assert client.get("/kennzahlen/streng-geheim/bild.svg").status_code == 404


def test_the_list_is_narrowed_by_the_address(client: Client) -> None:
    our_town()
    old, never = make_indicator(title="Alte Reihe"), make_indicator(title="Neue Frage", text="Wie zufrieden")
    record_values([row(old, "2001", 1)], actor="test")
    measure = make_measure()
    Target.objects.create(measure=measure, indicator=old, area="07312")
    Target.objects.create(measure=make_measure(published=None), indicator=never, area="07312")

    def found(query: str) -> list[str]:
        return [str(each) for each in client.get(f"/kennzahlen/?{query}").context["page"].object_list]

    assert found("") == ["Alte Reihe", "Neue Frage"]
    assert found("q=zufrieden neue") == ["Neue Frage"]
    assert found("staleness=stale") == ["Alte Reihe"]
    assert found("staleness=none") == ["Neue Frage"]
    assert found(f"topic={measure.topic.slug}") == ["Alte Reihe"]
    assert found("staleness=unsinn") == ["Alte Reihe", "Neue Frage"]
    assert "Keine Kennzahl passt" in text_of(client.get("/kennzahlen/?q=nichts"))


ADDRESSES = ["/kennzahlen/", "/kennzahlen/?staleness=stale", "/intern/kennzahlen/", "/api/programme/indicators"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_lists_ask_the_same_number_of_questions_for_one_and_three(
    staff: Client, address: str, django_assert_num_queries: Any
) -> None:
    our_town()

    def add() -> None:
        record_values([row(make_indicator(), "2001", 1)], actor="test")

    add()
    staff.get(address)
    with CaptureQueriesContext(connection) as one:
        staff.get(address)
    add()
    add()
    with django_assert_num_queries(len(one)):
        assert staff.get(address).status_code == 200


def test_a_page_asks_no_more_for_more_values_and_areas(client: Client) -> None:
    our_town()
    indicator = make_indicator()
    counts = []
    for years in ((2001,), (2002, 2003, 2004)):
        record_values(
            [row(indicator, str(year), year, area=area) for year in years for area in ("07312", "a", "b", "c")],
            actor="t",
        )
        client.get(indicator.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            assert client.get(indicator.get_absolute_url()).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_median_of_the_other_areas_stands_beside_and_another_can_be_chosen(client: Client) -> None:
    our_town()
    indicator = make_indicator()
    record_values(
        [row(indicator, "2020", value, area=area) for area, value in (("07312", 1), ("07335", 5), ("07313", 9))],
        actor="test",
    )
    body = text_of(client.get(indicator.get_absolute_url()))
    assert "Median aller 3 Gebiete" in body
    assert 'data-label="Median aller 3 Gebiete">5,0</td>' in body
    assert "1,0\u00a0Pkw je 1.000 Menschen, 2020 (Kaiserslautern)" in body
    other = text_of(client.get(indicator.get_absolute_url() + "?gebiet=07335"))
    assert "5,0\u00a0Pkw je 1.000 Menschen, 2020 (07335 (die Stadt))" in other
    assert "Für dieses Gebiet gibt es keine Werte." in text_of(client.get(indicator.get_absolute_url() + "?gebiet=x"))


def test_values_as_csv_and_json(client: Client) -> None:
    indicator = shown()
    record_values([row(indicator, "2008", "-5", area="=cmd", level="nation")], vintage=at(6), actor="test")
    answer = client.get(indicator.get_absolute_url() + "werte.csv")
    rows = list(csv.DictReader(io.StringIO(text_of(answer).removeprefix("\ufeff")), delimiter=";"))
    assert [(each["area"], each["period_from"], each["value"], each["break_before"]) for each in rows] == [
        ("07312", "2006-01-01", "1540.39", "0"), ("07312", "2007-01-01", "", "0"),
        ("07312", "2008-01-01", "478.06", "1"),
        ("'=cmd", "2008-01-01", "-5", "0"),
    ]  # fmt: skip
    assert {each["licence"] for each in rows} == {"dl-de/by-2-0"}
    body = client.get(indicator.get_absolute_url() + "werte.json?stand=2024-01-02").json()
    assert body["as_known_on"] == "2024-01-02"
    assert [each["value"] for each in body["series"][0]["values"]] == ["1540.39", None, "478.28"]
    assert body["breaks"] == [{"date": "2008-01-01", "reason": "Ohne stillgelegte Fahrzeuge"}]
    assert body["definitions"][0]["source"] == "INKAR, © BBSR"


def test_the_picture_stands_alone_and_may_be_framed(client: Client) -> None:
    indicator = shown()
    answer = client.get(indicator.get_absolute_url() + "bild.svg")
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors *"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "X-Frame-Options" not in answer
    assert client.get(indicator.get_absolute_url())["X-Frame-Options"] == "DENY"
    root = ET.fromstring(answer.content)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg", "title", "desc", "rect", "text", "line", "polyline", "circle",
    }  # fmt: skip
    assert root.findtext(f"{SVG}title") == "Pkw-Dichte"
    assert "2008, davor Bruch der Reihe: 478,1" in (root.findtext(f"{SVG}desc") or "")
    words = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
    assert "Quelle: INKAR, © BBSR, Stand 5. Januar 2024. Lizenz: dl-de/by-2-0" in words
    assert "(https://www.govdata.de/dl-de/by-2-0)" in words
    assert not any(name.startswith("on") or name in ("style", "href") for each in root.iter() for name in each.attrib)
    empty = make_indicator(title="Leer")
    assert client.get(empty.get_absolute_url() + "bild.svg").status_code == 200


def block(measure: Measure) -> str:
    """What the page of a measure says of its indicators."""
    context = {"indicators": MeasureIndicators(measure), "page_language": "de"}
    return str(render_to_string("programme/measure_indicators.html", context))


def test_a_measure_says_how_far_its_targets_are() -> None:
    indicator, measure = shown(), make_measure()
    Target.objects.create(
        measure=measure, indicator=indicator, area="07312", baseline="478.28", baseline_date=date(2008, 1, 1),
        value=400, due=date(2012, 12, 31),
    )  # fmt: skip
    Target.objects.create(measure=measure, indicator=make_indicator(title="Nie gemessen"), area="07312", value=1)
    html = block(measure)
    for said in (
        "weniger als 1 % des Weges zum Ziel.", "Der Termin ist verstrichen.", "Noch nicht gemessen.", "Nie gemessen",
        "INKAR, © BBSR", "478,1\u00a0Pkw je 1.000 Menschen, 2008", "<figure",
    ):  # fmt: skip
        assert said in html, said
    with CaptureQueriesContext(connection) as asked:
        block(measure)
    assert len(asked) == 1
    record_values([row(indicator, "2009", "490")], actor="test")
    assert "Rückläufig: 14\u00a0% des Weges in die falsche Richtung." in block(measure)


def test_units_of_an_earlier_definition_are_named(client: Client) -> None:
    indicator = make_indicator(title="Umbenannt")
    redefine(indicator, {"unit": "Autos"}, valid_from=date(2000, 1, 1), reason="Anderes Wort", actor="test")
    record_values([row(indicator, "2020", 1)], actor="test")
    body = text_of(client.get(indicator.get_absolute_url()))
    assert "1,0\u00a0Autos, 2020" in body
    assert "(Pkw je 1.000 Menschen; INKAR, © BBSR)" in body


@pytest.mark.parametrize(
    "address",
    [
        "/kennzahlen/?q=", "/kennzahlen/?topic=", "/kennzahlen/?staleness=", "/kennzahlen/?page=",
        "/kennzahlen/pkw-dichte/?gebiet=", "/kennzahlen/pkw-dichte/?stand=", "/kennzahlen/pkw-dichte/?seite=",
        "/kennzahlen/pkw-dichte/bild.svg?gebiet=", "/kennzahlen/pkw-dichte/werte.csv?stand=",
        "/intern/kennzahlen/?q=", "/intern/kennzahlen/?page=",
        "/api/programme/indicators/pkw-dichte/values?area=", "/api/programme/indicators/pkw-dichte/values?as_known_on=",
    ],
)  # fmt: skip
@pytest.mark.parametrize("odd", ["a%00b", "99999999999999999999999", "%F0%9F%98%80", "0000-00-00", "9999-12-31"])
def test_odd_input_is_no_error_of_ours(staff: Client, address: str, odd: str) -> None:
    shown()
    staff.raise_request_exception = False
    assert staff.get(address + odd).status_code in (200, 400, 422)
