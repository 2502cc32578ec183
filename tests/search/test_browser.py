"""Search in a real browser: axe, widths, keyboard, no script."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.support.full import whole_matrix

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
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
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def town(live_server: Any) -> str:
    from allmende.spine.instance.domain.settings import finish_setup
    from allmende.spine.search.domain.indexing import refresh
    from tests.factories import make_measure

    finish_setup()
    for number in range(12):
        measure = make_measure(
            title=f"Laufendes Licht {number}",
            summary="Zehn Leuchten & <b>ein Taster</b> am Fauthweg, die mit den Menschen gehen.",
            slug=f"licht-{number}",
        )
        type(measure).objects.filter(pk=measure.pk).update(changed=timezone.now() - timedelta(days=number))
        refresh([measure.urn])
    return str(live_server.url)


@whole_matrix
def test_no_violation_at_any_width_and_scheme(town: str, browser: Any) -> None:
    paths = [
        "/suche/",
        "/suche/?q=leuchten",
        "/suche/?q=leuchtne&page=2",
        "/suche/?q=nirgends",
        "/suche/?q=" + "x" * 201,
    ]
    found: list[object] = []

    def failed(error: object) -> None:
        found.append(str(error))

    def asked(request: Any) -> None:
        if not request.url.startswith((town, "data:")):
            found.append(request.url)

    for width in (360, 1280):
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="de-DE")
            page = context.new_page()
            page.on("pageerror", failed)
            page.on("request", asked)
            for path in paths:
                page.goto(town + path, wait_until="load")
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    found.append(f"{path} scrolls sideways at {width}")
                page.evaluate(AXE.read_text(encoding="utf-8"))
                result = page.evaluate("axe.run({resultTypes: ['violations']})")
                found += [
                    (path, width, scheme, v["id"], [n["target"] for n in v["nodes"]]) for v in result["violations"]
                ]
                if folder := os.environ.get("ALLMENDE_SCREENSHOTS"):
                    name = f"search-{paths.index(path)}-{width}-{scheme}.png"
                    page.screenshot(path=str(Path(folder) / name), full_page=True)
            context.close()
    assert found == []


@pytest.mark.parametrize("script", [True, False])
def test_found_with_the_keyboard_alone(town: str, browser: Any, script: bool) -> None:
    context = browser.new_context(locale="de-DE", java_script_enabled=script)
    page = context.new_page()
    page.goto(town + "/suche/")
    field = page.get_by_role("searchbox", name="Suchen nach")
    field.focus()
    page.keyboard.type("Leuchtne")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=Leuchtne**")
    assert page.get_by_role("heading", level=1).inner_text() == "Suche"
    assert page.get_by_role("status").first.inner_text() == "12 Treffer für „Leuchtne“"
    page.get_by_role("link", name="Leuchten", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**q=Leuchten**")
    hits = page.locator("ol.al-list > li")
    assert hits.count() == 10
    assert hits.first.locator("mark").inner_text() == "Leuchten"
    page.get_by_role("link", name="Nächste Seite").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**page=2**")
    assert page.locator("ol.al-list > li").count() == 2
    page.locator("ol.al-list a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/massnahmen/licht-*/")
    context.close()
