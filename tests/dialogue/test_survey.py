"""Questionnaires are judged before they are used, responses before they are kept; branching decides what counts."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.dialogue.core.survey import (
    AllOf,
    AnyOf,
    Between,
    Choice,
    Condition,
    Contains,
    Equals,
    Matrix,
    Number,
    Questionnaire,
    Ranking,
    Scale,
    Several,
    Single,
    Text,
    Words,
    shown,
)
from allmende.dialogue.core.survey_check import check_questionnaire
from allmende.dialogue.core.survey_response import check_response


def choices(*ids: str) -> tuple[Choice, ...]:
    return tuple(Choice(id, Words(f"{id} für alle", f"{id} for all")) for id in ids)


def asked(id: str, when: Condition | None = None) -> dict[str, Any]:
    return {"id": id, "words": Words("Wie möchten Sie es?", "How would you like it?"), "when": when}


TRAVEL = Single(**asked("travel"), required=True, choices=choices("bus", "bike", "car"))
TOWN = Questionnaire(
    (
        TRAVEL,
        Several(**asked("why", Equals("travel", "bike")), choices=choices("cheap", "healthy", "quick"), most=2),
        Scale(**asked("safe", Equals("travel", "bike")), required=True, labels={1: Words("gefährlich", "dangerous")}),
        Text(**asked("where", AllOf((Between("safe", most=Decimal(2)), Contains("why", "quick")))), longest=20),
        Number(**asked("km"), unit=Words("km", "km"), least=Decimal(0), most=Decimal(500), places=1),
        Ranking(**asked("order"), choices=choices("lanes", "parking", "lights"), most=2),
        Matrix(**asked("views"), rows=choices("day", "night"), columns=choices("good", "bad")),
    )
)


def codes(*questions: Any) -> list[tuple[str, str]]:
    return [(one.code, one.question) for one in check_questionnaire(Questionnaire(questions))]


def test_a_questionnaire_that_can_be_used() -> None:
    assert check_questionnaire(TOWN) == []
    assert [one.code for one in check_questionnaire(Questionnaire(()))] == ["no_questions"]


FAULTS: list[tuple[list[str], Any]] = [
    (["few_choices"], replace(TRAVEL, choices=())),
    (["two_choices"], replace(TRAVEL, choices=choices("a", "a"))),
    (["bad_id"], replace(TRAVEL, id="Straße")),
    (["no_words"], replace(TRAVEL, words=Words("Grün?", " "))),
    (["bad_limits"], Several(**asked("x"), choices=choices("a", "b"), least=2, most=1)),
    (["bad_limits"], Ranking(**asked("x"), choices=choices("a", "b"), most=3)),
    (["bad_limits"], Scale(**asked("x"), first=5, last=5)),
    (["bad_label"], Scale(**asked("x"), labels={6: Words("sechs", "six")})),
    (["bad_limits"], Number(**asked("x"), unit=Words("", ""), least=Decimal(2), most=Decimal(1))),
    (["bad_places"], Number(**asked("x"), unit=Words("", ""), places=7)),
    (["few_choices", "few_choices"], Matrix(**asked("x"), rows=(), columns=choices("a"))),
    (["no_such_question"], Text(**asked("x", Equals("nobody", "a")))),
    (["no_such_choice"], Text(**asked("x", Equals("travel", "plane")))),
    (["wrong_condition"], Text(**asked("x", Contains("travel", "bus")))),
    (["wrong_condition"], Text(**asked("x", Equals("travel", "bus", row="a")))),
    (["empty_condition"], Text(**asked("x", AnyOf(())))),
    (["circle"], Text(**asked("x", Equals("x", "a")))),
]


@pytest.mark.parametrize(("expected", "question"), FAULTS)
def test_faults(expected: list[str], question: Any) -> None:
    found = codes(TRAVEL, question) if question.id == "x" else codes(question)
    found = [one for one in found if not (expected == ["circle"] and one[0] == "wrong_condition")]
    assert found == [(code, question.id) for code in expected]


def test_every_fault_has_a_sentence_in_both_languages() -> None:
    (told,) = check_questionnaire(Questionnaire((replace(TRAVEL, choices=()),)))
    assert told.text("de") == "Es braucht mindestens 2 Möglichkeiten."
    assert told.as_json()["text"]["en"] == "At least 2 choices are needed."


def test_conditions_on_later_questions_and_in_circles() -> None:
    later = Scale(**asked("later"))
    assert codes(Text(**asked("x", Equals("later", 1))), later) == [("later_question", "x")]
    one, other = Scale(**asked("one", Equals("other", 1))), Scale(**asked("other", Equals("one", 1)))
    assert codes(one, other) == [("circle", "one"), ("circle", "other")]
    assert check_questionnaire(Questionnaire((one, other)))[0].values == {"ids": "one, other"}


def test_unreachable_questions_are_found_through_what_they_rest_on() -> None:
    bike = Scale(**asked("safe", Equals("travel", "bike")))
    both = AllOf((Equals("travel", "bus"), Between("safe", least=Decimal(1))))
    assert codes(TRAVEL, bike, Text(**asked("x", both))) == [("unreachable", "x")], "safe is for bikes only"
    assert codes(TRAVEL, bike, Text(**asked("x", AnyOf((both, Equals("travel", "car")))))) == []
    why = Several(**asked("why"), choices=choices("a", "b", "c"), most=2)
    three = AllOf(tuple(Contains("why", id) for id in "abc"))
    assert codes(why, Text(**asked("x", three))) == [("unreachable", "x")]
    km = Number(**asked("km"), unit=Words("", ""), least=Decimal(0), most=Decimal(9))
    for low, high, reached in (("9.1", "20", False), ("1.2", "1.8", False), ("1.2", "2", True)):
        between = Between("km", Decimal(low), Decimal(high))
        assert (codes(km, Text(**asked("x", between))) == []) is reached, "only whole kilometres up to 9"


def test_conditions_nobody_can_follow_are_refused_not_computed_for_ever() -> None:
    scales = [Scale(**asked(f"s{at}")) for at in range(14)]
    tangled = AllOf(tuple(AnyOf((Equals(one.id, 1), Equals(one.id, 2))) for one in scales))
    assert codes(*scales, Text(**asked("x", tangled))) == [("too_tangled", "x")]


def test_a_response_in_canonical_form() -> None:
    checked = check_response(
        TOWN,
        {"travel": "bike", "why": ["quick", "cheap"], "safe": "2", "where": " Brücke\r\nSüd ", "km": "3,50"}
        | {"order": ["lights", "lanes"], "views": {"night": "bad", "day": ""}},
    )
    assert checked.errors == {}
    assert checked.answers == {
        "travel": "bike",
        "why": ("cheap", "quick"),
        "safe": 2,
        "where": "Brücke\nSüd",
        "km": Decimal("3.5"),
        "order": ("lights", "lanes"),
        "views": {"night": "bad"},
    }
    assert checked.shown == tuple(question.id for question in TOWN.questions)


def test_answers_to_hidden_questions_are_dropped_and_told() -> None:
    checked = check_response(TOWN, {"travel": "bus", "why": ["quick"], "safe": 1, "where": "hier", "km": 4})
    assert (checked.dropped, checked.errors) == (("why", "safe", "where"), {})
    assert checked.answers == {"travel": "bus", "km": Decimal(4)}
    assert check_response(TOWN, {"travel": "bus", "why": [], "where": " "}).dropped == (), "blanks are no answers"


WRONG: list[tuple[str, object, str]] = [
    ("travel", None, "required"),
    ("travel", "plane", "unknown_choice"),
    ("travel", ["bus"], "wrong_kind"),
    ("why", ["cheap", "healthy", "quick"], "too_many"),
    ("why", ["cheap", "cheap"], "chosen_twice"),
    ("why", "cheap", "wrong_kind"),
    ("safe", 6, "unknown_choice"),
    ("safe", True, "wrong_kind"),
    ("safe", "zwei", "wrong_kind"),
    ("safe", [], "required"),
    ("km", "1.234,5", "not_a_number"),
    ("km", "1e400", "not_a_number"),
    ("km", float("inf"), "not_a_number"),
    ("km", "٣", "not_a_number"),
    ("km", "3,25", "not_whole"),
    ("km", -1, "too_small"),
    ("km", 501, "too_large"),
    ("order", ["lanes", "parking", "lights"], "too_many"),
    ("views", {"noon": "good"}, "unknown_row"),
    ("views", {"day": "<b>"}, "unknown_choice"),
    ("views", ["good"], "wrong_kind"),
    ("where", "x" * 21, "too_long"),
    ("where", "a\x00b", "bad_characters"),
    ("where", "a\ud800", "bad_characters"),
    ("where", {"a": "b"}, "wrong_kind"),
    ("nobody", "a", "unknown_question"),
]


@pytest.mark.parametrize(("question", "value", "code"), WRONG)
def test_wrong_answers(question: str, value: object, code: str) -> None:
    right = {"travel": "bike", "why": ["quick"], "safe": 1}
    checked = check_response(TOWN, right | {question: value})
    assert {id: told.code for id, told in checked.errors.items()} == {question: code}
    assert question not in checked.answers
    assert "{" not in checked.errors[question].text("de") + checked.errors[question].text("en")


def test_a_matrix_that_is_required_is_answered_row_by_row() -> None:
    matrix = Matrix(**asked("m"), rows=choices("a", "b"), columns=choices("x", "y"), required=True)
    (told,) = check_response(Questionnaire((matrix,)), {"m": {"a": "x"}}).errors.values()
    assert told.text("de") == "Bitte beantworten Sie jede Zeile; es fehlen 1."


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["bike", "quick", 1, "2"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([question.id for question in TOWN.questions]), junk))
def test_no_response_breaks_the_check_and_what_is_right_stays_right(response: dict[str, object]) -> None:
    checked = check_response(TOWN, response)
    again = check_response(TOWN, checked.answers)
    assert again.answers == checked.answers
    assert again.shown == checked.shown == shown(TOWN, checked.answers)
    assert again.dropped == ()


def test_ten_thousand_responses_quickly() -> None:
    response = {"travel": "bike", "why": ["quick"], "safe": 1, "where": "hier", "km": "4,5", "order": ["lanes"]}
    begin = time.process_time()
    for _ in range(10_000):
        check_response(TOWN, response)
    assert time.process_time() - begin < 2
