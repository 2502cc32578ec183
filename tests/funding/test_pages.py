"""Public pages, staff pages, the panel on a measure, exports, the API."""

import csv
import io
import json
import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from allmende.funding.domain import grants
from allmende.funding.models import Grant
from allmende.programme.models import Figure, Phase, Programme
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure
from tests.files.makers import upload

from .makers import make_grant, values

pytestmark = pytest.mark.django_db
SOURCE = "Pressemitteilung"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def staff() -> Client:
    return signed_in(Role.TREASURER)


def signed_in(*roles: Role) -> Client:
    client = Client()
    client.force_login(make_account(*roles), backend="allmende.spine.people.backends.Backend")
    return client


def text_of(response: Any) -> str:
    body = response.content.decode()
    main = re.search(r"<main.*</main>", body, re.DOTALL)
    assert main
    return " ".join(unescape(strip_tags(main.group(0).replace("><", "> <"))).replace("\xa0", " ").split())


def rows_of(response: Any, caption: str) -> list[list[str]]:
    """The cells of the table with that caption."""
    for found in re.findall(r"<table.*?</table>", response.content.decode(), re.DOTALL):
        if re.search(rf"<caption[^>]*>{re.escape(caption)}</caption>", found):
            lines = re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)[1:]
            cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL) for line in lines]
            return [[unescape(strip_tags(cell)).replace("\xa0", " ").strip() for cell in line] for line in cells]
    raise AssertionError(f"no table {caption!r}")


def body_of(response: Any) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def test_the_list_shows_amounts_as_stated_and_sums_that_say_so(client: Client) -> None:
    programme = Programme.objects.create(title="P")
    first = Phase.objects.create(programme=programme, number=1, title="Phase 1")
    make_grant(title="Eins", amount_cents=160_000_000, qualifier="more", phase=first, starts=None, ends=None)
    make_grant(title="Zwei", amount_cents=40_000_000, scheme="Anderes", notice_date=None)
    page = client.get("/foerderung/")
    assert "2 Zuwendungen, zusammen rund 2.000.000 €" in text_of(page)
    assert rows_of(page, "Zuwendungen") == [
        ["Zwei", "Anderes", "Musterstadt", "ohne Datum", "1. Januar 2022 – 31. Dezember 2023", "400.000 €"],
        ["Eins", "Digitale Stadt", "Musterstadt", "2. Mai 2022", "–", "mehr als 1.600.000 €"],
    ]
    assert rows_of(page, "Summen nach Förderprogramm") == [
        ["Digitale Stadt", "1", "rund 1.600.000 €", "80,0 %"], ["Anderes", "1", "400.000 €", "20,0 %"],
    ]  # fmt: skip
    assert rows_of(page, "Summen nach Phase") == [
        ["Phase 1", "1", "rund 1.600.000 €", "80,0 %"], ["keine Phase des Programms", "1", "400.000 €", "20,0 %"],
    ]  # fmt: skip
    assert rows_of(page, "Summen nach Jahr") == [
        ["2022", "1", "200.000 €", "10,0 %"], ["2023", "1", "200.000 €", "10,0 %"],
        ["nicht bekannt", "1", "rund 1.600.000 €", "80,0 %"],
    ]  # fmt: skip
    by_notice = client.get("/foerderung/?by=notice")
    assert [row[0] for row in rows_of(by_notice, "Summen nach Jahr")] == ["2022", "nicht bekannt"]


def test_filters_stand_in_the_address(client: Client) -> None:
    make_grant(title="Eins", scheme="A")
    make_grant(title="Zwei", scheme="B & C", ags="07318000", recipient="Speyer", starts=date(2019, 1, 1),
               ends=date(2020, 12, 31), notice_date=date(2018, 7, 1))  # fmt: skip

    def titles(query: str) -> list[str]:
        page = client.get(f"/foerderung/?{query}")
        return [row[0] for row in rows_of(page, "Zuwendungen")] if "Keine Zuwendung passt" not in text_of(page) else []

    assert titles("scheme=B+%26+C") == ["Zwei"]
    assert titles("town=07318000") == ["Zwei"]
    assert titles("town=hier") == ["Eins"]
    assert titles("year=2020") == ["Zwei"]
    assert titles("year=2018&by=notice") == ["Zwei"]
    assert titles("phase=keine") == ["Eins", "Zwei"]
    assert titles("scheme=A&town=07318000") == []
    # What makes no sense does not count, and hides nothing.
    assert titles("scheme=gibts+nicht&year=2018&town=%00&by=quatsch&phase=99&page=zwei") == ["Eins", "Zwei"]


