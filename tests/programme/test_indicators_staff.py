"""Staff pages of indicators, and the API."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from allmende.programme.domain.indicators import record_values
from allmende.programme.domain.series import series
from allmende.programme.models import Indicator, Value
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .indicator_support import MEANT, make_indicator, our_town, row, shown, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_account(Role.PROGRAMME_OFFICE))
    return client


def entered(*rows: tuple[str, str, str], **more: str) -> dict[str, str]:
    data = {"area": "07312", "level": "town", "rows-TOTAL_FORMS": "8", "rows-INITIAL_FORMS": "0"} | more
    for place in range(8):
        period, value, quality = rows[place] if place < len(rows) else ("", "", "final")
        data |= {
            f"rows-{place}-period": period, f"rows-{place}-value": value, f"rows-{place}-quality": quality,
            f"rows-{place}-note": "",
        }  # fmt: skip
    return data


def test_staff_record_values_with_german_numbers(staff: Client) -> None:
    our_town()
    indicator = make_indicator()
    address = f"/intern/kennzahlen/{indicator.public_id}/werte/"
    assert 'value="07312"' in text_of(staff.get(address))
    answer = staff.post(
        address, entered(("2019", "1.234,5", "final"), ("Q1 2020", "7", "estimate"), ("2021", "", "missing"))
    )
    assert answer.status_code == 302
    assert [(point.value, point.quality) for point in series(indicator, "07312")] == [
        (Decimal("1234.5"), "final"), (Decimal(7), "estimate"), (None, "missing"),
    ]  # fmt: skip
    staff.post(address, entered(("2018", "1", "final"), known_from="2020-03-01"))
    assert series(indicator, "07312", as_known_on=date(2020, 3, 1))[0].value == 1
    body = text_of(staff.get(f"/intern/kennzahlen/{indicator.public_id}/"))
    assert "1.234,5" in body
    assert "nicht gemessen" in body


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        ([("2019", "1.23,4", "final")], {}, "Das ist keine Zahl. Schreiben Sie sie so: 1.234,5."),
        ([("2019", "12.5", "final")], {}, "Das ist keine Zahl. Schreiben Sie sie so: 1.234,5."),
        ([("vorgestern", "1", "final")], {}, "Das ist kein Zeitraum."),
        ([("2018", "1", "final"), ("2099", "1", "final")], {}, "Dieser Zeitraum liegt in der Zukunft."),
        ([("2019", "", "final")], {}, "Hier gehört ein Wert hin oder die Güte „nicht gemessen“."),
        ([("2019", "1", "final")], {"level": "district"}, "Ein Wert für ein kleineres Gebiet"),
        ([("2019", "1", "final")], {"known_from": "2099-01-01"}, "Dieser Tag liegt in der Zukunft."),
        ([("2019", "1", "final")], {"known_from": "2018-01-01"}, "Von einem Zeitraum weiß man nichts"),
        ([], {}, "Tragen Sie mindestens einen Wert ein."),
        ([("2019", "1", "final")], {"rows-TOTAL_FORMS": "x"}, ""),
    ],
)
def test_a_mistake_is_said_at_its_field_and_nothing_is_saved(
    staff: Client, rows: list[tuple[str, str, str]], more: dict[str, str], said: str
) -> None:
    indicator = make_indicator()
    answer = staff.post(f"/intern/kennzahlen/{indicator.public_id}/werte/", entered(*rows) | more)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Value.objects.exists()


def test_staff_define_break_publish_and_withdraw(staff: Client) -> None:
    defined = MEANT | {"title": "Bänke", "decimals": "0", "cadence": "year", "level": "town"}
    assert staff.post("/intern/kennzahlen/neu/", {"title": "x"}).status_code == 422
    answer = staff.post("/intern/kennzahlen/neu/", defined)
    indicator = Indicator.objects.get()
    address = f"/intern/kennzahlen/{indicator.public_id}/"
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert staff.post(address + "schritt/", {"action": "publish"}).status_code == 302
    assert staff.get("/kennzahlen/baenke/").status_code == 200
    changed = defined | {"text": "Nur aus Holz", "valid_from": "2022-07-01", "version": "2"}
    assert "Sagen Sie, warum" in text_of(staff.post(address + "definition/", changed))
    assert staff.post(address + "definition/", changed | {"reason": "Neu"}).status_code == 302
    stale = staff.post(address + "definition/", changed | {"reason": "Neu", "valid_from": "2023-01-01"})
    assert stale.status_code == 422
    assert "Jemand hat die Kennzahl geändert" in text_of(stale)
    assert 'name="version" value="3"' in text_of(stale)
    assert staff.post(address + "bruch/", {"date": "2022-07-01", "reason": "x"}).status_code == 422
    assert staff.post(address + "bruch/", {"date": "2021-07-01", "reason": "x"}).status_code == 302
    assert [each.date.isoformat() for each in indicator.breaks.all()] == ["2021-07-01", "2022-07-01"]
    assert "Frühere Definitionen" in text_of(staff.get("/kennzahlen/baenke/"))
    staff.post(address + "schritt/", {"action": "withdraw"})
    assert Client().get("/kennzahlen/baenke/").status_code == 404
    assert staff.post(address + "schritt/", {"action": "unsinn"}).status_code == 404


def test_the_longest_overdue_come_first_for_staff(staff: Client) -> None:
    our_town()
    for title, year in (("A neu", "2025"), ("B alt", "2001"), ("C nie", "")):
        indicator = make_indicator(title=title, published=False)
        if year:
            record_values([row(indicator, year, 1)], actor="test")
    found = staff.get("/intern/kennzahlen/").context["page"].object_list
    assert [str(each) for each in found] == ["B alt", "C nie", "A neu"]


def test_the_api_reads_in_public_and_writes_by_token(client: Client) -> None:
    indicator = shown()
    listed = client.get("/api/programme/indicators").json()
    assert [each["slug"] for each in listed["items"]] == [indicator.slug]
    whole = client.get(f"/api/programme/indicators/{indicator.slug}").json()
    unnamed = dict.fromkeys(("name", "source", "source_url", "licence"), "")
    assert whole["series"] == [{"level": "town", "area": "07312"} | unnamed]
    assert (whole["definitions"][0]["unit"], whole["breaks"][0]["date"]) == ("Pkw je 1.000 Menschen", "2008-01-01")
    address = f"/api/programme/indicators/{indicator.slug}/values"
    assert [each["value"] for each in client.get(address).json()] == ["1540.39", None, "478.06"]
    earlier = client.get(address + "?area=07312&as_known_on=2024-01-02").json()
    assert [each["value"] for each in earlier] == ["1540.39", None, "478.28"]
    assert client.get(address + "?area=unbekannt").json() == []
    body = {"values": [{"area": "07312", "period": "2010", "value": "471.05"}], "known_from": "2024-02-01T00:00:00Z"}

    def post(body: Any, *roles: Role) -> Any:
        account = make_account(*roles)
        key = create_token(account, "t", actor=account)[1]
        return Client().post(address, body, "application/json", headers={"authorization": f"Bearer {key}"})

    assert client.post(address, body, "application/json").status_code == 401
    assert post(body).status_code == 403
    assert post(body, Role.EDITOR).json() == {"new": 1, "corrected": 0, "same": 0}
    assert post(body, Role.EDITOR).json() == {"new": 0, "corrected": 0, "same": 1}
    wrong = post({"values": [{"area": "07312", "period": "2099", "value": 1}]}, Role.EDITOR)
    assert wrong.status_code == 422
    assert wrong.json()["fields"] == [{"field": "0.period", "message": "Dieser Zeitraum liegt in der Zukunft."}]
    assert post({"values": [{"area": "07312", "period": "2009", "value": "NaN"}]}, Role.EDITOR).status_code == 422
    assert client.get(address).json()[-1]["value"] == "471.05"
