"""What the map asks for: tiles by range, style, features."""

import gzip
import math
from pathlib import Path

import pytest
from django.test import Client
from pmtiles.reader import Reader

from allmende.spine.places import layers
from allmende.spine.places.domain import basemap, importing
from allmende.spine.places.domain.drawn import load_drawn
from allmende.spine.places.models import Area, Place
from tests.places.conftest import silent
from tests.places.town import LAT, LON

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
TILES = "/map/basemap.pmtiles"


@pytest.fixture
def content(town_file: Path) -> bytes:
    importing.import_osm(town_file, silent)
    found = basemap.current()
    assert found is not None
    return found.path.read_bytes()


def body(response: object) -> bytes:
    return b"".join(response) if response.streaming else response.content


def test_whole_and_parts(client: Client, content: bytes) -> None:
    whole = client.get(TILES)
    assert (whole.status_code, body(whole)) == (200, content)
    assert whole["Accept-Ranges"] == "bytes" and whole["Content-Length"] == str(len(content))
    size = len(content)
    for asked, first, end in (
        ("bytes=0-126", 0, 127),
        ("bytes=127-", 127, size),
        ("bytes=-50", size - 50, size),
        (f"bytes={size - 1}-{size + 999}", size - 1, size),
        (f"bytes=-{size * 2}", 0, size),
    ):
        part = client.get(TILES, headers={"range": asked})
        assert (part.status_code, body(part)) == (206, content[first:end])
        assert part["Content-Range"] == f"bytes {first}-{end - 1}/{size}"
        assert part["Content-Length"] == str(end - first)


def test_ranges_that_cannot_be_met_or_read(client: Client, content: bytes) -> None:
    for asked in (f"bytes={len(content)}-", "bytes=-0"):
        refused = client.get(TILES, headers={"range": asked})
        assert refused.status_code == 416 and refused["Content-Range"] == f"bytes */{len(content)}"
    for asked in ("bytes=9-3", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5", "bytes=-", ""):
        assert client.get(TILES, headers={"range": asked}).status_code == 200


def test_conditions(client: Client, content: bytes, town_file: Path) -> None:
    tag = client.get(TILES)["ETag"]
    assert client.get(TILES, headers={"if-none-match": tag}).status_code == 304
    assert client.get(TILES, headers={"if-none-match": '"other"'}).status_code == 200
    assert client.get(TILES, headers={"range": "bytes=0-9", "if-range": tag}).status_code == 206
    assert client.get(TILES, headers={"range": "bytes=0-9", "if-range": '"old"'}).status_code == 200
    head = client.head(TILES, headers={"range": "bytes=0-9"})
    # A range is defined for GET alone (RFC 9110, section 14.2).
    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", str(len(content)))
    importing.import_osm(town_file, silent)
    assert client.get(TILES)["ETag"] != tag
    assert client.post(TILES).status_code == 405


def test_an_address_with_its_key_is_kept_for_ever(client: Client, content: bytes) -> None:
    style = client.get("/map/style.json").json()
    url = style["sources"]["base"]["url"].removeprefix("pmtiles://")
    assert "immutable" in client.get(url)["Cache-Control"]
    assert client.get(TILES)["Cache-Control"] == "public, no-cache"


def test_tiles_are_readable_through_the_view(client: Client, content: bytes) -> None:
    def get(offset: int, length: int) -> bytes:
        return body(client.get(TILES, headers={"range": f"bytes={offset}-{offset + length - 1}"}))

    reader = Reader(get)
    assert reader.header()["max_zoom"] == 15
    zoom = 15
    x = int((LON + 180) / 360 * 2**zoom)
    y = int((1 - math.asinh(math.tan(math.radians(LAT))) / math.pi) / 2 * 2**zoom)
    tile = reader.get(zoom, x, y)
    assert tile is not None and "Hauptstraße".encode() in gzip.decompress(tile)


def test_styles(client: Client, content: bytes) -> None:
    light, dark = client.get("/map/style.json").json(), client.get("/map/style.json?mode=dark").json()
    assert [layer["id"] for layer in light["layers"]] == [layer["id"] for layer in dark["layers"]]
    assert light["layers"][0]["paint"] != dark["layers"][0]["paint"]
    assert light["sources"]["base"]["attribution"] == "© OpenStreetMap contributors, 04.05.2024"
    # Nothing foreign: no glyph server, no sprite, no address with a host.
    assert "glyphs" not in light and "sprite" not in light and "http" not in str(light)
    assert {layer["source-layer"] for layer in light["layers"] if "source-layer" in layer} >= {"roads", "buildings"}


def test_without_any_map(client: Client) -> None:
    assert client.get(TILES).status_code == 404 and client.get("/map/drawn.json").status_code == 404
    style = client.get("/map/style.json").json()
    assert style["sources"] == {} and [layer["id"] for layer in style["layers"]] == ["ground"]


def test_the_drawn_map(client: Client) -> None:
    load_drawn(ROOT / "demo" / "kaiserslautern" / "map.geojson")
    style = client.get("/map/style.json").json()
    drawn = client.get(style["sources"]["base"]["data"])
    features = drawn.json() if not drawn.streaming else None
    assert features is not None and {f["properties"]["layer"] for f in features["features"]} >= {
        "roads",
        "green",
        "labels",
    }
    assert client.get(TILES).status_code == 404
    assert "OpenStreetMap" in style["sources"]["base"]["attribution"]


def test_features_are_those_that_everybody_may_see(client: Client) -> None:
    shown = Place(name="Bank am See", kind="site", summary="<b>Text</b>").place_at(7.7, 49.4)
    shown.save()
    Place(name="Nirgends").save()
    Area(name="Alt", kind="district", current=False).place_at(7.7, 49.4).save()
    answer = client.get("/map/features.json?kinds=places,districts,unknown").json()
    assert answer["type"] == "FeatureCollection"
    assert [f["properties"] for f in answer["features"]] == [
        {
            "id": shown.urn,
            "layer": "places",
            "name": "Bank am See",
            "kind": str(shown.get_kind_display()),
            "summary": "<b>Text</b>",
            "url": shown.get_absolute_url(),
            "geometry": "point",
        }
    ]
    assert answer["features"][0]["geometry"] == {"type": "Point", "coordinates": [7.7, 49.4]}
    assert client.get("/map/features.json?kinds=unknown").json()["features"] == []


def test_a_layer_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        layers.register("places", "x", lambda request: [])


@pytest.mark.parametrize("count", [1, 3])
def test_features_ask_once_a_layer(client: Client, django_assert_num_queries: object, count: int) -> None:
    for number in range(count):
        Place(name=f"Ort {number}").place_at(7.7 + number / 100, 49.4).save()
    client.get("/map/features.json?kinds=places")
    with django_assert_num_queries(1):
        client.get("/map/features.json?kinds=places")
