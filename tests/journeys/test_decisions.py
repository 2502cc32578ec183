"""A decision from its empty table to its release, by keyboard alone, with JavaScript and without."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from .keyboard import Keyboard
from .look import violations

pytestmark = pytest.mark.browser
Window = Callable[..., Any]


def signed_in(window: Window, person: str, width: int, script: bool) -> tuple[Any, Keyboard]:
    page = window(width=width, java_script_enabled=script)
    keys = Keyboard(page)
    page.goto("/")
    keys.sign_in(person)
    return page, keys


@pytest.mark.parametrize(("script", "width"), [(True, 1280), (False, 360)], ids=["script", "no script"])
def test_from_an_empty_table_to_the_release(window: Window, script: bool, width: int) -> None:
    title = f"Parkgebühr {width}"
    page, keys = signed_in(window, "programme_office", width, script)
    page.goto("/intern/prozesse/")
    keys.press("Neue Entscheidung")
    keys.type("Titel", title)
    keys.type("Wovon sie abhängt", "Stunden")
    keys.type("Was herauskommt", "Euro")
    keys.press("Tabelle beginnen")
    keys.press(f"Regeln ändern : {title}")

    keys.replace("Regel 1, Stunden", "< 1")
    keys.replace("Regel 1, Euro", "frei")
    keys.press("Regel anfügen")
    keys.replace("Regel 2, Stunden", ">= 1")
    keys.replace("Regel 2, Euro", "2.5")
    keys.press("Speichern")
    errors = page.locator(".al-errors")
    expect(errors).to_contain_text(
        'Regel 1, Euro: „frei“ ist hier nicht bekannt. Texte stehen in Anführungszeichen: "frei".'
    )
    assert not script or violations(page) == []
    keys.to("Regel 1, Euro")
    page.keyboard.press("Enter")  # the link to the cell
    keys.replace("Regel 1, Euro", "0")
    keys.press("Speichern")
    expect(page.get_by_role("status").filter(has_text="Gespeichert.")).to_be_visible()

    keys.press("Fassung 1")
    keys.press("Ausprobieren")
    keys.type("Stunden", "3")
    keys.press("Entscheiden")
    expect(page.locator("#result")).to_contain_text("2,5")
    assert not script or violations(page) == []
    keys.type("Name des Falls", "Drei Stunden")
    keys.press("Festhalten")
    expect(page.locator("#cases")).to_contain_text("1 von 1 stimmen")
    keys.press("Zur Freigabe geben")
    address = page.url

    second, keys = signed_in(window, "administrator", width, script)
    second.goto(address)
    keys.press("Freigeben")
    expect(second.get_by_role("status").filter(has_text="Ab jetzt entscheidet sie.")).to_be_visible()
    assert not script or violations(second) == []
