"""Models of decisions: imported, begun, edited as tables, tried, checked by cases, released."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from lxml import etree

from allmende.process.core.dmn.sheets import Row, sheets
from allmende.process.domain import decisions, versions
from allmende.process.domain import decisions_cases as cases
from allmende.process.domain import decisions_reading as reading
from allmende.process.domain import decisions_trial as trial
from allmende.process.enums import ModelKind, VersionState
from allmende.process.models import Version
from allmende.spine.models import VersionConflict
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .dmn_models import decision, definitions, given, table, text

pytestmark = pytest.mark.django_db(transaction=True)

FEE = definitions(
    given("Kosten", "number"),
    given("Art", "string"),
    decision(
        "Gebühr",
        table(["Kosten", "Art"], [["< 100", "-", "1"], [">= 100", '"neu"', "2"]], defaults=["0"]),
        "Kosten",
        "Art",
    ),
    decision("Aufschlag", text("Gebühr * 2"), "!Gebühr"),
)


def office():
    return make_account(Role.PROGRAMME_OFFICE)


def imported(data=FEE, title="Gebühr", actor="test"):
    return decisions.import_file(data, title=title, filename="fee.dmn", actor=actor)


def refused(data):
    with pytest.raises(ValidationError) as error:
        imported(data)
    return error.value.message_dict


def test_a_file_becomes_a_model_with_a_draft():
    row = imported()
    assert (row.model.kind, row.model.slug, row.number, row.state) == (
        ModelKind.DECISION, "gebuehr", 1, VersionState.DRAFT,
    )  # fmt: skip
    assert bytes(row.xml) == bytes(row.source) == FEE
    assert imported_again(row) == row
    assert trial.names(row) == ["Aufschlag", "Gebühr"]
    asked = [(each.name, each.type) for each in trial.questions(row, "Gebühr")]
    assert asked == [("Kosten", "number"), ("Art", "string")]
    assert decisions.missing(row) == []


def imported_again(row):
    return decisions.import_file(FEE, title="", model=row.model, actor="test")


def test_who_may_not_change_models_imports_nothing():
    with pytest.raises(PermissionDenied):
        imported(actor=make_account(Role.EDITOR))
    assert not Version.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Die Datei ist leer."),
        (b"<a>\n<b></a>", "(Zeile 2)"),
        (b"<definitions/>", "Das ist kein Entscheidungsmodell in DMN 1.1 bis 1.5."),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "Dokumenttyp"),
        (definitions(given("a")), "Das Modell hat keine Entscheidung."),
        (definitions(decision("A", text("B"), "!B"), decision("B", text("A"), "!A")), "im Kreis: A → B → A (Zeile 1)"),
        (definitions(decision("A", text("B"), "!nowhere")), "nowhere"),
    ],
    ids=["empty", "broken", "other", "entity", "nothing", "circle", "reference"],
)
def test_what_cannot_be_read_is_refused_with_the_line(data, said):
    found = refused(data)
    assert list(found) == ["file"]
    assert said in found["file"][0]


def test_cells_that_cannot_be_read_come_in_and_block_the_release():
    data = definitions(given("a", "number"), decision("D", table(["a"], [["> >", "1"], ["gold", '"x']]), "a"))
    row = imported(data)
    unknown = '„gold“ ist hier nicht bekannt. Texte stehen in Anführungszeichen: "gold".'
    assert decisions.missing(row) == [
        "Tabelle „D“, Regel 1, Spalte „a“, Zeile 1: Das lässt sich nicht als FEEL lesen (ab Zeichen 4).",
        f"Tabelle „D“, Regel 2, Spalte „a“, Zeile 1: {unknown}",
        "Tabelle „D“, Regel 2, Spalte „2“, Zeile 1: Das lässt sich nicht als FEEL lesen (ab Zeichen 1).",
    ]
    with pytest.raises(ValidationError) as error:
        versions.submit(row, actor="test")
    assert error.value.messages == decisions.missing(row)


def test_a_new_model_begins_with_an_empty_table():
    row = decisions.begin("Zuschuss", [("Alter in Jahren", "number"), ("Ort", "")], ("Betrag", "number"), actor="test")
    (sheet,) = reading.of(row).sheets
    assert [(each.kind, each.text, each.type) for each in sheet.columns] == [
        ("input", "Alter in Jahren", "number"), ("input", "Ort", ""), ("output", "Betrag", "number"), ("note", "", ""),
    ]  # fmt: skip
    assert [each.cells for each in sheet.rows] == [("-", "-", "null", "")]
    assert decisions.missing(row) == []
    for inputs, output in ([("if", "")], "x"), ([("a", ""), ("a", "")], "x"), ([], "x"), ([("a", "")], "1 x"):
        with pytest.raises(ValidationError):
            decisions.begin("Anders", inputs, (output, ""), actor="test")


def changed(row, *rows, place=0):
    (sheet,) = [each for each in reading.of(row).sheets if each.place == place]
    return type(sheet)(**{**sheet.__dict__, "rows": rows})


def test_saving_a_table_changes_the_table_alone():
    row = imported()
    kept = Row(("< 100", "-", "1", ""), "0")
    row = decisions.save_table(
        row, changed(row, Row((">= 100", "-", "7", "teuer")), kept), expected=row.version, actor=office()
    )
    (sheet,) = sheets(bytes(row.xml))
    assert [each.cells for each in sheet.rows] == [(">= 100", "-", "7", "teuer"), ("< 100", "-", "1", "")]
    assert (row.number, row.state) == (1, VersionState.DRAFT)
    assert outside(bytes(row.xml)) == outside(FEE)
    assert trial.decide(row, "Aufschlag", {"Kosten": 200}).value == Decimal(14)


def outside(data):
    """The file without its table."""
    root = etree.fromstring(data)
    for node in list(root.iter("{*}decisionTable")):
        node.getparent().remove(node)
    return etree.tostring(root, method="c14n")


def test_a_table_with_faults_is_not_saved():
    row = imported()
    bad = changed(row, Row(("> 1", '"neu', "x", "")))
    with pytest.raises(decisions.Faulty) as error:
        decisions.save_table(row, bad, expected=row.version, actor=office())
    assert [(each.code, each.row, each.column) for each in error.value.faults] == [("syntax", 0, 1), ("unknown", 0, 2)]
    row.refresh_from_db()
    assert bytes(row.xml) == FEE


def test_two_editors_at_once():
    row = imported()
    first = changed(row, Row(("-", "-", "1", "")))
    decisions.save_table(row, first, expected=row.version, actor=office())
    with pytest.raises(VersionConflict) as error:
        decisions.save_table(row, changed(row, Row(("-", "-", "2", ""))), expected=row.version, actor=office())
    assert reading.of(error.value.current).sheets[0].rows[0].cells == ("-", "-", "1", "")


def released(row):
    versions.submit(row, actor="test")
    return versions.release(row, actor="test")


def test_a_released_version_never_changes_its_next_one_does():
    row = released(imported())
    draft = decisions.save_table(row, changed(row, Row(("-", "-", "5", ""))), expected=row.version, actor=office())
    row.refresh_from_db()
    assert (bytes(row.xml), row.state) == (FEE, VersionState.RELEASED)
    assert (draft.number, draft.state) == (2, VersionState.DRAFT)
    with pytest.raises(ValidationError):
        decisions.save_table(row, changed(row, Row(("-", "-", "6", ""))), expected=row.version, actor=office())


def test_a_new_column_may_ask_for_a_new_input():
    row = imported()
    (sheet,) = reading.of(row).sheets
    column = type(sheet.columns[0])("input", text="Eilig", type="boolean")
    rows = tuple(Row((*each.cells[:2], "true", *each.cells[2:]), each.key) for each in sheet.rows)
    wider = type(sheet)(**{**sheet.__dict__, "columns": (*sheet.columns[:2], column, *sheet.columns[2:]), "rows": rows})
    with pytest.raises(decisions.Faulty):
        decisions.save_table(row, wider, expected=row.version, actor="test")
    row = decisions.save_table(row, wider, expected=row.version, new_inputs=[("Eilig", "boolean")], actor="test")
    assert [each.name for each in trial.questions(row, "Gebühr")] == ["Kosten", "Art", "Eilig"]
    said = [trial.decide(row, "Gebühr", {"Kosten": 5, "Eilig": hurry}).value for hurry in (True, False)]
    assert said == [Decimal(1), Decimal(0)]


def test_a_trial_tells_the_way():
    row = imported()
    found = trial.decide(row, "Aufschlag", {"Kosten": Decimal("99.5"), "Art": "alt"})
    assert (found.value, found.error, found.warnings) == (Decimal(2), "", ())
    assert found.decisions == (("Gebühr", Decimal(1)), ("Aufschlag", Decimal(2)))
    (way,) = found.ways
    assert (way.name, way.hits, way.inputs) == ("Gebühr", (1,), (("Kosten", Decimal("99.5")), ("Art", "alt")))
    assert [(each.fired, [(cell.text, cell.answer) for cell in each.cells]) for each in way.lines] == [
        (True, [("< 100", "yes"), ("-", "yes")]),
        (False, [(">= 100", "no"), ('"neu"', "no")]),
    ]


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("UNIQUE", "D: Regeln 1, 2 passen, aber nur eine darf."),
        ("ANY", "D: Regeln 1, 2 passen und sagen Verschiedenes."),
    ],
)
def test_a_conflict_names_the_rules(policy, said):
    row = imported(definitions(given("a"), decision("D", table(["a"], [["-", "1"], ["> 0", "2"]], policy), "a")))
    found = trial.decide(row, "D", {"a": 1})
    assert (found.value, found.error) == (None, said)


def test_no_rule_that_fits_is_no_result():
    row = imported(definitions(given("a"), decision("D", table(["a"], [["> 5", "1"]]), "a")))
    assert trial.decide(row, "D", {"a": 1}).error == "Keine Regel der Tabelle „D“ passt."


def test_cases_are_run_before_a_release():
    row, person = imported(), office()
    for title, cost, expected in ("billig", 5, 1), ("teuer", 500, 0):
        cases.keep(row.model, title=title, decision="Gebühr", inputs={"Kosten": cost}, expected=expected, actor=person)
    assert [(each.passed, each.found) for each in cases.run(row)] == [(True, Decimal(1)), (True, Decimal(0))]
    versions.submit(row, actor=person)
    wrong = cases.keep(row.model, title="falsch", decision="Gebühr", inputs={"Kosten": 5}, expected="1", actor=person)
    with pytest.raises(ValidationError) as error:
        versions.release(row, actor=office())
    assert error.value.messages == [
        "2 von 3 Testfällen stimmen.", "Testfall „falsch“ stimmt nicht: Das Ergebnis ist ein anderes.",
    ]  # fmt: skip
    cases.remove(wrong, actor=person)
    assert versions.release(row, actor=office()).state == VersionState.RELEASED


def test_cases_of_one_name_and_without_right_are_refused():
    row = imported()
    told = {"title": "x", "decision": "Gebühr", "inputs": {}, "expected": None}
    with pytest.raises(PermissionDenied):
        cases.keep(row.model, **told, actor=make_account(Role.EDITOR))
    cases.keep(row.model, **told, actor="test")
    with pytest.raises(ValidationError):
        cases.keep(row.model, **told, actor="test")
    assert row.model.cases.count() == 1


HOSTILE = (
    "for i in 1..100000000 return i",
    "some x in [1..99999999] satisfies x = -1",
    "{f: function(n) f(n)}.f(1)",
    "__import__('os').system('true')",
    "this.constructor.constructor('return process')()",
)


@pytest.mark.parametrize("expression", HOSTILE)
def test_hostile_expressions_end_within_the_limits(expression):
    row = imported(definitions(given("a"), decision("D", table(["a"], [["-", expression]]), "a")))
    found = trial.decide(row, "D", {"a": 1})
    assert found.value is None
    assert found.error or found.warnings


def test_huge_cells_are_refused():
    row = imported()
    deep = changed(row, Row(("(" * 2_001, "-", "1", "")))
    with pytest.raises(decisions.Faulty) as error:
        decisions.save_table(row, deep, expected=row.version, actor="test")
    assert [each.code for each in error.value.faults] == ["long"]
