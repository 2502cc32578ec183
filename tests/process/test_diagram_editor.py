"""The editor in a real browser: a step renamed, a field added, checked, saved; unsaved work, two editors, no change."""

from collections.abc import Iterator
from typing import Any

import pytest

from allmende.process.core.outline import outline
from allmende.process.domain import drawing, versions
from allmende.process.enums import VersionState
from allmende.process.models import Version
from allmende.spine.people.enums import Role
from tests.factories import make_account
from tests.process.browsing import CHROMIUM, Window, chromium
from tests.process.sheets import EVIL, sheet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="skipped, install chromium"),
    pytest.mark.django_db(transaction=True),
]
ELEMENT, NAME = "Element der Zeichnung", "Name"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def office() -> Any:
    return make_account(Role.PROGRAMME_OFFICE)


@pytest.fixture
def version(office: Any) -> Version:
    row = versions.import_model(sheet(), title="Idee", actor=office)
    versions.accept(row, actor=office)
    versions.submit(row, actor=office)
    return versions.release(row, actor=make_account(Role.PROGRAMME_OFFICE))


def open_editor(window: Window) -> Any:
    window.page.goto("/intern/prozesse/idee/zeichnen/")
    try:
        window.page.wait_for_selector("[data-editor][data-ready]")
    finally:
        assert window.noise == []
    return window.page


def enter(page: Any, label: str, text: str) -> None:
    """Type into a field and leave it, as people do; `page` or a part of it."""
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Tab")


def saved(page: Any) -> Version:
    page.get_by_role("button", name="Als neue Fassung speichern").click()
    page.wait_for_url("**/intern/fassung/*/")
    return Version.objects.get(number=2)


def test_a_step_is_renamed_and_asks_for_more(browser: Any, live_server: Any, office: Any, version: Version):
    window = Window(browser, live_server.url, office)
    page = open_editor(window)
    page.get_by_label(ELEMENT, exact=True).select_option("intake")
    enter(page, NAME, f"Idee {EVIL}")
    page.get_by_role("button", name="Feld hinzufügen").click()
    field = page.locator("details[open]")
    enter(field, "Beschriftung", "Geschätzte Kosten")
    assert page.evaluate("document.activeElement.id") == "edit-field-1-label-en"
    field.get_by_label("Art", exact=True).select_option("money")
    field.get_by_label("Muss ausgefüllt werden").check()
    page.get_by_label(ELEMENT, exact=True).select_option("check")
    page.get_by_label("Vier Augen: nicht von der Person, die das tat").select_option("intake")
    enter(page, "Zu erledigen innerhalb von", "10")
    page.get_by_label(ELEMENT, exact=True).select_option("yes")
    enter(page, "Bedingung", "geschaetzte_kosten > 10000")
    assert window.axe() == []
    page.get_by_role("button", name="Prüfen").click()
    page.get_by_text("Er läuft so, wie er gezeichnet ist.").wait_for()
    row = saved(page)
    assert row.state == VersionState.DRAFT
    steps = outline(row.sha256, bytes(row.xml))
    assert steps["intake"].name == f"Idee {EVIL}"
    fields = [(each.name, each.type, each.label, each.required) for each in steps["intake"].form.fields]
    assert fields == [("title", "text", "Die Idee", True), ("geschaetzte_kosten", "money", "Geschätzte Kosten", True)]
    assert (steps["check"].four_eyes, steps["check"].due, steps["check"].due_days) == ("intake", "P10D", "working")
    xml = bytes(row.xml).decode()
    assert "= geschaetzte_kosten &gt; 10000" in xml
    # What the editor knows nothing of is still there.
    for kept in ('later="kept"', 'hue="kept"', 'level="2"', ">kept</allmende:part>", ">kept</vendor:script>"):
        assert kept in xml
    assert row.lanes == version.lanes
    assert window.noise == []


