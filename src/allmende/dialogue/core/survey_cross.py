"""Cross tables of two questions of a survey, with small cells withheld."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .survey import NO_ANSWER, Answers, Question, Questionnaire, Scale, Single, shown
from .survey_cells import THRESHOLD, Protected, protect
from .survey_results import results


@dataclass(frozen=True, slots=True)
class Cross:
    """Of all who answered both; `table` with what is withheld in the tables of either question withheld here too."""

    first: str
    second: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    table: Protected


def cross(
    questionnaire: Questionnaire, responses: Sequence[Answers], first: str, second: str, threshold: int = THRESHOLD
) -> Cross:
    """Two questions with one answer each (single choice, scale). Raises ValueError for others."""
    known = questionnaire.by_id()
    sides = [known.get(first), known.get(second)]
    if first == second or not all(isinstance(side, Single | Scale) for side in sides):
        raise ValueError("a cross table is of two different questions, single choice or scale")
    whole = {one.question: one for one in results(questionnaire, responses, threshold=threshold).questions}
    ids, forced = [], []
    for side in sides:
        assert side is not None
        tables = whole[side.id].tables
        cells = tables[0].cells if tables else ()
        names = _names(side)
        ids.append(names)
        forced.append([at for at, cell in enumerate(cells) if cell.count is None] if tables else range(len(names)))
    visible = [(one, shown(questionnaire, one)) for one in responses if first in one and second in one]
    pairs = Counter((str(one[first]), str(one[second])) for one, seen in visible if first in seen and second in seen)
    counts = [[pairs[row, column] for column in ids[1]] for row in ids[0]]
    table = protect(counts, threshold, forced[0], forced[1])
    return Cross(first, second, tuple(ids[0]), tuple(ids[1]), table)


def _names(question: Question) -> list[str]:
    if isinstance(question, Single):
        return [choice.id for choice in question.choices]
    assert isinstance(question, Scale)
    return [str(point) for point in range(question.first, question.last + 1)] + [NO_ANSWER] * question.no_answer
