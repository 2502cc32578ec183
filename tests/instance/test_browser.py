"""The set-up at 360 pixels, without JavaScript, by keyboard alone; axe on every step."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from allmende.spine.instance.domain import setup
from allmende.spine.instance.models import Instance
from allmende.spine.people.models import Account

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="skipped, install chromium"),
    pytest.mark.django_db(transaction=True),
]
# What somebody types into the fields of each step, by label; the rest is left as it is.
TYPED = {
    "Gemeinde": {"Gemeinde": "Musterstadt", "Gemeindeschlüssel (AGS)": "07312000", "Land": "Rhein"},
    "Administration": {
        "E-Mail-Adresse": "admin@example.org", "Passwort": "Ein langer Satz 7",
        "Passwort noch einmal": "Ein langer Satz 7",
    },
}  # fmt: skip
STEPS = ["Gemeinde", "Marke", "Administration", "Mailserver", "Öffentliche Adresse", "Sicherung", "Räume"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    # Playwright's loop runs in this thread; Django would take it for an async context.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def focused(page: Any) -> str:
    """The accessible label of what has the focus. (The test's own question; the page runs no script.)"""
    return str(
        page.evaluate(
            """() => { const e = document.activeElement; const own = e.labels && e.labels[0];
            const text = own ? own.firstChild.textContent : e.textContent; return text.trim(); }"""
        )
    )


def tab_to(page: Any, label: str) -> None:
    for _ in range(40):
        if focused(page) == label:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{label} is not reached by keyboard on {page.url}, last was {focused(page)}")


def press(page: Any, label: str) -> None:
    """Reach a button or link by keyboard and press it."""
    tab_to(page, label)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.fixture
def site(closed: None) -> Iterator[str]:
    """A server of its own: the session's one has loaded its middleware already."""
    server = LiveServer("127.0.0.1")
    yield str(server.url)
    server.stop()


def narrow(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url


def axe(browser: Any, page: Any) -> None:
    """The same address in a window that may run scripts, for axe."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="de-DE", bypass_csp=True)
    context.add_cookies(page.context.cookies())
    seen = context.new_page()
    seen.goto(page.url)
    seen.evaluate(AXE.read_text())
    found = seen.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
    context.close()
    assert found == [], page.url


def test_a_town_is_set_up_by_keyboard_without_javascript(browser: Any, site: str) -> None:
    code = setup.setup_code()
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{site}/massnahmen/")
    assert page.url == f"{site}/einrichten/"
    narrow(page)
    axe(browser, page)
    tab_to(page, "Einrichtungscode")
    page.keyboard.type(str(code))
    press(page, "Beginnen")
    for number, heading in enumerate(STEPS, start=1):
        assert page.locator("h1").inner_text() == heading
        assert page.locator("p", has_text="Schritt").first.inner_text() == f"Schritt {number} von 8"
        narrow(page)
        axe(browser, page)
        for label, text in TYPED.get(heading, {}).items():
            tab_to(page, label)
            page.keyboard.type(text)
        press(page, "Speichern und weiter")
    assert page.locator("h1").inner_text() == "Prüfen und abschließen"
    narrow(page)
    axe(browser, page)
    press(page, "Stadt in Betrieb nehmen")
    assert Instance.objects.get().town == "Musterstadt" and Instance.objects.get().state == "RP"
    assert Account.objects.get().email == "admin@example.org"
    assert "Die Stadt ist eingerichtet" in page.locator("main").inner_text()
    context.close()


def test_an_error_is_found_by_keyboard(browser: Any, site: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{site}/einrichten/")
    tab_to(page, "Einrichtungscode")
    page.keyboard.type("falsch")
    press(page, "Beginnen")
    narrow(page)
    assert "Das ist nicht der Code dieses Servers." in page.locator("[role=alert]").inner_text()
    tab_to(page, "Einrichtungscode")
    field = page.locator("input[name=code]")
    assert field.get_attribute("aria-invalid") == "true"
    described = field.get_attribute("aria-describedby").split()
    assert [page.locator(f"#{name}").count() for name in described] == [1] * len(described)
    context.close()
