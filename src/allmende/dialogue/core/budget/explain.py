"""What would have changed the outcome for one project: "7 more supporters or 1,200 EUR less would have sufficed".

Each answer is found by counting again, with everything else as it was:

- supporters: voters more who name only this project, as satisfied with it as any voter is with any project. The budget
  stays, so that under Equal Shares each voter's share is a little smaller.
- cost: whole units of the currency less. Where satisfaction is by cost, that of its supporters falls with it.

Under the greedy rules more is never worse (the project only moves forward, before a shorter list of the same others),
so that halving finds the smallest number. Equal Shares and Phragmén have no such law: halving then finds a number
that suffices while one less does not (`tight`), and only where every smaller number was counted too is it said to be
the smallest. No answer rests on anything but a count: `enough` has been counted and the project was selected.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from .count import by_rule, profile_of
from .model import Unreadable
from .outcome import Result, amount
from .profile import Profile

RUNS = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """`enough`: a number that suffices, or None where none was found; `tight`: one less does not; `smallest`: nothing
    smaller does; `runs`: how often was counted; `ended`: false where the limit of runs stopped the search."""

    enough: int | None
    tight: bool
    smallest: bool
    runs: int
    ended: bool
    share: Fraction | None = None

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "enough": self.enough, "tight": self.tight, "smallest": self.smallest, "runs": self.runs,
            "ended": self.ended,
        }  # fmt: skip
        return found | ({"share": amount(self.share)} if self.share is not None else {})


def explain(result: Result, project: str, runs: int = RUNS) -> dict[str, Answer]:
    """`supporters` and `cost` for a project that was not selected; {} for one that was. Each question counts at most
    `runs` times. `share` of `supporters`: each voter's money then, before add1. Raises Unreadable (no_project)."""
    if project in result.winners:
        return {}
    if project not in result.reasons:
        raise Unreadable("no_project", value=project)
    asked = result.asked
    seen = profile_of(asked)
    place = seen.ids.index(project)
    monotone = asked.rule.startswith("greedy")

    def wins(changed: Profile) -> bool:
        return place in by_rule(asked, changed)[0]

    more = _search(lambda number: wins(seen.with_supporters(place, number)), 4 * max(seen.voters, 1), runs, monotone)
    if asked.rule.startswith("mes") and more.enough is not None:
        share = Fraction(seen.budget, seen.unit * (seen.voters + more.enough))
        more = Answer(more.enough, more.tight, more.smallest, more.runs, more.ended, share)
    cost = seen.costs[place]
    most = ceil(Fraction(cost, seen.unit)) - 1
    less = _search(lambda number: wins(seen.with_cost(place, cost - number * seen.unit)), most, runs, monotone)
    return {"supporters": more, "cost": less}


def _search(enough: Callable[[int], bool], most: int, runs: int, monotone: bool) -> Answer:
    """The smallest number in 1 … most that is enough, as far as `runs` tries can tell; 0 is known not to be."""
    tried: dict[int, bool] = {0: False}

    def test(number: int) -> bool:
        if number not in tried:
            tried[number] = enough(number)
        return tried[number]

    def spent() -> bool:
        return len(tried) > runs

    low, high = 0, min(1, most)
    while not spent() and high and not test(high):
        if high == most:
            return Answer(None, False, False, len(tried) - 1, monotone)
        low, high = high, min(high * 2, most)
    if not tried.get(high):
        return Answer(None, False, False, len(tried) - 1, not most)
    while not spent() and high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if test(middle) else (middle, high)
    if not monotone and high - sum(number < high for number in tried) <= runs - len(tried) + 1:
        high = next(number for number in range(1, high + 1) if test(number))
    smallest = all(number in tried for number in range(1, high)) or (monotone and high - low == 1)
    return Answer(high, tried.get(high - 1) is False, smallest, len(tried) - 1, smallest)
