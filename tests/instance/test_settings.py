"""Settings in the browser: each page alone, two editors, rooms, colours."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allmende.programme.apps import ProgrammeConfig
from allmende.spine.address import export_address
from allmende.spine.facts.models import FactRow
from allmende.spine.instance.domain.queries import closed_processes, closed_rooms, current, forget
from allmende.spine.instance.domain.settings import change
from allmende.spine.instance.interfaces.settings import PAGES
from allmende.spine.instance.models import Instance
from allmende.spine.people.enums import Role
from allmende.spine.ui.brand import DEFAULTS
from tests.factories import make_account, make_measure

pytestmark = pytest.mark.django_db
BASE = "/intern/einstellungen/"
NEUSTADT = {"town": "Neustadt", "ags": "07316000", "state": "RP"}
BRAND = {"name": "Muster digital", "claim": "", "sign": "heart"} | DEFAULTS


def save(client: Client, slug: str, values: dict[str, Any], seen: str | None = None) -> Any:
    seen = client.get(f"{BASE}{slug}/").context["seen"] if seen is None else seen
    return client.post(f"{BASE}{slug}/", values | {"seen": seen})


def test_every_page_opens_and_is_listed(admin_client: Client) -> None:
    page = admin_client.get(BASE).content.decode()
    for slug in PAGES:
        assert f'href="{BASE}{slug}/"' in page
        assert admin_client.get(f"{BASE}{slug}/").status_code == 200
    assert admin_client.get(f"{BASE}keller/").status_code == 404


@pytest.mark.parametrize(
    ("slug", "values", "stored"),
    [
        ("allgemein", NEUSTADT, NEUSTADT),
        ("sprachen", {"languages": ["de"]}, {"languages": ["de"]}),
        ("kontakt", {"contact_email": "amt@example.org"}, {"contact_email": "amt@example.org"}),
        ("impressum", {"imprint": "Stadt\r\n\r\nAmt"}, {"imprint": "Stadt\r\n\r\nAmt"}),
        ("datenschutz", {"privacy": "Verantwortlich: die Stadt"}, {"privacy": "Verantwortlich: die Stadt"}),
        ("adresse", {"base_url": "https://a.example.org"}, {"base_url": "https://a.example.org"}),
        ("marke", BRAND | {"claim": "Neu"}, {"claim": "Neu", "colours": {}}),
    ],
)  # fmt: skip
def test_saving(admin_client: Client, slug: str, values: dict, stored: dict) -> None:
    assert save(admin_client, slug, values).status_code == 302
    row = Instance.objects.get()
    assert {name: getattr(row, name) for name in stored} == stored
    assert FactRow.objects.filter(kind="instance.settings.changed").count() == 2
    # The same once more changes nothing and tells nothing.
    assert save(admin_client, slug, values).status_code == 302
    assert FactRow.objects.filter(kind="instance.settings.changed").count() == 2


def test_html_in_texts_is_text(admin_client: Client) -> None:
    save(admin_client, "impressum", {"imprint": "<script>alert(1)</script>"})
    page = admin_client.get(f"{BASE}impressum/").content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_two_editors_of_one_page_meet_and_nothing_is_lost(admin_client: Client) -> None:
    seen = admin_client.get(f"{BASE}impressum/").context["seen"]
    assert save(admin_client, "impressum", {"imprint": "Zuerst gespeichert"}).status_code == 302
    response = save(admin_client, "impressum", {"imprint": "Mein Text"}, seen)
    assert response.status_code == 409
    (difference,) = response.context["differences"]
    assert (difference.yours, difference.saved) == ("Mein Text", "Zuerst gespeichert")
    assert response.context["form"]["imprint"].value() == "Mein Text"
    assert Instance.objects.get().imprint == "Zuerst gespeichert"
    assert save(admin_client, "impressum", {"imprint": "Beides"}, response.context["seen"]).status_code == 302
    assert Instance.objects.get().imprint == "Beides"


def test_editors_of_different_pages_do_not_meet(admin_client: Client) -> None:
    seen = admin_client.get(f"{BASE}kontakt/").context["seen"]
    save(admin_client, "impressum", {"imprint": "Neu"})
    assert save(admin_client, "kontakt", {"contact_email": "a@example.org"}, seen).status_code == 302


def test_without_having_seen_the_page_nothing_is_overwritten(admin_client: Client) -> None:
    assert save(admin_client, "impressum", {"imprint": "X"}, "").status_code == 409
    assert Instance.objects.get().imprint == ""


@pytest.mark.parametrize(("colour", "value"), [("action", "#9fd8c2"), ("ink", "#b0a9a0"), ("accent", "#fbe9df")])
def test_colours_too_weak_are_refused_at_their_field(admin_client: Client, colour: str, value: str) -> None:
    response = save(admin_client, "marke", BRAND | {colour: value})
    assert response.status_code == 422
    messages = response.context["form"].errors[colour]
    assert all(re.search(r"Kontrast.*\d,\d+|\d\.\d+", text) for text in messages) and messages
    assert Instance.objects.get().colours == {}
    with pytest.raises(ValidationError):
        change({"colours": {colour: value}}, actor="test")


def test_colours_are_looked_at_before_they_are_saved(admin_client: Client) -> None:
    """The button's name is not that of the colour "action", which it would overwrite."""
    seen = admin_client.get(f"{BASE}marke/").context["seen"]
    blue = BRAND | {"action": "#1f4e8c", "seen": seen}
    shown = admin_client.post(f"{BASE}marke/", blue | {"do": "preview"})
    pictures = [str(picture) for _, picture in shown.context["previews"]]
    assert shown.status_code == 200 and ["#1f4e8c" in picture for picture in pictures] == [True, False]
    assert Instance.objects.get().colours == {}
    assert admin_client.post(f"{BASE}marke/", blue | {"seen": shown.context["seen"]}).status_code == 302
    assert Instance.objects.get().colours == DEFAULTS | {"action": "#1f4e8c"}


