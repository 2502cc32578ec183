"""What a survey says: counts with their denominators, figures, weighted shares; small cells withheld.

Counts are whole numbers and shares fractions of them; only what is weighted is a float. Quantiles are the inverse of
the distribution function with averages at its steps (definition 2 of Hyndman and Fan 1996, Sample quantiles in
statistical packages, The American Statistician 50), which has a weighted form.

Withheld: cells under the threshold with what would give them away (`survey_cells`); figures of a table in which a cell
is withheld, since a mean is one more equation; quantiles with fewer answers than the threshold on a side; a question
that only some see, where the number of those would tell a withheld cell. How many did not answer is told.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .survey import (
    NO_ANSWER,
    Answer,
    Answers,
    Matrix,
    Number,
    Question,
    Questionnaire,
    Ranking,
    Scale,
    Several,
    Single,
    Text,
    atoms,
    holds,
    shown,
)
from .survey_cells import THRESHOLD, protect_line

QUARTERS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
Value = int | Decimal


@dataclass(frozen=True, slots=True)
class Cell:
    """`count` None: withheld. `weighted`: share of the weights of all who answered, None: withheld or unweighted."""

    id: str
    count: int | None
    weighted: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Of `of` numbers (without NO_ANSWER), in the question's unit. `quartiles`: 25, 50 and 75 %; None: withheld."""

    of: int
    mean: Fraction
    quartiles: tuple[Fraction | None, Fraction | None, Fraction | None]
    weighted_mean: float | None = None
    weighted_median: Fraction | None = None

    @property
    def median(self) -> Fraction | None:
        return self.quartiles[1]


