"""Public pages: list, portfolio, one grant, the panel on a measure."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allmende.funding.domain import grants
from allmende.programme.models import Figure, Phase, Programme
from allmende.spine.people.enums import Role
from tests.factories import make_measure

from .makers import make_grant
from .reading import body_of, rows_of, signed_in, text_of

pytestmark = pytest.mark.django_db
SOURCE = "Pressemitteilung"


@pytest.fixture
def staff() -> Client:
    return signed_in(Role.TREASURER)


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
