"""An extractive summary: the sentences of people's texts that most others are about, word for word, each with the
contributions it rests on. Nothing is rewritten, nothing is asked of anybody else, the same texts give the same answer.

Sentences are ranked by TextRank (Mihalcea and Tarau 2004) over the cosine of TF-IDF vectors, as in LexRank (Erkan and
Radev 2004, continuous form). A sentence said several times stands once and is counted; it is the same only if all of
its words are, since likeness is not agreement ("more buses", "fewer buses"). For the same reason a sentence like one
already chosen is left out only if no word that turns its sense differs.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from .sentences import STOP_WORDS, TURNS, sentences, words

DAMPING = 0.85
ROUNDS = 60  # 0.85⁶⁰ < 10⁻⁴: the order is settled long before
ALIKE = 0.5  # cosine from which a sentence adds too little to one already chosen
LEAST_WORDS = 3


@dataclass(frozen=True)
class Cited:
    """A sentence as somebody wrote it. `contributions`: ids of all who wrote it, the one quoted first; `weight`: share
    of the rank of all sentences."""

    text: str
    contributions: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class _Candidate:
    """`words` without stop words; `turns`: those that turn the sense."""

    text: str
    contributions: tuple[str, ...]
    words: tuple[str, ...]
    turns: frozenset[str]


def summarise(contributions: Mapping[str, str], most: int = 5, characters: int = 1_000) -> list[Cited]:
    """At most `most` sentences of at most `characters` characters together, the weightiest first.

    `contributions`: text by id; their order means nothing. Sentences with fewer than three words that are no stop words
    are not taken.
    """
    found = _candidates(contributions)
    vectors = _vectors(found)
    near = _likeness(vectors)
    ranks = _ranks(near, [len(one.contributions) for one in found])
    chosen: list[int] = []
    room = characters
    for at in sorted(range(len(found)), key=lambda at: (-round(ranks[at], 12), at)):
        if len(chosen) == most:
            break
        said = any(near[at].get(other, 0.0) >= ALIKE and found[at].turns == found[other].turns for other in chosen)
        if len(found[at].text) <= room and not said:
            chosen.append(at)
            room -= len(found[at].text)
    return [Cited(found[at].text, found[at].contributions, round(ranks[at], 6)) for at in chosen]


def _candidates(contributions: Mapping[str, str]) -> list[_Candidate]:
    """Each different sentence once, in the order of the ids of who wrote it first."""
    said: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
    for id in sorted(contributions):
        for sentence in sentences(contributions[id]):
            said[tuple(words(sentence))].append((sentence, id))
    made = []
    for every, by in said.items():
        kept = tuple(word for word in every if word not in STOP_WORDS)
        if len(kept) >= LEAST_WORDS:
            writers = tuple(dict.fromkeys(id for _, id in by))
            made.append(_Candidate(by[0][0], writers, kept, TURNS.intersection(every)))
    return made


def _vectors(found: list[_Candidate]) -> list[dict[str, float]]:
    """TF-IDF of unit length by sentence, with idf = ln((1 + N) / (1 + n)) + 1."""
    document = Counter(word for one in found for word in set(one.words))
    made = []
    for one in found:
        counted = Counter(one.words)
        vector = {
            word: times * (math.log((1 + len(found)) / (1 + document[word])) + 1) for word, times in counted.items()
        }
        length = math.sqrt(math.fsum(value * value for value in vector.values()))
        made.append({word: value / length for word, value in vector.items()})
    return made


def _likeness(vectors: list[dict[str, float]]) -> list[dict[int, float]]:
    """Cosine with every other sentence that shares a word."""
    index: dict[str, list[tuple[int, float]]] = defaultdict(list)
    near: list[dict[int, float]] = []
    for at, vector in enumerate(vectors):
        shared: dict[int, float] = defaultdict(float)
        for word, value in vector.items():
            for other, weight in index[word]:
                shared[other] += value * weight
            index[word].append((at, value))
        near.append(dict(shared))
        for other, value in shared.items():
            near[other][at] = value
    return near


def _ranks(near: list[dict[int, float]], times: list[int]) -> list[float]:
    """The stationary weights; where chance jumps, it jumps to a sentence as often as people wrote it. Sum 1."""
    total = sum(times) or 1
    jump = [one / total for one in times]
    strength = [math.fsum(sorted(one.values())) for one in near]
    ranks = jump
    for _ in range(ROUNDS):
        lost = math.fsum(rank for rank, strong in zip(ranks, strength, strict=True) if not strong)
        ranks = [
            (1 - DAMPING + DAMPING * lost) * jump[at]
            + DAMPING * math.fsum(ranks[other] * value / strength[other] for other, value in sorted(near[at].items()))
            for at in range(len(near))
        ]
    return ranks
