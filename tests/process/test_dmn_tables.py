"""Decision tables: every hit policy, what comes out when nothing or too much hits, and the trace."""

from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from allmende.process.core.dmn import Library, Note, Result, decide, parse

from .dmn_models import decision, definitions, given, table

# Age of a person: 10 hits 1 and 4, 40 hits 2 and 4, 80 hits 3 and 4.
RULES = [("< 18", '"half"'), ("[18..65)", '"full"'), (">= 65", '"half"'), ("-", '"guest"')]
NUMBERS = [("< 18", "1"), ("< 50", "2.5"), ("-", "2.5"), ("> 100", "9")]


def run(age: Any, rules: Any = RULES, **more: Any) -> Result:
    model = parse(definitions(given("age"), decision("fee", table(["age"], rules, **more), "age")))
    return decide(model, "fee", {"age": age})


@pytest.mark.parametrize(
    ("policy", "more", "expected"),
    [
        ("FIRST", {}, "half"),
        ("RULE ORDER", {}, ["half", "guest"]),
        ("COLLECT", {}, ["half", "guest"]),
        ("PRIORITY", {"allowed": ['"guest", "half", "full"']}, "guest"),
        ("PRIORITY", {"allowed": ['"full", "half", "guest"']}, "half"),
        ("OUTPUT ORDER", {"allowed": ['"guest", "half", "full"']}, ["guest", "half"]),
        ("COLLECT", {"aggregation": "COUNT"}, 2),
    ],
)
def test_policies_with_two_hits(policy: str, more: dict[str, Any], expected: Any) -> None:
    found = run(10, policy=policy, **more)
    assert (found.value, found.trace.notes) == (expected, ())
    assert found.trace.tables[0].hits == (1, 4) if policy != "FIRST" else (1, 4)


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 6), ("COUNT", 3), ("MIN", 1), ("MAX", "2.5")])
def test_collecting(aggregation: str, expected: Any) -> None:
    assert str(run(10, NUMBERS, policy="COLLECT", aggregation=aggregation).value) == str(expected)


def test_unique_reports_a_conflict_by_the_rules() -> None:
    found = run(10)
    assert found.value is None
    assert found.conflicts == (Note("conflict", "UNIQUE, but rules 1, 4 hit", "fee", None, (1, 4)),)
    assert run(10, RULES[:3]).value == "half"


def test_any_wants_the_same_from_all() -> None:
    same = [("< 18", '"half"'), ("< 10", '"half"'), ("< 5", '"free"')]
    assert run(8, same, policy="ANY").value == "half"
    found = run(3, same, policy="ANY")
    assert (found.value, [note.rules for note in found.conflicts]) == (None, [(1, 2, 3)])


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("UNIQUE", "", None),
        ("FIRST", "", None),
        ("COLLECT", "", []),
        ("COLLECT", "COUNT", 0),
        ("COLLECT", "SUM", None),
    ],
)
def test_nothing_hits(policy: str, aggregation: str, expected: Any) -> None:
    assert run(10, [("> 90", "1")], policy=policy, aggregation=aggregation).value == expected
    found = run(10, [("> 90", "1")], policy=policy, aggregation=aggregation, defaults=["7 * 6"])
    assert found.value == 42


def test_several_outputs_and_ranks() -> None:
    rules = [("-", '"a"', "2"), ("-", '"b"', "1"), ("-", '"a"', "1")]
    allowed = ['"b", "a"', "1, 2"]
    more = {"outputs": ["word", "number"], "allowed": allowed}
    assert run(1, rules, policy="FIRST", **more).value == {"word": "a", "number": 2}
    assert run(1, rules, policy="PRIORITY", **more).value == {"word": "b", "number": 1}
    order = run(1, rules, policy="OUTPUT ORDER", **more).value
    assert [(one["word"], one["number"]) for one in order] == [("b", 1), ("a", 1), ("a", 2)]
    summed = run(1, rules, policy="COLLECT", aggregation="SUM", **more)
    assert (summed.value, [note.code for note in summed.trace.notes]) == (None, ["policy"])
    unranked = run(1, RULES, policy="PRIORITY")
    assert [note.code for note in unranked.trace.notes] == ["priority"]


def test_the_trace_says_what_every_cell_said() -> None:
    (trace,) = run(40, policy="FIRST").trace.tables
    assert (trace.element, trace.policy, trace.inputs, trace.hits) == ("fee", "FIRST", (("age", 40),), (2, 4))
    assert trace.rules == (("no",), ("yes",), ("no",), ("yes",))
    found = run("forty", policy="FIRST")
    assert found.trace.tables[0].rules == (("unknown",), ("unknown",), ("unknown",), ("yes",))
    assert (found.value, found.trace.decisions) == ("guest", (("fee", "guest"),))
    assert {note.code for note in found.trace.notes} <= {"type"}


def test_inputs_are_expressions_and_may_be_restricted() -> None:
    model = definitions(
        given("age"),
        decision(
            "fee",
            "<decisionTable><input label='Alter'><inputExpression><text>age * 2</text></inputExpression>"
            "<inputValues><text>[0..100]</text></inputValues></input><output/>"
            "<rule><inputEntry><text>20</text></inputEntry><outputEntry><text>age</text></outputEntry></rule></decisionTable>",
            "age",
        ),
    )
    library = Library(parse(model))
    assert library.decide(["fee"], {"age": 10})[0].value == 10
    found = library.decide(["fee"], {"age": 60})[0]
    assert (found.value, [(note.code, note.message) for note in found.trace.notes]) == (
        None,
        [("input", "Alter: not one of [0..100]")],
    )


def test_a_cell_that_cannot_be_read_is_said() -> None:
    found = run(10, [("< (", '"a"'), ("-", '"b"')])
    assert found.value == "b"
    assert [(note.code, note.text, note.element) for note in found.trace.notes] == [("syntax", "< (", "fee")]
    again = run(10, [("__import__('os')", '"a"'), ("-", "__import__('os')")])
    assert (again.value, [note.code for note in again.trace.notes]) == (None, ["syntax"] * 2)


@settings(max_examples=25, deadline=None)
@hypothesis_given(
    bounds=st.lists(st.integers(-50, 50), min_size=1, max_size=6),
    age=st.integers(-60, 60),
    policy=st.sampled_from("FRCU"),
)
def test_tables_of_thresholds(bounds: list[int], age: int, policy: str) -> None:
    names = {"F": "FIRST", "R": "RULE ORDER", "C": "COLLECT", "U": "UNIQUE"}
    rules = [(f"< {bound}" if bound >= 0 else f"< ({bound})", str(at)) for at, bound in enumerate(bounds)]
    hits = [at for at, bound in enumerate(bounds) if age < bound]
    found = run(age, rules, policy=names[policy])
    expected = {
        "F": hits[0] if hits else None,
        "R": hits or None,
        "C": hits,
        "U": hits[0] if len(hits) == 1 else None,
    }
    assert found.value == expected[policy]
    assert bool(found.conflicts) == (policy == "U" and len(hits) > 1)
