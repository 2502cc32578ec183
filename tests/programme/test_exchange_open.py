"""What everybody may take away: the archive and the badge."""

import csv
import io
import json
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from allmende.programme.core.badge import WIDTH, fit, width_of
from allmende.programme.domain import frame
from allmende.programme.domain.indicators import record_values, withdraw_indicator
from allmende.programme.domain.targets import remove_target, set_target
from allmende.programme.exchange import archive
from allmende.programme.models import Indicator, Involvement, Measure, Value
from tests.factories import make_measure

from .exchange_support import make_world
from .indicator_support import make_indicator, row

pytestmark = pytest.mark.django_db


def archive_of(client: Client) -> zipfile.ZipFile:
    response: Any = client.get("/offene-daten/programm.zip")
    assert response.status_code == 200
    assert f"programm-{timezone.localdate():%Y-%m-%d}.zip" in response["Content-Disposition"]
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode())))


class TestArchive:
    def test_everything_public_and_no_draft(self, client: Client) -> None:
        make_world()
        found = archive_of(client)
        assert found.testzip() is None
        whole = b"\n".join(found.read(name) for name in found.namelist()).decode()
        for secret in ("Geheim", "Geheimer Entwurf", "Noch nicht öffentlich", "entwurf-kennzahl", "Erledigt"):
            assert secret not in whole, secret
        hidden = Measure.objects.get(title="Geheim")
        assert str(hidden.public_id) not in whole
        assert [row["code"] for row in rows(found, "massnahmen.csv")] == ["A-1", "B-2"]
        assert [(row["plan"], row["done"]) for row in rows(found, "meilensteine.csv")] == [("2019-08-12", "2019-08-12")]
        assert len(rows(found, "werte.csv")) == 5
        assert [row["state"] for row in rows(found, "massnahmen.csv")] == ["done", "unknown"]

    def test_texts_run_nowhere_as_formulas(self, client: Client) -> None:
        make_world()
        found = archive_of(client)
        for name in found.namelist():
            if name.endswith(".csv"):
                for row in rows(found, name):
                    for key, value in row.items():
                        assert value[:1] not in ("=", "+", "@", "\t", "\r"), (name, key)
                        assert value[:1] != "-" or key in ("value", "was", "baseline"), (name, key)

    def test_corrections_say_what_was_what_is_and_since_when(self, client: Client) -> None:
        make_world()
        assert rows(archive_of(client), "berichtigungen.csv") == [
            {
                "indicator": "strom", "level": "town", "area": "07312", "starts": "2018-01-01", "ends": "2019-01-01",
                "was": "12.5", "was_quality": "final", "value": "12.6", "quality": "final",
                "known_from": "2022-01-01T00:00:00+00:00", "vintage": "2022-02-01T00:00:00+00:00", "note": "",
            }
        ]  # fmt: skip

    def test_the_dictionary_explains_every_column_in_two_languages(self, client: Client) -> None:
        make_world()
        found = archive_of(client)
        told = {(row["file"], row["column"]): row for row in rows(found, "datenlexikon.csv")}
        for name in found.namelist():
            if name.endswith(".csv") and name != "datenlexikon.csv":
                head = next(csv.reader(io.StringIO(found.read(name).decode())))
                for column in head:
                    line = told[name, column]
                    assert line["meaning_de"] and line["meaning_en"] and line["type"]
        assert told["meilensteine.csv", "plan"]["meaning_de"] == "Jetzt geplant für"
        assert told["meilensteine.csv", "plan"]["meaning_en"] == "Now planned for"
        assert len(json.loads(found.read("datenlexikon.json"))) == len(told)
        assert "dl-de/by-2-0" in found.read("LIESMICH.txt").decode()

    def test_as_many_queries_for_one_value_as_for_many(self, client: Client) -> None:
        make_world()
        archive_of(client)  # the town's settings are kept from here on
        with CaptureQueriesContext(connection) as few:
            archive_of(client)
        for number in range(3):
            make_measure(title=f"Weitere {number}")
        strom = Indicator.objects.get(slug="strom")
        last = Value.objects.filter(indicator=strom).first()
        for year in range(2000, 2010):
            last.pk, last.public_id = None, None
            Value.objects.create(
                indicator=strom, definition=last.definition, level="town", area="07312", starts=f"{year}-01-01",
                ends=f"{year + 1}-01-01", value=1, vintage=last.vintage,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as many:
            archive_of(client)
        assert len(many) == len(few)

    def test_the_page_names_date_and_licence(self, client: Client) -> None:
        make_world()
        body = client.get("/offene-daten/").content.decode()
        assert 'href="/offene-daten/programm.zip"' in body
        assert "Datenlizenz Deutschland" in body and "govdata.de/dl-de/by-2-0" in body


class TestDate:
    """What the page says of how new the data are."""

    def test_nothing_public_has_no_date(self, client: Client) -> None:
        make_measure(published=None)
        make_indicator(published=False)
        assert archive.newest() is None
        assert "noch nichts veröffentlicht" in client.get("/offene-daten/").content.decode()

    def test_whatever_of_it_changes_moves_it(self) -> None:
        measure = make_measure()
        party = frame.put("party", {"name": "Verein"}, actor="test")
        seen = [archive.newest()]
        assert seen[0] is not None and seen[0] >= measure.changed

        def moved() -> None:
            last = archive.newest()
            assert last is not None and last > seen[-1]
            seen.append(last)

        indicator = make_indicator()
        moved()
        record_values([row(indicator, "2020", 1)], actor="test")
        moved()
        record_values([row(indicator, "2020", 2)], actor="test")
        moved()
        target = set_target(indicator, {"area": "07312", "value": 5}, actor="test")
        moved()
        remove_target(target, actor="test")
        moved()
        withdraw_indicator(indicator, actor="test")
        moved()
        Involvement.objects.create(measure=measure, party=party, role="partner")
        frame.put("party", {"note": "Neu"}, row=party, actor="test")
        moved()
        frame.put("topic", {"title": "Anders"}, row=measure.topic, actor="test")
        moved()

    def test_what_nobody_sees_does_not_move_it(self) -> None:
        make_measure()
        before = archive.newest()
        hidden = make_indicator(published=False)
        record_values([row(hidden, "2020", 1)], actor="test")
        make_measure(published=None)
        assert archive.newest() == before


class TestBadge:
    def test_title_state_and_date_as_words(self, client: Client) -> None:
        make_world()
        response = client.get("/massnahmen/fauthweg-licht-mehr/plakette.svg")
        assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert "X-Frame-Options" not in response
        assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors *"
        picture = ElementTree.fromstring(response.content)
        texts = [each.text for each in picture.iter("{http://www.w3.org/2000/svg}text")]
        assert texts[:2] == ["Fauthweg: Licht & mehr", "Stand: Abgeschlossen seit 12.08.2019"]
        assert texts[2] == f"Stand vom {timezone.localdate():%d.%m.%Y}"
        assert {each.tag.rpartition("}")[2] for each in picture.iter()} == {"svg", "title", "rect", "text"}

    @pytest.mark.parametrize(
        "title", ["<script>alert(1)</script>", "W" * 160, "\u202eumgedreht", "漢" * 90, "a\x0bb", "]]>&\"'", "{state}"]
    )
    def test_titles_are_any_text(self, client: Client, title: str) -> None:
        measure = make_measure(title=title)
        response = client.get(f"{measure.get_absolute_url()}plakette.svg")
        picture = ElementTree.fromstring(response.content)
        shown = next(picture.iter("{http://www.w3.org/2000/svg}text")).text or ""
        assert width_of(shown, 16, bold=True) <= WIDTH - 28
        assert b"<script" not in response.content

    def test_drafts_have_none(self, client: Client) -> None:
        measure = make_measure(published=None)
        assert client.get(f"{measure.get_absolute_url()}plakette.svg").status_code == 404
        assert client.get(f"{measure.get_absolute_url()}einbetten/").status_code == 404

    def test_the_snippet_escapes_what_it_says(self, client: Client) -> None:
        measure = make_measure(title='"><script>x</script>')
        response = client.get(f"{measure.get_absolute_url()}einbetten/")
        assert response["X-Frame-Options"] == "DENY"
        assert "<script>x" not in response.context["snippet"]
        assert f'{measure.get_absolute_url()}plakette.svg"' in response.context["snippet"]

    @given(st.text(max_size=80), st.integers(40, 400))
    def test_what_is_cut_fits(self, text: str, room: int) -> None:
        assert width_of(fit(text, room, 13), 13) <= room
