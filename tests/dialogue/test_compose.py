"""Putting something in: the form, as people with and without script send it."""

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from allmende.dialogue.models import Contribution, Phase
from allmende.programme.models import Topic
from allmende.spine.files.models import StoredFile
from allmende.spine.people.enums import Role
from allmende.spine.places.domain.places import add_place
from tests.factories import PASSWORD, make_account

from .made import contribute, make_phase, make_resident

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return str(answer.content.decode())


def sent(**changes: Any) -> dict[str, Any]:
    return {"title": "Streugut in Kästen", "text": "Eine Kiste.", "key": str(uuid.uuid4())} | changes


def address(phase: Phase) -> str:
    return phase.get_absolute_url() + "neu/"


def picture(name: str = "weg.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "green").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


@pytest.fixture
def resident(client: Client) -> Any:
    person = make_resident()
    client.force_login(person)
    return person


def test_an_idea_is_put_in_and_its_author_told_what_comes_next(client: Client, resident: Any) -> None:
    phase = make_phase()
    page = text(client.get(address(phase)))
    assert ('enctype="multipart/form-data"' in page, 'data-guard="contribution"' in page) == (True, True)
    answer = client.post(address(phase), sent(pictures=[picture(), picture("zwei.png")], alt="Der vereiste Weg"))
    row = Contribution.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, row.get_absolute_url())
    assert (row.author, row.lang, row.channel) == (resident.pseudonym, "de", "online")
    page = text(client.get(row.get_absolute_url()))
    assert ("hat die Nummer 1" in page, "Tiefbauamt" in page, page.count('alt="Der vereiste Weg"')) == (True, True, 2)
    for file in StoredFile.objects.all():
        shown = Client().get(file.get_absolute_url())
        assert (shown.status_code, b"".join(shown.streaming_content)[:4]) == (200, b"\x89PNG")
    assert "Streugut" in text(client.get("/konto/beitraege/"))


def test_sent_twice_it_is_there_once(client: Client, resident: Any) -> None:
    phase, form = make_phase(), sent()
    first, second = (client.post(address(phase), form) for _ in range(2))
    assert (first["Location"], Contribution.objects.count()) == (second["Location"], 1)


def test_who_has_no_account_logs_in_and_finds_what_was_typed(client: Client) -> None:
    phase, person = make_phase(), make_resident()
    asked = client.get(address(phase))
    assert (asked.status_code, address(phase) in asked["Location"]) == (302, True)
    answer = client.post(address(phase), sent(text="Lange getippt."))
    assert (answer.status_code, Contribution.objects.count()) == (302, 0)
    client.post("/konto/anmelden/", {"login": person.email, "password": PASSWORD})
    assert "Lange getippt." in text(client.get(address(phase)))


def test_a_public_name_is_chosen_on_the_way(client: Client) -> None:
    person = make_account(Role.RESIDENT)
    client.force_login(person)
    phase = make_phase()
    missing = client.post(address(phase), sent())
    assert (missing.status_code, Contribution.objects.count()) == (422, 0)
    assert "Eine Kiste." in text(missing)
    taken = client.post(address(phase), sent(pseudonym="Rathaus"))
    assert (taken.status_code, Contribution.objects.count()) == (422, 0)
    client.post(address(phase), sent(pseudonym="Amsel vom Fauthweg"))
    assert Contribution.objects.get().by == "Amsel vom Fauthweg"


def test_errors_stand_at_their_fields_and_nothing_is_lost(client: Client, resident: Any) -> None:
    Topic.objects.create(slug="verkehr", title="Verkehr")
    phase = make_phase(topics=["verkehr"], pictures=1, place="required")
    answer = client.post(
        address(phase),
        sent(title="", topic="fremd", pictures=[picture(), picture()], place_name="Nirgendwo", text="<b>Bleibt</b>"),
    )
    form = answer.context["form"]
    assert (answer.status_code, set(form.errors)) == (422, {"title", "topic", "pictures", "place_name"})
    assert "&lt;b&gt;Bleibt&lt;/b&gt;" in text(answer)
    wrong = client.post(address(phase), sent(topic="verkehr", lon="7.76", lat="", key="x"))
    assert set(wrong.context["form"].errors) == {"lat", "key"}
    far = client.post(address(phase), sent(topic="verkehr", lon="170", lat="-80"))
    assert set(far.context["form"].errors) == {"lon"}
    bad = client.post(
        address(phase), sent(topic="verkehr", lon="7.76", lat="49.44", pictures=SimpleUploadedFile("a.png", b"GIF"))
    )
    assert (set(bad.context["form"].errors), Contribution.objects.count()) == ({"pictures"}, 0)
    client.post(address(phase), sent(topic="verkehr", lon="7,766", lat="49,44"))
    row = Contribution.objects.get()
    at = row.lonlat
    assert at is not None
    assert (round(at.lon, 3), row.topic, bool(row.place_name)) == (7.766, Topic.objects.get(slug="verkehr"), True)