def test_a_year_shows_what_of_each_grant_counts_to_it(client: Client) -> None:
    make_grant(amount_cents=73_000, starts=date(2022, 1, 1), ends=date(2023, 12, 31))
    page = client.get("/foerderung/?year=2022")
    assert "davon zählen zum gewählten Jahr: 365 €" in text_of(page)
    assert [row[-2:] for row in rows_of(page, "Zuwendungen")] == [["730 €", "365 €"]]


def test_every_number_of_the_portfolio_leads_to_grants_of_that_sum(client: Client) -> None:
    make_grant(title="Hier", amount_cents=70_800_000)
    make_grant(title="Dort", ags="07318000", recipient="Speyer", amount_cents=6_075_001, qualifier="about",
               starts=date(2019, 4, 1), ends=date(2022, 12, 31))  # fmt: skip
    make_grant(title="Ohne Tage", ags="07318000", recipient="Speyer", amount_cents=100, starts=None)
    for counting in ("period", "notice"):
        page = client.get(f"/portfolio/?by={counting}")
        table = re.search(r"<table class=\"al-table\">.*?</table>", page.content.decode(), re.DOTALL)
        assert table
        links = [(unescape(url), text) for url, text in re.findall(r'<a href="([^"]+)">([^<]+)</a>', table.group(0))]
        assert len(links) == (16 if counting == "period" else 6)
        for url, shown in links:
            total = client.get(url).context["chosen"].total
            number = shown.replace("&nbsp;", " ").replace("\xa0", " ")
            cents = round(float(number.removesuffix("*").replace(".", "").replace(",", ".")) * 100)
            assert (cents, not number.endswith("*")) == (total.cents, total.exact), url
    assert rows_of(client.get("/portfolio/?by=notice"), "Zuwendungen nach Stadt und Jahr, in Euro") == [
        ["Musterstadt", "708.000", "708.000"], ["Speyer", "60.751,01*", "60.751,01*"],
        ["Alle Städte", "768.751,01*", "768.751,01*"],
    ]  # fmt: skip


def test_the_years_of_a_long_portfolio_are_turned_over(client: Client) -> None:
    make_grant(amount_cents=100_000, starts=date(2010, 1, 1), ends=date(2019, 12, 31))
    caption = "Zuwendungen nach Stadt und Jahr, in Euro"
    page = client.get("/portfolio/")
    # Of 3,652 days 730 lie before 2012; 2012 and 2016 have one more.
    line = ["101", "100", "100", "99", "101", "100", "100", "100", "199", "1.000"]
    assert rows_of(page, caption) == [["Musterstadt", *line], ["Alle Städte", *line]]
    earlier = client.get("/portfolio/?until=2011")
    assert rows_of(earlier, caption)[0] == ["Musterstadt", "99", "100", "801", "1.000"]
    for odd in ("2011.5", "zwei", "²²²²", "99999", "-201", "%00"):
        assert rows_of(client.get(f"/portfolio/?until={odd}"), caption) == rows_of(page, caption)


def test_the_portfolio_names_how_it_counts_and_draws_what_the_table_says(client: Client) -> None:
    make_grant(amount_cents=73_000, starts=date(2022, 1, 1), ends=date(2023, 12, 31))
    page = client.get("/portfolio/")
    assert "Das ist gerechnet und nicht das, was in einem Jahr ausgezahlt wurde." in text_of(page)
    chart = page.context["chart"]
    assert (chart.labels, list(chart.series[0].values)) == (["2022", "2023"], [365.0, 365.0])
    whole = client.get("/portfolio/?by=notice")
    assert "Jeder Betrag zählt ganz zum Jahr seines Bescheids." in text_of(whole)


def test_totals_that_contradict_each_other_stand_side_by_side(client: Client) -> None:
    programme = Programme.objects.create(title="P")
    for cents, period, source in ((287_000_000, "2017–2021", "Eins"), (300_000_000, "2017–2023", "Zwei")):
        Figure.objects.create(programme=programme, key="land", matter="Landesförderung", value=cents, unit="EUR",
                              qualifier="rund", period=period, source_title=source,
                              source_url="https://q.example")  # fmt: skip
    Figure.objects.create(programme=programme, key="laenge", matter="Länge", value=3, unit="m", source_title="Drei",
                          source_url="https://q.example")  # fmt: skip
    for address in ("/foerderung/", "/portfolio/"):
        text = text_of(client.get(address))
        assert "Die Quellen stimmen bei „Landesförderung“ nicht überein." in text
        assert "rund 2.870.000 € (2017–2021), Eins rund 3.000.000 € (2017–2023), Zwei" in text
        assert "Länge" not in text


