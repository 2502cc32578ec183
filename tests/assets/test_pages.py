import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from allmende.spine.assets.domain import assets as verbs
from allmende.spine.assets.domain import labels
from allmende.spine.assets.enums import AssetState
from allmende.spine.assets.models import Asset, ImportDraft
from allmende.spine.people.enums import Role
from tests.assets.makers import HALL, make_asset
from tests.factories import make_account
from tests.support import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Client:
    client = Client()
    client.force_login(make_account(Role.PROGRAMME_OFFICE))
    return client


def text(response) -> str:
    return response.content.decode()


def test_a_label_leads_to_the_page_of_the_thing():
    asset = make_asset("11", at=HALL, place_name="Fauthweg", note="intern: Schlüssel 7")
    make_asset("12", at=(HALL[0] + 0.0005, HALL[1]))
    make_asset("S1", kind="cabinet", at=HALL)
    page = Client().get(f"/a/{asset.code}/")
    assert page.status_code == 200
    assert "<h1>Leuchte 11</h1>" in text(page)
    assert "Leuchte 12" in text(page)
    assert "Schlüssel" not in text(page)
    assert "S1" not in text(page)
    lower = Client().get(f"/a/{asset.code.lower()}/")
    assert (lower.status_code, lower["Location"]) == (301, f"/a/{asset.code}/")


def test_unknown_and_hidden_codes_look_the_same():
    hidden = make_asset("S1", kind="cabinet")
    assert [Client().get(f"/a/{code}/").status_code for code in (hidden.code, "0000000", "x", hidden.code.lower())] == [
        404
    ] * 4
    assert Client().get(f"/a/{hidden.code}/code.svg").status_code == 404
    assert Client().get(f"/api/assets/{hidden.code}").status_code == 404


def test_a_removed_thing_says_so():
    asset = make_asset("11")
    verbs.set_state(asset, AssetState.REMOVED, actor="test")
    assert "nicht mehr da" in text(Client().get(f"/a/{asset.code}/"))


def test_things_are_found_by_number_without_a_camera():
    one = make_asset("11")
    make_asset("S1", kind="cabinet")
    for query in ("Leuchte 11", one.code, one.code.lower()):
        found = Client().get("/a/", {"q": query})
        assert (found.status_code, found["Location"]) == (302, one.get_absolute_url()), query
    make_asset("11", kind="bench")
    page = text(Client().get("/a/", {"q": "11"}))
    assert re.findall(r'al-list__title" href="(/a/[^"]+)"', page) == [
        Asset.objects.get(number="11", kind=kind).get_absolute_url() for kind in ("bench", "luminaire")
    ]
    nothing = text(Client().get("/a/", {"q": "S1"}))
    assert "al-empty__title" in nothing


def test_lists_ask_the_same_number_of_questions(office):
    counts = []
    for _ in range(2):
        make_asset(str(Asset.objects.count()), at=HALL)
        office.get("/intern/dinge/")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert office.get("/intern/dinge/").status_code == 200
        counts.append(len(caught))
        make_asset(str(Asset.objects.count()), at=HALL)
    assert counts[0] == counts[1]


def test_the_staff_list_is_narrowed(office):
    make_asset("1", place_name="Bahnhof")
    make_asset("2", kind="bench")
    page = text(office.get("/intern/dinge/", {"kind": "bench"}))
    assert re.findall(r'<th scope="row"><a[^>]*>([^<]+)', page) == ["Bank 2"]
    page = text(office.get("/intern/dinge/", {"q": "bahnhof", "state": "in_service"}))
    assert re.findall(r'<th scope="row"><a[^>]*>([^<]+)', page) == ["Leuchte 1"]


def test_a_thing_is_recorded_and_changed_by_form(office):
    data = {"kind": "bench", "number": "B 1", "lat": "49,4447", "lon": "7,7689", "place_name": "<b>Markt</b>"} | {
        "version": "0"
    }
    made = office.post("/intern/dinge/neu/", data)
    asset = Asset.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"/intern/dinge/{asset.public_id}/")
    assert asset.place_name == "<b>Markt</b>"
    assert "&lt;b&gt;Markt&lt;/b&gt;" in text(Client().get(asset.get_absolute_url()))
    saved = office.post(f"/intern/dinge/{asset.public_id}/", {"number": "B 2", "version": "1"})
    assert saved.status_code == 302
    asset.refresh_from_db()
    assert (asset.number, asset.version) == ("B 2", 2)
    again = office.post("/intern/dinge/neu/", data | {"number": "B 2"})
    assert (again.status_code, Asset.objects.count()) == (422, 1)


def test_two_editors_see_both_texts(office):
    asset = make_asset("1", name="alt")
    verbs.change_asset(asset, {"name": "von der anderen"}, version=1, actor="test")
    page = office.post(f"/intern/dinge/{asset.public_id}/", {"number": "1", "name": "von mir", "version": "1"})
    assert page.status_code == 409
    assert re.findall(r'al-verbatim">([^<]+)', text(page)) == ["von mir", "von der anderen"]
    second = office.post(f"/intern/dinge/{asset.public_id}/", {"number": "1", "name": "von mir", "version": "2"})
    assert second.status_code == 302
    asset.refresh_from_db()
    assert (asset.name, asset.version) == ("von mir", 3)