def test_a_name_that_fits_several_places_is_asked_for_again(client: Client, resident: Any) -> None:
    office = make_account(Role.ADMINISTRATOR)
    for number, name in enumerate(("Spielplatz am Fauthweg", "Spielplatz am Markt", "Stadtpark")):
        point = {"type": "Point", "coordinates": [7.76 + number / 100, 49.44]}
        add_place({"kind": "square", "name": name}, geometry=point, actor=office)
    phase = make_phase()
    asked = client.post(address(phase), sent(place_name="Spielplatz"))
    page = text(asked)
    assert (asked.status_code, set(asked.context["form"].errors)) == (422, {"hit"})
    assert ("Spielplatz am Markt" in page, "Keiner davon" in page, "Stadtpark" in page) == (True, True, False)
    client.post(address(phase), sent(place_name="Spielplatz", hit="7.770000,49.440000"))
    client.post(address(phase), sent(place_name="Spielplatz", hit="-"))
    client.post(address(phase), sent(place_name="Stadtpark", hit="7.770000,49.440000"))
    client.post(address(phase), sent(place_name="Hinter dem Haus"))
    found = [(row.place_name, row.geom is not None) for row in Contribution.objects.order_by("pk")]
    assert found == [
        ("Spielplatz am Markt", True), ("Spielplatz", False), ("Stadtpark", True), ("Hinter dem Haus", False),
    ]  # fmt: skip


def test_what_is_closed_says_when(client: Client, resident: Any) -> None:
    now = timezone.now()
    coming = make_phase(opens=now + dt.timedelta(days=1), closes=now + dt.timedelta(days=2))
    over = make_phase(opens=now - dt.timedelta(days=2), closes=now - dt.timedelta(days=1))
    staff = make_phase(audience="staff")
    told = {"noch nicht offen": coming, "ist vorbei": over, "nur einige": staff}
    for words, phase in told.items():
        assert words in text(client.get(address(phase)))
        assert client.post(address(phase), sent()).status_code == 200
    assert Contribution.objects.count() == 0


def test_programs_and_floods_are_kept_out(client: Client, resident: Any) -> None:
    phase = make_phase()
    trapped = client.post(address(phase), sent(website="http://spam.example"))
    assert (trapped.status_code, Contribution.objects.count()) == (302, 0)
    answers = [client.post(address(phase), sent(title=f"Idee {number}")).status_code for number in range(21)]
    assert (set(answers[:20]), answers[20], Contribution.objects.count()) == ({302}, 422, 20)


def test_what_is_held_is_said_and_shown_to_nobody_else(client: Client, resident: Any) -> None:
    phase = make_phase()
    links = " ".join(f"http://{name}.example" for name in "abcd")
    answer = client.post(address(phase), sent(text=links))
    page = text(client.get(answer["Location"]))
    assert ("sobald ihn jemand gelesen hat" in page, "wartet auf Durchsicht" in page) == (True, True)
    assert Client().get(answer["Location"]).status_code == 404
    assert "Streugut" not in text(Client().get(phase.get_absolute_url()))


def test_own_words_are_changed_and_two_windows_notice_each_other(client: Client, resident: Any) -> None:
    row = contribute(make_phase(), resident, lon=7.76, lat=49.44, place_name="Markt")
    address = row.get_absolute_url() + "aendern/"
    form = {"title": "Splitt", "text": "Neu.", "version": "1", "place_name": "Markt", "lon": "7.76", "lat": "49.44"}
    assert client.post(address, form)["Location"] == row.get_absolute_url()
    conflict = client.post(address, form | {"title": "Salz"})
    page = text(conflict)
    assert (conflict.status_code, 'name="version" value="2"' in page, "Splitt" in page) == (422, True, True)
    client.post(address, form | {"title": "Salz", "version": "2", "place_name": "Anderswo"})
    row.refresh_from_db()
    # The point belonged to the former name.
    assert (row.title, row.place_name, row.geom) == ("Salz", "Anderswo", None)
    client.force_login(make_resident())
    assert client.get(address).status_code == 403
    assert client.post(row.get_absolute_url() + "zuruecknehmen/").status_code == 403


def test_own_words_are_taken_back_after_a_question(client: Client, resident: Any) -> None:
    row = contribute(make_phase(), resident)
    address = row.get_absolute_url() + "zuruecknehmen/"
    assert "zurücknehmen?" in text(client.get(address))
    assert client.post(address)["Location"] == "/konto/beitraege/"
    assert client.post(address)["Location"] == "/konto/beitraege/"
    row.refresh_from_db()
    assert (row.shown, row.text) == ("withdrawn", "")
    assert "Zurückgenommen" in text(client.get("/konto/beitraege/"))
    assert client.get(row.get_absolute_url() + "aendern/")["Location"] == row.get_absolute_url()


def test_ones_own_list_is_ones_own(client: Client, resident: Any) -> None:
    phase = make_phase()
    contribute(phase, title="Fremd")
    assert "noch nichts eingebracht" in text(client.get("/konto/beitraege/"))
    contribute(phase, resident, title="Meins")
    page = text(client.get("/konto/beitraege/"))
    assert ("Meins" in page, "Fremd" in page) == (True, False)