def test_rooms_close_and_open(admin_client: Client, client: Client) -> None:
    make_measure(title="Fauthweg", slug="fauthweg")
    assert client.get("/massnahmen/fauthweg/").status_code == 200
    assert 'href="/massnahmen/"' in admin_client.get("/").content.decode()
    page = admin_client.get(f"{BASE}raeume/")
    assert [room["title"] for room in page.context["rooms"]] == ["Programm", "Förderung", "Vorgänge", "Beteiligung"]
    assert save(admin_client, "raeume", {"rooms": []}).status_code == 302
    forget()
    assert client.get("/massnahmen/fauthweg/").status_code == 404
    assert client.get("/intern/massnahmen/").status_code == 404
    assert 'href="/massnahmen/"' not in admin_client.get("/").content.decode()
    assert save(admin_client, "raeume", {"rooms": ["programme"]}).status_code == 302
    forget()
    assert client.get("/massnahmen/fauthweg/").status_code == 200


def test_processes_of_a_closed_room_are_not_wanted(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProgrammeConfig, "processes", ("programme-gateway",))
    forget()
    assert closed_processes() == set()
    change({"rooms_off": ["programme"]}, actor="test")
    forget()
    assert closed_processes() == {"programme-gateway"}


def test_rooms_that_stand_on_a_closed_one_are_closed_with_it(admin_client: Client) -> None:
    for address in ("/foerderung/", "/portfolio/", "/intern/foerderung/"):
        assert admin_client.get(address).status_code == 200
    assert "Geschlossene Räume" not in admin_client.get("/intern/").content.decode()
    assert save(admin_client, "raeume", {"rooms": ["funding", "process", "dialogue"]}).status_code == 302
    forget()
    assert Instance.objects.get().rooms_off == ["programme"]
    for address in ("/massnahmen/", "/foerderung/", "/portfolio/", "/intern/foerderung/", "/api/funding/grants"):
        assert admin_client.get(address).status_code == 404, address
    for address in ("/", "/intern/"):
        assert "/foerderung/" not in admin_client.get(address).content.decode(), address
    said = ", ".join(
        ["Programm", *(f"{room} (steht auf: Programm)" for room in ("Förderung", "Vorgänge", "Beteiligung"))]
    )
    assert said in admin_client.get("/intern/").content.decode()
    page = admin_client.get(f"{BASE}raeume/")
    assert [(room["open"], room["because"], room["requires"]) for room in page.context["rooms"]] == [
        (False, "", ""), *[(False, "Programm", "Programm")] * 3,
    ]  # fmt: skip
    assert "weil er auf diesem Raum steht: Programm" in page.content.decode()
    editor = Client()
    editor.force_login(make_account(Role.EDITOR))
    assert said not in editor.get("/intern/").content.decode()
    # Whoever opens the lower room again finds the upper one as it was.
    assert save(admin_client, "raeume", {"rooms": ["programme", "funding", "process", "dialogue"]}).status_code == 302
    forget()
    assert admin_client.get("/foerderung/").status_code == 200


def test_the_lower_room_stays_open_without_the_upper_one(admin_client: Client) -> None:
    change({"rooms_off": ["funding"]}, actor="test")
    forget()
    assert admin_client.get("/foerderung/").status_code == 404
    assert admin_client.get("/massnahmen/").status_code == 200
    assert closed_rooms() == {"funding": ()}


def test_rooms_of_the_spine_cannot_be_closed(town: Any) -> None:
    with pytest.raises(ValidationError):
        change({"rooms_off": ["instance"]}, actor="test")


def test_who_may_change_what(town: Any, client: Client) -> None:
    editor = make_account(Role.EDITOR)
    client.force_login(editor)
    assert [page.slug for page in client.get(BASE).context["pages"]] == ["marke"]
    assert client.get(f"{BASE}marke/").status_code == 200
    assert client.get(f"{BASE}allgemein/").status_code == 403
    change({"claim": "Neu"}, actor=editor)
    with pytest.raises(PermissionDenied):
        change({"imprint": "x"}, actor=editor)
    with pytest.raises(PermissionDenied):
        change({"claim": "x"}, actor=make_account(Role.RESIDENT))
    assert Instance.objects.get().claim == "Neu"


def test_the_key_and_the_state_are_judged_together(town: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        change({"state": "BY"}, actor="test")
    assert list(caught.value.message_dict) == ["state"]


def test_the_address_is_kept_for_the_next_start(
    town: Any, data: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change({"base_url": "https://a.example.org", "behind_proxy": True}, actor="test")
    assert json.loads((data / "address.json").read_text()) == {
        "base_url": "https://a.example.org",
        "behind_proxy": True,
    }
    monkeypatch.delenv("ALLMENDE_BASE_URL", raising=False)
    monkeypatch.delenv("ALLMENDE_BEHIND_PROXY", raising=False)
    export_address(data)
    import os

    assert (os.environ["ALLMENDE_BASE_URL"], os.environ["ALLMENDE_BEHIND_PROXY"]) == ("https://a.example.org", "1")
    monkeypatch.setenv("ALLMENDE_BASE_URL", "https://b.example.org")
    export_address(data)
    assert os.environ["ALLMENDE_BASE_URL"] == "https://b.example.org"


def test_the_settings_cost_no_query_for_two_seconds(town: Any) -> None:
    forget()
    with CaptureQueriesContext(
        connection,
    ) as first:
        current()
    with CaptureQueriesContext(connection) as second:
        current()
    assert (len(first), len(second)) == (1, 0)
