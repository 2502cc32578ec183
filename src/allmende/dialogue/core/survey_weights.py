"""Weights by post-stratification on declared margins, and what cannot be weighted.

Raking, that is iterative proportional fitting (Deming and Stephan 1940, On a least squares adjustment of a sampled
frequency table when the expected marginal totals are known, Annals of Mathematical Statistics 11): each variable in
turn is scaled to its population until all fit. Weights outside the limits are trimmed and the rest is raked again
(Potter 1990, A study of procedures to identify and trim extreme sampling weights). Weights have mean 1.

Effective sample size and design effect after Kish (1965, Survey Sampling, 11.7): n_eff = (Σw)² / Σw², deff = n / n_eff.
Weights make the composition right in what is declared; they do not make volunteers a random sample.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .survey_texts import Told

LOWEST, HIGHEST = 0.2, 5.0  # limits of weights as is common in official surveys (DeBell and Krosnick 2009)
ROUNDS = 500
TOLERANCE = 1e-9  # of a share
THIN = 5

Margins = Mapping[str, Mapping[str, int]]
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """`weights` one per response in their order, or None: the results stay unweighted. `deviation`: the largest
    difference of a weighted share from its margin, 0 to 1. `trimmed`: weights that stand at a limit."""

    weights: tuple[float, ...] | None
    converged: bool
    rounds: int
    deviation: float
    trimmed: int
    effective: float
    design_effect: float
    findings: tuple[Told, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "weighted": self.weights is not None,
            "converged": self.converged,
            "rounds": self.rounds,
            "deviation": round(self.deviation, 6),
            "trimmed": self.trimmed,
            "effective_sample_size": round(self.effective, 2),
            "design_effect": round(self.design_effect, 4),
            "findings": [one.as_json() for one in self.findings],
        }


class Unweightable(ValueError):
    """Margins or limits that cannot be meant. `told` says what."""

    def __init__(self, told: Told) -> None:
        super().__init__(told.text("en"))
        self.told = told


def rake(
    people: Sequence[Mapping[str, str]],
    margins: Margins,
    *,
    lowest: float = LOWEST,
    highest: float = HIGHEST,
    rounds: int = ROUNDS,
) -> Weights:
    """`people`: the category of each response by variable; `margins`: the population by variable and category.

    Responses without a category, or with one outside the population, keep their share of all in that variable; the
    margins hold among the others. A category nobody responded from cannot be represented, the others share its part.
    The order of the responses means nothing. Raises Unweightable.
    """
    if not 0 <= lowest <= 1 <= highest:
        raise Unweightable(Told("bad_limits", "", {"least": lowest, "most": highest}))
    _check(margins)
    variables = sorted(margins)
    findings: list[Told] = []
    totals = {variable: sum(margins[variable].values()) for variable in variables}
    if len(set(totals.values())) > 1:
        said = ", ".join(f"{variable} {total}" for variable, total in totals.items())
        findings.append(Told("totals_differ", "", {"totals": said}))
    keys = [tuple(_category(one.get(variable, ""), margins[variable]) for variable in variables) for one in people]
    for variable in variables:
        findings += _said(variable, people, margins[variable])
    cells = Counter(keys)
    targets = [_targets(at, margins[variable], cells) for at, variable in enumerate(variables)]
    used = [at for at, target in enumerate(targets) if len(target) > 1]
    findings += [Told("one_category", "", {"variable": variables[at]}) for at in range(len(targets)) if at not in used]
    if not people or not used:
        return Weights(None, False, 0, 0.0, 0, float(len(people)), 1.0, tuple(findings))
    fit = _Fit(cells, {at: targets[at] for at in used})
    took = fit.rake(rounds)
    if fit.deviation() > TOLERANCE:
        findings.append(Told("not_converged", "", {"rounds": rounds}))
        return Weights(None, False, took, fit.deviation(), 0, float(len(people)), 1.0, tuple(findings))
    more = fit.trim(lowest, highest, rounds)
    trimmed = sum(cells[key] for key in cells if more and fit.weights[key] in (lowest, highest))
    deviation = fit.deviation()
    if trimmed:
        findings.append(Told("trimmed", "", {"count": trimmed, "points": f"{100 * deviation:.2f}"}))
    weights = tuple(fit.weights[key] for key in keys)
    effective = math.fsum(weights) ** 2 / math.fsum(weight * weight for weight in weights)
    return Weights(weights, True, took + more, deviation, trimmed, effective, len(weights) / effective, tuple(findings))


def _check(margins: Margins) -> None:
    for variable, population in sorted(margins.items()):
        for category, count in sorted(population.items()):
            if isinstance(count, bool) or not isinstance(count, int) or count < 0 or not category:
                raise Unweightable(Told("bad_margin", "", {"variable": variable, "category": category}))
        if not any(population.values()):
            raise Unweightable(Told("no_margin", "", {"variable": variable}))


def _category(told: str, population: Mapping[str, int]) -> str:
    """Empty for what no population is known of."""
    return told if population.get(told) else ""


def _said(variable: str, people: Sequence[Mapping[str, str]], population: Mapping[str, int]) -> list[Told]:
    counts = Counter(one.get(variable, "") for one in people)
    total = sum(population.values())
    found = []
    for category in sorted({*counts, *population}):
        count, behind = counts[category], population.get(category, 0)
        values: dict[str, object] = {"variable": variable, "category": category, "count": count, "population": behind}
        if not category:
            found.append(Told("not_told", "", values))
        elif not behind and count:
            found.append(Told("outside", "", values))
        elif behind and not count:
            found.append(Told("nobody_answered", "", values | {"total": total}))
        elif behind and count < THIN:
            found.append(Told("thin", "", values))
    return found


def _targets(at: int, population: Mapping[str, int], cells: Counter[_Key]) -> dict[str, float]:
    """The sum of weights each category should have, over those that were answered from; "" keeps its own."""
    counts: Counter[str] = Counter()
    for key, count in cells.items():
        counts[key[at]] += count
    told = sum(counts.values()) - counts[""]
    behind = sum(population[category] for category in counts if category)
    targets = {category: told * population[category] / behind for category in sorted(counts) if category}
    return targets | {"": float(counts[""])} if counts[""] and targets else targets


class _Fit:
    """Weights of cells: responses with the same categories have the same weight."""

    def __init__(self, cells: Counter[_Key], targets: dict[int, dict[str, float]]) -> None:
        self.cells = {key: cells[key] for key in sorted(cells)}
        self.size = sum(cells.values())
        self.targets = targets
        self.weights = dict.fromkeys(self.cells, 1.0)
        self.members = {
            (at, category): [key for key in self.cells if key[at] == category]
            for at, target in targets.items()
            for category in target
        }

    def _sum(self, at: int, category: str) -> float:
        return math.fsum(self.weights[key] * self.cells[key] for key in self.members[at, category])

    def _once(self) -> None:
        for at, target in self.targets.items():
            for category, wanted in target.items():
                now = self._sum(at, category)
                factor = wanted / now if now > 0 else 0.0
                for key in self.members[at, category]:
                    self.weights[key] *= factor

    def deviation(self) -> float:
        """Of shares of all weights."""
        total = math.fsum(weight * self.cells[key] for key, weight in self.weights.items())
        if not total > 0:
            return 1.0
        return max(
            abs(self._sum(at, category) / total - wanted / self.size)
            for at, target in self.targets.items()
            for category, wanted in target.items()
        )

    def rake(self, rounds: int) -> int:
        """Until the margins fit; how many rounds it took."""
        for done in range(rounds):
            if self.deviation() <= TOLERANCE:
                return done
            self._once()
        return rounds

    def trim(self, lowest: float, highest: float, rounds: int) -> int:
        """Limits and rakes by turns, so that as much of the margins is kept as the limits allow; limits come last."""
        for done in range(rounds + 1):
            limited = {key: min(max(weight, lowest), highest) for key, weight in self.weights.items()}
            moved = max(abs(limited[key] - weight) for key, weight in self.weights.items())
            if not done and not moved:
                return 0
            self.weights = limited
            if moved <= TOLERANCE or done == rounds:
                return done + 1
            self._once()
        return rounds
