"""Posters, cards, press releases and codes: what is printed is what was asked for, and a screen reader can read it."""

import io
from typing import Any

import pytest
import segno
from django.core.exceptions import ValidationError
from django.test import Client
from PIL import Image

from allmende.spine.instance.domain import prints
from allmende.spine.instance.domain.queries import current
from allmende.spine.instance.domain.settings import change
from allmende.spine.people.enums import Role
from tests.factories import make_account
from tests.support import pdf

pytestmark = pytest.mark.django_db
URL = "http://localhost:8080/massnahmen/fauthweg/"
TAGGED = (b"/StructTreeRoot", b"/Marked true", b"pdfuaid", b"/Lang")


@pytest.fixture(autouse=True)
def _base(settings: Any) -> None:
    settings.BASE_URL = "http://localhost:8080"


@pytest.mark.parametrize(
    ("size", "box"), [("a4", "595.2756 841.8898"), ("a3", "841.8898 1190.5511"), ("a6", "297.6378 419.52756")]
)
def test_a_poster(town: Any, size: str, box: str) -> None:
    title = "Der Fauthweg: Licht, das mitgeht – für 100 % und „alle“"
    made = prints.poster(current(), url=URL, title=title, text="Ärger mit der Übergröße? #let x = [*fett*]", size=size)
    whole = pdf.everything(made)
    assert made.startswith(b"%PDF-1.7")
    for mark in TAGGED:
        assert mark in whole, mark
    assert box.encode() in whole
    assert pdf.pages(made) == 1
    assert pdf.has(made, title)
    # Typed text is text, not markup.
    assert pdf.has(made, "#let x = [*fett*]")
    assert pdf.has(made, URL) and pdf.has(made, "Muster digital")


def test_the_code_on_the_poster_is_the_code_of_the_address(town: Any) -> None:
    code = segno.make_qr(URL, error="q", boost_error=False)
    picture = Image.open(io.BytesIO(prints.qr_bytes(URL, "png"))).convert("1")
    side = len(code.matrix) + 2 * prints.QR_QUIET
    assert picture.size == (side * 16, side * 16)
    read = [
        [1 if picture.getpixel((16 * (x + prints.QR_QUIET) + 8, 16 * (y + prints.QR_QUIET) + 8)) == 0 else 0
         for x in range(len(code.matrix))]
        for y in range(len(code.matrix))
    ]  # fmt: skip
    assert read == [list(row) for row in code.matrix]
    assert code.error == "Q"
    assert URL in prints.qr_bytes(URL, "svg").decode()


def test_a_press_release(town: Any) -> None:
    change({"name": "Muster digital"}, actor="test")
    made = prints.press_release(
        current(),
        prints.Release(
            title="Neue Förderung", lead="Der Vorspann.", text="Erster Absatz.\r\n\r\nZweiter\r\nAbsatz.", place="",
            contact="Pressestelle", about="Das Programm.",
        ),
    )  # fmt: skip
    whole = pdf.everything(made)
    assert all(mark in whole for mark in TAGGED)
    for text in (
        "Pressemitteilung",
        "Neue Förderung",
        "Der Vorspann.",
        "Zweiter Absatz.",
        "Pressestelle",
        "Musterstadt,",
    ):
        assert pdf.has(made, text), text


@pytest.mark.parametrize(
    "url",
    ["https://anders.example.org/", "//anders.example.org/", "/gibt-es-nicht/", "javascript:alert(1)",
     "http://localhost:8080@anders.example.org/", ""],
)  # fmt: skip
def test_foreign_addresses_get_no_code(town: Any, url: str) -> None:
    with pytest.raises(ValidationError):
        prints.own_address(current(), url)


def test_addresses_of_this_site(town: Any) -> None:
    assert prints.own_address(current(), "/massnahmen/fauthweg/") == URL
    change({"base_url": "https://digital.example.org"}, actor="test")
    row = type(current()).objects.get()
    assert prints.own_address(row, "/massnahmen/") == "https://digital.example.org/massnahmen/"
    with pytest.raises(ValidationError):
        prints.own_address(row, URL)


def test_the_sign(town: Any) -> None:
    change({"colours": {"accent": "#1f4e8c"}, "name": 'A & "B"'}, actor="test")
    row = type(current()).objects.get()
    assert 'fill="#1f4e8c"' in prints.sign_svg(row) and "A &amp; &quot;B&quot;" in prints.sign_svg(row)
    picture = Image.open(io.BytesIO(prints.sign_png(row)))
    assert picture.size == (512, 512)
    assert picture.convert("RGBA").getpixel((256, 256)) == (0x1F, 0x4E, 0x8C, 255)
    assert picture.convert("RGBA").getpixel((2, 2))[3] == 0


def test_downloads(town: Any, client: Client) -> None:
    client.force_login(make_account(Role.EDITOR))
    assert client.get("/intern/marke/").status_code == 200
    poster = client.get("/intern/marke/plakat/", {"title": "Fauthweg", "url": "/massnahmen/", "size": "a3"})
    assert (poster["Content-Type"], poster["Content-Disposition"]) == (
        "application/pdf", 'attachment; filename="fauthweg.pdf"',
    )  # fmt: skip
    for kind in ("svg", "png", "pdf"):
        code = client.get("/intern/marke/qr/", {"title": "Fauthweg", "url": "/massnahmen/", "kind": kind})
        assert code["Content-Disposition"] == f'attachment; filename="fauthweg.{kind}"'
    assert pdf.has(code.content, "http://localhost:8080/massnahmen/")
    refused = client.get("/intern/marke/plakat/", {"title": "X", "url": "https://anders.example.org/", "size": "a4"})
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["url"]
    press = client.post("/intern/marke/presse/", {"title": "Neu", "text": "Text."})
    assert press["Content-Type"] == "application/pdf"
    assert client.get("/intern/marke/zeichen.svg")["Content-Type"] == "image/svg+xml"
    assert client.get("/intern/marke/zeichen.png").content[:4] == b"\x89PNG"
    assert client.get("/intern/marke/zeichen.gif").status_code == 404
