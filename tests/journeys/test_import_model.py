"""A drawing of another tool comes in by keyboard: its findings are read and accepted, its lanes get roles, a second
person releases it, and it begins."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from .keyboard import Keyboard
from .look import violations

pytestmark = pytest.mark.browser
Window = Callable[..., Any]
script = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
# Not executable, a gateway without conditions, a data store, a timer in words, a lane.
DRAWN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:somewhere">
  <dataStore id="register" name="Baumkataster"/>
  <process id="giessen" name="Bäume gießen" isExecutable="false">
    <laneSet id="ls"><lane id="l" name="Grünflächenamt"><flowNodeRef>s</flowNodeRef><flowNodeRef>look</flowNodeRef>
      <flowNodeRef>dry</flowNodeRef><flowNodeRef>water</flowNodeRef><flowNodeRef>pause</flowNodeRef>
      <flowNodeRef>e</flowNodeRef></lane></laneSet>
    <dataStoreReference id="ref" name="Baumkataster" dataStoreRef="register"/>
    <startEvent id="s"/>
    <userTask id="look" name="Boden ansehen"/>
    <exclusiveGateway id="dry" name="Trocken?"/>
    <userTask id="water" name="Gießen"/>
    <intermediateCatchEvent id="pause" name="Nach dem Regen">
      <timerEventDefinition><timeDuration>bis es getrocknet ist</timeDuration></timerEventDefinition>
    </intermediateCatchEvent>
    <endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="look"/>
    <sequenceFlow id="f2" sourceRef="look" targetRef="dry"/>
    <sequenceFlow id="f3" name="ja" sourceRef="dry" targetRef="water"/>
    <sequenceFlow id="f4" name="nein" sourceRef="dry" targetRef="pause"/>
    <sequenceFlow id="f5" sourceRef="water" targetRef="e"/>
    <sequenceFlow id="f6" sourceRef="pause" targetRef="e"/>
  </process>
</definitions>
"""


def notice(page: Any, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()


@script
def test_findings_are_accepted_and_a_second_person_releases(window: Window, script: bool) -> None:
    title = f"Bäume gießen {script}"
    page = window("programme_office", width=360 if script else 1280, java_script_enabled=script)
    keys = Keyboard(page)
    page.goto("/intern/prozesse/neu/")
    keys.type("Titel", title)
    keys.attach("Modell (.bpmn)", "baeume.bpmn", DRAWN.encode())
    keys.press("Importieren")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    for text in ("Trocken?", "bis es getrocknet ist"):
        expect(page.locator("#changes")).to_contain_text(text)
    expect(page.locator("main")).to_contain_text("Baumkataster")
    assert not script or violations(page) == []
    keys.press("Alle annehmen")
    expect(page.get_by_role("button", name="Alle annehmen")).to_have_count(0)
    keys.choose("Grünflächenamt", "Redaktion")
    keys.press("Speichern")
    keys.press("Zur Freigabe geben")
    expect(page.locator("main")).to_contain_text("Eine zweite Person muss sie freigeben")
    assert not script or violations(page) == []
    second = window("administrator", java_script_enabled=script)
    second.goto(page.url)
    hands = Keyboard(second)
    hands.press("Freigeben")
    expect(second.locator("main")).to_contain_text("Freigegeben")
    editor = window("editor", java_script_enabled=script)
    editor.goto("/intern/prozesse/")
    keys = Keyboard(editor)
    keys.press(title)
    keys.press("Vorgang beginnen")
    keys.type("Titel", "Die Linden am Stiftsplatz")
    keys.press("Beginnen")
    expect(editor.get_by_role("heading", level=1)).to_have_text("Boden ansehen")
    keys.press("Erledigt")
    notice(editor, "Erledigt")
    # The gateway says nothing of conditions: a person decides.
    expect(editor.get_by_role("heading", level=1)).to_have_text("Trocken?")
