"""Counting an election by a named rule."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .amounts import plain
from .equal import equal_shares
from .greedy import greedy
from .model import APPROVAL, Election, Finding
from .outcome import Asked, Completion, Reason, Result
from .phragmen import phragmen
from .profile import SATISFACTIONS, Profile, profile

RULES = ("greedy", "greedy-noskip", "greedy-threshold", "mes", "mes-add1", "mes-add1u", "phragmen")
Found = tuple[list[int], list[Reason], Completion | None]


def satisfaction_of(election: Election, rule: str, satisfaction: str | None = None) -> str:
    """The measure asked for, or what is usual: greedy by votes or score; equal shares by cost (approval) or points."""
    if rule == "phragmen":
        return "cardinality"
    if satisfaction is not None:
        return satisfaction
    if rule.startswith("greedy"):
        return "score"
    return "cost" if election.vote_type in APPROVAL else "points"


def count(
    election: Election,
    rule: str,
    order: Sequence[str] | None = None,
    satisfaction: str | None = None,
    threshold: Fraction | None = None,
) -> Result:
    """The outcome. `order`: all project ids, best first in a tie (default: as in the file); `threshold`: the minimum
    score of the greedy rules that have one (default: that of META). Raises Unreadable, ValueError for unknown words."""
    asked = Asked(election, rule, order, satisfaction, threshold)
    seen = profile_of(asked)
    minimum = _minimum(asked)
    selected, reasons, completion = by_rule(asked, seen)
    findings = list(election.findings)
    if minimum is None and rule == "greedy-threshold":
        findings.append(Finding("no_threshold"))
    if minimum is not None and rule not in ("greedy-threshold", "greedy-noskip"):
        findings.append(Finding("threshold_ignored", values={"value": plain(minimum), "rule": rule}))
    winners = tuple(seen.ids[p] for p in selected)
    findings += [Finding("without_support", values={"project": seen.ids[p]}) for p in selected if not seen.named[p]]
    unit = seen.unit
    names = {one.id: one.name for one in election.projects}
    return Result(
        asked,
        satisfaction_of(election, rule, satisfaction),
        Fraction(seen.budget, unit),
        Fraction(sum(seen.costs[p] for p in selected), unit),
        seen.voters,
        winners,
        dict(zip(seen.ids, reasons, strict=True)),
        dict(zip(seen.ids, seen.named, strict=True)),
        dict(zip(seen.ids, seen.scores, strict=True)),
        {key: Fraction(cost, unit) for key, cost in zip(seen.ids, seen.costs, strict=True)},
        {key: names[key] for key in seen.ids},
        completion,
        tuple(findings),
    )


def profile_of(asked: Asked) -> Profile:
    """What the rule sees. Raises Unreadable, ValueError for unknown words."""
    if asked.rule not in RULES or (asked.satisfaction is not None and asked.satisfaction not in SATISFACTIONS):
        raise ValueError(f"{asked.rule}, {asked.satisfaction}")
    measure = satisfaction_of(asked.election, asked.rule, asked.satisfaction)
    return profile(asked.election, measure, asked.order)


def by_rule(asked: Asked, seen: Profile) -> Found:
    """Project numbers in order of selection, a reason for each project, and how the outcome was completed."""
    by_total = satisfaction_of(asked.election, asked.rule, asked.satisfaction) in ("cost", "score")
    if asked.rule == "phragmen":
        return *phragmen(seen), None
    if asked.rule.startswith("mes"):
        return equal_shares(seen, asked.rule.removeprefix("mes").lstrip("-"), by_total)
    if asked.rule == "greedy":
        return *greedy(seen, by_total), None
    # Pabulib's greedy-no-skip has a threshold too, where META names one.
    return *greedy(seen, by_total, stop=asked.rule == "greedy-noskip", threshold=_minimum(asked)), None


def _minimum(asked: Asked) -> Fraction | None:
    return asked.election.threshold() if asked.threshold is None else asked.threshold


def compare(election: Election, rules: Sequence[str] = RULES, order: Sequence[str] | None = None) -> dict[str, Result]:
    """The same ballots by several rules, each with its usual measure: for trial ballots, before a rule is announced."""
    return {rule: count(election, rule, order) for rule in rules}