def test_a_grant_says_what_the_notice_says(client: Client) -> None:
    row = make_grant(title="Bund", amount_cents=1_500_000_000, own_share_cents=150_000_000, reference="AZ 1",
                     note="Nur Jahre.", starts=date(2020, 1, 1), ends=date(2025, 12, 31))  # fmt: skip
    text = text_of(client.get(row.get_absolute_url()))
    for part in (
        "Betrag 15.000.000 €", "Bewilligungsbehörde Ministerium", "Aktenzeichen AZ 1",
        "Datum des Bescheids 2. Mai 2022",
        "Bewilligungszeitraum 1. Januar 2020 – 31. Dezember 2025",
        "Förderquote 90,91 % berechnet aus Betrag und Eigenanteil", "Eigenanteil 1.500.000 €", "Anmerkung Nur Jahre.",
        "Pressemitteilung, Stand",
    ):  # fmt: skip
        assert part in text, part
    told = make_grant(quota=9000, quota_at_least=True)
    assert "Förderquote mindestens 90 %" in text_of(client.get(told.get_absolute_url()))


def test_shares_in_per_cent_add_up_and_drafts_stay_unseen(client: Client) -> None:
    row = make_grant(amount_cents=30_000)
    one, two = make_measure(title="Licht"), make_measure(title="Netz")
    secret, named = make_measure(title="Geheim", published=None), make_measure(title="Ohne Betrag")
    shares = [(one, 10_000), (two, 10_000), (secret, 5000), (named, None)]
    grants.share_out(row, shares, version=row.version, actor="test")
    page = client.get(row.get_absolute_url())
    assert rows_of(page, "Anteile der Maßnahmen") == [
        ["Licht", "100 €", "33,4 %"], ["Netz", "100 €", "33,3 %"], ["Ohne Betrag", "kein Betrag genannt", "–"],
        ["nicht auf Maßnahmen aufgeteilt", "100 €", "33,3 %"],
    ]  # fmt: skip
    assert "Geheim" in text_of(signed_in(Role.TREASURER).get(row.get_absolute_url()))
    for address in ("/foerderung.json", f"/api/funding/grants/{row.public_id}", "/foerderung/"):
        body = body_of(client.get(address))
        assert "Geheim" not in body
        assert str(secret.public_id) not in body


def test_a_grant_that_is_not_public_leaks_nowhere(client: Client) -> None:
    make_grant(title="Öffentlich")
    secret = make_grant(False, title="Streng Geheim", scheme="Geheimprogramm", recipient="Geheimstadt", ags="09999999")
    measure = make_measure()
    grants.share_out(secret, [(measure, 100)], version=secret.version, actor="test")
    for address in (
        "/", "/foerderung/", "/foerderung/?by=notice", "/portfolio/", "/foerderung.csv", "/foerderung.json",
        "/api/funding/grants", "/aktuelles/", "/aktuelles/atom.xml", measure.get_absolute_url(),
    ):  # fmt: skip
        response = client.get(address)
        assert response.status_code == 200
        assert "eheim" not in body_of(response), address
    assert client.get(secret.get_absolute_url()).status_code == 404
    assert client.get(f"/api/funding/grants/{secret.public_id}").status_code == 404
    for role, status in ((Role.FUNDER, 200), (Role.AUDITOR, 200), (Role.EDITOR, 404)):
        assert signed_in(role).get(secret.get_absolute_url()).status_code == status
        assert signed_in(role).get("/intern/foerderung/").status_code == (200 if status == 200 else 403)


def test_html_stays_text_and_formulas_are_defused(client: Client, staff: Client) -> None:
    bad = "<script>alert(1)</script>"
    row = make_grant(title=bad, scheme=bad, authority=bad, recipient=bad, reference="=1+1", source_title=bad, note=bad)
    measure = make_measure(title=bad)
    grants.share_out(row, [(measure, 1)], version=row.version, actor="test")
    addresses = ["/foerderung/", "/portfolio/", row.get_absolute_url(), measure.get_absolute_url()]
    inside = ["/intern/foerderung/", row.change_url, f"{row.change_url}anteile/"]
    for reader, address in [(client, each) for each in addresses] + [(staff, each) for each in inside]:
        body = reader.get(address).content.decode()
        assert "<script>alert" not in body, address
        assert "&lt;script&gt;alert" in body, address
    assert ";'=1+1;" in body_of(client.get("/foerderung.csv"))


