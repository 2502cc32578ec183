"""Tables out of a DMN file and back into it: what is typed comes back, what is not touched stays."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from lxml import etree

from allmende.process.core.dmn import parse
from allmende.process.core.dmn.blank import blank, is_name
from allmende.process.core.dmn.check import MOST_SIGNS, expression_faults, faults
from allmende.process.core.dmn.rewrite import write
from allmende.process.core.dmn.sheets import Column, Row, sheets

from .dmn_models import decision, definitions, given, table, text

SHARED = Path("/work/shared/data/process/dmn")
MODEL = definitions(
    given("a"),
    decision("D", table(["a", "a + 1"], [["1", "2", '"x"'], ["-", "3", '"y"']]), "a"),
    decision("E", table(["a"], [["1", "2"]]), "a"),
    text("1"),
)
# What XML can hold; at the ends nothing that is cut off.
CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=20).map(str.strip)


def outside(data: bytes, place: int) -> bytes:
    """The file without the rules and columns of one table."""
    root = etree.fromstring(data)
    node = list(root.iter("{*}decisionTable"))[place]
    for each in list(node):
        node.remove(each)
    node.text = None
    return etree.tostring(root, method="c14n")


@settings(max_examples=60, deadline=None)
@for_all(st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=5), st.permutations(["0", "1"]), st.data())
def test_what_is_typed_comes_back_and_nothing_else_changes(cells, keys, data):
    sheet = sheets(MODEL)[0]
    known = [data.draw(st.sampled_from(["", *keys])) if at < 1 else "" for at in range(len(cells))]
    rows = tuple(Row(each, key) for each, key in zip(cells, known, strict=True))
    written = write(MODEL, replace(sheet, rows=rows))
    found = sheets(written)
    wanted = [tuple(cell or "-" if at < 2 else cell for at, cell in enumerate(each)) for each in cells]
    assert [each.cells for each in found[0].rows] == wanted
    assert outside(written, 0) == outside(MODEL, 0)
    assert found[1] == replace(sheets(MODEL)[1], line=found[1].line)
    parse(written)


@pytest.mark.parametrize("kept", [[0, 1], [1, 0], [0], [1], []])
def test_columns_keep_their_cells_wherever_they_go(kept):
    sheet = sheets(MODEL)[0]
    kept = [*kept, 2, 3]
    rows = tuple(replace(row, cells=tuple(row.cells[at] for at in kept)) for row in sheet.rows)
    changed = replace(sheet, columns=tuple(sheet.columns[at] for at in kept), rows=rows)
    found = sheets(write(MODEL, changed))[0]
    assert [each.text for each in found.columns] == [sheet.columns[at].text for at in kept]
    assert [each.cells for each in found.rows] == [each.cells for each in rows]


def test_ids_and_other_tools_stay():
    data = MODEL.replace(
        b"<rule>", b'<rule id="r1" x:mark="1" xmlns:x="urn:x"><extensionElements><x:y/></extensionElements>', 1
    )
    sheet = sheets(data)[0]
    rows = (sheet.rows[1], replace(sheet.rows[0], cells=("7", "8", '"z"', "")))
    written = write(data, replace(sheet, rows=rows))
    assert b'id="r1" x:mark="1"' in written
    assert b"<x:y/>" in written
    assert [each.id for each in sheets(written)[0].rows] == ["", "r1"]
    assert write(data, sheet) == data


def test_a_new_input_is_required_by_the_decision():
    sheet = sheets(MODEL)[0]
    wider = replace(
        sheet,
        columns=(Column("input", text="Neu", type="number"), *sheet.columns),
        rows=tuple(replace(row, cells=("> 1", *row.cells)) for row in sheet.rows),
    )
    assert [each.code for each in faults(wider)] == ["unknown"]
    written = write(MODEL, wider, [("Neu", "number")])
    model = parse(written)
    assert faults(sheets(written)[0]) == []
    assert [each.name for each in model.inputs] == ["a", "Neu"]
    assert len(model.find("D", "decision").requires) == 2


def test_a_table_that_is_not_there():
    with pytest.raises(LookupError):
        write(MODEL, replace(sheets(MODEL)[0], place=9))


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (("> 1, < 0", "[1..2)", "1 + a", ""), []),
        (("?  > 3", 'not("x")', "if a = 1 then 2 else 3", "frei"), []),
        (("b", "-", "1", ""), [("unknown", 0, "b")]),
        (('"x', "-", "1 +", ""), [("syntax", 0, "1"), ("syntax", 2, "4")]),
        (("(" * (MOST_SIGNS + 1), "-", "1", ""), [("long", 0, "")]),
        (("(" * MOST_SIGNS, "-", "1", ""), [("nested", 0, "out of stack")]),
    ],
)
def test_cells_are_read(cells, found):
    sheet = replace(sheets(MODEL)[0], rows=(Row(cells),))
    assert [(each.code, each.column, each.detail) for each in faults(sheet)] == found


def test_reading_ends_with_its_time():
    slow = replace(sheets(MODEL)[0], rows=(Row(("a + 1", "-", "1", "")),))
    assert [each.code for each in faults(slow, deadline=0)] == ["time"]
    assert [each.code for each in expression_faults(definitions(given("a"), decision("D", text("a + 1"))), 0)] == [
        "time"
    ]


def test_heads_are_read():
    sheet = sheets(MODEL)[0]
    bare = replace(sheet, columns=(replace(sheet.columns[0], text=""), sheet.columns[1], sheet.columns[3]), rows=())
    assert [(each.code, each.column) for each in faults(bare)] == [("no_output", None), ("no_text", 0)]
    out = replace(sheet.columns[2], text="x")
    double = replace(sheet, columns=(out, out), rows=(), policy="COLLECT", aggregation="SUM")
    assert [(each.code, each.column) for each in faults(double)] == [("aggregation", None), ("twice", 1)]


def test_expressions_are_read_with_their_lines():
    data = definitions(
        given("a"), "\n", decision("D", text("a +"), "a"), decision("J", text("x;", expressionLanguage="java"))
    )
    assert [(each.code, each.line, each.holder) for each in expression_faults(data)] == [("syntax", 2, "D")]


@pytest.mark.parametrize(("name", "fine"), [("Alter in Jahren", True), ("if x", False), ("2 x", False), ("a-b", False)])
def test_names_of_inputs(name, fine):
    assert is_name(name) is fine


def test_an_empty_table_is_a_model():
    model = parse(blank('A "b" <c>', [("x", "number")], ("y", "")))
    assert [each.name for each in model.decisions] == ['A "b" <c>']


@pytest.mark.skipif(not SHARED.exists(), reason="the shared test models are not here")
def test_tables_of_the_standards_models_come_back_unchanged():
    seen = 0
    for path in sorted(SHARED.rglob("*.dmn")):
        data = path.read_bytes()
        for sheet in sheets(data):
            seen += 1
            assert write(data, sheet) == data, path.name
            assert faults(sheet) == [], path.name
            again = write(data, replace(sheet, rows=tuple(reversed(sheet.rows))))
            assert [each.cells for each in sheets(again)[sheet.place].rows] == [
                each.cells for each in reversed(sheet.rows)
            ], path.name
    assert seen > 0
