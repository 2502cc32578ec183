"""Judging a questionnaire before it is used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from .survey import (
    NO_ANSWER,
    AllOf,
    AnyOf,
    Atom,
    Between,
    Choice,
    Condition,
    Contains,
    Equals,
    Matrix,
    Number,
    Question,
    Questionnaire,
    Ranking,
    Scale,
    Several,
    Single,
    Words,
    atoms,
)
from .survey_texts import Told

MOST_WAYS = 500  # alternatives that are looked through to see whether a question can be reached
MOST_POINTS = 101  # 0 to 100
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)

# What must hold on one way to a question, by question and row: choices or points that remain, choices that must be
# among several, or bounds of a number.
_Left = frozenset[str | int] | tuple[Decimal | None, Decimal | None]
_Way = dict[tuple[str, str], _Left]


def check_questionnaire(questionnaire: Questionnaire) -> list[Told]:
    """Everything that is wrong, in the order of the questions; empty: it can be used.

    Whether a question can be reached is decided exactly: its condition and those of the questions it rests on are
    written as alternatives, and one of them must leave an answer to each question. Questions that rest on faulty
    conditions are not judged so.
    """
    found: list[Told] = []
    if not questionnaire.questions:
        return [Told("no_questions")]
    known, order = questionnaire.by_id(), {q.id: at for at, q in reversed(list(enumerate(questionnaire.questions)))}
    circles = _circles(questionnaire)
    ways: dict[str, list[_Way] | None] = {}
    seen: set[str] = set()
    for question in questionnaire.questions:
        if question.id in seen:
            found.append(Told("two_questions", question.id, {"id": question.id}))
        seen.add(question.id)
        found += [Told(code, question.id, values) for code, values in _question(question)]
        wrong = list(_condition(question, known, order, circles))
        found += [Told(code, question.id, values) for code, values in wrong]
        try:
            here = None if wrong else _ways(question, known, ways)
        except _TooTangled:
            here = None
            found.append(Told("too_tangled", question.id, {"most": MOST_WAYS}))
        ways.setdefault(question.id, here)
        if here == []:
            found.append(Told("unreachable", question.id))
            ways[question.id] = None
    return found


_Wrong = Iterator[tuple[str, dict[str, object]]]


def _question(question: Question) -> _Wrong:
    if not _ID.fullmatch(question.id):
        yield "bad_id", {"id": question.id}
    yield from _words(question.words, question.id)
    match question:
        case Single(choices=choices):
            yield from _choices(choices, 2)
        case Several(choices=choices, least=least, most=most) | Ranking(choices=choices, least=least, most=most):
            yield from _choices(choices, 2)
            highest = len(choices) if most is None else most
            if choices and not 1 <= least <= highest <= len(choices):
                yield "bad_limits", {"least": least, "most": highest}
        case Matrix(rows=rows, columns=columns):
            yield from _choices(rows, 1)
            yield from _choices(columns, 2)
        case Scale(first=first, last=last, labels=labels):
            if not 1 <= last - first < MOST_POINTS:
                yield "bad_limits", {"least": first, "most": last}
            for point, words in labels.items():
                if not first <= point <= last:
                    yield "bad_label", {"point": point}
                yield from _words(words, str(point))
        case Number(least=low, most=high, places=places, unit=unit):
            if low is not None and high is not None and low > high:
                yield "bad_limits", {"least": low, "most": high}
            if not 0 <= places <= 6:
                yield "bad_places", {}
            if bool(unit.de.strip()) != bool(unit.en.strip()):
                yield "no_words", {"id": "unit"}


def _words(words: Words, id: str) -> _Wrong:
    if not words.de.strip() or not words.en.strip():
        yield "no_words", {"id": id}


def _choices(choices: tuple[Choice, ...], least: int) -> _Wrong:
    if len(choices) < least:
        yield "few_choices", {"least": least}
    seen: set[str] = set()
    for choice in choices:
        if not _ID.fullmatch(choice.id) or choice.id == NO_ANSWER:
            yield "bad_id", {"id": choice.id}
        if choice.id in seen:
            yield "two_choices", {"id": choice.id}
        seen.add(choice.id)
        yield from _words(choice.words, choice.id)


def _condition(
    question: Question, known: dict[str, Question], order: dict[str, int], circles: dict[str, str]
) -> _Wrong:
    if _empty(question.when):
        yield "empty_condition", {}
    if question.id in circles:
        yield "circle", {"ids": circles[question.id]}
    for atom in atoms(question.when):
        asked = known.get(atom.question)
        if asked is None:
            yield "no_such_question", {"id": atom.question}
            continue
        same_circle = question.id in circles and circles.get(atom.question) == circles[question.id]
        if order[atom.question] >= order[question.id] and not same_circle:
            yield "later_question", {"id": atom.question}
        problem = _fits(atom, asked)
        if problem == "no_such_choice":
            yield problem, {"id": atom.question, "value": _named(atom)}
        elif problem:
            yield problem, {"id": atom.question}


def _empty(condition: Condition | None) -> bool:
    if isinstance(condition, AllOf | AnyOf):
        return not condition.conditions or any(_empty(one) for one in condition.conditions)
    return isinstance(condition, Between) and condition.least is None and condition.most is None


def _named(atom: Atom) -> str:
    match atom:
        case Equals(value=value, row=row):
            return f"{row}: {value}" if row else str(value)
        case Contains(choice=choice):
            return choice
        case Between(least=least, most=most):
            return f"{'' if least is None else least}–{'' if most is None else most}"


def _fits(atom: Atom, asked: Question) -> str:
    """The code of what is wrong, or nothing."""
    match atom, asked:
        case Equals(value=value, row=""), Single(choices=choices):
            return "" if value in _ids(choices) else "no_such_choice"
        case Equals(value=value, row=""), Scale():
            return "" if value in _points(asked) else "no_such_choice"
        case Equals(value=value, row=row), Matrix(rows=rows, columns=columns) if row:
            return "" if row in _ids(rows) and value in _ids(columns) else "no_such_choice"
        case Contains(choice=choice), Several(choices=choices) | Ranking(choices=choices):
            return "" if choice in _ids(choices) else "no_such_choice"
        case Between(), Scale() | Number():
            return ""
    return "wrong_condition"


def _ids(choices: Iterable[Choice]) -> frozenset[str | int]:
    return frozenset(choice.id for choice in choices)


def _points(scale: Scale) -> frozenset[str | int]:
    points: frozenset[str | int] = frozenset(range(scale.first, min(scale.last, scale.first + MOST_POINTS) + 1))
    return points | {NO_ANSWER} if scale.no_answer else points


def _circles(questionnaire: Questionnaire) -> dict[str, str]:
    """The members of its circle, by question, for questions that depend on themselves by whatever way."""
    rests = {q.id: {atom.question for atom in atoms(q.when)} for q in questionnaire.questions}
    reach = {id: _reach(id, rests) for id in rests}
    return {
        id: ", ".join(one for one in rests if one in reach[id] and id in reach[one])
        for id in rests
        if id in reach[id]
    }  # fmt: skip


def _reach(id: str, rests: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(rests[id])
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += rests.get(one, ())
    return found


class _TooTangled(Exception):
    """More ways than are looked through."""


def _ways(question: Question, known: dict[str, Question], before: dict[str, list[_Way] | None]) -> list[_Way] | None:
    """The alternatives by which a question is reached, each possible by itself; None: it rests on what is faulty."""
    for atom in atoms(question.when):
        if before.get(atom.question) is None:
            return None
    return _written(question.when, known, before)


def _written(
    condition: Condition | None, known: dict[str, Question], before: dict[str, list[_Way] | None]
) -> list[_Way]:
    match condition:
        case None:
            return [{}]
        case AnyOf(conditions):
            return _limited(way for one in conditions for way in _written(one, known, before))
        case AllOf(conditions):
            ways: list[_Way] = [{}]
            for one in conditions:
                ways = _both(ways, _written(one, known, before), known)
            return ways
        case _:
            asked = known[condition.question]
            key = (asked.id, condition.row if isinstance(condition, Equals) else "")
            own: list[_Way] = [{key: _left(condition, asked)}]
            return _both(own, before[asked.id] or [], known)


def _both(first: list[_Way], second: list[_Way], known: dict[str, Question]) -> list[_Way]:
    """Each way of the first with each of the second, as far as both are possible together."""

    def joined() -> Iterator[_Way]:
        for one in first:
            for other in second:
                way = dict(one)
                for key, left in other.items():
                    way[key] = _joined(way[key], left, known[key[0]]) if key in way else left
                if all(_possible(left, known[key[0]]) for key, left in way.items()):
                    yield way

    return _limited(joined())


def _limited(ways: Iterable[_Way]) -> list[_Way]:
    """Without repeats, so that questions with the same condition do not multiply."""
    unlike: dict[frozenset[tuple[tuple[str, str], _Left]], _Way] = {}
    for way in ways:
        unlike.setdefault(frozenset(way.items()), way)
        if len(unlike) > MOST_WAYS:
            raise _TooTangled
    return list(unlike.values())


def _left(atom: Atom, asked: Question) -> _Left:
    match atom:
        case Equals(value=value):
            return frozenset({value})
        case Contains(choice=choice):
            return frozenset({choice})
        case Between(least=least, most=most):
            if isinstance(asked, Scale):
                points = [point for point in _points(asked) if isinstance(point, int)]
                return frozenset(p for p in points if (least is None or least <= p) and (most is None or p <= most))
            low, high = (asked.least, asked.most) if isinstance(asked, Number) else (None, None)
            return _joined((low, high), (least, most), asked)


def _joined(one: _Left, other: _Left, asked: Question) -> _Left:
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return one | other if isinstance(asked, Several | Ranking) else one & other
    lows = [left[0] for left in (one, other) if isinstance(left, tuple) and left[0] is not None]
    highs = [left[1] for left in (one, other) if isinstance(left, tuple) and left[1] is not None]
    return (max(lows, default=None), min(highs, default=None))


def _possible(left: _Left, asked: Question) -> bool:
    if isinstance(left, frozenset):
        if isinstance(asked, Several | Ranking):
            return len(left) <= (len(asked.choices) if asked.most is None else asked.most)
        return bool(left)
    low, high = left
    if low is None or high is None or not isinstance(asked, Number):
        return True
    step = Decimal(1).scaleb(-max(0, min(asked.places, 6)))
    return (low / step).to_integral_value("ROUND_CEILING") * step <= high