@dataclass(frozen=True, slots=True)
class Table:
    """`row` of a matrix or empty. `answered`: all whom the cells are shares of, None: withheld. A scale's NO_ANSWER is
    a cell like others. Of several choices the cells add up to more; of a ranking they count first places."""

    row: str
    answered: int | None
    cells: tuple[Cell, ...]
    figures: Figures | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One question. `reached`: people it was shown to; `answered`: of those, who answered (a matrix: any row); both
    None where that would give away a withheld cell. The response rate is answered / reached."""

    question: str
    kind: str
    reached: int | None
    answered: int | None
    tables: tuple[Table, ...]

    @property
    def rate(self) -> Fraction | None:
        """None: nobody was asked, or withheld."""
        return Fraction(self.answered, self.reached) if self.answered is not None and self.reached else None

    def as_json(self) -> dict[str, Any]:
        """Shares to six places beside the counts and denominators they come from."""
        return {
            "question": self.question,
            "kind": self.kind,
            "reached": self.reached,
            "answered": self.answered,
            "response_rate": _decimal(self.rate),
            "tables": [_table_json(table, self.reached) for table in self.tables],
        }


@dataclass(frozen=True, slots=True)
class Results:
    """`responses`: all that are counted. `invited`: people who were asked to take part, None: unknown, as where anybody
    may; then there is no response rate of the survey."""

    responses: int
    invited: int | None
    weighted: bool
    threshold: int
    questions: tuple[Result, ...]

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.responses, self.invited) if self.invited else None

    def as_json(self) -> dict[str, Any]:
        return {
            "responses": self.responses,
            "invited": self.invited,
            "response_rate": _decimal(self.rate),
            "weighted": self.weighted,
            "threshold": self.threshold,
            "questions": [one.as_json() for one in self.questions],
        }


def results(
    questionnaire: Questionnaire,
    responses: Sequence[Answers],
    *,
    weights: Sequence[float] | None = None,
    invited: int | None = None,
    threshold: int = THRESHOLD,
) -> Results:
    """`responses` in canonical form as `check_response` gives them, `weights` one for each (`survey_weights`). The
    order of the responses means nothing. Raises ValueError where weights or invitations cannot belong to them."""
    if weights is not None and (len(weights) != len(responses) or any(not 0 <= w < math.inf for w in weights)):
        raise ValueError("one weight of 0 or more for each response")
    if invited is not None and invited < len(responses):
        raise ValueError("fewer invited than responded")
    always = all(question.when is None for question in questionnaire.questions)
    everyone = range(len(responses))
    seen: dict[str, list[int]] = {question.id: list(everyone) if always else [] for question in questionnaire.questions}
    if not always:
        for at, answers in enumerate(responses):
            for id in shown(questionnaire, answers):
                seen[id].append(at)
    told: dict[str, Result] = {}
    for question in questionnaire.questions:
        reached = seen[question.id]
        given = [(answers[question.id], at) for at in reached if question.id in (answers := responses[at])]
        if _gives_away(question, questionnaire, told, len(reached), len(responses), threshold):
            told[question.id] = Result(question.id, kind(question), None, None, ())
            continue
        tables = tuple(_tables(question, given, weights, threshold))
        told[question.id] = Result(question.id, kind(question), len(reached), len(given), tables)
    return Results(len(responses), invited, weights is not None, threshold, tuple(told.values()))


def kind(question: Question) -> str:
    return type(question).__name__.lower()


def _gives_away(
    question: Question, whole: Questionnaire, told: Mapping[str, Result], reached: int, all_: int, threshold: int
) -> bool:
    """Whether the number of people a question is shown to would tell what is withheld of those it rests on."""
    rests = {atom.question for atom in atoms(question.when)}
    if not rests:
        return False
    if 0 < reached < threshold or 0 < all_ - reached < threshold:
        return True
    hidden = [one for one in rests if _withholds(told[one])]
    if not hidden:
        return False
    asked = whole.by_id()[hidden[0]]
    if len(rests) > 1 or not isinstance(asked, Single | Scale) or not told[asked.id].tables:
        return True
    # One question: the number is a sum of its cells. It tells nothing new with none or all of the withheld ones.
    cells = [cell.id for cell in told[asked.id].tables[0].cells if cell.count is None]
    taken = [holds(question.when, {asked.id: int(id) if _is_point(asked, id) else id}) for id in cells]
    return any(taken) and not all(taken)


def _is_point(question: Question, id: str) -> bool:
    return isinstance(question, Scale) and id != NO_ANSWER


def _withholds(result: Result) -> bool:
    withheld = any(cell.count is None for table in result.tables for cell in table.cells)
    # Numbers have no cells: what a condition on them counts is told nowhere else.
    return result.reached is None or withheld or any(table.answered is None for table in result.tables)


_Given = list[tuple[Answer, int]]


def _tables(question: Question, given: _Given, weights: Sequence[float] | None, threshold: int) -> Iterable[Table]:
    match question:
        case Single(choices=choices):
            yield _line("", [choice.id for choice in choices], given, weights, threshold)
        case Ranking(choices=choices):
            first: _Given = [(ranked[0], at) for ranked, at in given if isinstance(ranked, tuple) and ranked]
            yield _line("", [choice.id for choice in choices], first, weights, threshold)
        case Scale(first=low, last=high, no_answer=offered):
            ids = [str(point) for point in range(low, high + 1)] + [NO_ANSWER] * offered
            points: _Given = [(str(value), at) for value, at in given]
            line = _line("", ids, points, weights, threshold)
            hidden = line.answered is None or any(cell.count is None for cell in line.cells)
            numbers: list[tuple[Value, int]] = [(value, at) for value, at in given if isinstance(value, int)]
            yield Table("", line.answered, line.cells, None if hidden else figures(numbers, weights, threshold))
        case Matrix(rows=rows, columns=columns):
            ids = [column.id for column in columns]
            for row in rows:
                own: _Given = [(v[row.id], at) for v, at in given if isinstance(v, Mapping) and row.id in v]
                yield _line(row.id, ids, own, weights, threshold)
        case Several(choices=choices):
            yield _several([choice.id for choice in choices], given, weights, threshold)
        case Number():
            numbers = [(value, at) for value, at in given if isinstance(value, int | Decimal)]
            enough = not 0 < len(numbers) < threshold
            yield Table("", len(numbers) if enough else None, (), figures(numbers, weights, threshold))
        case Text():
            return


def _line(row: str, ids: list[str], given: _Given, weights: Sequence[float] | None, threshold: int) -> Table:
    counts = Counter(value for value, _ in given if isinstance(value, str))
    cells, answered = protect_line([counts[id] for id in ids], threshold)
    shares = _shares(ids, [((value,), at) for value, at in given if isinstance(value, str)], weights)
    return Table(row, answered, _cells(ids, cells, shares))


def _several(ids: list[str], given: _Given, weights: Sequence[float] | None, threshold: int) -> Table:
    """Each choice is a line of its own: chosen or not."""
    chosen = [(value, at) for value, at in given if isinstance(value, tuple)]
    counts = Counter(id for value, _ in chosen for id in value)
    lines = [protect_line([counts[id], len(chosen) - counts[id]], threshold) for id in ids]
    answered = None if 0 < len(chosen) < threshold else len(chosen)
    return Table("", answered, _cells(ids, [line[0][0] for line in lines], _shares(ids, chosen, weights)))


def _cells(ids: list[str], counts: Sequence[int | None], shares: Mapping[str, float]) -> tuple[Cell, ...]:
    return tuple(
        Cell(id, count, shares.get(id) if count is not None else None) for id, count in zip(ids, counts, strict=True)
    )


def _shares(
    ids: list[str], given: list[tuple[tuple[str, ...], int]], weights: Sequence[float] | None
) -> dict[str, float]:
    """By choice; sums are exact before they are rounded (fsum), so that their order means nothing."""
    if weights is None:
        return {}
    by_id: dict[str, list[float]] = {id: [] for id in ids}
    for values, at in given:
        for id in values:
            by_id[id].append(weights[at])
    total = math.fsum(weights[at] for _, at in given)
    return {id: math.fsum(own) / total for id, own in by_id.items()} if total > 0 else {}


def figures(
    numbers: Sequence[tuple[Value, int]], weights: Sequence[float] | None = None, threshold: int = THRESHOLD
) -> Figures | None:
    """Of (value, place of its response); None where there are fewer than the threshold, or none."""
    if len(numbers) < max(threshold, 1):
        return None
    size = len(numbers)
    # By value, since many people give the same: fractions are exact but slow.
    counts = Counter(value for value, _ in numbers)
    ordered = sorted((Fraction(value), count) for value, count in counts.items())
    first, second, third = (
        _quantile(ordered, share) if min(share, 1 - share) * size >= threshold else None for share in QUARTERS
    )
    mean = sum((value * count for value, count in ordered), Fraction()) / size
    if weights is None:
        return Figures(size, mean, (first, second, third))
    total = math.fsum(weights[at] for _, at in numbers)
    if not total > 0:
        return Figures(size, mean, (first, second, third))
    weighted = math.fsum(float(value) * weights[at] for value, at in numbers) / total
    middle = None
    if second is not None:
        by_value: dict[Value, list[float]] = {value: [] for value in counts}
        for value, at in numbers:
            by_value[value].append(weights[at])
        heavy = sorted((Fraction(value), Fraction(math.fsum(own))) for value, own in by_value.items())
        middle = _quantile(heavy, Fraction(1, 2))
    return Figures(size, mean, (first, second, third), weighted, middle)


def _quantile(ordered: Sequence[tuple[Fraction, int | Fraction]], share: Fraction) -> Fraction:
    """The value where the weights reach the share; in the middle to the next value where they just do."""
    wanted = share * sum((weight for _, weight in ordered), Fraction())
    reached = Fraction()
    at = 0
    while (reached := reached + ordered[at][1]) < wanted:
        at += 1
    if reached > wanted:
        return ordered[at][0]
    after = next((value for value, weight in ordered[at + 1 :] if weight), ordered[at][0])
    return (ordered[at][0] + after) / 2


def _decimal(share: Fraction | None) -> float | None:
    return None if share is None else float(round(share, 6))


def _table_json(table: Table, reached: int | None) -> dict[str, Any]:
    told = table.figures
    return {
        "row": table.row,
        "answered": table.answered,
        "cells": [
            {
                "id": cell.id,
                "count": cell.count,
                "of_answered": _part(cell.count, table.answered),
                "of_reached": _part(cell.count, reached),
                "weighted": None if cell.weighted is None else round(cell.weighted, 6),
            }
            for cell in table.cells
        ],
        "figures": told
        and {
            "of": told.of,
            "mean": _decimal(told.mean),
            "quartiles": [_decimal(one) for one in told.quartiles],
            "weighted_mean": None if told.weighted_mean is None else round(told.weighted_mean, 6),
            "weighted_median": _decimal(told.weighted_median),
        },
    }


def _part(count: int | None, whole: int | None) -> float | None:
    return _decimal(Fraction(count, whole)) if count is not None and whole else None
