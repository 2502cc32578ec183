"""A model from an empty sheet, and what the panel says of messages, repetitions and calls, in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from allmende.process.core.bpmn.blank import blank
from allmende.process.core.bpmn.importer import make_runnable
from allmende.process.core.engine.simulate import simulate
from allmende.process.domain import drawing, versions
from allmende.process.models import Model, Version
from allmende.spine.people.enums import Role
from tests.factories import make_account
from tests.process.browsing import CHROMIUM, SIZES, Window, chromium
from tests.process.sheets import EVIL
from tests.process.test_diagram_editor import ELEMENT, NAME, enter

URL = "/intern/prozesse/neu/"
in_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="skipped, install chromium"),
    pytest.mark.django_db(transaction=True),
]
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
OWN = "{urn:allmende:process:1}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


def test_an_empty_sheet_runs_as_it_is() -> None:
    imported = make_runnable(blank(f"Leer {EVIL}"))
    assert (imported.findings, imported.runnable) == ((), True)
    assert simulate(imported.xml, 1).ended


@pytest.mark.django_db
def test_it_is_the_offices_and_has_a_title(client: Client) -> None:
    client.force_login(make_account(Role.EDITOR))
    assert client.post(URL, {"action": "sheet", "title": "Neu"}).status_code == 403
    client.force_login(make_account(Role.PROGRAMME_OFFICE))
    assert client.post(URL, {"action": "sheet", "title": ""}).status_code == 422
    assert client.post(URL, {"action": "sheet", "title": "x" * 201}).status_code == 422
    assert not Model.objects.exists()
    answer = client.post(URL, {"action": "sheet", "title": "Fundsachen"})
    assert (answer.status_code, answer["Location"]) == (302, "/intern/prozesse/fundsachen/zeichnen/")


def editor(window: Window) -> Any:
    window.page.wait_for_selector("[data-editor][data-ready]")
    assert window.noise == []
    return window.page


def latest(page: Any, model: Model) -> Any:
    """The saved drawing's XML."""
    page.get_by_role("button", name="Als neue Fassung speichern").click()
    page.wait_for_url("**/intern/fassung/*/")
    return etree.fromstring(bytes(drawing.latest(model).xml))


class TestDrawing:
    pytestmark = in_browser

    def test_from_the_title_to_the_saved_version_by_keyboard(self, browser: Any, live_server: Any) -> None:
        window = Window(browser, live_server.url, make_account(Role.PROGRAMME_OFFICE))
        page = window.page
        for width in SIZES:
            page.set_viewport_size({"width": width, "height": SIZES[width]})
            page.goto(URL)
            assert window.axe() == []
        page.locator("#sheet_title").focus()
        page.keyboard.type("Fundsachen")
        page.keyboard.press("Enter")
        page.wait_for_url("**/zeichnen/")
        editor(window)
        page.get_by_label(ELEMENT, exact=True).select_option("task-1")
        enter(page, NAME, "Aufnehmen")
        page.get_by_label("Dieser Schritt geschieht").select_option("one")
        enter(page, "Für jeden Eintrag von", '["a", "b"]')
        enter(page, "Name des Eintrags im Schritt", "stueck")
        assert window.axe() == []
        root = latest(page, Model.objects.get())
        (loop,) = root.iter(f"{BPMN}multiInstanceLoopCharacteristics")
        assert dict(loop.attrib) == {"isSequential": "true", f"{OWN}items": '["a", "b"]', f"{OWN}item": "stueck"}
        assert [each.get("name") for each in root.iter(f"{BPMN}userTask")] == ["Aufnehmen"]
        assert Version.objects.get().findings == []
        assert window.noise == []

    def test_how_often_by_number_and_once_again(self, browser: Any, live_server: Any) -> None:
        office = make_account(Role.PROGRAMME_OFFICE)
        model = drawing.begin("Runde", actor=office).model
        window = Window(browser, live_server.url, office)
        window.page.goto(f"/intern/prozesse/{model.slug}/zeichnen/")
        page = editor(window)
        page.get_by_label(ELEMENT, exact=True).select_option("task-1")
        page.get_by_label("Dieser Schritt geschieht").select_option("all")
        enter(page, "Wie viele Male", "3")
        (loop,) = latest(page, model).iter(f"{BPMN}multiInstanceLoopCharacteristics")
        assert (loop.get("isSequential"), loop[0].text) == (None, "= 3")
        page.goto(f"/intern/prozesse/{model.slug}/zeichnen/")
        editor(window)
        page.get_by_label(ELEMENT, exact=True).select_option("task-1")
        page.get_by_label("Dieser Schritt geschieht").select_option("")
        assert not list(latest(page, model).iter(f"{BPMN}multiInstanceLoopCharacteristics"))
        assert window.noise == []

    def test_messages_and_calls(self, browser: Any, live_server: Any) -> None:
        office, second = make_account(Role.PROGRAMME_OFFICE), make_account(Role.PROGRAMME_OFFICE)
        other = drawing.begin("Anderer", actor=office)
        versions.release(versions.submit(other, actor=office), actor=second)
        for kind, title in (("receiveTask", "Post"), ("callActivity", "Ruf")):
            data = blank(title).replace(b"userTask", kind.encode())
            model = versions.import_model(data, title=title, actor=office).model
            window = Window(browser, live_server.url, office)
            window.page.goto(f"/intern/prozesse/{model.slug}/zeichnen/")
            page = editor(window)
            page.get_by_label(ELEMENT, exact=True).select_option("task-1")
            if kind == "receiveTask":
                enter(page, "Name der Nachricht", "Antwort da")
            else:
                page.get_by_label("Prozess, der aufgerufen wird").select_option(label="Anderer")
            assert window.axe() == []
            root = latest(page, model)
            (step,) = root.iter(f"{BPMN}{kind}")
            if kind == "receiveTask":
                (message,) = root.iter(f"{BPMN}message")
                assert (message.get("name"), step.get("messageRef")) == ("Antwort da", message.get("id"))
            else:
                assert (step.get("calledElement"), step.get(f"{OWN}calls")) == (
                    "process-anderer",
                    "anderer:process-anderer",
                )
                assert step.get(f"{OWN}by") is None
            assert window.noise == []
            window.context.close()