@pytest.mark.parametrize(
    "address",
    ["/foerderung/", "/foerderung/?year=2022", "/portfolio/", "/foerderung.csv", "/foerderung.json",
     "/api/funding/grants", "/intern/foerderung/"],
)  # fmt: skip
def test_lists_ask_the_same_number_of_questions_for_one_and_three(
    staff: Client, address: str, django_assert_num_queries: Any
) -> None:
    def another(number: int) -> None:
        phase = Phase.objects.create(programme=programme, number=number, title=f"Phase {number}")
        row = make_grant(ags=f"0731200{number}", recipient=f"Stadt {number}", phase=phase)
        grants.share_out(row, [(make_measure(), 5), (make_measure(), 6)], version=row.version, actor="test")

    programme = Programme.objects.create(title="P")
    another(1)
    body_of(staff.get(address))
    with CaptureQueriesContext(connection) as one:
        body_of(staff.get(address))
    another(2)
    another(3)
    with django_assert_num_queries(len(one)):
        assert "Stadt 3" in body_of(staff.get(address)) or address == "/intern/foerderung/"


def test_the_panel_of_a_measure_costs_one_query(client: Client) -> None:
    measure = make_measure()
    client.get(measure.get_absolute_url())
    with CaptureQueriesContext(connection) as without:
        assert "Wer es bezahlt" not in text_of(client.get(measure.get_absolute_url()))
    for cents in (100, None):
        row = make_grant(title=f"Bescheid {cents}", amount_cents=160_000_000, qualifier="more")
        grants.share_out(row, [(measure, cents)], version=row.version, actor="test")
    with CaptureQueriesContext(connection) as with_two:
        page = client.get(measure.get_absolute_url())
    asked = [each["sql"] for each in with_two if "funding_share" in each["sql"]]
    assert (len(asked), len(with_two)) == (1, len(without))
    assert rows_of(page, "Zuwendungen") == [
        ["Bescheid 100", "Ministerium", "2. Mai 2022", "mehr als 1.600.000 €", "1 €", SOURCE],
        ["Bescheid None", "Ministerium", "2. Mai 2022", "mehr als 1.600.000 €", "kein Betrag genannt", SOURCE],
    ]


# ---- staff


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


# ---- for programs


def test_csv_has_every_public_grant(client: Client) -> None:
    row = make_grant(title="Eins; zwei", amount_cents=1, qualifier="up_to", quota=9000)
    make_grant(False)
    body = body_of(client.get("/foerderung.csv"))
    (found,) = csv.DictReader(io.StringIO(body.removeprefix("\ufeff")), delimiter=";")
    asked = (
        "id",
        "title",
        "amount_cents",
        "currency",
        "qualifier",
        "quota_basis_points",
        "notice_date",
        "url",
    )
    assert [found[name] for name in asked] == [
        str(row.public_id), "Eins; zwei", "1", "EUR", "up_to", "9000", "2022-05-02",
        f"http://testserver{row.get_absolute_url()}",
    ]  # fmt: skip


def test_json_follows_360giving(client: Client) -> None:
    row = make_grant(title="Eins", ags="07318000", recipient="Speyer", amount_cents=160_000_050, qualifier="more")
    apart = make_grant(title="Zwei", notice_date=None)
    package = json.loads(client.get("/foerderung.json").content)
    (one,) = package["grants"]
    assert one | {"dateModified": ""} == {
        "id": f"360G-allmende-{row.public_id}", "title": "Eins",
        "description": "Digitale Stadt – Eins. mehr als 1.600.000,50\xa0€.",
        "currency": "EUR", "amountAwarded": 1_600_000.5, "awardDate": "2022-05-02",
        "url": f"http://testserver{row.get_absolute_url()}",
        "plannedDates": [{"startDate": "2022-01-01", "endDate": "2023-12-31"}],
        "recipientOrganization": [{"id": "XI-AGS-07318000", "name": "Speyer"}],
        "fundingOrganization": [{"id": "360G-allmende-org-ministerium", "name": "Ministerium"}],
        "grantProgramme": [{"title": "Digitale Stadt"}], "dateModified": "", "dataSource": row.source_url,
    }  # fmt: skip
    (other,) = package["grantsWithoutAwardDate"]
    assert (other["id"], "awardDate" in other) == (f"360G-allmende-{apart.public_id}", False)


