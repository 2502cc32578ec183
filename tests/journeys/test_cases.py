"""Tasks of processes in the browser: one done and one handed on by keyboard, and an intake that becomes a decided,
running measure by three roles, while the site's own worker does the steps of the system."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from .keyboard import Keyboard
from .look import violations
from .site import until

pytestmark = pytest.mark.browser
Window = Callable[..., Any]
script = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
PROCESS = "/intern/prozesse/von-der-idee-zur-massnahme/starten/"


def intake(keys: Keyboard, title: str) -> None:
    """A case begun and its first task filled, by keyboard."""
    keys.page.goto(PROCESS)
    keys.type("Titel", title)
    keys.press("Beginnen")
    expect(keys.page.get_by_role("heading", level=1)).to_have_text("Idee aufnehmen")
    keys.type("Die Idee in wenigen Worten", title)
    keys.type("Was vorgeschlagen wird", "Ein Brunnen, der auch im Sommer läuft.")
    keys.choose("Handlungsfeld", "Energie")


def notice(page: Any, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()


@script
@pytest.mark.parametrize("width", [360, 1280])
def test_a_task_and_a_delegation_by_keyboard(window: Window, width: int, script: bool) -> None:
    title = f"Brunnen {width} {script}"
    page = window("editor", width=width, java_script_enabled=script)
    keys = Keyboard(page)
    intake(keys, title)
    # Where it comes from is missing: the summary says so and leads to the field.
    keys.press("Erledigt")
    expect(page.get_by_role("alert")).to_contain_text("Woher sie kommt")
    assert not script or violations(page) == []
    if not script:
        keys.skip()
    keys.choose("Woher sie kommt", "am Sch")
    keys.press("Speichern und später weitermachen")
    notice(page, "Gespeichert.")
    expect(page.get_by_label("Die Idee in wenigen Worten")).to_have_value(title)
    keys.skip()
    keys.choose("Weitergeben an", "Redaktion")
    keys.press("Weitergeben")
    notice(page, "weitergegeben")
    row = page.get_by_role("row").filter(has_text=title)
    expect(row).to_be_visible()
    assert not script or violations(page) == []


def done(page: Any, **entered: str) -> None:
    """Fill the fields of a task by their names, and do it. Of a list "" is its first choice."""
    for name, value in entered.items():
        field = page.locator(f"[name={name}]").first
        if field.evaluate("element => element.type") == "radio":
            page.locator(f"[name={name}][value={value}]").check()
        elif field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value if value else None, index=None if value else 1)
        else:
            field.fill(value)
    with page.expect_navigation():
        page.get_by_role("button", name="Erledigt").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def open_case(page: Any, title: str) -> None:
    page.goto(f"/intern/vorgaenge/?q={title}")
    page.get_by_role("rowheader", name=title, exact=True).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def task(page: Any, title: str, name: str) -> None:
    """Open a task of a case once it is there: before it, the worker may have something to do."""
    waiting = page.get_by_role("main").get_by_role("link", name=name, exact=True)

    def there() -> bool:
        open_case(page, title)
        return bool(waiting.count())

    until(there, f"the task {name}")
    waiting.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_an_intake_becomes_a_decided_running_measure(window: Window) -> None:
    title = "Trinkbrunnen am Markt"
    desk, lead, office, dialogue = (
        window(role) for role in ("editor", "project_lead", "programme_office", "moderator")
    )
    desk.goto(PROCESS)
    desk.get_by_label("Titel").fill(title)
    desk.get_by_role("button", name="Beginnen").click()
    done(desk, title=title, summary="Trinkwasser für alle.", topic="", origin="counter")
    notice(desk, "Erledigt.")

    task(lead, title, "Idee prüfen")
    expect(lead.get_by_role("main")).to_contain_text("Trinkwasser für alle.")
    done(lead, verdict="yes", assessment="Die Stadt ist zuständig.", cost="12.500,50")

    task(office, title, "Über die Aufnahme entscheiden")
    expect(office.get_by_role("main")).to_contain_text("12.500,50")
    assert violations(office) == []
    done(office, admitted="yes", dialogue_plan="2026-05-01", council_plan="2026-06-01")

    # The worker begins the measure and sets its milestones; then the dialogue waits.
    task(dialogue, title, "Dialog führen")
    done(dialogue, dialogue="Der Ortsbeirat ist dafür.", dialogue_reach="1.200")
    task(office, title, "Ergebnis des Dialogs bewerten")
    done(office, outcome="council", dialogue_end="2026-05-01", outcome_reason="Viele sind dafür.")
    task(office, title, "Beschlussvorlage schreiben")
    file = {"name": "vorlage.txt", "mimeType": "text/plain", "buffer": "Vorlage für den Rat.".encode()}
    office.get_by_label("Vorlage als Datei").set_input_files(file)
    done(office, paper_reference="0123/2026")
    task(office, title, "Ratsbeschluss eintragen")
    expect(office.get_by_role("link", name="vorlage.txt")).to_be_visible()
    done(
        office, council_result="approved", decided_on="2026-06-01", body="Stadtrat", milestone="Brunnen läuft",
        milestone_plan="2026-12-01",
    )  # fmt: skip
    task(office, title, "Auftrag erteilen")
    done(office, commissioned_to="Stadtwerke")
    task(desk, title, "Ergebnis mitteilen")
    done(desk, told="Der Rat hat zugestimmt.")

    open_case(office, title)
    main = office.get_by_role("main")
    expect(main).to_contain_text("Beendet")
    expect(main).to_contain_text("Ersten Meilenstein setzen")
    assert violations(office) == []
    main.locator("dl").get_by_role("link", name=title, exact=True).click()
    expect(office.get_by_role("heading", level=1)).to_contain_text(title)
    text = office.get_by_role("main").inner_text() + " ".join(
        field.input_value() for field in office.locator("main input[type=text], main textarea").all()
    )
    assert "Trinkwasser für alle." in text
