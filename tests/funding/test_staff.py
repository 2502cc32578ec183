"""Staff pages: recording, changing, sharing out, the file of a notice."""

from typing import Any

import pytest
from django.test import Client

from allmende.funding.domain import grants
from allmende.funding.models import Grant
from allmende.spine.people.enums import Role
from tests.factories import make_measure
from tests.files.makers import upload

from .makers import make_grant, values
from .reading import signed_in, text_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def staff() -> Client:
    return signed_in(Role.TREASURER)


FORM = {
    "version": "0", "title": "Neu", "scheme": "S", "authority": "Behörde", "amount_cents": "1.600.000,50",
    "qualifier": "about", "quota": "66,67", "quota_at_least": "on", "own_share_cents": "0", "starts": "2020-01-01",
    "ends": "2020-12-31", "source_title": "Q", "source_url": "https://q.example", "ags": "07318000",
    "recipient": "Speyer",
}  # fmt: skip


def test_a_treasurer_records_changes_and_publishes(staff: Client) -> None:
    added = staff.post("/intern/foerderung/neu/", FORM)
    row = Grant.objects.get()
    assert (added.status_code, added["Location"]) == (302, row.change_url)
    assert (row.amount_cents, row.quota, row.own_share_cents, row.quota_at_least) == (160_000_050, 6667, 0, True)
    form = staff.get(row.change_url).context["form"]
    assert [form[name].value() for name in ("amount_cents", "quota")] == ["1.600.000,50", "66,67"]
    page = staff.get(row.change_url).content.decode()
    assert 'value="1.600.000,50"' in page
    assert 'value="66,67"' in page
    assert staff.post(row.change_url, FORM | {"version": "1", "amount_cents": "950"}).status_code == 302
    row.refresh_from_db()
    assert (row.amount_cents, row.version) == (95_000, 2)
    staff.post(f"{row.change_url}stand/", {"action": "publish", "version": "1"})
    row.refresh_from_db()
    assert row.published is None
    staff.post(f"{row.change_url}stand/", {"action": "publish", "version": "2"})
    row.refresh_from_db()
    assert row.published is not None
    staff.post(f"{row.change_url}stand/", {"action": "withdraw"})
    row.refresh_from_db()
    assert row.published is None
    for wrong in ({"action": "publish", "version": "x"}, {"action": "quatsch"}, {}):
        assert staff.post(f"{row.change_url}stand/", wrong).status_code == 404


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("amount_cents", "viel", "Schreiben Sie den Betrag in Euro, zum Beispiel 1.600.000 oder 950,50."),
        ("amount_cents", "1.60.000", "Schreiben Sie den Betrag in Euro, zum Beispiel 1.600.000 oder 950,50."),
        ("amount_cents", "0", "Der Betrag muss größer als null sein."),
        ("amount_cents", "", "Dieses Feld ist zwingend erforderlich."),
        ("amount_cents", "99999999999999", "So groß ist keine Zuwendung."),
        ("quota", "101", "Die Quote liegt zwischen 0 und 100 Prozent."),
        ("ends", "2019-12-31", "Das Ende liegt vor dem Anfang."),
        ("starts", "2020-02-30", "Bitte ein gültiges Datum eingeben."),
        ("title", "a\0b", "Nullzeichen sind nicht erlaubt."),
        ("phase", "4711", "Bitte eine gültige Auswahl treffen. Dies ist keine gültige Auswahl."),
    ],
)
def test_bad_input_is_told_at_the_field_and_nothing_is_saved(
    staff: Client, name: str, typed: str, message: str
) -> None:
    page = staff.post("/intern/foerderung/neu/", FORM | {name: typed})
    assert (page.status_code, page.context["form"].errors) == (422, {name: [message]})
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("1600000", 160_000_000), ("1.600.000 €", 160_000_000), ("1.600", 160_000), ("1,5", 150), ("1.5", 150),
     ("12 000,00", 1_200_000), ("0,01", 1)],
)  # fmt: skip
def test_euro_are_read_as_people_write_them(staff: Client, typed: str, cents: int) -> None:
    assert staff.post("/intern/foerderung/neu/", FORM | {"amount_cents": typed}).status_code == 302
    assert Grant.objects.get().amount_cents == cents


