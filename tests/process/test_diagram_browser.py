"""A drawing in a real browser: shapes, marks of a case, keyboard, nothing that the policy forbids."""

from collections.abc import Iterator
from typing import Any

import pytest

from allmende.process.domain import instances, items, versions
from allmende.process.models import Instance, Version
from allmende.spine.people.enums import Role
from tests.factories import make_account
from tests.process.browsing import CHROMIUM, Window, chromium
from tests.process.sheets import EVIL, sheet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="skipped, install chromium"),
    pytest.mark.django_db(transaction=True),
]
READY = "[data-drawing][data-ready]"


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


@pytest.fixture
def case(version: Version) -> Instance:
    row = instances.start(version, title="Licht am Weg", actor="import")
    items.complete(row.items.get(), {"title": "Licht"}, actor=make_account(Role.EDITOR))
    return row


def open_drawing(window: Window, address: str) -> Any:
    window.page.goto(address)
    try:
        window.page.wait_for_selector(READY)
    finally:
        assert window.noise == []
    return window.page


def test_a_version_shows_its_drawing_and_names_stay_text(browser: Any, live_server: Any, office: Any, version: Any):
    window = Window(browser, live_server.url, office)
    page = open_drawing(window, version.get_absolute_url())
    drawn = page.locator("[data-drawing] svg [data-element-id]").evaluate_all(
        "all => all.map(e => e.dataset.elementId)"
    )
    assert {"begin", "intake", "check", "verdict", "done", "refused", "f1", "yes", "desk", "pool"} <= set(drawn)
    text = page.locator("[data-drawing] svg [data-element-id=check] text").text_content()
    assert text.replace(" ", "") == f"{EVIL} prüfen".replace(" ", "")
    assert page.locator("[data-drawing] svg img, [data-drawing] svg foreignObject").count() == 0
    sign = page.locator("[data-drawing] a.bjs-powered-by")
    assert sign.is_visible()
    assert sign.get_attribute("href") == "http://bpmn.io"
    sign.click()
    page.get_by_text("Web-based tooling for BPMN").wait_for()
    page.locator(".bjs-powered-by-lightbox .backdrop").click(position={"x": 5, "y": 5})
    assert window.axe() == []
    assert window.noise == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_case_marks_where_it_is_and_leads_to_the_task(
    browser: Any, live_server: Any, office: Any, case: Instance, width: int, scheme: str
):
    window = Window(browser, live_server.url, office, width=width, color_scheme=scheme)
    page = open_drawing(window, case.get_absolute_url())
    shape = "[data-drawing] [data-element-id={}]"
    assert "al-is-open" in page.locator(shape.format("check")).get_attribute("class")
    for passed in ("begin", "intake"):
        assert "al-is-passed" in page.locator(shape.format(passed)).get_attribute("class")
    assert "al-is" not in page.locator(shape.format("done")).get_attribute("class")
    mark = page.locator(".al-drawing__mark")
    assert mark.all_inner_texts() == ["Hier: Programmbüro"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert window.axe() == []
    page.locator(shape.format("check")).click(position={"x": 20, "y": 20})
    page.wait_for_url(f"**{case.items.get(element='check').get_absolute_url()}")
    assert window.noise == []


def test_the_drawing_is_moved_by_keyboard_and_lets_go_again(
    browser: Any, live_server: Any, office: Any, case: Instance
):
    window = Window(browser, live_server.url, office)
    page = open_drawing(window, case.get_absolute_url())
    box = page.locator("[data-canvas]")
    view = "document.querySelector('[data-drawing] .viewport').getAttribute('transform')"
    box.focus()
    begun = page.evaluate(view)
    page.keyboard.press("ArrowRight")
    moved = page.evaluate(view)
    page.keyboard.press("+")
    larger = page.evaluate(view)
    page.keyboard.press("0")
    assert len({begun, moved, larger}) == 3
    assert page.evaluate("document.activeElement.hasAttribute('data-canvas')")
    # The marks and the sign of bpmn.io come next, then the page goes on.
    for _ in range(4):
        page.keyboard.press("Tab")
    assert not page.evaluate("document.querySelector('[data-canvas]').contains(document.activeElement)")
    page.keyboard.press("Shift+Tab")
    assert window.noise == []


def test_without_script_and_without_drawing_the_list_says_it(browser: Any, live_server: Any, office: Any, version: Any):
    window = Window(browser, live_server.url, office, java_script_enabled=False)
    window.page.goto(version.get_absolute_url())
    assert not window.page.locator("[data-drawing]").is_visible()
    assert window.page.get_by_role("rowheader", name="Idee aufnehmen").count() == 1
    bare = versions.import_model(sheet().partition(b"<bpmndi:")[0] + b"</bpmn:definitions>", title="Ohne", actor=office)
    window = Window(browser, live_server.url, office)
    window.page.goto(bare.get_absolute_url())
    window.page.wait_for_selector("[data-drawing-missing]:visible")
    assert not window.page.locator("[data-drawing]").is_visible()
    assert window.noise == []
