"""What people come for, by keyboard alone, with JavaScript and without."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from .keyboard import Keyboard
from .look import violations
from .site import Site

pytestmark = pytest.mark.browser
Window = Callable[..., Any]
script = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


def main(page: Any) -> Any:
    return page.locator("main")


@script
@pytest.mark.parametrize("width", [360, 1280])
def test_find_a_measure_by_searching_and_read_it(window: Window, width: int, script: bool) -> None:
    page = window(width=width, java_script_enabled=script)
    keys = Keyboard(page)
    page.goto("/")
    keys.menu("Suche")
    keys.type("Suchen nach", "Rütschhofstrase")  # as people type it
    keys.press("Suchen")
    keys.press("Licht in der Rütschhofstraße")
    expect(page.get_by_role("heading", level=1)).to_have_text("Licht in der Rütschhofstraße")
    expect(main(page)).to_match_aria_snapshot("""
      - navigation "Wo Sie sind":
        - list:
          - listitem:
            - link "Maßnahmen"
      - article:
        - heading "Licht in der Rütschhofstraße" [level=1]
        - term: Zustand
        - definition: /Keine Termine bekannt/
        - term: Stufe
        - definition: /In Betrieb/
        - term: Handlungsfeld
        - definition:
          - link "Energie und Umwelt"
        - heading "Warum" [level=2]
        - paragraph
        - heading "Was bisher geschah" [level=2]
    """)


@script
@pytest.mark.parametrize("width", [360, 1280])
def test_find_a_measure_by_narrowing_the_list(window: Window, width: int, script: bool) -> None:
    page = window(width=width, language="en", java_script_enabled=script)
    keys = Keyboard(page)
    page.goto("/")
    keys.menu("Programme", button="Menu")
    keys.choose("Topic", "Energie")
    keys.press("Show")
    expect(page.get_by_role("rowheader" if width > 700 else "link", name="Licht")).to_have_count(2)
    expect(main(page)).to_match_aria_snapshot("""
      - heading "Measures" [level=1]
      - search "Narrow the list":
        - textbox "Words"
        - combobox "Topic"
        - combobox "Stage"
        - combobox "State"
        - combobox "Phase"
        - button "Show"
      - paragraph: 2 measures, sorted by last change
    """)
    keys.press("Licht am Fauthweg")
    expect(page.get_by_role("heading", level=1)).to_have_text("Licht am Fauthweg")
    # The page is English, the town's own text is not, and says so.
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("main article").get_attribute("lang") == "de"


@script
@pytest.mark.parametrize("width", [360, 1280])
def test_from_a_draft_over_the_review_to_readers_who_follow(window: Window, width: int, script: bool) -> None:
    title = {360: "Digitale Dörfer", 1280: "Interkommunales Netzwerk Digitale Stadt"}[width]
    sentence = f"Die Maßnahme „{title}“ wurde geändert"
    reader = window(width=width, java_script_enabled=script)
    reader.goto("/aktuelles/")
    before = reader.get_by_role("link", name=sentence).count()

    author = window(width=width, java_script_enabled=script)
    keys = Keyboard(author)
    author.goto("/")
    keys.sign_in("project_lead")
    keys.press("Maßnahmen") if width == 1280 or not script else _staff_menu(keys, "Maßnahmen")
    keys.press(title)
    word = f"Neu {width} {script}."
    keys.type("In einem Satz", f" {word}")
    keys.press("Entwurf speichern")
    expect(author.get_by_role("status").filter(has_text="Der Entwurf ist gespeichert.")).to_be_visible()
    reader.goto(f"/suche/?q={title}")
    Keyboard(reader).press(title)
    expect(main(reader)).not_to_contain_text(word)
    keys.type("Was sich ändert, und warum", f"Satz {width}")
    keys.press("Zur Prüfung geben")
    expect(author.get_by_role("status").filter(has_text="Der Entwurf ist in Prüfung.")).to_be_visible()

    reviewer = window(width=width, java_script_enabled=script)
    keys = Keyboard(reviewer)
    reviewer.goto("/")
    keys.sign_in("programme_office")
    keys.press("Zu prüfen") if width == 1280 or not script else _staff_menu(keys, "Zu prüfen")
    keys.press(title)
    expect(main(reviewer)).to_contain_text(word)
    assert not script or violations(reviewer) == []
    reader.goto("/aktuelles/")
    keys.press("Veröffentlichen")
    expect(reviewer.get_by_role("status").filter(has_text="Die Maßnahme ist öffentlich.")).to_be_visible()

    if not script:
        reader.reload()
    # With a script the open page renews itself.
    expect(reader.get_by_role("link", name=sentence)).to_have_count(before + 1, timeout=15_000)
    keys = Keyboard(reader)
    keys.press(sentence)
    expect(main(reader)).to_contain_text(word)
    # axe waits for timers, which a page without script never runs.
    assert not script or violations(reader) == []
    if not script:
        feed = keys.fetch("Dieser Maßnahme im Feedreader folgen (Atom)").decode()
        assert sentence in feed and "</feed>" in feed
    keys.press("Zum Verfolgen anmelden")
    keys.type("E-Mail-Adresse", "resident@demo.example")
    keys.type("Passwort", "herzlich-digital")
    with reader.expect_navigation():
        reader.keyboard.press("Enter")
    # The other width and the run without script follow other measures or have followed this one.
    if reader.get_by_role("button", name="Folgen", exact=True).count():
        keys.press("Folgen")
    expect(reader.get_by_role("button", name="Nicht mehr folgen")).to_be_visible()
    if not script:
        reader.goto("/konto/mitteilungen/einstellungen/")
        keys.choose("Maßnahmen, denen ich folge", "Sofort")
        keys.press("Speichern")
        expect(reader.get_by_role("status").filter(has_text="Gespeichert.")).to_be_visible()
        expect(reader.get_by_label("Maßnahmen, denen ich folge")).to_have_value("immediately")
        expect(main(reader).get_by_role("link", name=title)).to_be_visible()


def _staff_menu(keys: Keyboard, name: str) -> None:
    keys.to("Intern: Überblick")
    keys.page.keyboard.press("Enter")
    keys.press(name)


@pytest.mark.parametrize(("width", "script", "language"), [(1280, True, "de"), (360, False, "en")])
def test_a_barrier_is_reported_and_reaches_the_queue(
    site: Site, window: Window, width: int, script: bool, language: str
) -> None:
    page = window(width=width, java_script_enabled=script, language=language)
    keys = Keyboard(page)
    page.goto("/karte/")
    german = language == "de"
    keys.press("Barrierefreiheit" if german else "Accessibility")
    text = f"Die Karte nennt keine Straßen ({width})."
    keys.type("Was ist die Barriere?" if german else "What is the barrier?", text)
    if not german:
        expect(main(page).locator("form")).to_match_aria_snapshot(f"""
          - textbox "What is the barrier?": {text}
          - textbox "On which page? (optional)"
          - textbox "E-mail address for an answer (optional)"
          - paragraph:
            - button "Send"
        """)
    keys.press("Absenden" if german else "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vielen Dank" if german else "Thank you")

    staff = window("administrator", width=width, java_script_enabled=script)
    hands = Keyboard(staff)
    staff.goto("/intern/")
    hands.press("Moderation") if width == 1280 or not script else _staff_menu(hands, "Moderation")
    row = staff.get_by_role("row").filter(has_text=text)
    hands.press(row.get_by_role("link").inner_text())
    expect(main(staff)).to_contain_text(text)