def test_the_second_editor_sees_both_texts_and_loses_none(staff: Client) -> None:
    row = grants.record_grant(values(note="Alt."), actor="test")
    grants.change_grant(row, {"note": "Erste.", "amount_cents": 100}, version=1, actor="test")
    mine = FORM | {"version": "1", "note": "Zweite.", "amount_cents": "2"}
    page = staff.post(row.change_url, mine)
    assert page.status_code == 409
    shown = {each.label: (each.yours, each.saved) for each in page.context["differences"]}
    assert (shown["Anmerkung"], shown["Betrag"]) == (("Zweite.", "Erste."), ("2 Euro", "1 Euro"))
    assert Grant.objects.get().note == "Erste."
    again = page.context["form"]
    assert (again["version"].value(), again["note"].value()) == ("2", "Zweite.")
    assert staff.post(row.change_url, mine | {"version": "2"}).status_code == 302
    assert Grant.objects.get().note == "Zweite."


def _rows(*shares: tuple[Any, str], version: int, initial: int = 0) -> dict[str, str]:
    data = {"version": str(version), "shares-TOTAL_FORMS": str(len(shares)), "shares-INITIAL_FORMS": str(initial)}
    for number, (measure, amount) in enumerate(shares):
        data |= {f"shares-{number}-measure": str(measure.pk) if measure else "", f"shares-{number}-amount": amount}
    return data


def test_shares_are_typed_all_at_once(staff: Client) -> None:
    row, one, two = make_grant(amount_cents=100_000), make_measure(title="Eins"), make_measure(title="Zwei")
    address = f"{row.change_url}anteile/"
    assert staff.get(address).status_code == 200
    saved = staff.post(address, _rows((one, "600"), (two, ""), (None, ""), version=row.version))
    assert (saved.status_code, saved["Location"]) == (302, row.change_url)
    assert [(each.measure, each.amount_cents) for each in row.shares.all()] == [(one, 60_000), (two, None)]
    much = staff.post(address, _rows((one, "600"), (two, "400,01"), version=row.version + 1, initial=2))
    assert much.status_code == 422
    assert "Die Anteile ergeben 1.000,01 €, die Zuwendung beträgt 1.000 €: 0,01 € zu viel." in text_of(much)
    twice = staff.post(address, _rows((one, "1"), (one, "2"), version=row.version + 1))
    assert "Diese Maßnahme ist zweimal genannt." in text_of(twice)
    without = staff.post(address, _rows((None, "5"), version=row.version + 1))
    assert without.status_code == 422
    old = staff.post(address, _rows((two, "7"), version=row.version))
    assert (old.status_code, old.context["forms"].meta["version"].value()) == (409, str(row.version + 1))
    assert [(each.yours, each.saved) for each in old.context["differences"]] == [
        ("Zwei: 7 Euro", "Eins: 600 Euro\nZwei: –")
    ]
    removed = _rows((one, "600"), (two, ""), version=row.version + 1, initial=2) | {"shares-0-DELETE": "on"}
    assert staff.post(address, removed).status_code == 302
    assert [each.measure for each in row.shares.all()] == [two]


def test_the_file_of_a_notice_comes_and_goes(staff: Client) -> None:
    row = make_grant()
    address = f"{row.change_url}bescheid/"
    assert staff.post(address, {"file": upload("bescheid.pdf", PDF), "public": "on"}).status_code == 302
    row.refresh_from_db()
    assert row.document is not None
    assert (row.document.name, row.document_public) == ("bescheid.pdf", True)
    wrong = staff.post(address, {"file": upload("bild.html", b"<html><body></body></html>")})
    assert wrong.status_code == 422
    assert list(wrong.context["document_form"].errors) == ["file"]
    assert staff.post(address, {"action": "remove"}).status_code == 302
    row.refresh_from_db()
    assert row.document is None
