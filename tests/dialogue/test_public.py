"""The public pages of participations, as visitors read them."""

import datetime as dt
import hashlib
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.dialogue.domain import answering, contributing, overview, participations, reviewing
from allmende.dialogue.models import Contribution, Phase
from allmende.spine.moderation.domain import comments, holding
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .made import contribute, make_participation, make_phase, make_resident, rules
from .test_thread import judgement

pytestmark = pytest.mark.django_db
NASTY = "<script>alert(1)</script>"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def shifted(days: int, *, length: int = 10) -> dict[str, Any]:
    opens = timezone.now() + dt.timedelta(days=days)
    return {"opens": opens, "closes": opens + dt.timedelta(days=length)}


def made(title: str, days: int, **values: Any) -> Any:
    return make_participation(title=title, phase=rules(**shifted(days)), **values)


def test_open_first_then_announced_then_over(client: Client) -> None:
    made("Vorbei", -30)
    made("Länger vorbei", -60)
    made("Kommt", 5)
    made("Kommt später", 9)
    made("Läuft lange", -1)
    made("Endet bald", -8)
    made("Nur geplant", -1, published=False)
    participations.withdraw(made("Abgebrochen", -2), "Kein Geld.", actor="test")
    titles = [row.title for row in overview.staged()]
    expected = ["Endet bald", "Läuft lange", "Kommt", "Kommt später", "Abgebrochen", "Vorbei", "Länger vorbei"]
    assert titles == expected
    page = text(client.get("/beteiligung/"))
    places = [page.index(f">{title}</a>") for title in expected]
    assert places == sorted(places)
    assert ("Nur geplant" in page, "noch 2 Tage" in page) == (False, True)
    assert [row.title for row in overview.narrowed(overview.staged(), "kommt später")] == ["Kommt später"]
    assert [row.title for row in overview.narrowed(overview.staged(), stage="coming")] == ["Kommt", "Kommt später"]
    assert "Keine Beteiligung passt" in text(client.get("/beteiligung/?q=nirgends"))


def test_an_empty_list_says_so(client: Client) -> None:
    assert "Zurzeit wird nichts gefragt" in text(client.get("/beteiligung/"))


def test_a_participation_says_its_rules_and_their_hash(client: Client) -> None:
    phase = make_phase(reviews=2, criteria=["Nutzen", NASTY], answer_days=30, pictures=0)
    row = phase.participation
    before = text(client.get(f"/beteiligung/{row.slug}/"))
    assert ("Ab dem ersten Beitrag" in before, NASTY in before, "innerhalb von 30 Tagen" in before) == (
        True,
        False,
        True,
    )
    contribute(phase)
    phase.refresh_from_db()
    assert phase.frozen in text(client.get(f"/beteiligung/{row.slug}/"))
    file = client.get(f"/beteiligung/{row.slug}/1/regeln.json")
    assert hashlib.sha256(file.content).hexdigest() == phase.frozen


def test_what_became_of_it_names_the_office_that_is_late(client: Client) -> None:
    phase, office = make_phase(), make_account(Role.PROGRAMME_OFFICE)
    row, late = contribute(phase), contribute(phase, title="Zu spät")
    answering.answer(row, standing="declined", reason="Nein.", version=row.version, actor=office)
    Contribution.objects.filter(pk=late.pk).update(due=timezone.localdate() - dt.timedelta(days=3))
    page = text(client.get(phase.participation.get_absolute_url()))
    assert "davon überfällig: Tiefbauamt" in page
    listed = text(client.get(phase.get_absolute_url() + "?standing=overdue"))
    assert ("Zu spät" in listed, "Streugut" in listed) == (True, False)
    assert "überfällig: Tiefbauamt" in text(client.get(late.get_absolute_url()))


def test_the_ends_of_a_participation_are_said(client: Client) -> None:
    row = make_participation(title="Aus")
    participations.withdraw(row, f"Kein Geld. {NASTY}", actor="test")
    page = text(client.get(row.get_absolute_url()))
    assert ("abgebrochen" in page, "Kein Geld." in page, NASTY in page, "Idee einbringen" in page) == (
        True, True, False, False,
    )  # fmt: skip
    draft = make_participation(title="Geheim", published=False)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(draft.phases.get().get_absolute_url()).status_code == 404


def test_a_list_is_narrowed_and_sorted(client: Client) -> None:
    phase = make_phase(place="optional")
    first = contribute(phase, title="Bank", text="Eine Bank.")
    contribute(phase, title="Licht", text="Mehr Licht.", lon=7.76, lat=49.44, place_name="Fauthweg")
    contributing.support(first, True, actor=make_resident())

    def titles(query: str) -> list[str]:
        page = text(client.get(phase.get_absolute_url() + query))
        return sorted(
            (name for name in ("Bank", "Licht") if f">{name}</a>" in page), key=lambda n: page.index(f">{n}<")
        )

    assert titles("") == ["Licht", "Bank"]
    assert titles("?sort=zuspruch") == titles("?sort=alt") == ["Bank", "Licht"]
    assert titles("?q=fauthweg") == ["Licht"]
    assert titles("?standing=accepted") == []
    assert titles("?standing=unsinn&topic=x") == ["Licht", "Bank"]


