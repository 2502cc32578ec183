"""Decisions in the browser: pages and forms as they are sent without JavaScript."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allmende.process.core.dmn.sheets import Row
from allmende.process.domain import decisions, decisions_shipped, doing, versions
from allmende.process.domain import decisions_cases as cases
from allmende.process.domain import decisions_editing as editing
from allmende.process.domain import decisions_reading as reading
from allmende.process.enums import VersionState
from allmende.process.models import Model, Version, WorkItem
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .dmn_models import decision, definitions, given, table
from .test_decisions import FEE
from .test_decisions_steps import fee, process, started

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(client):
    person = make_account(Role.PROGRAMME_OFFICE)
    client.force_login(person)
    return person


def draft(data=FEE, title="Gebühr"):
    return decisions.import_file(data, title=title, actor="test")


def page(name, row, *more):
    return reverse(f"process:{name}", args=[row.public_id, *more])


def sent(row, *lines, action="save", first=1, base=None):
    """The form of the rules as a browser sends it; a line is (uid, number, cells) and more fields."""
    form = {"action": action, "first": first, "lines": len(lines), "base": row.version if base is None else base}
    for at, (uid, number, cells) in enumerate(lines):
        form |= {f"uid-{at}": uid, f"number-{at}": number}
        form |= {f"cell-{at}-{place}": text for place, text in enumerate(cells)}
    return form


def cells(row, place=0):
    return [each.cells for each in reading.of(row).sheets[place].rows]


ONE, TWO = ("#0", 1, ("< 100", "-", "1", "")), ("#1", 2, (">= 100", '"neu"', "2", ""))


def test_a_new_decision_begins_in_the_browser(client, office):
    add = reverse("process:add_decision")
    form = {
        "action": "begin",
        "begin-title": "Parkgebühr",
        "begin-inputs": "Dauer in Stunden\nTarif",
        "begin-output": "Gebühr",
    }
    answer = client.post(add, form | {"begin-output_type": "number"})
    row = Version.objects.get()
    assert answer["Location"] == page("decision", row)
    assert [each.text for each in reading.of(row).sheets[0].columns] == ["Dauer in Stunden", "Tarif", "Gebühr", ""]
    answer = client.post(add, form | {"begin-title": "", "begin-inputs": "<b>"})
    assert answer.status_code == 422
    assert Version.objects.count() == 1


def test_a_file_comes_in_and_a_broken_one_is_told_by_its_line(client, office, tmp_path):
    add = reverse("process:add_decision")
    (tmp_path / "a.dmn").write_bytes(FEE)
    with (tmp_path / "a.dmn").open("rb") as file:
        answer = client.post(add, {"action": "import", "file-title": "Gebühr", "file-file": file})
    assert answer["Location"] == page("decision", Version.objects.get())
    (tmp_path / "b.dmn").write_bytes(b"<a>\n<b></a>")
    again = reverse("process:add_decision_version", args=["gebuehr"])
    with (tmp_path / "b.dmn").open("rb") as file:
        answer = client.post(again, {"action": "import", "file-file": file})
    assert answer.status_code == 422
    assert "(Zeile 2)" in answer.content.decode()


def test_what_comes_along_is_taken_over(client, office):
    add = reverse("process:add_decision")
    assert "Schwellwertprüfung" in client.get(add).content.decode()
    client.post(add, {"action": "take_over", "name": "threshold-check.dmn"})
    row = Version.objects.get()
    assert (row.model.slug, row.state, row.author) == ("schwellwertpruefung", VersionState.DRAFT, office)
    assert "Schwellwertprüfung" not in client.get(add).content.decode().split("<h1>")[1]
    text = client.get(page("decision", row)).content.decode()
    assert "6 von 6 stimmen" in text


def test_the_page_of_a_version_shows_everything_and_escapes(client, office):
    evil = '"<script>alert(1)</script>"'
    row = draft(
        definitions(given("a"), decision("<b>D</b>", table(["a"], [[evil, evil]]), "a", identifier="D")), "<i>T</i>"
    )
    text = client.get(page("decision", row)).content.decode()
    assert "<script>alert" not in text
    assert "<b>D" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    for name in ("decision_rules", "decision_columns"):
        assert "<script>alert" not in client.get(page(name, row, 0)).content.decode()
    assert client.get(reverse("process:version", args=[row.public_id]))["Location"] == page("decision", row)
    assert bytes(client.get(page("download_decision", row)).content) == bytes(row.xml)


def test_cells_are_changed_moved_added_and_removed(client, office):
    row = draft()
    answer = client.post(page("decision_rules", row, 0), sent(row, ONE, TWO, action="add"))
    assert answer.status_code == 200
    assert 'name="cell-2-0"' in answer.content.decode()
    new = ("", 1, ("50", "-", "9", "neu dabei"))
    form = sent(row, ("#0", 1, ("< 100", '"alt"', "1", "")), TWO, new) | {"gone-1": "1"}
    answer = client.post(page("decision_rules", row, 0), form)
    assert answer["Location"] == page("decision_rules", row, 0)
    row.refresh_from_db()
    assert cells(row) == [("50", "-", "9", "neu dabei"), ("< 100", '"alt"', "1", "")]
    assert row.author == office


def test_a_fault_stands_at_its_cell_and_nothing_is_saved(client, office):
    row = draft()
    form = sent(row, ("#0", 1, ("gold", "-", '"1', "")), TWO)
    for action, status in (("check", 200), ("save", 422)):
        answer = client.post(page("decision_rules", row, 0), form | {"action": action})
        text = answer.content.decode()
        assert answer.status_code == status
        assert '<a href="#cell-0-0">Regel 1, Kosten</a>' in text
        assert 'aria-describedby="cell-0-2_error"' in text
        assert ">\ngold</textarea>" in text
    row.refresh_from_db()
    assert bytes(row.xml) == FEE


def test_the_second_editor_sees_both(client, office):
    row = draft()
    client.post(page("decision_rules", row, 0), sent(row, ("#0", 1, ("< 7", "-", "1", "")), TWO))
    answer = client.post(page("decision_rules", row, 0), sent(row, ("#0", 1, ("< 8", "-", "1", "")), TWO))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Jemand anderes hat dies inzwischen gespeichert" in text
    assert "&lt; 7" in text and ">\n&lt; 8</textarea>" in text
    row.refresh_from_db()
    client.post(page("decision_rules", row, 0), sent(row, ("#0", 1, ("< 8", "-", "1", "")), TWO))
    row.refresh_from_db()
    assert cells(row)[0] == ("< 8", "-", "1", "")


def columns_form(client, row):
    """The form of the columns as it stands on its page."""
    context = client.get(page("decision_columns", row, 0)).context
    form = {"base": row.version, "columns": len(context["columns"]), "action": "save"}
    form |= {name: context["head"].initial[name] for name in ("policy", "aggregation")}
    for each in context["columns"]:
        form |= {each.add_prefix(name): value for name, value in each.initial.items()}
    return form


def test_columns_change_and_a_new_one_may_bring_its_input(client, office):
    row = draft()
    form = columns_form(client, row) | {"policy": "COLLECT", "aggregation": "SUM"}
    answer = client.post(page("decision_columns", row, 0), form | {"action": "add:input"})
    assert len(answer.context["columns"]) == 5
    form |= {
        "columns": 5, "column-4-kind": "input", "column-4-text": "Eilig", "column-4-type": "boolean",
        "column-4-number": 1, "column-1-gone": "on",
    }  # fmt: skip
    answer = client.post(page("decision_columns", row, 0), form)
    assert answer.status_code == 422
    assert "„Eilig“ ist hier nicht bekannt" in answer.content.decode()
    client.post(page("decision_columns", row, 0), form | {"column-4-new": "on"})
    row.refresh_from_db()
    (sheet,) = reading.of(row).sheets
    assert [each.text for each in sheet.columns] == ["Kosten", "Eilig", "", ""]
    assert (sheet.policy, sheet.aggregation) == ("COLLECT", "SUM")
    assert cells(row) == [("< 100", "-", "1", ""), (">= 100", "-", "2", "")]


def test_what_is_saved_on_a_released_version_becomes_a_draft(client, office):
    row = draft()
    versions.release(versions.submit(row, actor="test"), actor="test")
    row.refresh_from_db()
    answer = client.post(page("decision_rules", row, 0), sent(row, ("#0", 1, ("-", "-", "3", "")), TWO))
    newer = Version.objects.get(state=VersionState.DRAFT)
    assert answer["Location"] == page("decision_rules", newer, 0)
    assert (newer.number, cells(newer)[0], cells(row)[0][2]) == (2, ("-", "-", "3", ""), "1")


def test_two_hundred_rules_stay_usable(client, office):
    row = draft()
    (sheet,) = reading.of(row).sheets
    many = tuple(Row((f"[{at}..{at + 1})", "-", str(at), "")) for at in range(200))
    row = decisions.save_table(row, type(sheet)(**{**sheet.__dict__, "rows": many}), expected=row.version, actor="test")
    answer = client.get(page("decision_rules", row, 0) + "?ab=151")
    assert [line.number for line in answer.context["lines"]] == list(range(151, 201))
    lines = editing.lines(reading.of(row).sheets[0], 151)
    form = sent(row, *((each.uid, each.number, each.cells) for each in lines), first=151) | {"cell-49-2": "7"}
    answer = client.post(page("decision_rules", row, 0), form | {"number-0": 1})
    assert answer["Location"] == page("decision_rules", row, 0) + "?ab=151"
    row.refresh_from_db()
    assert (len(cells(row)), cells(row)[0], cells(row)[1], cells(row)[199]) == (
        200, ("[150..151)", "-", "150", ""), ("[0..1)", "-", "0", ""), ("[199..200)", "-", "7", ""),
    )  # fmt: skip


def test_a_trial_shows_the_way_and_becomes_a_case(client, office):
    row = draft()
    url = page("decision_trial", row) + "?entscheidung=Geb%C3%BChr"
    form = {"input-0": "99,5", "input-1": "alt", "action": "try"}
    text = client.post(url, form).content.decode()
    assert '<p class="al-lead" role="status"><strong>1</strong></p>' in text
    assert "passt nicht" in text
    assert client.post(url, form | {"input-0": "viel"}).status_code == 422
    answer = client.post(url, form | {"action": "keep", "case-title": "alt", "case-expected": "1"})
    assert answer["Location"] == page("decision", row)
    (run,) = cases.run(row)
    assert (run.passed, run.case.inputs, run.case.expected) == (
        True,
        {"Kosten": {"n": "99.5"}, "Art": "alt"},
        {"n": "1"},
    )
    text = client.get(page("decision_trial", row) + f"?entscheidung=Geb%C3%BChr&fall={run.case.public_id}").content
    assert 'value="99,5"' in text.decode()
    client.post(page("decision", row), {"action": f"remove:{run.case.public_id}"})
    assert cases.run(row) == []


def test_a_failing_case_blocks_the_release(client, office):
    row = draft()
    cases.keep(row.model, title="x", decision="Gebühr", inputs={"Kosten": 1}, expected="<b>", actor="test")
    text = client.get(page("decision", row)).content.decode()
    assert "0 von 1 Testfällen stimmen." in text
    assert 'value="submit"' not in text
    client.post(page("decision", row), {"action": "submit"})
    row.refresh_from_db()
    assert row.state == VersionState.DRAFT


def test_who_only_looks_changes_nothing(client):
    row = draft()
    client.force_login(make_account(Role.EDITOR))
    assert client.get(page("decision", row)).status_code == 200
    assert client.post(page("decision_trial", row), {"input-0": "1"}).status_code == 200
    for name in ("decision_rules", "decision_columns"):
        assert client.get(page(name, row, 0)).status_code == 403
    assert client.post(page("decision", row), {"action": "submit"}).status_code == 403
    keep = {"input-0": "1", "action": "keep", "case-title": "x", "case-expected": "1"}
    assert client.post(page("decision_trial", row), keep).status_code == 403


def test_a_decision_is_no_process(client, office):
    row = draft()
    versions.release(versions.submit(row, actor="test"), actor="test")
    assert client.get(reverse("process:start", args=[row.model.slug])).status_code == 404
    assert "Fall beginnen" not in client.get(row.model.get_absolute_url()).content.decode()
    assert client.get(page("decision_rules", row, 7)).status_code == 404


def test_a_step_that_failed_is_tried_again_or_entered(client, office):
    version = process()
    _case, item = started(version, costs=70, day="2026-01-01")
    url = page("decide_item", item)
    assert client.get(url).status_code == 302
    doing.act(item, actor=None)
    assert client.get(url).status_code == 200
    client.post(url, {"action": "again"})
    assert client.post(url, {"action": "enter", "value": "x", "reason": "So."}).status_code == 422
    client.post(url, {"action": "enter", "value": "12.5", "reason": "So."})
    assert WorkItem.objects.get(element="rule").state == "done"
    fee()
    _case, item = started(version, costs=70, day="2026-01-01")
    doing.act(item, actor=None)
    assert client.get(page("decide_item", item))["Location"] == reverse("process:item", args=[item.public_id])


@pytest.mark.parametrize("name", ["decision", "model"])
def test_pages_ask_the_database_as_often_for_three_rows(client, office, name):
    row = draft()

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(page("decision", row) if name == "decision" else row.model.get_absolute_url())
        return len(found)

    cases.keep(row.model, title="0", decision="Gebühr", inputs={}, expected=0, actor="test")
    asked()
    one = asked()
    for title in ("1", "2"):
        cases.keep(row.model, title=title, decision="Gebühr", inputs={}, expected=0, actor="test")
    assert asked() == one


def test_models_say_their_kind(client, office):
    draft()
    decisions_shipped.install(actor="demo")
    assert Model.objects.filter(kind="decision").count() == 2
    assert "Entscheidung" in client.get(reverse("process:models")).content.decode()
