"""The Method of Equal Shares with its completions, and the reasons it gives. shares.py and add1.py compute."""

from __future__ import annotations

from fractions import Fraction

from .add1 import add1
from .greedy import greedy
from .outcome import Completion, Reason, Why, names
from .profile import Profile
from .shares import EqualShares, Shares


def equal_shares(
    profile: Profile, completion: str, by_total: bool
) -> tuple[list[int], list[Reason], Completion | None]:
    """`completion`: "" (none), add1, or add1u: what is left after add1 goes to greedy selection with skipping."""
    shares = EqualShares(profile)
    done: Completion | None = None
    total = profile.budget
    if completion and profile.voters:
        found = add1(shares)
        total += found.steps * profile.unit * profile.voters
        done = Completion(found.steps, found.why, Fraction(total, profile.unit * profile.voters))
    outcome = shares.exact(total)
    bought, reasons = list(outcome.bought), _reasons(profile, outcome)
    if completion == "add1u":
        added, others = greedy(profile, by_total, already=bought)
        for p in added:
            reasons[p] = others[p]
            reasons[p].why = Why.COMPLETION
        for p, reason in enumerate(others):
            if reason.why is Why.DOES_NOT_FIT:
                reasons[p] = reason
        bought += added
    return bought, reasons, done


def _reasons(profile: Profile, outcome: Shares) -> list[Reason]:
    reasons = []
    for p, cost in enumerate(profile.costs):
        has = outcome.left[p]
        reason = Reason(Why.SUPPORTERS_MONEY, available=has, missing=Fraction(cost, profile.unit) - has)
        reasons.append(reason if profile.named[p] else Reason(Why.NO_SUPPORT))
        if profile.named[p] and not profile.support[p] and cost:
            reasons[p] = Reason(Why.NO_SUPPORT)  # on ballots, but nobody is more satisfied with it
    for position, one in enumerate(outcome.rounds, start=1):
        p = one.project
        why = Why.FREE if profile.costs[p] == 0 else Why.SUPPORTERS_PAY
        reasons[p] = Reason(why, position, one.rho, paying=one.paying, poor=one.poor)
        values = set(profile.values[p])
        if len(values) == 1:
            reasons[p].payment = one.rho * values.pop() * profile.factors[p] / profile.scale
        reasons[p].tied = names(profile.ids, one.tied)
    for one in outcome.rounds:
        for other in one.tied:
            if reasons[other].position is None:
                reasons[other].tied.append(profile.ids[one.project])
    return reasons
