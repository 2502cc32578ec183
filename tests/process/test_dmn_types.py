"""Results of decision tables against the types of their columns: before the release, and where they are computed."""

import pytest

from allmende.process.core.dmn import decide, parse
from allmende.process.core.dmn.check import model_faults
from allmende.process.core.dmn.sheets import sheets
from allmende.process.domain import decisions_reading as reading
from allmende.process.domain import decisions_words as words

from .dmn_models import decision, definitions, given, table

OWN = (
    '<itemDefinition name="tLevel"><typeRef>string</typeRef></itemDefinition>'
    '<itemDefinition name="tRisk"><typeRef>tLevel</typeRef></itemDefinition>'
    '<itemDefinition name="tMany" isCollection="true"><typeRef>string</typeRef></itemDefinition>'
    '<itemDefinition name="tRound"><typeRef>tRound</typeRef></itemDefinition>'
)


def model(type_, *cells, default=""):
    body = table(["a"], [[str(at), cell] for at, cell in enumerate(cells)], defaults=[default] if default else ())
    body = body.replace("<output>", f'<output label="Gebühr" typeRef="{type_}">')
    return definitions(OWN, given("a", "number"), decision("D", body, "a"))


def found(data):
    return [(each.row, each.column, each.field, each.detail) for each in model_faults(data, sheets(data))]


@pytest.mark.parametrize(
    ("type_", "fits", "wrong"),
    [
        ("number", ["1", "-2.5", "null", "", "a + 1", "a"], ['"1"', "true", 'date("2026-01-01")']),
        ("feel:number", ["1"], ['"1"']),
        ("string", ['"x"', 'string(a)', "null"], ["1", "false", 'duration("P1D")']),
        ("boolean", ["true", "a > 1"], ['"true"', "0"]),
        ("date", ['date("2026-01-01")', "today()"], ['"2026-01-01"', 'time("08:00:00")']),
        ("dateTime", ['date and time("2026-01-01T08:00:00")'], ["1", '"x"']),
        ("days and time duration", ['duration("P1D")'], ["1"]),
        ("tRisk", ['"high"'], ["1"]),
        ("tMany", ['"high"', "1", '["a"]'], []),
        ("tRound", ["1", '"x"'], []),
        ("unknown", ["1", '"x"'], []),
        ("Any", ["1", '"x"'], []),
        ("", ["1", '"x"'], []),
    ],
)  # fmt: skip
def test_what_a_column_may_say(type_, fits, wrong):
    assert found(model(type_, *fits)) == []
    places = [(row, column, field) for row, column, field, _detail in found(model(type_, *fits, *wrong))]
    assert places == [(len(fits) + at, 1, "cell") for at in range(len(wrong))]


def test_what_holds_where_no_rule_fits():
    assert found(model("number", "1", default='"nichts"')) == [(None, 1, "default", "number")]


@pytest.mark.django_db
def test_it_names_table_rule_and_column():
    read = reading.read(model("number", "1", '"zwei"'))
    assert read.texts() == [
        "Tabelle „D“, Regel 2, Spalte „Gebühr“, Zeile 1: Das Ergebnis muss vom Typ „Zahl“ sein."
    ]  # fmt: skip


def test_what_is_computed_says_it_then():
    result = decide(parse(model("number", "1", 'string(a) + "x"')), "D", {"a": 1})
    assert result.value is None
    (note,) = [each for each in result.trace.notes if each.code == "type"]
    assert (note.element, note.rules) == ("D", (2,))
    assert words.note(note).startswith("Tabelle „D“, Regel 2: Ein Ergebnis ist nicht vom Typ seiner Spalte: Gebühr")
