"""The map in a real browser: tied to its list both ways, without script only the list, nothing foreign."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from allmende.spine.people.enums import Role
from allmende.spine.places.domain import importing
from allmende.spine.places.domain.drawn import load_drawn
from allmende.spine.places.models import Place
from tests.factories import make_account
from tests.places.conftest import silent

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "tests" / "vendor" / "axe" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# MapLibre needs WebGL; SwiftShader draws it without a graphics card.
FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]
READY = "[data-town-map][data-ready=true]"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="skipped, install chromium"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    # Playwright's loop runs in this thread; Django would take it for an async context.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(live_server: Any, settings: LazySettings) -> str:
    settings.ROOT_URLCONF = "tests.places.map_page"
    return str(live_server.url)


@pytest.fixture
def demo() -> Place:
    load_drawn(ROOT / "demo" / "kaiserslautern" / "map.geojson")
    place = Place(name="Lernwerkstatt", kind="meeting", summary="Ein Raum.").place_at(7.7724, 49.4445)
    place.save()
    return place


class Seen:
    """A page, with what it asked for and complained about."""

    def __init__(self, browser: Any, site: str, **context: Any) -> None:
        self.context = browser.new_context(locale="de-DE", **context)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.page.on("console", lambda m: m.type in ("error", "warning") and self.complaints.append(m.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda r: r.url.startswith((site, "blob:", "data:")) or self.foreign.append(r.url))

    def __enter__(self) -> "Seen":
        return self

    def __exit__(self, *error: object) -> None:
        self.context.close()

    def quiet(self) -> None:
        # Chromium's remarks on a software renderer are not the page's.
        own = [
            text
            for text in self.complaints
            if "GPU stall" not in text and "WebGL" not in text and "GL Driver" not in text
        ]
        assert (own, self.foreign) == ([], [])


def until(page: Any, truth: str, seconds: float = 20) -> None:
    """Wait for a JavaScript expression; Playwright's own waiting evaluates text, which the policy refuses."""
    end = time.monotonic() + seconds
    while not page.evaluate(truth):
        assert time.monotonic() < end, f"never true: {truth}"
        page.wait_for_timeout(50)


def violations(page: Any) -> list[Any]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [(v["id"], [node["html"][:150] for node in v["nodes"]]) for v in found]


def test_list_and_map_are_tied_both_ways(site: str, browser: Any, demo: Place) -> None:
    with Seen(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/karte-probe/")
        page.wait_for_selector(READY, timeout=30_000)
        button = page.locator(f"button[data-show='{demo.urn}']")
        # By keyboard, from the list.
        button.focus()
        page.keyboard.press("Enter")
        assert button.get_attribute("aria-pressed") == "true"
        state = "document.querySelector('[data-town-map]').townMap.map"
        number = page.evaluate("document.querySelector('[data-town-map]').townMap.byUrn.get('" + demo.urn + "').id")
        assert page.evaluate(f"{state}.getFeatureState({{source: 'features', id: {number}}}).chosen") is True
        assert page.locator("#al-live").text_content() == "Lernwerkstatt"
        button.press("Enter")
        assert button.get_attribute("aria-pressed") == "false"
        # By pointer, from the map: the middle is where the place was brought to.
        button.press("Enter")
        until(page, f"!{state}.isMoving() && {state}.areTilesLoaded()")
        button.press("Enter")
        box = page.locator("[data-town-map] canvas").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_selector(f"button[data-show='{demo.urn}'][aria-pressed=true]")
        assert "al-townmap__entry--chosen" in (button.locator("xpath=..").get_attribute("class") or "")
        seen.quiet()


def test_without_script_the_list_is_all_there(site: str, browser: Any, demo: Place) -> None:
    with Seen(browser, site, java_script_enabled=False) as seen:
        seen.page.goto(f"{site}/karte-probe/")
        assert seen.page.get_by_role("link", name="Lernwerkstatt").is_visible()
        assert seen.page.get_by_role("link", name="Dansenberg").is_visible()
        assert not seen.page.locator("[data-town-map]").is_visible()
        assert seen.page.locator("button[data-show]:visible").count() == 0
        assert "OpenStreetMap" in seen.page.inner_text("main")


def test_without_webgl_the_page_says_so(site: str, browser: Any, demo: Place) -> None:
    with Seen(browser, site) as seen:
        seen.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        seen.page.goto(f"{site}/karte-probe/")
        seen.page.locator("#al-townmap-note").wait_for(state="visible")
        assert not seen.page.locator("[data-town-map]").is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_imported_tiles_are_drawn(site: str, browser: Any, town_file: Path, width: int, scheme: str) -> None:
    importing.import_osm(town_file, silent)
    with Seen(browser, site, viewport={"width": width, "height": 800}, color_scheme=scheme) as seen:
        page = seen.page
        page.goto(f"{site}/karte-probe/")
        page.wait_for_selector(READY, timeout=30_000)
        town = "document.querySelector('[data-town-map]').townMap.map"
        page.evaluate(f"{town}.jumpTo({{center: [8.0, 49.0], zoom: 16}})")
        roads = f"{town}.querySourceFeatures('base', {{sourceLayer: 'roads'}})"
        until(page, f"{town}.loaded() && {roads}.length > 0")
        names = page.evaluate(f"{roads}.map((f) => f.properties.name)")
        assert "Hauptstraße" in names
        assert "04.05.2024" in page.inner_text(".maplibregl-ctrl-attrib")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        seen.quiet()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_staff_pick_a_position_on_the_map(site: str, browser: Any, demo: Place, width: int, scheme: str) -> None:
    client = Client()
    client.force_login(make_account(Role.PROGRAMME_OFFICE))
    cookie = client.cookies["allmende"]
    with Seen(browser, site, viewport={"width": width, "height": 900}, color_scheme=scheme) as seen:
        seen.context.add_cookies([{"name": "allmende", "value": cookie.value, "url": site}])
        page = seen.page
        for path in ("/intern/orte/", "/intern/orte/gebiete/", "/intern/orte/importe/"):
            page.goto(f"{site}{path}")
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.goto(f"{site}/intern/orte/neu/")
        page.wait_for_selector(READY, timeout=30_000)
        assert violations(page) == []
        page.fill("[name=name]", "Neuer Ort")
        page.locator("[data-town-map] canvas").click()
        lon, lat = (float(page.input_value(f"[name={name}]")) for name in ("lon", "lat"))
        assert 7.6 < lon < 7.9 and 49.3 < lat < 49.6
        page.locator("main form button.kern-btn--primary").click()
        page.wait_for_url("**/intern/orte/*-*/")
        seen.quiet()
    place = Place.objects.get(name="Neuer Ort")
    assert place.lonlat == pytest.approx((lon, lat)), json.dumps(place.geojson)