def test_the_export_is_valid_under_the_published_schema(client: Client, data_folder: Path) -> None:
    import jsonschema
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    folder = data_folder / "programme" / "360giving"
    whole = json.loads((folder / "360-giving-package-schema.json").read_text())
    single = json.loads((folder / "360-giving-schema.json").read_text())
    make_grant(quota=9000, note="Anmerkung.", document_url="https://q.example/bescheid.pdf")
    row = make_grant(starts=date(2020, 1, 1), ends=None, scheme_url="https://q.example", amount_cents=1)
    grants.share_out(row, [(make_measure(), 1)], version=row.version, actor="test")
    make_grant(notice_date=None)
    package = json.loads(client.get("/foerderung.json").content)
    resource = DRAFT202012.create_resource(single)
    registry: Any = Registry().with_resources(
        [(single["$id"], resource), (whole["properties"]["grants"]["items"]["$ref"], resource)]
    )
    validator = jsonschema.Draft202012Validator(
        whole, registry=registry, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    assert [error.message for error in validator.iter_errors(package)] == []
    # The check itself bites.
    broken = package | {"grants": [{"id": "360G-x"}]}
    assert list(validator.iter_errors(broken)) != []


def _call(method: str, path: str, key: str, body: dict[str, Any]) -> Any:
    headers = {"authorization": f"Bearer {key}"}
    return Client().generic(method, path, json.dumps(body), content_type="application/json", headers=headers)


BODY = {"title": "Per Programm", "scheme": "S", "authority": "B", "amount_cents": 5, "recipient": "Hier",
        "source_title": "Q", "source_url": "https://q.example", "notice_date": "2020-05-01"}  # fmt: skip


def test_programs_record_and_change_with_a_token() -> None:
    treasurer = make_account(Role.TREASURER)
    key = create_token(treasurer, "Kasse", role=Role.TREASURER, actor=treasurer)[1]
    made = _call("POST", "/api/funding/grants", key, BODY)
    assert made.status_code == 201, made.content
    found = made.json()
    assert [found[name] for name in ("title", "amount_cents", "notice_date", "published", "version", "shares")] == [
        "Per Programm", 5, "2020-05-01", False, 1, [],
    ]  # fmt: skip
    path = f"/api/funding/grants/{found['id']}"
    assert _call("PATCH", path, key, {"version": 1, "amount_cents": 7}).json()["amount_cents"] == 7
    assert Grant.objects.get().notice_date == date(2020, 5, 1)
    assert _call("PATCH", path, key, {"version": 2, "notice_date": None}).json()["notice_date"] is None
    assert _call("PATCH", path, key, {"version": 1, "amount_cents": 8}).status_code == 409
    wrong = _call("PATCH", path, key, {"version": 3, "starts": "2021-01-02", "ends": "2021-01-01"})
    assert (wrong.status_code, wrong.json()["fields"]) == (
        422, [{"field": "ends", "message": "Das Ende liegt vor dem Anfang."}],
    )  # fmt: skip
    for odd in ({"published": "2020-01-01"}, {"amount_cents": 0}, {"title": ""}, {"ags": "7312"}, {"quota": 10_001}):
        assert _call("PATCH", path, key, {"version": 3} | odd).status_code == 422
    assert _call("POST", "/api/funding/grants", key, BODY | {"phase": 10**30}).status_code == 422
    assert Grant.objects.get().version == 3


def test_programs_without_the_right_are_refused(client: Client) -> None:
    row = make_grant()
    funder = make_account(Role.FUNDER)
    key = create_token(funder, "Land", role=Role.FUNDER, actor=funder)[1]
    hidden = make_grant(False)
    seen = client.get("/api/funding/grants", headers={"authorization": f"Bearer {key}"}).json()
    assert {each["id"] for each in seen["items"]} == {str(row.public_id), str(hidden.public_id)}
    assert _call("POST", "/api/funding/grants", key, BODY).status_code == 403
    assert _call("PATCH", f"/api/funding/grants/{row.public_id}", key, {"version": 2}).status_code == 403
    assert client.post("/api/funding/grants", BODY, content_type="application/json").status_code == 401