def test_the_state_is_set_by_button(office):
    asset = make_asset("1")
    office.post(f"/intern/dinge/{asset.public_id}/stand/", {"state": "out_of_service"})
    asset.refresh_from_db()
    assert asset.state == "out_of_service"
    office.post(f"/intern/dinge/{asset.public_id}/stand/", {"state": "exploded"})
    asset.refresh_from_db()
    assert asset.state == "out_of_service"
    assert office.get(f"/intern/dinge/{asset.public_id}/stand/").status_code == 405


def test_a_table_is_imported_in_the_browser(office):
    file = SimpleUploadedFile("bänke.csv", b"Nr;Ort\n1;Markt\n2;Bahnhof\n2;doppelt\n")
    step = office.post("/intern/dinge/import/", {"file": file})["Location"]
    page = office.get(step)
    assert 'value="0" selected' in text(page)
    choice = {"kind": "bench", "number": "0", "place_name": "1"}
    wrong = office.post(step, choice | {"action": "import"})
    assert (wrong.status_code, Asset.objects.count()) == (422, 0)
    assert '<th scope="row">4</th>' in text(wrong)
    file = SimpleUploadedFile("bänke.csv", b"Nr;Ort\n1;Markt\n2;Bahnhof\n")
    step = office.post("/intern/dinge/import/", {"file": file})["Location"]
    assert ImportDraft.objects.count() == 1
    shown = office.post(step, choice | {"action": "check"})
    assert (shown.status_code, Asset.objects.count()) == (200, 0)
    assert "2 neue Objekte" in text(shown)
    done = office.post(step, choice | {"action": "import"})
    assert (done.status_code, Asset.objects.count(), ImportDraft.objects.count()) == (302, 2, 0)


def test_an_upload_is_ones_own(office):
    file = SimpleUploadedFile("x.csv", b"Nr\n1\n")
    step = office.post("/intern/dinge/import/", {"file": file})["Location"]
    other = Client()
    other.force_login(make_account(Role.PROGRAMME_OFFICE))
    assert (office.get(step).status_code, other.get(step).status_code) == (200, 404)


def test_a_file_that_is_no_table_is_explained(office):
    page = office.post("/intern/dinge/import/", {"file": SimpleUploadedFile("x.xlsx", b"PK\0\0")})
    assert page.status_code == 422
    assert "keine Tabelle in Textform" in text(page)
    page = office.post("/intern/dinge/import/", {})
    assert page.status_code == 422


def test_a_code_is_a_picture_with_a_name():
    asset = make_asset("11")
    answer = Client().get(f"/a/{asset.code}/code.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert "<title>Leuchte 11</title>" in text(answer)
    assert labels.address(asset).endswith(f"/a/{asset.code}/")


@pytest.mark.parametrize("size", sorted(labels.SHEETS))
def test_a_sheet_of_labels_holds_every_thing_once(size):
    things = [make_asset(str(n), place_name=f"Weg {n} & Co. #x") for n in range(30)]
    made = labels.pdf(things, size, skip=2)
    assert pdf.pages(made) == -(-32 // labels.SHEETS[size].fits)
    shown = pdf.text(made)
    # Once as the code, once in the address.
    assert {shown.count(asset.code) for asset in things} == {2}


def test_labels_speak_the_language_of_the_page():
    asset = make_asset("11")
    made = {}
    for language in ("de", "en"):
        with translation.override(language):
            made[language] = labels.pdf([asset], "70x36")
    assert [pdf.reader(made[language]).trailer["/Root"]["/Lang"] for language in ("de", "en")] == ["de", "en"]
    assert pdf.has(made["de"], "Stimmt hier etwas nicht")
    assert pdf.has(made["en"], "Something wrong here")


def test_labels_for_the_narrowed_list(office):
    make_asset("1")
    make_asset("2", kind="bench")
    page = office.get("/intern/dinge/etiketten/", {"kind": "bench"})
    assert '<input type="hidden" name="kind" value="bench">' in text(page)
    made = office.get("/intern/dinge/etiketten.pdf", {"kind": "bench", "size": "70x36"})
    assert (made.status_code, made["Content-Type"], made.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert office.get("/intern/dinge/etiketten.pdf", {"size": "1x1"}).status_code == 422
    assert office.get("/intern/dinge/etiketten.pdf", {"size": "99x139", "skip": "4"}).status_code == 422


def test_the_api_lists_public_things_and_the_nearest():
    one, two = make_asset("1", at=HALL), make_asset("2", at=(HALL[0] + 0.001, HALL[1]))
    make_asset("S1", kind="cabinet", at=HALL)
    listed = Client().get("/api/assets/").json()
    assert [item["number"] for item in listed["items"]] == ["1", "2"]
    near = Client().get("/api/assets/nearest", {"lon": two.lonlat.lon, "lat": two.lonlat.lat, "limit": 2}).json()
    assert [(item["code"], item["distance_m"]) for item in near] == [(two.code, 0.0), (one.code, 72.5)]
    got = Client().get(f"/api/assets/{one.code}").json()
    assert (got["id"], got["lon"], got["lat"], got["url"]) == (str(one.public_id), *HALL, f"/a/{one.code}/")
    assert Client().get("/api/assets/nearest", {"lon": 0, "lat": 0}).status_code == 422
    assert Client().get("/api/assets/nearest", {"lon": "x", "lat": 0}).status_code == 422
