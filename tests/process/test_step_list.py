"""The drawing as a list of steps, and the ways of a choice: in the reader's language."""

from pathlib import Path

import pytest
from django.utils.translation import override

from allmende import process
from allmende.process.core.bpmn.importer import make_runnable
from allmende.process.core.bpmn.steps import steps
from allmende.process.domain import forms, instances, versions
from tests.factories import make_account

from .moving import HEAD

SHIPPED = sorted((Path(process.__file__).parent / "shipped").glob("*.bpmn"))
MODEL = (
    HEAD + '<process id="p" isExecutable="true"><startEvent id="s" name="Beginn"/>'
    '<exclusiveGateway id="x" name="Und nun?" allmende:nameEn="What now?"/>'
    '<userTask id="a" name="Prüfen" allmende:nameEn="Check"/><userTask id="b" name="Ablegen"/>'
    '<sequenceFlow id="f0" sourceRef="s" targetRef="x"/>'
    '<sequenceFlow id="f1" name="ja" allmende:nameEn="yes" sourceRef="x" targetRef="a"/>'
    '<sequenceFlow id="f2" name="nein" sourceRef="x" targetRef="b"/>'
    '<sequenceFlow id="f3" sourceRef="x" targetRef="a"/></process></definitions>'
).encode()


def test_ways_have_english_names():
    listed = {each.id: each for each in steps(make_runnable(MODEL).xml)}
    assert [way.text("de") for way in listed["x"].onward] == ["ja: Prüfen", "nein: Ablegen", "Prüfen"]
    assert [way.text("en") for way in listed["x"].onward] == ["yes: Check", "nein: Ablegen", "Check"]
    assert [way.text("en") for way in listed["s"].onward] == ["What now?"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_comes_along_has_english_names_for_all_ways(path):
    for each in steps(make_runnable(path.read_bytes()).xml):
        for way in each.onward:
            assert bool(way.label) == bool(way.label_en), (each.id, way)


@pytest.mark.django_db
def test_a_choice_in_english():
    row = versions.accept(versions.import_model(MODEL, title="Wahl", actor="test"), actor="test")
    version = versions.release(versions.submit(row, actor="test"), actor="test")
    item = instances.start(version, title="Fall", actor="test").items.get()
    person = make_account()

    def ways():
        return forms.build(item, person=person).fields[forms.WAYS].choices

    with override("de"):
        assert ways() == [("f1", "ja"), ("f2", "nein"), ("f3", "Prüfen")]
    with override("en"):
        assert ways() == [("f1", "yes"), ("f2", "nein"), ("f3", "Check")]
