"""A priority poll: options ranked from the first k picks of each person or from choices between two.

Three rules over the same pairwise matrix, side by side, because they answer different questions:

- counts: how many picked the option; of choices between two, how many it won
- Borda (1781): of picks, a person gives an option a point for each option it is put before and half a point for each
  it is level with, so those not picked share what is left (Emerson 2013, The original Borda count and partial voting,
  Social Choice and Welfare 40, calls this the average); of pairs, the share of its choices won, summed over opponents,
  as people are not asked about every pair equally often
- Copeland (1951), α = ½ (Faliszewski et al. 2009, JAIR 35): a point for each option beaten by most, half for a draw

Ties are never broken: options that are level share a place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

RULES = ("count", "borda", "copeland")
TEXTS = {
    "no_options": ("Eine Abstimmung braucht mindestens zwei Möglichkeiten.", "A poll needs at least two options."),
    "two_options": ("Die Möglichkeit „{value}“ kommt zweimal vor.", "The option “{value}” occurs twice."),
    "unknown_option": ("Stimme {ballot}: „{value}“ steht nicht zur Wahl.", "Ballot {ballot}: “{value}” is no option."),
    "picked_twice": ("Stimme {ballot}: „{value}“ ist zweimal gewählt.", "Ballot {ballot}: “{value}” is picked twice."),
    "too_many": ("Stimme {ballot}: höchstens {value}.", "Ballot {ballot}: at most {value}."),
    "same_option": ("Stimme {ballot}: „{value}“ gegen sich selbst.", "Ballot {ballot}: “{value}” against itself."),
}


class BadBallot(ValueError):
    """What cannot be counted. `ballot` counts from 1, 0: the options themselves."""

    def __init__(self, code: str, ballot: int = 0, value: object = "") -> None:
        self.code, self.ballot, self.value = code, ballot, str(value)[:120]
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """`language` is `de` or `en`."""
        return TEXTS[self.code][0 if language == "de" else 1].format(ballot=self.ballot, value=self.value)


@dataclass(frozen=True, slots=True)
class Standing:
    """One option. `won`, `lost`, `drawn`: against how many others; places count from 1 and are shared by ties."""

    option: str
    count: int
    borda: Fraction
    copeland: Fraction
    won: int
    lost: int
    drawn: int
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Poll:
    """`matrix[a][b]`: how many put a before b, options in their given order. `ballots` count without `abstained`.
    `orders`: by rule, options from first to last, those that are level together. `condorcet` beats every other.
    `uncompared`: pairs on which nobody said anything; they are neither won nor drawn."""

    options: tuple[str, ...]
    ballots: int
    abstained: int
    standings: tuple[Standing, ...]
    matrix: tuple[tuple[int, ...], ...]
    orders: Mapping[str, tuple[tuple[str, ...], ...]]
    condorcet: str | None
    uncompared: tuple[tuple[str, str], ...]

    def ties(self, rule: str) -> tuple[tuple[str, ...], ...]:
        """Options that the rule cannot tell apart."""
        return tuple(group for group in self.orders[rule] if len(group) > 1)

    def as_json(self) -> dict[str, Any]:
        """Points as decimals, rounded to six places."""
        return {
            "options": list(self.options),
            "ballots": self.ballots,
            "abstained": self.abstained,
            "standings": [
                {
                    "option": one.option,
                    "count": one.count,
                    "borda": float(round(one.borda, 6)),
                    "copeland": float(one.copeland),
                    "won": one.won,
                    "lost": one.lost,
                    "drawn": one.drawn,
                    "places": dict(one.places),
                }
                for one in self.standings
            ],
            "matrix": [list(row) for row in self.matrix],
            "orders": {rule: [list(group) for group in groups] for rule, groups in self.orders.items()},
            "condorcet": self.condorcet,
            "uncompared": [list(pair) for pair in self.uncompared],
        }


def from_picks(options: Sequence[str], ballots: Sequence[Sequence[str]], k: int | None = None) -> Poll:
    """Each ballot has up to `k` options, best first; an empty one abstains. Raises BadBallot."""
    places = _places(options)
    size = len(options)
    most = size if k is None else k
    for number, ballot in enumerate(ballots, 1):
        if len(ballot) > most:
            raise BadBallot("too_many", number, most)
        for at, option in enumerate(ballot):
            if option not in places:
                raise BadBallot("unknown_option", number, option)
            if option in ballot[:at]:
                raise BadBallot("picked_twice", number, option)
    alike = Counter(tuple(ballot) for ballot in ballots)
    abstained = alike.pop((), 0)
    matrix = [[0] * size for _ in options]
    counts = [0] * size
    halves = [0] * size
    for ballot, times in alike.items():
        behind = set(range(size))
        for option in ballot:
            at = places[option]
            behind.discard(at)
            counts[at] += times
            halves[at] += 2 * times * len(behind)
            for other in behind:
                matrix[at][other] += times
        for at in behind:
            halves[at] += times * (len(behind) - 1)
    borda = [Fraction(points, 2) for points in halves]
    return _poll(options, len(ballots) - abstained, abstained, matrix, counts, borda)


def from_pairs(options: Sequence[str], choices: Sequence[tuple[str, str]]) -> Poll:
    """Each choice is (preferred, other). Raises BadBallot."""
    places = _places(options)
    size = len(options)
    matrix = [[0] * size for _ in options]
    for number, pair in enumerate(choices, 1):
        for option in pair:
            if option not in places:
                raise BadBallot("unknown_option", number, option)
        preferred, other = pair
        if preferred == other:
            raise BadBallot("same_option", number, preferred)
        matrix[places[preferred]][places[other]] += 1
    borda = []
    for at in range(size):
        faced = [(matrix[at][other], matrix[other][at]) for other in range(size) if other != at]
        borda.append(sum((Fraction(won, won + lost) for won, lost in faced if won + lost), Fraction()))
    return _poll(options, len(choices), 0, matrix, [sum(row) for row in matrix], borda)


def _places(options: Sequence[str]) -> dict[str, int]:
    places = {option: at for at, option in enumerate(options)}
    if len(options) < 2:
        raise BadBallot("no_options")
    if len(places) < len(options):
        raise BadBallot("two_options", 0, next(option for at, option in enumerate(options) if places[option] != at))
    return places


def _poll(
    options: Sequence[str],
    ballots: int,
    abstained: int,
    matrix: list[list[int]],
    counts: list[int],
    borda: list[Fraction],
) -> Poll:
    size = len(options)
    duels = []
    for a in range(size):
        faced = [(matrix[a][b], matrix[b][a]) for b in range(size) if b != a and matrix[a][b] + matrix[b][a]]
        won, lost = sum(x > y for x, y in faced), sum(x < y for x, y in faced)
        duels.append((won, lost, len(faced) - won - lost))
    copeland = [won + Fraction(drawn, 2) for won, _, drawn in duels]
    scores: dict[str, list[Fraction]] = {
        "count": [Fraction(one) for one in counts],
        "borda": borda,
        "copeland": copeland,
    }
    orders = {rule: _order(options, scores[rule]) for rule in RULES}
    places: dict[str, dict[str, int]] = {option: {} for option in options}
    for rule, groups in orders.items():
        place = 1
        for group in groups:
            for option in group:
                places[option][rule] = place
            place += len(group)
    return Poll(
        tuple(options),
        ballots,
        abstained,
        tuple(
            Standing(option, counts[at], borda[at], copeland[at], *duels[at], places[option])
            for at, option in enumerate(options)
        ),
        tuple(tuple(row) for row in matrix),
        orders,
        next((option for at, option in enumerate(options) if duels[at][0] == size - 1), None),
        tuple(
            (options[a], options[b]) for a in range(size) for b in range(a + 1, size) if not matrix[a][b] + matrix[b][a]
        ),
    )


def _order(options: Sequence[str], scores: list[Fraction]) -> tuple[tuple[str, ...], ...]:
    by_score: dict[Fraction, list[str]] = {}
    for option, score in zip(options, scores, strict=True):
        by_score.setdefault(score, []).append(option)
    return tuple(tuple(by_score[score]) for score in sorted(by_score, reverse=True))
