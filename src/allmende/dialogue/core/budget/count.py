"""Counting an election by a named rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from .amounts import plain
from .equal import equal_shares
from .greedy import greedy
from .model import APPROVAL, Election, Finding
from .outcome import Completion, Reason, Result
from .phragmen import phragmen
from .profile import SATISFACTIONS, Profile, profile

RULES = ("greedy", "greedy-noskip", "greedy-threshold", "mes", "mes-add1", "mes-add1u", "phragmen")
Found = tuple[list[int], list[Reason], Completion | None]
# What adds to the profile before it is counted: the voters of a counterfactual (explain.py).
Change = Callable[[Profile], Profile]


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
    change: Change | None = None,
) -> Result:
    """The outcome. `order`: all project ids, best first in a tie (default: as in the file); `threshold`: the minimum
    score of the greedy rules that have one (default: that of META). Raises Unreadable, ValueError for unknown words."""
    if rule not in RULES or (satisfaction is not None and satisfaction not in SATISFACTIONS):
        raise ValueError(f"{rule}, {satisfaction}")
    measure = satisfaction_of(election, rule, satisfaction)
    seen = profile(election, measure, order)
    if change is not None:
        seen = change(seen)
    minimum = threshold if threshold is not None else election.threshold()
    selected, reasons, completion = _by_rule(seen, rule, measure, minimum)
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
        rule,
        measure,
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


def _by_rule(seen: Profile, rule: str, measure: str, minimum: Fraction | None) -> Found:
    by_total = measure in ("cost", "score")
    if rule == "phragmen":
        return *phragmen(seen), None
    if rule.startswith("mes"):
        return equal_shares(seen, rule.removeprefix("mes").lstrip("-"), by_total)
    if rule == "greedy":
        return *greedy(seen, by_total), None
    # Pabulib's greedy-no-skip has a threshold too, where META names one.
    return *greedy(seen, by_total, stop=rule == "greedy-noskip", threshold=minimum), None


def compare(election: Election, rules: Sequence[str] = RULES, order: Sequence[str] | None = None) -> dict[str, Result]:
    """The same ballots by several rules, each with its usual measure: for trial ballots, before a rule is announced."""
    return {rule: count(election, rule, order) for rule in rules}