def test_findings_stand_at_their_elements(browser: Any, live_server: Any, office: Any, version: Version):
    window = Window(browser, live_server.url, office)
    page = open_editor(window)
    page.get_by_label(ELEMENT, exact=True).select_option("yes")
    enter(page, "Bedingung", "")
    page.get_by_label(ELEMENT, exact=True).select_option("no")
    page.get_by_label("Dieser Weg wird genommen, wenn keine Bedingung zutrifft").uncheck()
    page.get_by_role("button", name="Prüfen").click()
    page.get_by_text("Er läuft, an manchen Stellen anders als gezeichnet:").wait_for()
    assert page.locator("[data-container-id=verdict] .al-drawing__mark").all_inner_texts() == ["Änderung"]
    page.locator("[data-part=findings]").get_by_role("button").first.click()
    assert page.get_by_label(ELEMENT, exact=True).input_value() == "verdict"
    assert not Version.objects.filter(number=2).exists()
    assert window.noise == []


def test_opened_and_saved_without_a_change_makes_no_version(
    browser: Any, live_server: Any, office: Any, version: Version
):
    window = Window(browser, live_server.url, office)
    page = open_editor(window)
    page.get_by_role("button", name="Als neue Fassung speichern").click()
    page.get_by_text("Es hat sich nichts geändert, also gibt es keine neue Fassung.").wait_for()
    xml = page.evaluate("fetch(document.querySelector('[data-editor]').dataset.xml).then(a => a.text())")
    same = drawing.save(version.model, xml.encode(), base=drawing.state_of(version), actor=office)
    assert same == version
    assert Version.objects.count() == 1
    assert window.noise == []


def test_what_is_not_saved_is_offered_again(browser: Any, live_server: Any, office: Any, version: Version):
    window = Window(browser, live_server.url, office)
    page = open_editor(window)
    page.get_by_label(ELEMENT, exact=True).select_option("intake")
    enter(page, NAME, "Idee notieren")
    page.wait_for_selector("[data-unsaved]")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == ["beforeunload"]
    page.wait_for_selector("[data-editor][data-ready]")
    page.get_by_role("button", name="Weiterzeichnen").click()
    page.get_by_label(ELEMENT, exact=True).select_option("intake")
    assert page.get_by_label(NAME, exact=True).input_value() == "Idee notieren"
    assert outline("x" + saved(page).sha256, bytes(Version.objects.get(number=2).xml))["intake"].name == "Idee notieren"
    open_editor(window)
    assert not page.get_by_role("button", name="Weiterzeichnen").is_visible()
    assert window.noise == []


def test_two_editors_do_not_overwrite_each_other(browser: Any, live_server: Any, office: Any, version: Version):
    window = Window(browser, live_server.url, office)
    page = open_editor(window)
    page.get_by_label(ELEMENT, exact=True).select_option("intake")
    enter(page, NAME, "Meines")
    other = sheet().replace(b'name="Idee aufnehmen"', b'name="Ihres"')
    theirs = drawing.save(
        version.model, other, base=drawing.state_of(version), actor=make_account(Role.PROGRAMME_OFFICE)
    )
    page.get_by_role("button", name="Als neue Fassung speichern").click()
    page.get_by_role("link", name="Die andere Fassung (neues Fenster)").wait_for()
    assert page.get_by_role("link", name="Die andere Fassung (neues Fenster)").get_attribute("href") == (
        theirs.get_absolute_url()
    )
    with page.expect_download() as file:
        page.get_by_role("link", name="Meine Zeichnung als Datei").click()
    assert 'name="Meines"' in file.value.path().read_text(encoding="utf-8")
    assert [bytes(row.source) for row in Version.objects.order_by("number")][1] == other
    assert all("409" in text for text in window.noise)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_editor_fits_and_is_accessible(
    browser: Any, live_server: Any, office: Any, version: Version, width: int, scheme: str
):
    window = Window(browser, live_server.url, office, width=width, color_scheme=scheme)
    page = open_editor(window)
    page.get_by_label(ELEMENT, exact=True).select_option("intake")
    page.locator("summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("a.bjs-powered-by").is_visible()
    assert window.axe() == []
    assert window.noise == []
