"""Which statement a person sees next: plain Python, no state, no clock of its own.

Polis draws with weights that favour what is new and what tells people apart (Small et al. 2021). So do we, except that
a statement which few agree to is not held back: it may be a minority's.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

NOVELTY = 8.0  # a statement without votes comes up to nine times as often …
NOVELTY_VOTES = 5.0  # … and half of that advantage is gone after five votes
HALF_LIFE_DAYS = 3.0


@dataclass(frozen=True)
class Candidate:
    """A statement that may be shown: its votes so far, its age, and from the last run of the map `extremity` (0…1,
    how far it lies from the middle) and `group_agreement` (probability of agreeing by group; none before a run)."""

    id: str
    agrees: int = 0
    disagrees: int = 0
    passes: int = 0
    age_days: float = 0.0
    extremity: float = 0.0
    group_agreement: tuple[float, ...] = ()


def weight(one: Candidate) -> float:
    """How strongly a statement is drawn, > 0: (clarity · information · novelty · recency)².

    With S votes: clarity 1 − (passes + 1)/(S + 2); information (1 + extremity)(1 + 4 · variance of the probability of
    agreeing over the groups), 4 because a probability's variance is at most ¼; novelty 1 + 8 · 2^(−S/5); recency
    1 + 2^(−age / 3 days). Squared as in Polis, which makes differences count.
    """
    cast = one.agrees + one.disagrees + one.passes
    clarity = 1 - (one.passes + 1) / (cast + 2)
    information = (1 + one.extremity) * (1 + 4 * _variance(one.group_agreement))
    novelty = 1 + NOVELTY * math.pow(2, -cast / NOVELTY_VOTES)
    recency = 1 + math.pow(2, -max(one.age_days, 0.0) / HALF_LIFE_DAYS)
    return (clarity * information * novelty * recency) ** 2


def next_statement(
    candidates: Iterable[Candidate],
    person: str,
    seed: int,
    voted: Collection[str] = (),
    shown: int = 0,
    most: int | None = None,
) -> str | None:
    """The id of the statement to show, or None: everything voted on, or `shown` in this session has reached `most`.

    The draw is without memory: every statement gets a key −ln(u)/weight, u made from seed, person and statement, and
    the smallest wins (Efraimidis and Spirakis 2006). Equal arguments give equal answers, in any order of candidates.
    """
    if most is not None and shown >= most:
        return None
    seen = set(voted)
    keys = [
        (-math.log(_uniform(seed, person, one.id)) / weight(one), one.id) for one in candidates if one.id not in seen
    ]
    return min(keys)[1] if keys else None


def _variance(values: tuple[float, ...]) -> float:
    if len(values) < 2:
        return 0.0
    middle = math.fsum(values) / len(values)
    return math.fsum((value - middle) ** 2 for value in values) / len(values)


def _uniform(seed: int, person: str, statement: str) -> float:
    """In (0, 1), from a hash: 53 bits, never 0."""
    text = f"{seed}\0{person}\0{statement}".encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 11
    return (number + 0.5) / 2**53
