"""An idea on a phone, by keyboard, with and without JavaScript: put in, commented by somebody else, supported."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from .keyboard import Keyboard
from .look import violations
from .site import Site

pytestmark = pytest.mark.browser
Window = Callable[..., Any]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_idea_is_put_in_commented_and_supported(site: Site, window: Window, script: bool) -> None:
    title = f"Leuchte am Spielplatz {'mit' if script else 'ohne'} Skript"
    author = window(width=360, java_script_enabled=script)
    keys = Keyboard(author)
    # The way leads through the log-in and back to the form.
    author.goto("/beteiligung/")
    keys.press("Licht am Bach")
    keys.press("Idee einbringen")
    keys.type("E-Mail-Adresse", "resident@demo.example")
    keys.type("Passwort", "herzlich-digital")
    with author.expect_navigation():
        author.keyboard.press("Enter")
    expect(author.get_by_role("heading", level=1)).to_have_text("Idee einbringen")
    keys.type("Ihre Idee in wenigen Worten", title)
    keys.press("Absenden")
    # What is missing is said where it is missing; what was typed is still there.
    expect(author.get_by_label("Ihre Idee", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(author.get_by_label("Ihre Idee in wenigen Worten")).to_have_value(title)
    # The list of errors leads to the field.
    keys.to("Ihre Idee")
    author.keyboard.press("Enter")
    expect(author.get_by_label("Ihre Idee", exact=True)).to_be_focused()
    author.keyboard.type("Dort spielen auch im Winter Kinder.")
    keys.press("Absenden")
    expect(author.get_by_role("heading", level=1)).to_have_text(title)
    expect(author.locator("main")).to_contain_text("Antwort mit Begründung bis")
    expect(author.locator("main")).to_contain_text("Referat Grünflächen")
    assert author.evaluate("document.documentElement.scrollWidth") == 360
    address = author.url

    reader = window("nachbar@demo.example", width=360, java_script_enabled=script)
    keys = Keyboard(reader)
    reader.goto(address)
    keys.to("Unterstützen")
    reader.keyboard.press("Enter")
    expect(reader.get_by_text("1 Person unterstützt das")).to_be_visible()
    expect(reader.get_by_role("button", name="Nicht mehr unterstützen")).to_be_visible()
    keys.type("Ihr Kommentar", "Das sehe ich jeden Abend.")
    keys.press("Absenden")
    expect(reader.locator("main")).to_contain_text("Das sehe ich jeden Abend.")
    for page in (author, reader):
        page.goto(address)
        if script:
            assert violations(page) == []

    visitor = window(width=360, java_script_enabled=script)
    keys = Keyboard(visitor)
    visitor.goto("/beteiligung/licht-am-bach/")
    keys.press("Orte nennen")
    keys.press(title)
    expect(visitor.get_by_role("heading", level=1)).to_have_text(title)
