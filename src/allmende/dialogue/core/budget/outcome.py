"""What a rule found, and why: data that a page or a command makes sentences of (words.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from .amounts import plain, significant
from .model import Election, Finding


class Why(StrEnum):
    """Selected: bought by its supporters, ranked high enough, free, or added by the completion. Not selected: the
    rest."""

    SUPPORTERS_PAY = "supporters_pay"
    RANK = "rank"
    FREE = "free"
    COMPLETION = "completion"
    NO_SUPPORT = "no_support"
    SUPPORTERS_MONEY = "supporters_money"  # the supporters together have too little left
    DOES_NOT_FIT = "does_not_fit"  # when its turn came, too little of the budget was left
    STOPPED = "stopped"  # an earlier project did not fit, and the rule stops there
    THRESHOLD = "threshold"
    WITHDRAWN = "withdrawn"


@dataclass(slots=True)
class Reason:
    """Why a project is in or out. Amounts in the currency; `position` counts from 1, in the order of the rule.

    `rho`: money per unit of satisfaction; `payment`: what each supporter pays who can (where all are equally
    satisfied); `paying`, `poor`: voters who pay in full, and who pay all they have; `available`: what there was for
    it (of the budget, or in the hands of its supporters); `missing`: what would have been needed beside that. `tied`:
    projects as good as this one, between which the order decided. `by`: the project at which the rule stopped.
    """

    why: Why
    position: int | None = None
    rho: Fraction | None = None
    payment: Fraction | None = None
    paying: int | None = None
    poor: int | None = None
    load: Fraction | None = None
    available: Fraction | None = None
    missing: Fraction | None = None
    threshold: Fraction | None = None
    tied: list[str] = field(default_factory=list)
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """add1: `steps` units of the currency were added to each voter's `share`; `why`: exhaustive, overspends."""

    steps: int
    why: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Asked:
    """`order`: all project ids, best first in a tie, or None: as in the file. `satisfaction`, `threshold`: None is what
    is usual (count.satisfaction_of) and what META says."""

    election: Election
    rule: str
    order: Sequence[str] | None = None
    satisfaction: str | None = None
    threshold: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """`asked`: what was counted, and how. `winners` in the order of selection; `reasons` of every project, in the order
    that breaks ties."""

    asked: Asked
    satisfaction: str
    budget: Fraction
    cost: Fraction
    voters: int
    winners: tuple[str, ...]
    reasons: dict[str, Reason]
    votes: dict[str, int]
    scores: dict[str, Fraction]
    costs: dict[str, Fraction]
    names: dict[str, str]
    completion: Completion | None
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, Any]:
        won = set(self.winners)
        completion = self.completion
        return {
            "rule": self.asked.rule,
            "satisfaction": self.satisfaction,
            "voters": self.voters,
            "budget": plain(self.budget),
            "cost": plain(self.cost),
            "left": plain(self.budget - self.cost),
            "winners": list(self.winners),
            "completion": completion
            and {"steps": completion.steps, "why": completion.why, "share": amount(completion.share)},
            "reasons": {
                key: {
                    "selected": key in won,
                    "name": self.names[key],
                    "cost": plain(self.costs[key]),
                    "votes": self.votes[key],
                    "score": plain(self.scores[key]),
                }
                | reason_json(reason)
                for key, reason in self.reasons.items()
            },
        }


def reason_json(reason: Reason) -> dict[str, Any]:
    """Without what does not apply."""
    found: dict[str, Any] = {"why": reason.why.value}
    for key in ("position", "paying", "poor", "by"):
        if getattr(reason, key) is not None:
            found[key] = getattr(reason, key)
    for key in ("rho", "payment", "load", "available", "missing", "threshold"):
        if getattr(reason, key) is not None:
            found[key] = amount(getattr(reason, key))
    if reason.tied:
        found["tied"] = list(reason.tied)
    return found


def amount(value: Fraction) -> dict[str, str]:
    """An exact fraction ("7/3", "12") and beside it a decimal for reading ("2.33333333333")."""
    return {"exact": str(value), "decimal": significant(value)}


def names(ids: Sequence[str], places: Sequence[int]) -> list[str]:
    return [ids[place] for place in places]
