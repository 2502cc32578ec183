"""A drawing changed by keyboard alone, on the model that comes along: a step renamed, checked, saved as a draft."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from .keyboard import Keyboard
from .look import Watcher, violations
from .pages import OFFICE
from .site import Site

pytestmark = pytest.mark.browser
Window = Callable[..., Any]


def test_a_step_is_renamed_by_keyboard_and_becomes_a_draft(window: Window, site: Site) -> None:
    page = window(OFFICE)
    watcher = Watcher(page, site)
    keys = Keyboard(page)
    page.goto(f"/intern/prozesse/{site.things['model']}/")
    keys.press("Zeichnen")
    expect(page.locator("[data-editor][data-ready]")).to_be_attached()
    keys.choose("Element der Zeichnung", "Idee aufnehmen")
    keys.replace("Name", "Idee aufschreiben")
    keys.to("Name auf Englisch")
    expect(page.locator("[data-canvas], [data-part=canvas]").get_by_text("aufschreiben")).to_be_attached()
    page.locator("[data-part=check]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Er läuft so, wie er gezeichnet ist.")).to_be_visible()
    assert violations(page) == []
    page.locator("[data-part=note]").focus()
    page.keyboard.type("Ein klareres Wort")
    keys.press("Als neue Fassung speichern")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fassung 2")
    expect(page.locator("main")).to_contain_text("Ein klareres Wort")
    expect(page.get_by_role("rowheader", name="Idee aufschreiben")).to_be_visible()
    expect(page.locator("[data-drawing][data-ready]")).to_be_attached()
    assert watcher.noise == []
