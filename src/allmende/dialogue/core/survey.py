"""A questionnaire as data: typed questions, and small typed conditions that say when a question is shown.

`survey_check` judges questionnaires, `survey_response` one response, `survey_results` counts.
Nothing here is an expression that is evaluated: a condition is one of five forms over answers to earlier questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

NO_ANSWER = "no_answer"  # what a scale offers to those who cannot or will not say

# One answer in canonical form: single choice → id; several choices → ids in the order of the questionnaire;
# scale → point or NO_ANSWER; number → Decimal; text → str; ranking → ids, best first; matrix → column by row.
Answer = str | int | Decimal | tuple[str, ...] | Mapping[str, str]
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in German and in English."""

    de: str
    en: str

    def text(self, language: str) -> str:
        """`language` is `de` or `en`."""
        return self.de if language == "de" else self.en


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose, to rank, or a row or column of a matrix."""

    id: str
    words: Words


@dataclass(frozen=True, slots=True)
class Equals:
    """A single choice or a point of a scale (or its NO_ANSWER) was given; of a matrix, in the row that is named."""

    question: str
    value: str | int
    row: str = ""


@dataclass(frozen=True, slots=True)
class Contains:
    """A choice is among several, or was ranked at all."""

    question: str
    choice: str


@dataclass(frozen=True, slots=True)
class Between:
    """A scale or a number lies within both bounds, which belong to it; None: no bound. NO_ANSWER lies nowhere."""

    question: str
    least: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    conditions: tuple[Condition, ...]


Atom = Equals | Contains | Between
Condition = Atom | AllOf | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What all kinds have. `when`: shown only if it holds; None: always."""

    id: str
    words: Words
    required: bool = False
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Single(Question):
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Several(Question):
    """At least `least` and at most `most` choices if it is answered at all; None: all of them."""

    choices: tuple[Choice, ...]
    least: int = 1
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(Question):
    """Whole points from `first` to `last`, words for any of them; `no_answer` offers NO_ANSWER beside them."""

    first: int = 1
    last: int = 5
    labels: Mapping[int, Words] = field(default_factory=dict)
    no_answer: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Question):
    """In `unit`, with at most `places` decimal places, within bounds that belong to it; None: no bound."""

    unit: Words
    least: Decimal | None = None
    most: Decimal | None = None
    places: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Question):
    """At most `longest` characters."""

    longest: int = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking(Question):
    """At least `least` and at most `most` choices, best first; None: all of them."""

    choices: tuple[Choice, ...]
    least: int = 1
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix(Question):
    """One column for each row; required: for every row."""

    rows: tuple[Choice, ...]
    columns: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Questions in the order in which they are asked."""

    questions: tuple[Question, ...]

    def by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}


def atoms(condition: Condition | None) -> Iterator[Atom]:
    """What a condition asks of single questions, in the order written."""
    if isinstance(condition, AllOf | AnyOf):
        for one in condition.conditions:
            yield from atoms(one)
    elif condition is not None:
        yield condition


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Whether a condition holds; over a question that has no answer nothing holds, so `answers` must lack what was
    hidden. No condition holds always."""
    match condition:
        case None:
            return True
        case AllOf(conditions):
            return all(holds(one, answers) for one in conditions)
        case AnyOf(conditions):
            return any(holds(one, answers) for one in conditions)
        case Equals(question, value, row):
            answer = answers.get(question)
            return (answer.get(row) if isinstance(answer, Mapping) else answer) == value
        case Contains(question, choice):
            answer = answers.get(question)
            return isinstance(answer, tuple) and choice in answer
        case Between(question, least, most):
            answer = answers.get(question)
            if not isinstance(answer, int | Decimal):
                return False
            return (least is None or least <= answer) and (most is None or answer <= most)


def shown(questionnaire: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """Ids of the questions that somebody with these answers sees, in order. Answers to hidden questions do not count
    for the conditions after them."""
    seen: dict[str, Answer] = {}
    ids = []
    for question in questionnaire.questions:
        if question.when is None or holds(question.when, seen):
            ids.append(question.id)
            if question.id in answers:
                seen[question.id] = answers[question.id]
    return tuple(ids)
