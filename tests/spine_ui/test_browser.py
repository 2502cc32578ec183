"""The pattern pages in a real browser, under the production policy: axe, widths, keyboard, no script."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "tests" / "vendor" / "axe" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="skipped, install chromium"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.spine_ui.server"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    process.terminate()
    process.wait(timeout=10)
    process.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/", "/staff/", "/404/", "/500/"])
def test_no_violation_no_sideways_scroll_no_foreign_request(
    address: str, browser, path: str, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="de-DE")
    # axe is put in by the driver, which the page's policy would refuse; the policy's own report is checked.
    page = context.new_page()
    said: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address + path, wait_until="load")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("axe.run({resultTypes: ['violations']})")
    found = [(v["id"], [node["target"] for node in v["nodes"]]) for v in result["violations"]]
    assert found == []
    assert said == []
    assert [url for url in requests if not url.startswith((address, "data:"))] == []
    if folder := os.environ.get("ALLMENDE_SCREENSHOTS"):
        name = f"{path.strip('/') or 'library'}-{width}-{scheme}.png"
        page.screenshot(path=str(Path(folder) / name), full_page=True)
    context.close()


def test_the_narrowest_phone_scrolls_only_downwards(address: str, browser) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700}, locale="de-DE")
    for path in ("/", "/staff/", "/404/", "/503/"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.close()


def test_keyboard_skip_link_menu_and_error_summary(address: str, browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800}, locale="de-DE")
    page = context.new_page()
    page.goto(address + "/")
    # The error summary takes the focus, and its links lead to the fields.
    assert page.evaluate("document.activeElement.className").endswith("al-errors")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_email"
    page.goto(address + "/staff/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "al-skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    menu = page.get_by_role("button", name="Menü")
    link = page.get_by_role("link", name="Mitreden")
    assert not link.is_visible()
    menu.press("Enter")
    assert menu.get_attribute("aria-expanded") == "true" and link.is_visible()
    link.focus()
    page.keyboard.press("Escape")
    assert not link.is_visible()
    assert page.evaluate("document.activeElement.className") == "al-menu-toggle"
    context.close()


def test_without_script_everything_is_in_reach(address: str, browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.goto(address + "/")
    assert page.get_by_role("link", name="Mitreden").is_visible()
    assert not page.get_by_role("button", name="Menü").is_visible()
    assert page.get_by_role("button", name="Speichern").is_visible()
    context.close()


def test_typed_text_survives_a_log_in_in_between(address: str, browser) -> None:
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    page.goto(address + "/")
    page.fill("#id_title", "Sehr langer Gedanke")
    page.check("#id_kind_1")
    # The session ended: sending the form leads to the log-in (a page with a password field), then back.
    login = "<form><input type=password></form><script src=/static/ui/allmende.js></script>"
    page.route("**/", lambda route: route.fulfill(body=login, content_type="text/html"))
    # The browser's own check of the address would keep the form from being sent.
    page.evaluate("document.querySelector('form[data-guard]').noValidate = true")
    page.click("button:has-text('Speichern')")
    page.wait_for_selector("input[type=password]")
    page.unroute("**/")
    page.goto(address + "/")
    assert page.input_value("#id_title") == "Mehr Licht am Weg"
    page.click("button:has-text('Meinen Text zurückholen')")
    assert page.input_value("#id_title") == "Sehr langer Gedanke"
    assert page.is_checked("#id_kind_1")
    # Saved (the next page is another one): nothing is kept.
    page.goto(address + "/staff/")
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('al-guard:'))") == []
    context.close()


def test_the_map_library_draws_labels_under_the_policy_without_a_glyph_server(address: str, browser) -> None:
    context = browser.new_context(viewport={"width": 500, "height": 400}, locale="de-DE")
    page = context.new_page()
    said: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address + "/map/")
    page.wait_for_selector("body[data-labels], body[data-no-webgl]", timeout=20_000)
    if page.query_selector("body[data-no-webgl]"):
        pytest.skip("this chromium has no WebGL")
    assert page.get_attribute("body", "data-labels") == "1"
    refused = [text for text in said if "Content Security Policy" in text or "Failed" in text]
    assert refused == []
    assert [url for url in requests if not url.startswith((address, "data:", "blob:"))] == []
    assert any("maplibre-gl-worker.mjs" in url for url in requests)
    if folder := os.environ.get("ALLMENDE_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / "map.png"))
    context.close()
