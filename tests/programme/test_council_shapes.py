"""What OParl servers say is read without trust."""

import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.programme.council import gathering, shapes
from allmende.programme.council.client import Client
from allmende.programme.council.problems import CouncilProblem

BERLIN = ZoneInfo("Europe/Berlin")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(
    ("id", "type", "name", "result", "resolutionText", "meeting", "consultation", "agendaItem", "organization", "start",
     "deleted", "public", "modified", "web", "resolutionFile", "links", "data", "next", "cancelled")
)  # fmt: skip


class Nobody(Client):
    """Every look-up fails."""

    def get(self, text: str) -> shapes.Object:
        raise CouncilProblem("status", "500")


@given(st.dictionaries(NAMES, JSON | st.dictionaries(NAMES, JSON, max_size=6), max_size=8))
def test_nothing_that_json_can_say_breaks_the_reading(doc: shapes.Object) -> None:
    client = Nobody("https://ratsinfo.example/")
    shapes.page(doc)
    try:
        found = list(gathering.found_in(doc, client, lambda oparl_id, modified: False))
    except CouncilProblem:
        return
    for each in found:
        if isinstance(each, gathering.Decided):
            told = json.dumps([each.title, each.result, each.text, each.body, each.reference], ensure_ascii=False)
            told.encode()  # no half characters
            assert "\0" not in each.text + each.title
            assert shapes.is_web(each.oparl_id)
            assert (len(each.title) <= 500, len(each.result) <= 300, len(each.text) <= 20_000) == (True, True, True)


@given(st.text(alphabet="<>&;/ abpscrit=\"'#x3\n", max_size=60))
def test_texts_stay_within_their_length(markup: str) -> None:
    assert len(shapes.text(markup, 20)) <= 20


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("<p>Eins</p><p>Zwei</p>", "Eins\n\nZwei"),
        ("a<br/>b<br>c", "a\nb\nc"),
        ("<ul><li>eins<li>zwei</ul>", "eins\nzwei"),
        ("&lt;b&gt;fett&lt;/b&gt;", "fett"),
        ("<script>alert(1)</script>still<!-- kein Text -->", "still"),
        ("2 < 3 und 5 > 4", "2 < 3 und 5 > 4"),
        ("A&B GmbH & Co", "A&B GmbH & Co"),
        ("weich\xadtrennen\xa0hart", "weichtrennen hart"),
    ],
)
def test_markup_becomes_text(markup: str, plain: str) -> None:
    assert shapes.text(markup, 100, lines=True) == plain


def test_a_long_text_says_that_it_goes_on() -> None:
    assert shapes.text("wort " * 10, 12) == "wort wort w…"


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2026-03-16T17:00:00+01:00", dt.date(2026, 3, 16)),
        ("2026-03-16T23:30:00Z", dt.date(2026, 3, 17)),
        ("2026-03-29T00:30:00+01:00", dt.date(2026, 3, 29)),
        ("2026-10-24T22:30:00Z", dt.date(2026, 10, 25)),
        ("2026-03-16T17:00:00", dt.date(2026, 3, 16)),
        ("2026-03-16", dt.date(2026, 3, 16)),
        ("2026-02-30", None),
        ("0001-01-01T00:00:00Z", None),
        ("gestern", None),
        (20260316, None),
        (None, None),
    ],
)
def test_days_of_meetings_in_the_zone_of_the_town(told: object, day: dt.date | None) -> None:
    assert shapes.day(told, BERLIN) == day


def test_the_filter_joins_what_the_address_asks_for_already() -> None:
    moment = dt.datetime(2026, 3, 1, tzinfo=BERLIN)
    asked = shapes.since("https://r.example/items?body=1&modified_since=alt#x", moment)
    assert asked == "https://r.example/items?body=1&modified_since=2026-03-01T00%3A00%3A00%2B01%3A00"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("0123/2026", "0123/2026"),
        (" Vorlage Nr. 0123 / 2026", "0123/2026"),
        ("Beschlussvorlage 0123/2026", "0123/2026"),
        ("Vorlagen-Nr.: 0123/2026", "0123/2026"),
        ("Drucksache 0123/2026", "0123/2026"),
        ("Drs. 0123/2026", "0123/2026"),
        ("VO/0123/2026", "vo/0123/2026"),
        ("NRW-1", "nrw-1"),
        ("Nr. 7", "7"),
        ("", ""),
    ],
)
def test_papers_are_compared_as_people_write_them(written: str, key: str) -> None:
    assert shapes.key(written) == key


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        ("einstimmig beschlossen", "approve"),
        ("Ungeändert beschlossen", "approve"),
        ("mehrheitlich zugestimmt", "approve"),
        ("einstimmig abgelehnt", "note"),
        ("nicht beschlossen", "note"),
        ("zur Kenntnis genommen", "note"),
        ("vertagt", "note"),
        ("einstimmig zurückgestellt", "note"),
        ("", "note"),
    ],
)
def test_what_a_result_seems_to_do(result: str, kind: str) -> None:
    assert shapes.kind_of(result) == kind


def test_a_client_stays_with_its_server_and_its_protection() -> None:
    client = Client("https://ratsinfo.example:8443/oparl")
    assert client.url("http://ratsinfo.example/a?b#c") == "https://ratsinfo.example:8443/a?b"
    assert client.url("https://RATSINFO.example/a") == "https://RATSINFO.example/a"
    for away in (
        "https://fremd.example/",
        "//fremd.example/",
        "/nur/pfad",
        "http://[",
        "https://ratsinfo.example.org/",
    ):
        with pytest.raises(CouncilProblem) as caught:
            client.url(away)
        assert caught.value.code == "elsewhere"
