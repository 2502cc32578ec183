"""Judging one response before it is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .survey import (
    NO_ANSWER,
    Answer,
    Choice,
    Matrix,
    Number,
    Question,
    Questionnaire,
    Ranking,
    Scale,
    Several,
    Single,
    Text,
    holds,
)
from .survey_texts import Told

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checked:
    """One response. `answers` in canonical form, those that are right; `errors` by question; `dropped`: questions that
    were answered but are hidden from somebody with these answers; `shown`: questions that this person sees.

    With errors nothing should be kept: an answer may seem hidden only because an earlier one was wrong.
    """

    answers: dict[str, Answer]
    errors: dict[str, Told]
    dropped: tuple[str, ...]
    shown: tuple[str, ...]


class _Wrong(Exception):
    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def check_response(questionnaire: Questionnaire, given: Mapping[str, object]) -> Checked:
    """`given`: values by question as forms or JSON have them. None, blanks and empty lists are no answer; a number may
    be written with a decimal comma or point, without separators of thousands. The questionnaire has been checked."""
    answers: dict[str, Answer] = {}
    errors: dict[str, Told] = {}
    dropped, shown = [], []
    for question in questionnaire.questions:
        value = given.get(question.id)
        if not holds(question.when, answers):
            if not _blank(value):
                dropped.append(question.id)
            continue
        shown.append(question.id)
        try:
            if not _blank(value):
                answers[question.id] = _answer(question, value)
            elif question.required:
                raise _Wrong("required")
        except _Wrong as wrong:
            errors[question.id] = Told(wrong.code, question.id, wrong.values)
    known = {question.id for question in questionnaire.questions}
    for id in given:
        if id not in known:
            errors[id] = Told("unknown_question", id)
    return Checked(answers, errors, tuple(dropped), tuple(shown))


def _blank(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(_blank(one) for one in value.values())
    return value is None or (isinstance(value, list | tuple) and not value)


def _answer(question: Question, value: object) -> Answer:
    match question:
        case Single(choices=choices):
            return _one(value, choices)
        case Several(choices=choices, least=least, most=most):
            chosen = set(_list(value, choices, least, most))
            return tuple(choice.id for choice in choices if choice.id in chosen)
        case Ranking(choices=choices, least=least, most=most):
            return tuple(_list(value, choices, least, most))
        case Scale():
            return _point(value, question)
        case Number():
            return _number(value, question)
        case Text(longest=longest):
            return _text(value, longest)
        case Matrix(rows=rows, columns=columns, required=required):
            return _rows(value, rows, columns, required)
    raise _Wrong("wrong_kind")


def _one(value: object, choices: tuple[Choice, ...]) -> str:
    if not isinstance(value, str):
        raise _Wrong("wrong_kind")
    if all(choice.id != value for choice in choices):
        raise _Wrong("unknown_choice", value=value)
    return value


def _list(value: object, choices: tuple[Choice, ...], least: int, most: int | None) -> list[str]:
    if not isinstance(value, list | tuple):
        raise _Wrong("wrong_kind")
    chosen: list[str] = []
    for one in value:
        id = _one(one, choices)
        if id in chosen:
            raise _Wrong("chosen_twice", value=id)
        chosen.append(id)
    if len(chosen) < least:
        raise _Wrong("too_few", least=least)
    if most is not None and len(chosen) > most:
        raise _Wrong("too_many", most=most)
    return chosen


def _point(value: object, scale: Scale) -> int | str:
    if value == NO_ANSWER and scale.no_answer:
        return NO_ANSWER
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value.strip(), re.ASCII):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Wrong("wrong_kind")
    if not scale.first <= value <= scale.last:
        raise _Wrong("unknown_choice", value=str(value)[:20])
    return value


def _number(value: object, question: Number) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise _Wrong("wrong_kind")
    written = format(Decimal(str(value)), "f") if isinstance(value, float | Decimal) else str(value).strip()
    if not _NUMBER.fullmatch(written):  # infinities, exponents, separators of thousands
        raise _Wrong("not_a_number")
    number = Decimal(written.replace(",", "."))
    shortest = number.normalize()
    if -int(shortest.as_tuple().exponent) > question.places:
        raise _Wrong("not_whole", places=question.places)
    if question.least is not None and number < question.least:
        raise _Wrong("too_small", least=question.least)
    if question.most is not None and number > question.most:
        raise _Wrong("too_large", most=question.most)
    return number.quantize(Decimal(1).scaleb(-question.places)) + 0  # + 0: no negative zero


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str):
        raise _Wrong("wrong_kind")
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\r\t" for letter in value):
        raise _Wrong("bad_characters")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > longest:
        raise _Wrong("too_long", longest=longest, length=len(text))
    return text


def _rows(value: object, rows: tuple[Choice, ...], columns: tuple[Choice, ...], required: bool) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise _Wrong("wrong_kind")
    known = {row.id for row in rows}
    for row in value:
        if row not in known:
            raise _Wrong("unknown_row", value=row)
    answered = {row.id: _one(value[row.id], columns) for row in rows if not _blank(value.get(row.id))}
    if required and len(answered) < len(rows):
        raise _Wrong("rows_missing", count=len(rows) - len(answered))
    return answered
