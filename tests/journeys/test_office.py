"""What the programme office comes for, by keyboard alone, with JavaScript and without: a list in, a report out."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.programme import messy_list
from tests.programme.messy_list import HEADINGS, ROWS

from .keyboard import Keyboard
from .look import violations

pytestmark = pytest.mark.browser
Window = Callable[..., Any]
script = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


def messy(code: str, day: str) -> bytes:
    """The list with codes and titles of its own, and a row whose day is `day`."""
    number, title = HEADINGS.index("Lfd. Nr."), HEADINGS.index("Maßnahme")

    def own(row: tuple[Any, ...]) -> tuple[Any, ...]:
        if row[title] is None:
            return row
        cells = list(row)
        cells[number], cells[title] = f"{code}-{row[number]}", f"{row[title]} {code}"
        return tuple(cells)

    more = {"Lfd. Nr.": "D-05", "Maßnahme": "Neue Lampen", "geplant": day}
    return messy_list.build((*map(own, (*ROWS[:-1], tuple(more.get(name) for name in HEADINGS))), ROWS[-1]))


@script
def test_a_messy_list_is_sent_corrected_and_imported(window: Window, script: bool) -> None:
    code = "J" if script else "N"
    # The office's own upload is looked at by test_pages: a person has one at a time.
    page = window("administrator", width=1280 if script else 360, java_script_enabled=script)
    keys = Keyboard(page)
    seen: list[str] = []

    def look() -> None:
        # axe waits for timers, which a page without script never runs.
        if script:
            seen.extend(f"{page.url}: {each}" for each in violations(page))

    page.goto("/intern/import/")
    look()
    for day in ("31.02.2024", "28.02.2024"):
        keys.skip()
        keys.attach("Datei (.xlsx, .csv oder .json)", "liste.xlsx", messy(code, day))
        keys.press("Weiter")
        keys.skip()
        expect(page.get_by_label("Blatt")).to_have_value("Maßnahmen 2020")
        if day == "31.02.2024":
            look()
            keys.choose("Blatt", "Maß")
            keys.replace("Zeile mit den Überschriften", str(messy_list.HEADER))
        keys.press("Weiter")
        keys.skip()
        if day == "31.02.2024":
            look()
            keys.choose("Bemerkung", "Einfach")
        keys.choose("Handlungsfeld, wo eine Zeile keines nennt", "Verkehr")
        keys.press("Prüfen")
        keys.skip()
        keys.choose("Handlungsfeld „Energie“ der Liste", "Energie")
        if page.get_by_label("Handlungsfeld „Mobilität“ der Liste").count():
            keys.tick("Diese Handlungsfelder anlegen, soweit oben nichts gewählt ist: Energie; Mobilität")
        keys.press("Noch einmal prüfen")
        look()
        keys.skip()
        if day == "31.02.2024":
            expect(page.get_by_role("heading", level=1)).to_have_text("Das muss zuerst in der Liste korrigiert werden")
            expect(page.get_by_role("row").filter(has_text="Zelle F11")).to_contain_text("Diesen Tag gibt es nicht")
            assert page.get_by_role("button", name="Jetzt importieren").count() == 0
            keys.press("Import und Export")
    expect(page.locator("main div[role=status]")).to_contain_text("5 neue Maßnahmen als Entwürfe")
    keys.press("Jetzt importieren")
    expect(page.get_by_role("status").filter(has_text="Die Liste ist importiert.")).to_be_visible()
    look()
    keys.skip()
    keys.press("Zu den Maßnahmen")
    keys.skip()
    keys.type("Wörter", f"Neue Lampen {code}")
    keys.press("Anzeigen")
    keys.skip()
    keys.press(f"Neue Lampen {code}")
    keys.skip()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Neue Lampen {code}")
    keys.press("Verlauf")
    expect(page.locator("main input[value='2024-02-28']").first).to_be_visible()
    assert seen == []


@script
def test_an_annual_report_is_made_read_and_downloaded(window: Window, script: bool) -> None:
    page = window("programme_office", width=360 if script else 1280, java_script_enabled=script)
    keys = Keyboard(page)
    year = 2023 if script else 2024
    page.goto("/berichte/")
    keys.press("Bericht machen")
    keys.replace("Jahr", str(year))
    keys.press("Erst ansehen")
    assert not script or violations(page) == []
    keys.press(f"„Jahresbericht {year}“ endgültig machen")
    expect(page.get_by_role("status").filter(has_text="Der Bericht ist gemacht.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Jahresbericht {year}")
    assert not script or violations(page) == []
    printed = keys.fetch("Als PDF")
    assert (printed[:5], b"/StructTreeRoot" in printed) == (b"%PDF-", True)
    page.goto("/berichte/")
    keys.press(f"Jahresbericht {year}")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Jahresbericht {year}")


def test_a_file_of_our_own_says_what_it_would_change(window: Window) -> None:
    page = window("administrator", width=360)
    keys = Keyboard(page)
    whole = page.context.request.get("/intern/export/programm.json").json()
    measure = whole["measures"][0]["document"]
    measure["reason"] = "Ein anderer Grund."
    page.goto("/intern/import/")
    keys.skip()
    keys.attach("Datei (.xlsx, .csv oder .json)", "programm.json", json.dumps(whole).encode())
    keys.press("Weiter")
    # A long file is checked by the worker; the page looks again by itself.
    onwards = page.get_by_role("link", name="Ansehen, was geschehen würde")
    heading = page.get_by_role("heading", level=1, name="Was geschehen würde")
    expect(onwards.or_(heading)).to_be_visible(timeout=20_000)
    if onwards.count():
        assert violations(page) == []
        keys.press("Ansehen, was geschehen würde")
    row = page.get_by_role("row").filter(has_text="Ein anderer Grund.")
    expect(row).to_contain_text(measure["title"])
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    keys.press("Datei verwerfen")
    expect(page.get_by_role("status").filter(has_text="verworfen")).to_be_visible()
