"""Drawings without a browser: marks of a case, saving on what is there, what the XML may do, who may do what."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from allmende.process.core import xml
from allmende.process.core.bpmn.same import same
from allmende.process.domain import drawing, instances, items, versions
from allmende.process.domain.drawing import Mark
from allmende.process.enums import VersionState
from allmende.process.models import Version
from allmende.spine.models import VersionConflict
from allmende.spine.people.enums import Role
from tests.factories import make_account
from tests.process.sheets import PROCESS, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_account(Role.PROGRAMME_OFFICE)


@pytest.fixture
def version(office):
    row = versions.import_model(sheet(), title="Idee", actor=office)
    versions.submit(row, actor=office)
    return versions.release(row, actor=make_account(Role.PROGRAMME_OFFICE))


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def renamed(name: str) -> bytes:
    return sheet(PROCESS.replace('name="Idee aufnehmen"', f'name="{name}"'))


def test_a_case_marks_where_it_is_for_who_may_do_it(version, office, django_assert_num_queries):
    editor, auditor = make_account(Role.EDITOR), make_account(Role.AUDITOR)
    case = instances.start(version, title="Licht", actor="import")
    intake = case.items.get()
    here = Mark("intake", "open", "Hier: Redaktion", intake.get_absolute_url())
    assert drawing.marks(case, editor) == [here, Mark("begin", "passed")]
    assert drawing.marks(case, auditor) == [here._replace(url=""), Mark("begin", "passed")]
    items.complete(intake, {"title": "gut"}, actor=editor)
    check = case.items.get(element="check")
    items.claim(check, actor=office)
    assert drawing.marks(case, office) == [
        Mark("check", "open", f"Hier: {office}", check.get_absolute_url()),
        Mark("begin", "passed"),
        Mark("intake", "passed"),
    ]
    case.refresh_from_db()
    with django_assert_num_queries(4):
        drawing.marks(case, office)


def test_the_xml_as_a_page_may_do_nothing(version, office):
    answer = client_of(office).get(f"/intern/fassung/{version.public_id}/zeichnung.bpmn")
    assert (answer.status_code, answer.content) == (200, bytes(version.xml))
    assert answer["Content-Type"] == "application/bpmn+xml"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client_of(make_account(Role.RESIDENT)).get(answer.request["PATH_INFO"]).status_code == 403


def test_names_do_not_become_markup_on_the_pages(version, office):
    for address in (version.get_absolute_url(), "/intern/prozesse/idee/zeichnen/"):
        text = client_of(office).get(address).content.decode()
        assert "<img src=x" not in text
        assert "</script><" not in text.partition('type="application/json">')[2].partition("</script>")[0]


def test_a_drawing_becomes_the_next_version_or_the_open_draft(version, office):
    base = drawing.state_of(version)
    first = drawing.save(version.model, renamed("Idee notieren"), base=base, note="Kürzer", actor=office)
    assert (first.number, first.state, first.note) == (2, VersionState.DRAFT, "Kürzer")
    second = drawing.save(version.model, renamed("Notieren"), base=drawing.state_of(first), actor=office)
    assert (second.pk, second.note) == (first.pk, "Kürzer")
    assert second.lanes == version.lanes
    assert b"Notieren" in bytes(second.xml)
    version.refresh_from_db()
    assert bytes(version.source) == sheet()


def test_nobody_overwrites_what_they_have_not_seen(version, office):
    base = drawing.state_of(version)
    theirs = drawing.save(version.model, renamed("Ihres"), base=base, actor=office)
    with pytest.raises(VersionConflict) as refused:
        drawing.save(version.model, renamed("Meines"), base=base, actor=office)
    assert refused.value.current == theirs
    assert bytes(Version.objects.get(number=2).source) == renamed("Ihres")


def test_what_waits_for_release_is_not_drawn_over(version, office):
    first = drawing.save(version.model, renamed("Anders"), base=drawing.state_of(version), actor=office)
    versions.submit(versions.accept(first, actor=office), actor=office)
    with pytest.raises(ValidationError) as refused:
        drawing.save(version.model, renamed("Noch anders"), base=drawing.state_of(first), actor=office)
    assert refused.value.messages == ["Eine Fassung dieses Modells wartet auf ihre Freigabe."]


def test_the_same_written_otherwise_makes_no_version(version, office):
    other = sheet().replace(b"bpmn:", b"b:").replace(b"xmlns:bpmn=", b"xmlns:b=").replace(b"><", b">\n  <")
    assert other != sheet()
    assert drawing.save(version.model, other, base=drawing.state_of(version), actor=office) == version
    assert Version.objects.count() == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'required="true"', b'required="false"'),
        (b'<dc:Bounds x="280"', b'<dc:Bounds x="281"'),
        (b">kept</allmende:part>", b">gone</allmende:part>"),
        (b'name="ja"', b'name="Ja"'),
    ],
)
def test_every_difference_counts(before, after):
    changed = sheet().replace(before, after)
    assert changed != sheet()
    assert same(xml.read(sheet()), xml.read(sheet()))
    assert not same(xml.read(sheet()), xml.read(changed))


def test_check_says_what_is_found_and_keeps_nothing(version, office):
    bare = sheet(PROCESS.replace(' default="no"', "").replace('= title = "gut"', "gut"))
    found = drawing.check(bare, actor=office)
    assert [(each["element"], each["level"], each["code"]) for each in found] == [
        ("verdict", "change", "foreign-condition"),
        ("file", "note", "extensions-kept"),
    ]
    assert [each["sentence"] for each in found] == [each["text"]["de"] for each in found]
    assert drawing.check(bytes(version.xml), actor=office) == []
    assert Version.objects.count() == 1
    with pytest.raises(PermissionDenied):
        drawing.check(bare, actor=make_account(Role.EDITOR))
    with pytest.raises(PermissionDenied):
        drawing.save(version.model, bare, base=drawing.state_of(version), actor=make_account(Role.EDITOR))


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'"text"', b"\xff", b"[" * 20_000, json.dumps({"xml": "<a/>", "base": "", "note": 1}).encode()],
)
def test_what_the_editor_never_sends_is_refused(version, office, body):
    for what in ("pruefen", "speichern"):
        address = f"/intern/prozesse/idee/zeichnen/{what}/"
        answer = client_of(office).post(address, body, content_type="application/json")
        assert answer.status_code in (409, 422)
        assert Version.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 422), ("<a", 422), ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 422), ("\ud800", 422), ("\x00", 422)],
)
def test_hostile_xml_is_refused_with_a_reason(version, office, text, status):
    body = json.dumps({"xml": text, "base": drawing.state_of(version), "note": ""})
    for what in ("pruefen", "speichern"):
        answer = client_of(office).post(
            f"/intern/prozesse/idee/zeichnen/{what}/", body, content_type="application/json"
        )
        assert (answer.status_code, bool(answer.json()["errors"])) == (status, True)


def test_editor_is_for_who_may_change_models_and_only_for_processes(version, office):
    assert client_of(office).get("/intern/prozesse/idee/zeichnen/").status_code == 200
    assert client_of(make_account(Role.EDITOR)).get("/intern/prozesse/idee/zeichnen/").status_code == 403
    version.model.kind = "decision"
    version.model.save()
    assert client_of(office).get("/intern/prozesse/idee/zeichnen/").status_code == 404
