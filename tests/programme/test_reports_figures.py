"""Figures of the whole programme in the annual report, as their sources state them."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from allmende.programme.models import Figure, Programme
from allmende.programme.reports import parts
from allmende.programme.reports.freeze import make_report
from tests.factories import make_measure
from tests.support import pdf as read

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year - 1
KNOWN = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)


def make(**values: Any) -> Figure:
    programme = Programme.objects.first() or Programme.objects.create(title="Programm")
    plain = {"key": "land", "matter": "Landesmittel", "value": 6_590_000_00, "unit": "EUR", "vintage": KNOWN,
             "source_title": "Landtag", "source_url": "https://example.org/l"}  # fmt: skip
    return Figure.objects.create(programme=programme, **plain | values)


def test_contradicting_figures_side_by_side_each_with_its_row(client: Client) -> None:
    one = make(period="2015–2021")
    other = make(period="2015–2021", value=7_000_000_00, qualifier="rund", source_title="<b>Presse</b>", note="Zitat")
    length = make(key="laenge", matter="Länge", value="1200.50", unit="m")
    make(measure=make_measure(), key="x", matter="Nur der Maßnahme")
    report = make_report(YEAR, actor="test")
    found = parts.rows_of(report.document, "figures", "figures")
    assert [[cell["text"] for cell in row.values()] for row in found] == [
        ["Länge", "1.200,5\u00a0Meter", "–", "Landtag", "–"],
        ["Landesmittel (mehrere Angaben)", "6.590.000\u00a0€", "2015–2021", "Landtag", "–"],
        ["Landesmittel (mehrere Angaben)", "rund 7.000.000\u00a0€", "2015–2021", "<b>Presse</b>", "Zitat"],
    ]
    assert [(row["value"]["value"], row["value"]["unit"], row["value"]["rows"]) for row in found] == [
        ("1200.5", "m", [length.urn]),
        ("659000000", "EUR cent", [one.urn]),
        ("700000000", "EUR cent", [other.urn]),
    ]
    assert {row["value"]["vintage"] for row in found} == {KNOWN.isoformat()}
    chapter = next(each for each in report.document["chapters"] if each["key"] == "figures")
    assert chapter["text"] == ["Wo Quellen sich widersprechen, stehen beide da."]
    body = client.get(report.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Presse&lt;/b&gt;" in body and "Nur der Maßnahme" not in body
    assert read.has(bytes(report.pdf), one.urn) and read.has(bytes(report.pdf), "rund 7.000.000")


def test_without_figures_the_chapter_says_so() -> None:
    chapter = next(each for each in make_report(YEAR, actor="test").document["chapters"] if each["key"] == "figures")
    assert (chapter["text"], chapter["tables"]) == (["Es ist keine Zahl zum ganzen Programm eingetragen."], [])


def test_a_figure_leads_to_where_it_stands(client: Client) -> None:
    figure, hidden = make(), make(measure=make_measure(published=None))
    public = make(measure=make_measure())
    report = make_report(YEAR, actor="test")
    for row, page in ((figure, "/zahlen/"), (public, public.measure.get_absolute_url())):
        answer = client.get(f"{report.get_absolute_url()}quelle/{row.urn}/")
        assert (answer.status_code, answer["Location"]) == (302, page)
    assert client.get(f"{report.get_absolute_url()}quelle/{hidden.urn}/").status_code == 410
    gone = figure.urn
    figure.delete()
    assert client.get(f"{report.get_absolute_url()}quelle/{gone}/").status_code == 410