def test_one_row_and_three_ask_as_often(client: Client) -> None:
    phase = make_phase()

    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as context:
            assert client.get(address).status_code == 200
        return len([one for one in context if "instance_instance" not in one["sql"]])

    base = phase.get_absolute_url()
    addresses = [base, base + "karte/", base + "karte.json", base + "beitraege.json", "/beteiligung/"]
    contribute(phase, lon=7.76, lat=49.44)
    make_participation(title="Noch eine")
    one = [asked(address) for address in addresses]
    for number in range(2):
        contribute(phase, title=f"Idee {number}", lon=7.76, lat=49.44)
        make_participation(title=f"Weitere {number}")
    assert [asked(address) for address in addresses] == one


def test_map_and_files_hold_only_what_is_shown(client: Client) -> None:
    phase = make_phase()
    shown = contribute(phase, title="=cmd()", lon=7.76, lat=49.44)
    contribute(phase, title="Ohne Ort")
    held = contribute(
        phase, text="http://a.example http://b.example http://c.example http://d.example", lon=7.7, lat=49.4
    )
    taken = contribute(phase, make_resident(), title="Zurück", lon=7.71, lat=49.41)
    assert taken.author is not None
    contributing.take_back(taken, actor=taken.author.account)
    base = phase.get_absolute_url()
    found = json.loads(client.get(base + "karte.json").content)["features"]
    assert [each["properties"]["name"] for each in found] == ["=cmd()"]
    assert f'data-features="{base}karte.json"' in text(client.get(base + "karte/"))
    told = client.get(base + "beitraege.json").json()["contributions"]
    assert [(each["number"], each["title"], each["lon"]) for each in told] == [
        (1, "=cmd()", 7.76),
        (2, "Ohne Ort", None),
    ]
    lines = b"".join(client.get(base + "beitraege.csv").streaming_content).decode().splitlines()
    assert (len(lines), "'=cmd()" in lines[1]) == (3, True)
    assert client.get(held.get_absolute_url()).status_code == 404
    gone = client.get(taken.get_absolute_url())
    assert (gone.status_code, "Zurück" in text(gone), "Beitrag 4" in text(gone)) == (410, False, True)
    assert shown.get_absolute_url() in text(client.get(base))


def test_a_contribution_shows_answer_measure_and_judgements(client: Client) -> None:
    phase, office = make_phase(reviews=1, criteria=["Nutzen", "Aufwand"]), make_account(Role.PROGRAMME_OFFICE)
    row = contribute(phase, title=NASTY, text=f"Erster Absatz.\n\n{NASTY}")
    expert = make_account(Role.EXPERT, name="Erna Geheim")
    (review,) = reviewing.ask(row, [expert], actor=office)
    assert "Fachfrau" not in text(client.get(row.get_absolute_url()))
    reviewing.give(review, judgement(), version=1, actor=expert)
    measure = make_measure(title="Fauthweg sicher")
    for standing, reason in (("declined", "Zu teuer."), ("accepted", "Doch möglich.")):
        row.refresh_from_db()
        answering.answer(row, standing=standing, reason=reason, measure=measure.urn, version=row.version, actor=office)
    page = text(client.get(row.get_absolute_url()))
    for told in ("Fachfrau für Winterdienst", "5.000", "Doch möglich.", "Zu teuer.", "Fauthweg sicher", "Tiefbauamt",
                 "<p>Erster Absatz.</p>", "Frühere Antwort"):  # fmt: skip
        assert told in page, told
    assert (NASTY in page, "Erna Geheim" in page, page.index("Doch möglich.") < page.index("Zu teuer.")) == (
        False, False, True,
    )  # fmt: skip
    panel = text(client.get(measure.get_absolute_url()))
    assert row.get_absolute_url() in panel


def test_a_contribution_is_commented_and_supported_without_script(client: Client) -> None:
    holding.change_rules({"first": False}, version=0, actor="test")
    phase, reader = make_phase(), make_resident()
    row = contribute(phase)
    anonymous = text(client.get(row.get_absolute_url()))
    assert ("csrfmiddlewaretoken" in anonymous, "Zum Unterstützen anmelden" in anonymous) == (False, True)
    client.force_login(reader)
    comments.post_comment(reader, row.urn, "Auch am Spielplatz.")
    address = row.get_absolute_url() + "zuspruch/"
    assert client.post(address, {"wanted": "1"})["Location"] == row.get_absolute_url() + "#zuspruch"
    page = text(client.get(row.get_absolute_url()))
    assert ("Auch am Spielplatz." in page, "1 Person unterstützt" in page, 'value="0"' in page) == (True, True, True)
    client.post(address, {"wanted": "0"})
    row.refresh_from_db()
    assert row.support == 0
    Phase.objects.update(closes=timezone.now())
    client.post(address, {"wanted": "1"})
    row.refresh_from_db()
    assert row.support == 0
    assert client.get(address).status_code == 405


def test_english_pages_say_which_texts_are_german(client: Client) -> None:
    row = contribute(make_phase(), title="Splitt")
    page = text(client.get(row.get_absolute_url(), headers={"accept-language": "en"}))
    assert ('<article lang="de">' in page, "What becomes of it" in page) == (True, True)
