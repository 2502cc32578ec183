"""Another town beside ours: recorded, named with its source, shown beside the median, given by the API."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allmende.programme.domain.areas import describe_area, record_series
from allmende.programme.domain.indicators import RowsRefused, publish_indicator, record_values
from allmende.programme.exchange import files
from allmende.programme.exchange.restore import restore
from allmende.programme.models import Indicator, Programme, SeriesArea, Value
from allmende.spine.facts.models import FactRow
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .indicator_support import make_indicator, our_town, row, text_of

pytestmark = pytest.mark.django_db
SAID = {
    "name": "Stadt Beispielhausen", "source": "Stadt Beispielhausen", "source_url": "https://daten.example/pkw",
    "licence": "CC BY 4.0",
}  # fmt: skip


def compared(**said: str) -> Indicator:
    """Ours and two others in two years, one of them named."""
    our_town()
    indicator = make_indicator()
    rows = [
        row(indicator, year, value, area=area)
        for area, values in {"07312": (10, 20), "07335": (50, 60), "07313": (90, 100)}.items()
        for year, value in zip(("2020", "2021"), values, strict=True)
    ]
    record_series(indicator, rows, {"07335": SAID | said}, actor="test")
    return Indicator.objects.get(pk=indicator.pk)


def test_values_and_names_come_together_or_not_at_all() -> None:
    indicator = make_indicator(published=False)
    rows = [row(indicator, "2020", 1, area="07335")]
    with pytest.raises(ValidationError) as caught:
        record_series(indicator, rows, {"07335": {"name": ""}}, actor="test")
    assert list(caught.value.message_dict) == ["name"]
    with pytest.raises(RowsRefused):
        record_series(indicator, [rows[0] | {"value": "x"}], {"07335": SAID}, actor="test")
    assert not Value.objects.exists()
    assert not SeriesArea.objects.exists()
    record_series(indicator, rows, {"07335": SAID}, actor="test")
    assert SeriesArea.objects.values(*SAID).get() == SAID
    kind = FactRow.objects.filter(kind="programme.indicator.area_described")
    assert [(one.public, one.payload["name"]) for one in kind] == [(False, "Stadt Beispielhausen")]


def test_what_is_said_again_is_no_news_and_what_is_not_said_stays() -> None:
    indicator = make_indicator()
    first = describe_area(indicator, " 07335 ", SAID, actor="test")
    version = Indicator.objects.get().version
    assert describe_area(indicator, "07335", {"name": "Stadt Beispielhausen "}, actor="test") == first
    assert Indicator.objects.get().version == version
    changed = describe_area(indicator, "07335", {"name": "Neustadt"}, actor="test")
    assert (changed.pk, changed.name, changed.source) == (first.pk, "Neustadt", "Stadt Beispielhausen")
    assert Indicator.objects.get().version == version + 1
    with pytest.raises(PermissionDenied):
        describe_area(indicator, "07335", SAID, actor=make_account(Role.RESIDENT))


@pytest.mark.parametrize(
    ("area", "wrong", "field"),
    [
        ("", {}, "area"), ("x" * 41, {}, "area"), ("a\0", {}, "area"), ("1", {"name": "x" * 121}, "name"),
        ("1", {"name": "a\0"}, "name"), ("1", {"source_url": "javascript:alert(1)"}, "source_url"),
        ("1", {"licence": "x" * 121}, "licence"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_at_its_field(area: str, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        describe_area(make_indicator(), area, SAID | wrong, actor="test")
    assert list(caught.value.message_dict) == [field]


def test_a_chosen_town_stands_beside_ours_and_the_median(client: Client) -> None:
    address = compared().get_absolute_url()
    plain = text_of(client.get(address))
    assert '<option value="07335">Stadt Beispielhausen (07335)</option>' in plain
    assert "Zum Vergleich" not in plain
    body = text_of(client.get(address + "?vergleich=07335"))
    for said in (
        'data-label="Kaiserslautern">20,0</td>',
        'data-label="Stadt Beispielhausen (07335)">60,0</td>',
        'data-label="Median aller 3 Gebiete">60,0</td>',
        "60,0\u00a0Pkw je 1.000 Menschen, 2021 (Stadt Beispielhausen (07335))",
        '<a href="https://daten.example/pkw">Stadt Beispielhausen</a>',
        '<a href="https://creativecommons.org/licenses/by/4.0/deed.de" rel="license">CC BY 4.0</a>',
        "Werte für Stadt Beispielhausen: Stadt Beispielhausen.",
        '<option value="07335" selected>',
        "werte.csv?vergleich=07335",
    ):
        assert said in body, said
    assert "20,0\u00a0Pkw je 1.000 Menschen, 2021 (Kaiserslautern)" in body


def test_without_a_source_of_its_own_that_of_the_indicator_counts(client: Client) -> None:
    body = text_of(client.get(compared().get_absolute_url() + "?vergleich=07313"))
    assert "100,0\u00a0Pkw je 1.000 Menschen, 2021 (07313 (die Stadt))" in body
    assert "Zum Vergleich" in body
    assert body.count('<a href="https://www.inkar.de">INKAR, © BBSR</a>') == 3  # facts, comparison, chart


@pytest.mark.parametrize("odd", ["", "07312", "unsinn", "a%00b", "%F0%9F%98%80", "9" * 60])
def test_what_cannot_be_compared_changes_nothing(client: Client, odd: str) -> None:
    address = compared().get_absolute_url()
    body = text_of(client.get(f"{address}?vergleich={odd}"))
    assert "Zum Vergleich" not in body
    assert client.get(f"{address}bild.svg?vergleich={odd}").status_code == 200


def test_the_others_may_be_turned_round_and_as_known_on_a_day(client: Client) -> None:
    address = compared().get_absolute_url()
    body = text_of(client.get(address + "?gebiet=07335&vergleich=07312"))
    assert "(Stadt Beispielhausen (07335))" in body
    assert "20,0\u00a0Pkw je 1.000 Menschen, 2021 (Kaiserslautern)" in body
    early = text_of(client.get(address + "?vergleich=07335&stand=2000-01-01"))
    assert "Stadt Beispielhausen (07335): noch nicht gemessen" in early


def test_the_picture_names_the_other_town_and_its_source(client: Client) -> None:
    picture = text_of(client.get(compared().get_absolute_url() + "bild.svg?vergleich=07335"))
    assert "Stadt Beispielhausen (07335)" in picture
    assert "Werte für Stadt Beispielhausen: Stadt Beispielhausen." in " ".join(picture.split())


def test_a_smaller_or_larger_place_is_not_offered(client: Client) -> None:
    indicator = compared()
    record_values([row(indicator, "2020", 7, area="Deutschland", level="nation")], actor="test")
    body = text_of(client.get(indicator.get_absolute_url() + "?vergleich=Deutschland"))
    assert 'value="Deutschland"' not in body
    assert "Zum Vergleich" not in body
    assert "Deutschland (" in body


def test_downloads_name_areas_and_their_sources(client: Client) -> None:
    address = compared(name="=Böse").get_absolute_url()
    text = text_of(client.get(address + "werte.csv")).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {(each["area"], each["area_name"], each["source"], each["licence"]) for each in rows} == {
        ("07312", "", "INKAR, © BBSR", "dl-de/by-2-0"), ("07313", "", "INKAR, © BBSR", "dl-de/by-2-0"),
        ("07335", "'=Böse", "Stadt Beispielhausen", "CC BY 4.0"),
    }  # fmt: skip
    body = client.get(address + "werte.json").json()
    assert {each["area"]: (each["name"], each["source_url"]) for each in body["series"]} == {
        "07312": ("", ""), "07313": ("", ""), "07335": ("=Böse", "https://daten.example/pkw"),
    }  # fmt: skip


def test_html_in_names_stays_text(client: Client) -> None:
    evil = "<script>alert(1)</script>"
    address = compared(name=evil, source=evil, licence=evil).get_absolute_url()
    for where in ("?vergleich=07335", "bild.svg?vergleich=07335"):
        body = text_of(client.get(address + where))
        assert "<script>alert" not in body
        assert "&lt;script&gt;alert" in body


def test_the_api_gives_the_same(client: Client) -> None:
    indicator = compared()
    base = f"/api/programme/indicators/{indicator.slug}"
    whole = client.get(base).json()
    assert whole["series"][2] == {"level": "town", "area": "07335"} | SAID
    found = client.get(base + "/comparison?beside=07335").json()
    assert [(each["area"], each["name"], [one["value"] for one in each["values"]]) for each in found["series"]] == [
        ("07312", "", ["10", "20"]), ("07335", "Stadt Beispielhausen", ["50", "60"]),
    ]  # fmt: skip
    assert found["median"] == [
        {"starts": "2020-01-01", "ends": "2021-01-01", "value": "50", "areas": 3},
        {"starts": "2021-01-01", "ends": "2022-01-01", "value": "60", "areas": 3},
    ]
    turned = client.get(base + "/comparison?area=07335&beside=07313").json()
    assert [each["area"] for each in turned["series"]] == ["07335", "07313"]
    for odd in ("beside=unsinn", "beside=07335&area=unsinn"):
        assert client.get(f"{base}/comparison?{odd}").status_code == 404
    assert client.get(f"{base}/comparison").status_code == 422
    hidden = make_indicator(published=False, title="Geheim")
    record_values([row(hidden, "2020", 1, area=area) for area in ("07312", "07335")], actor="test")
    secret = f"/api/programme/indicators/{hidden.slug}/comparison?beside=07335"
    assert client.get(secret).status_code == 404
    publish_indicator(hidden, actor="test")
    assert client.get(secret).json()["median"] == []


def test_a_program_sends_values_of_another_town_with_its_name() -> None:
    our_town()
    indicator = make_indicator()
    account = make_account(Role.EDITOR)
    key = create_token(account, "t", actor=account)[1]
    body: dict[str, Any] = {
        "values": [{"area": "07335", "period": "2020", "value": "5"}], "areas": [{"area": "07335"} | SAID],
    }  # fmt: skip

    def send(body: Any) -> Any:
        address = f"/api/programme/indicators/{indicator.slug}/values"
        return Client().post(address, json.dumps(body), "application/json", headers={"authorization": f"Bearer {key}"})

    assert send(body).json() == {"new": 1, "corrected": 0, "same": 0}
    assert SeriesArea.objects.values(*SAID).get() == SAID
    again = send(body | {"areas": [{"area": "07335", "name": "Neu"}]})
    assert again.status_code == 200
    assert SeriesArea.objects.values_list("name", "source").get() == ("Neu", "Stadt Beispielhausen")
    wrong = send(body | {"areas": [{"area": "07313", "source": "ohne Namen"}]})
    assert [each["field"] for each in wrong.json()["fields"]] == ["name"]


def test_staff_type_another_town_with_its_name(client: Client) -> None:
    our_town()
    indicator = make_indicator()
    client.force_login(make_account(Role.EDITOR))
    address = f"/intern/kennzahlen/{indicator.public_id}/werte/"
    typed = {
        "area": "07335", "level": "town", "rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-period": "2020",
        "rows-0-value": "5,5", "rows-0-quality": "final", "rows-0-note": "",
    }  # fmt: skip
    missing = client.post(address, typed | {"source": "Nur Quelle"})
    assert missing.status_code == 422
    assert list(missing.context["forms"].series.errors) == ["name"]
    assert client.post(address, typed | SAID).status_code == 302
    assert SeriesArea.objects.values(*SAID).get() == SAID
    assert client.post(address, typed | {"rows-0-value": "6"}).status_code == 302
    assert SeriesArea.objects.values(*SAID).get() == SAID


def test_a_page_asks_no_more_for_more_towns(client: Client) -> None:
    indicator = compared()
    address = indicator.get_absolute_url() + "?vergleich=07335"
    counts = []
    for more in ((), ("1", "2", "3")):
        for area in more:
            rows = [row(indicator, "2020", 1, area=area)]
            record_series(indicator, rows, {area: {"name": f"Ort {area}"}}, actor="test")
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_the_round_trip_keeps_names_and_what_is_imported_is_seen_at_once(client: Client, kind: str) -> None:
    programme = Programme.objects.create(title="Programm")
    indicator = compared()
    data = files.write(programme, kind)
    SeriesArea.objects.update(name="Vorher")
    address = indicator.get_absolute_url() + "?vergleich=07335"
    assert "Vorher (07335)" in text_of(client.get(address))
    Value.objects.filter(area="07335", starts__year=2021).delete()
    source = files.read(data)
    assert isinstance(source, files.Source)
    restore(source, actor="import")
    assert SeriesArea.objects.values("area", *SAID).get() == {"area": "07335"} | SAID
    body = text_of(client.get(address))
    assert 'data-label="Stadt Beispielhausen (07335)">60,0</td>' in body
    version = Indicator.objects.get().version
    restore(source, actor="import")
    assert Indicator.objects.get().version == version


def test_a_file_of_earlier_days_knows_no_names() -> None:
    programme = Programme.objects.create(title="Programm")
    compared()
    whole = json.loads(files.write(programme, "json"))
    assert [each["name"] for each in whole.pop("areas")] == ["Stadt Beispielhausen"]
    source = files.read(json.dumps(whole).encode())
    assert isinstance(source, files.Source)
    restore(source, actor="import")
    assert SeriesArea.objects.get().name == "Stadt Beispielhausen"


def test_open_data_name_them_too(client: Client) -> None:
    compared()
    describe_area(make_indicator(published=False, title="Geheim"), "1", {"name": "Streng Geheim"}, actor="test")
    answer: Any = client.get("/offene-daten/programm.zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(csv.DictReader(io.StringIO(archive.read("gebiete.csv").decode())))
    assert rows == [{"indicator": "pkw-dichte", "area": "07335"} | SAID]
