"""Nothing typed is lost: two editors at once, an expired log-in, a lost database. A closed room is closed."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest
from playwright.sync_api import expect

from .look import violations
from .people import sign_in
from .site import Site

pytestmark = pytest.mark.browser
Window = Callable[..., Any]
script = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


def edit(page: Any, title: str) -> None:
    """Open the form of a measure."""
    page.goto("/intern/massnahmen/")
    page.get_by_role("link", name=title, exact=True).press("Enter")
    page.wait_for_selector("#id_summary")


def save(page: Any, name: str = "Entwurf speichern") -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).press("Enter")


@script
def test_two_editors_at_once(window: Window, script: bool) -> None:
    title = "Drohne der Feuerwehr"
    office = window("programme_office", java_script_enabled=script)
    lead = window("project_lead", 360, java_script_enabled=script)
    edit(office, title)
    edit(lead, title)
    office.fill("#id_reason", "Der Text des Programmbüros.")
    lead.fill("#id_reason", "Der Text der Projektleitung.")
    lead.fill("#id_place_name", f"Feuerwache {script}")
    save(office)
    save(lead)
    shown = lead.get_by_role("alert")
    expect(shown.get_by_role("heading")).to_have_text("Jemand anderes hat dies inzwischen gespeichert")
    # Both texts, side by side; and what was typed still stands in the form.
    cells = shown.locator("tr", has_text="Warum").locator("td").all_inner_texts()
    assert [cell.strip() for cell in cells] == ["Der Text der Projektleitung.", "Der Text des Programmbüros."]
    assert lead.input_value("#id_reason") == "Der Text der Projektleitung."
    assert lead.input_value("#id_place_name") == f"Feuerwache {script}"
    # axe waits for timers, which a page without script never runs.
    assert not script or violations(lead) == []
    office.reload()
    assert office.input_value("#id_reason") == "Der Text des Programmbüros."
    lead.fill("#id_reason", "Beide Texte in einem.")
    save(lead, "Meinen Text speichern")
    expect(lead.get_by_role("status").filter(has_text="Der Entwurf ist gespeichert.")).to_be_visible()
    office.reload()
    assert office.input_value("#id_reason") == "Beide Texte in einem."
    assert office.input_value("#id_place_name") == f"Feuerwache {script}"


@script
def test_a_log_in_that_expires_in_mid_form(window: Window, script: bool) -> None:
    page = window("programme_office", 360, java_script_enabled=script)
    edit(page, "Mängelmelder")
    text = f"Getippt, während die Anmeldung ablief ({script}).\n\nMit <b>Zeichen</b> & Umlauten: Äpfel."
    page.fill("#id_course", text)
    page.context.clear_cookies(name="allmende")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")
    sign_in(page, "programme_office")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Anmeldung war abgelaufen")
    expect(page.locator("main")).to_contain_text("Äpfel")
    assert not script or violations(page) == []
    save(page, "Jetzt absenden")
    expect(page.get_by_role("status").filter(has_text="Der Entwurf ist gespeichert.")).to_be_visible()
    edit(page, "Mängelmelder")
    assert page.input_value("#id_course").replace("\r\n", "\n") == text


@contextmanager
def no_database(site: Site) -> Iterator[None]:
    """The server stands still and its connections are gone: what a lost network or a dead machine looks like."""
    server = psutil.Process(site.postmaster())
    server.suspend()
    try:
        for backend in server.children():
            if "[local]" in " ".join(backend.cmdline()):
                os.kill(backend.pid, signal.SIGTERM)
        yield
    finally:
        server.resume()


def test_a_lost_database_is_said_and_the_text_comes_back(site: Site, window: Window) -> None:
    page = window("programme_office")
    page.set_default_timeout(60_000)
    english = window(width=360, language="en")
    edit(page, "Licht am Fauthweg")
    text = "Getippt, kurz bevor die Datenbank weg war."
    page.fill("#id_reason", text)
    with no_database(site):
        with page.expect_response(lambda answer: answer.request.is_navigation_request()) as told:
            save(page)
        assert told.value.status == 503 and told.value.headers["retry-after"] == "10"
        expect(page.get_by_role("heading", level=1)).to_have_text("Diese Website ist gerade nicht erreichbar")
        assert page.locator("html").get_attribute("lang") == "de"
        assert violations(page) == []
        answer = english.goto("/massnahmen/", timeout=40_000)
        assert answer.status == 503
        expect(english.get_by_role("heading", level=1)).to_have_text("This site is not available for a moment")
        assert english.locator("html").get_attribute("lang") == "en"
        assert english.evaluate("document.documentElement.scrollWidth") <= 360
        assert violations(english) == []
    expect_page(english, "Measures")
    edit(page, "Licht am Fauthweg")
    assert page.input_value("#id_reason") != text
    page.get_by_role("button", name="Meinen Text zurückholen").press("Enter")
    assert page.input_value("#id_reason") == text
    save(page)
    expect(page.get_by_role("status").filter(has_text="Der Entwurf ist gespeichert.")).to_be_visible()
    assert page.input_value("#id_reason") == text


def expect_page(page: Any, heading: str) -> None:
    """Try again, as the page of the lost database offers, until the site is back."""
    for _ in range(20):
        page.get_by_role("link", name="Try again").press("Enter")
        page.wait_for_load_state()
        if page.get_by_role("heading", level=1).inner_text() == heading:
            return
    raise AssertionError(f"{heading} did not come back")


def _rooms(window: Window, on: bool) -> None:
    page = window("administrator")
    page.goto("/intern/einstellungen/raeume/")
    page.get_by_role("checkbox", name="Programm", exact=True).set_checked(on)
    save(page, "Speichern")


def test_a_closed_room_is_closed(site: Site, window: Window) -> None:
    reader = window()
    reader.goto("/")
    entry = reader.get_by_role("navigation", name="Hauptmenü").get_by_role("link", name="Programm", exact=True)
    expect(entry).to_have_count(1)
    _rooms(window, on=False)
    try:
        # Each process knows its settings for two seconds.
        _reload_until(reader, lambda: entry.count() == 0)
        answer = reader.goto("/massnahmen/")
        assert answer.status == 404
        expect(reader.get_by_role("heading", level=1)).to_have_text("Seite nicht gefunden")
        assert reader.goto("/").status == 200
        assert reader.get_by_role("link", name="Alle Maßnahmen ansehen").count() == 0
        assert violations(reader) == []
    finally:
        _rooms(window, on=True)
    _reload_until(reader, lambda: entry.count() == 1)
    assert reader.goto("/massnahmen/").status == 200


def _reload_until(page: Any, true: Callable[[], bool]) -> None:
    """Three answers in a row, since several processes answer."""
    row = 0
    for _ in range(300):
        page.reload()
        row = row + 1 if true() else 0
        if row == 6:
            return
    raise AssertionError("it never changed")
